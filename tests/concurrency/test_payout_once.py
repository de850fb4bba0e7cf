"""A payout is approved once and paid once, however many people press the buttons."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

APPROVERS = 6
ROUNDS = 6
POINTS = 10


def prepare(database, rounds, approvers):
    """Make approvers, and a participant who asked for money as often as there are
    rounds.

    :return: ids of the approvers and of the payouts
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=1)
        made.company.write(
            {"b2b2c_payout_trusted": False, "b2b2c_payout_proof_above": 1000}
        )
        made.unit.with_company(made.company).face_value = 1
        made.members._get_account(made.unit)._earn(POINTS * rounds, source_key="gift")
        reward = env["b2b2c.reward"].create(
            {"name": "Money", "kind": "payout", "points": POINTS}
        )
        requests = [
            env["b2b2c.redemption"]._request(
                made.members,
                reward,
                request_key=f"round {number}",
                answers={"holder": "Olena", "iban": "DE89370400440532013000"},
            )
            for number in range(rounds)
        ]
        users = [
            made._create_user(f"approver{number}", "loyalty_b2b2c.group_manager").id
            for number in range(approvers)
        ]
        return users, [request.payout_ids.id for request in requests]


def approve(env, user_id, payout_id):
    """Press "Approve"."""
    env["b2b2c.payout"].with_user(user_id).browse(payout_id).action_approve()


def pay(env, user_id, payout_id):
    """Press "Pay", by hand."""
    dialog = env["b2b2c.payout.pay"].with_user(user_id)
    dialog.create({"payout_ids": [(6, 0, [payout_id])], "way": "none"}).action_pay()


def press_all(racer, users, payouts):
    """Approve and pay each payout when all others do; how often it was not refused."""
    from odoo.exceptions import UserError

    user_id, done = users[racer.number], {"approve": 0, "pay": 0}
    for payout_id in payouts:
        for press in (approve, pay):
            racer.wait()
            try:
                job = partial(press, user_id=user_id, payout_id=payout_id)
                racer.transact(job, together=True)
                done[press.__name__] += 1
            except UserError:
                pass
    return done


def run(database, rounds=ROUNDS, approvers=APPROVERS, sabotage=None):
    """Let all approvers press all buttons.

    :return: (how often each button did something; payments; documents; payouts whose
        payment is ordered)
    """
    from race import race

    users, payouts = prepare(database, rounds, approvers)
    job = partial(press_all, users=users, payouts=payouts)
    done = race(database, *[job] * approvers, sabotage=sabotage)
    [counts] = world.query(
        database,
        """
        SELECT (SELECT count(*) FROM account_payment p
                  JOIN b2b2c_payout o ON o.name = p.memo),
               (SELECT count(*) FROM account_move m
                  JOIN b2b2c_payout o ON o.name = m.ref
                 WHERE m.move_type = 'in_receipt'),
               (SELECT count(*) FROM b2b2c_payout WHERE state = 'ordered')
        """,
    )
    return sum(one["pay"] for one in done), *counts


def test_one_payment_each(database, report):
    paid, payments, documents, ordered = run(database)
    report("approvers on one payout", approvers=APPROVERS, rounds=ROUNDS,
           payments=payments, documents=documents)  # fmt: skip
    assert (payments, documents, ordered) == (ROUNDS, ROUNDS, ROUNDS)
    assert paid == ROUNDS
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: look for a payment, then make one."""
    from odoo.exceptions import UserError

    def order_payment(self, user, journal, day, batch=None):
        payments = self.env["account.payment"].sudo()
        if payments.search_count([("memo", "=", self.name)]):
            raise UserError("It is paid already.")
        payments.create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.partner_id.id,
                "amount": self.amount,
                "journal_id": journal.id,
                "date": day,
                "memo": self.name,
            }
        )

    replace_methods(registry["b2b2c.payout"], _order_payment=order_payment)


def test_control_looking_first_is_no_guard(database, report):
    _paid, payments, _documents, _ordered = run(database, rounds=3, sabotage=look_first)
    report("approvers on one payout, looked at first", payments=payments, payouts=3)
    assert payments > 3
