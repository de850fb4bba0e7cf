"""Any order of reserving, changing, paying, coming late, refunding and lapsing.

What must hold is said without the code under test: from what the stories did, in whole
points and cents.
"""

import os

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from odoo import fields
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.processing.machine_kit import play_stories

from .spend_common import TillSpendCommon

_pick = st.integers(0, 5)
_money = st.sampled_from([10, 30, 45, 70, 100])


class TillMachine(RuleBasedStateMachine):
    """One story; everything it does is undone at its end.  A point is 0.10."""

    test = None  # the running test case, set by a subclass

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.account = self.test.account
        self.earned, self.elsewhere, self.number = 1000, 0, 0
        self.lines = {}  # uuid -> money that is reserved, 0 when it is over
        self.tickets = []  # [order, points in money, what came back of it]

    def teardown(self):
        try:
            self.check()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()

    # --- the screen --- #

    @rule(amount=_money)
    def hold(self, amount):
        enough = self._free() >= amount * 10
        uuid, answer = self.test._hold(amount)
        self.test.assertEqual("held" in answer, enough, answer)
        if "held" in answer:
            self.lines[uuid] = amount
        self.check()

    @precondition(lambda self: self._waiting())
    @rule(pick=_pick, amount=_money)
    def change(self, pick, amount):
        uuid = self._pick(pick)
        before = self.lines[uuid]
        enough = self._free() + before * 10 >= amount * 10
        _uuid, answer = self.test._hold(amount, uuid=uuid)
        self.test.assertEqual("held" in answer, enough, answer)
        self.lines[uuid] = amount if enough else before
        self.check()

    @precondition(lambda self: self.lines)
    @rule(pick=_pick)
    def release(self, pick):
        uuid = [*self.lines][pick % len(self.lines)]
        answer = self.test._release(uuid)
        is_paid = any(uuid in ticket[0].payment_ids.mapped("uuid")
                      for ticket in self.tickets)  # fmt: skip
        self.test.assertEqual("released" in answer, not is_paid)
        self.lines[uuid] = 0
        self.check()

    @precondition(lambda self: self._waiting())
    @rule(pick=_pick, less=st.sampled_from([0, 5]))
    def pay(self, pick, less):
        uuid = self._pick(pick)
        self._sell(uuid, self.lines[uuid] - less)

    @precondition(lambda self: self.tickets)
    @rule(pick=_pick)
    def send_again(self, pick):
        """The same ticket, by a till that did not hear the answer."""
        order = self.tickets[pick % len(self.tickets)][0]
        order.payment_ids._b2b2c_record()
        self.test._process()
        self.check()

    @precondition(lambda self: self._waiting())
    @rule(pick=_pick)
    def come_late(self, pick):
        """Its points were free when the ticket arrives: they are taken, or owed."""
        uuid = self._pick(pick)
        amount = self.lines[uuid]
        self.test.env["b2b2c.till.payment"]._leave("uuid", [uuid])
        self.test._process()
        self.lines[uuid] = 0
        self.check()
        self._sell(uuid, amount)

    @precondition(lambda self: self.tickets)
    @rule(pick=_pick, quantity=st.sampled_from([0.25, 0.5, 1]))
    def refund(self, pick, quantity):
        """Goods come back: first what was paid in points."""
        ticket = self.tickets[pick % len(self.tickets)]
        order, paid, back = ticket
        left = order.lines.qty + sum(order.lines.refund_orderline_ids.mapped("qty"))
        if quantity > left:
            return
        money = round(quantity * 100, 2)
        points = min(money, paid - back)
        self.test._bring_back_paid(
            order,
            *[(self.test.points, -points)] * bool(points),
            *[(self.test.cash, points - money)] * bool(money - points),
            quantity=quantity,
        )
        ticket[2] += points
        self.check()

    # --- elsewhere --- #

    @rule(points=st.sampled_from([50, 400]))
    def earn(self, points):
        self._earn(points)
        self.check()

    @rule(points=st.sampled_from([50, 400]))
    def lapse(self, points):
        """Points that lapse at once; those that are reserved stay."""
        self._earn(points, expires_at=fields.Datetime.now())
        self.account._expire()
        self.check()

    @rule(points=st.sampled_from([10, 300]))
    def spend_elsewhere(self, points):
        self.number += 1
        if self._free() >= points:
            self.account._redeem(points, source_key=f"story/spend/{self.number}")
            self.elsewhere += points
        self.check()

    # --- what must hold --- #

    def _earn(self, points, **values):
        self.number += 1
        key = f"story/earn/{self.number}"
        self.account._earn(points, source_key=key, **values)
        self.earned += points

    def _sell(self, uuid, amount):
        test = self.test
        rest = [(test.cash, 100 - amount)] * bool(100 - amount)
        order = test._sync((test.points, amount, uuid), *rest)
        self.lines[uuid] = 0
        self.tickets.append([order, amount, 0])
        self.check()

    def _waiting(self):
        return [uuid for uuid, amount in self.lines.items() if amount]

    def _pick(self, pick):
        waiting = self._waiting()
        return waiting[pick % len(waiting)]

    def _free(self):
        values = self.account._get_balances()[self.account.id]
        return max(values["posted"] - values["held"] - values["debt"], 0)

    def _lapsed(self):
        """Return what lapsed, less what came back of it: the clock's business."""
        self.test.env.cr.execute(
            "SELECT coalesce(-sum(e.points), 0) FROM b2b2c_ledger_entry e"
            " LEFT JOIN b2b2c_ledger_entry o ON o.id = e.reversal_of_id"
            " WHERE e.account_id = %s"
            " AND 'expire' IN (e.entry_type, o.entry_type)",
            [self.account.id],
        )
        return self.test.env.cr.fetchone()[0]

    def check(self):
        """Ledger, spends and payments of tickets agree."""
        test = self.test
        test.env.flush_all()
        test.env.invalidate_all()
        test.assertFalse(self.account._verify())
        values = self.account._get_balances()[self.account.id]
        net = sum(paid - back for _order, paid, back in self.tickets)
        test.assertEqual(values["held"], 10 * sum(self.lines.values()))
        test.assertEqual(
            values["posted"] - values["debt"],
            self.earned - self.elsewhere - self._lapsed() - 10 * net,
        )
        spends = test.env["b2b2c.spend"].search([("state", "=", "spent")])
        spent = sum(spends.mapped("amount")) - sum(spends.mapped("amount_back"))
        payments = test.env["pos.payment"].search(
            [("payment_method_id", "=", test.points.id)]
        )
        test.assertAlmostEqual(spent, net, places=2)
        test.assertAlmostEqual(sum(payments.mapped("amount")), net, places=2)
        test.assertFalse({*test._incidents()} - {"late"})


@tagged("post_install", "-at_install")
class TestTillMachine(TillSpendCommon):
    def test_stories(self):
        story = type("Story", (TillMachine,), {"test": self})
        play_stories(story, int(os.environ.get("LOYALTY_EXAMPLES", 15)), 10)
