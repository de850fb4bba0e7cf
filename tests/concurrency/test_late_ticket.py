"""A ticket that several people name as theirs at once is one person's."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

PEOPLE = 6
TOTAL = 200
POINTS = 10  # 5 %


def name_ticket(racer, member_ids, order_id):
    """Name the ticket together with everybody else.

    :return: whether it was credited
    """

    def claim(env):
        order = env["pos.order"].browse(order_id)
        member = env["b2b2c.member"].browse(member_ids[racer.number])
        _words, is_credited = env["b2b2c.late.ticket"]._name_ticket(
            member, order.pos_reference, order.date_order.date(), TOTAL
        )
        return is_credited

    return racer.transact(claim, together=True)


def sell(env, made):
    """Return a paid ticket of nobody."""
    from odoo.addons.loyalty_b2b2c_pos.tests.common import PosLoyaltyCommon

    till = type("Till", (PosLoyaltyCommon, made), {})
    till.product.available_in_pos = True
    bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
    till.card = env["pos.payment.method"].create(
        {"name": "Card", "journal_id": bank.id}
    )
    till.till = env["pos.config"].create(
        {"name": "Till", "payment_method_ids": [(6, 0, till.card.ids)]}
    )
    till.till.with_user(env.ref("base.user_admin")).open_ui()
    seller = till("run")
    return seller._ring((made.product, 2, TOTAL / 2), partner_id=False)


def run(database, sabotage=None):
    """Return (answers, rows of the ticket, points booked for it)."""
    from race import race

    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program({"role": "customer", "pick": "contact"})
        members = [
            made._create_member(
                name=f"Buyer {number}",
                email=f"buyer{number}@example.com",
                phone=None,
                role="customer",
            ).id
            for number in range(PEOPLE)
        ]
        order_id = sell(env, made).id
        if sabotage:
            env.cr.execute("DROP INDEX b2b2c_till_buyer_ticket_once")
    job = partial(name_ticket, member_ids=members, order_id=order_id)
    answers = race(database, *[job] * PEOPLE, sabotage=sabotage)
    [(rows, points)] = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_till_buyer),
                  (SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry)""",
    )
    return answers, rows, points


def test_a_ticket_is_one_persons(database, report):
    answers, rows, points = run(database)
    report("late ticket", people=PEOPLE, credited=answers.count(True), points=points)
    assert (answers.count(True), rows, points) == (1, 1, POINTS)
    assert not world.problems(database)


def look_first(registry):
    """What looks safe and is not: look whether the ticket is free, then take it."""

    def keep(self, order, member, way):
        if self._read_buyers([order.id]):
            return False
        self.env.cr.execute(
            """INSERT INTO b2b2c_till_buyer
                      (pos_order_id, company_id, member_id, way, named_at)
               VALUES (%s, %s, %s, %s, now())""",
            (order.id, order.company_id.id, member.id, way),
        )
        return True

    replace_methods(registry["b2b2c.till.buyer"], _keep=keep)


def test_control_looking_first_is_no_guard(database, report):
    answers, rows, _points = run(database, sabotage=look_first)
    report("late ticket, looked first", people=PEOPLE, rows=rows)
    assert rows > 1, "the harness did not notice that a ticket was taken twice"
