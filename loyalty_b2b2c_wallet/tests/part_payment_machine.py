"""Stories of orders that are paid in part with points, in any order of steps.

What must hold is said without the code under test: from what was earned and spent
elsewhere, from the state of an order, its payments and its posted invoices.
"""

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from odoo.exceptions import UserError

#: How far an order has come when a story begins.
STAGES = ("draft", "paying", "confirmed", "invoiced", "half invoiced")

_pick = st.integers(0, 2)
_points = st.sampled_from([500, 0, 1, 7, 120, 333, 900, 1000])
CENT = Fraction(1, 100)


class PartPaymentMachine(RuleBasedStateMachine):
    """One story; everything it does is undone at its end.

    Paper costs 100.00 and a point pays 0.10, as in ``PartPaymentCommon``.
    """

    test = None  # the running test case, set by a subclass

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.account = self.test.account
        self.earned, self.elsewhere, self.number = Decimal(1000), Decimal(0), 0
        self.orders = []

    def teardown(self):
        try:
            self.check()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()

    @initialize(
        stages=st.lists(st.sampled_from(STAGES), min_size=3, max_size=3),
        points=st.lists(_points, min_size=3, max_size=3),
    )
    def begin(self, stages, points):
        for number in range(3):
            order = self.test._create_story_order(number)
            self.orders.append(order)
            self.choose(number, points[number])
            if stages[number] == "paying":
                self.begin_to_pay(number)
            elif stages[number] != "draft":
                self.confirm(number)
                if "invoiced" in stages[number]:
                    pieces = 1 if stages[number].startswith("half") else 2
                    self.deliver_or_return(number, pieces)
                    self.invoice(number, final=False)

    # --- what people do --- #

    @rule(pick=_pick, points=_points)
    def choose(self, pick, points):
        self._try(lambda order: self.test._choose(order, points), pick)

    @rule(pick=_pick)
    def delete_line(self, pick):
        self._try(lambda order: order._b2b2c_get_point_lines().unlink(), pick)

    @rule(pick=_pick, quantity=st.integers(0, 4))
    def change_quantity(self, pick, quantity):
        self._try(
            lambda order: self.test._change(order, self._goods(order), quantity), pick
        )

    @rule(pick=_pick)
    def copy_the_order(self, pick):
        order = self._order(pick).copy()
        self.test.assertFalse(order._b2b2c_get_point_lines())
        order.unlink()

    # --- payments --- #

    def _open_payments(self, *states):
        payments = self.test.env["payment.transaction"]
        return payments.union(
            *(order.transaction_ids for order in self.orders)
        ).filtered(lambda payment: payment.state in states)

    @rule(pick=_pick)
    def begin_to_pay(self, pick):
        order = self._order(pick)
        if order.state in ("draft", "sent") and order.amount_total > 0:
            self._try(self.test._pay, pick)

    @precondition(lambda self: self._open_payments("draft", "pending"))
    @rule(pick=_pick, how=st.sampled_from(["cancel", "error", "pending"]))
    def payment_goes_on(self, pick, how):
        payments = self._open_payments("draft", "pending")
        payment = payments[pick % len(payments)]
        if how == "pending":
            payment._set_pending()
        elif how == "cancel":
            payment._set_canceled()
        else:
            payment._set_error("declined")
        payment._post_process()
        self.check()

    @precondition(
        lambda self: self._open_payments("draft", "pending", "error", "cancel")
    )
    @rule(pick=_pick)
    def payment_succeeds(self, pick):
        """Perhaps late: it had failed before."""
        payments = self._open_payments("draft", "pending", "error", "cancel")
        payment = payments[pick % len(payments)]
        payment._set_done(extra_allowed_states=("error", "cancel"))
        payment._post_process()
        payment._post_process()
        for order in payment.sale_order_ids:
            paid = order.currency_id.compare_amounts(payment.amount, order.amount_total)
            if paid == 0 and order.amount_total:
                self.test.assertIn(order.state, ("sale", "cancel"))
        self.check()

    # --- orders --- #

    @rule(pick=_pick)
    def confirm(self, pick):
        if self._order(pick).state in ("draft", "sent"):
            self._try(lambda order: order.action_confirm(), pick)

    @rule(pick=_pick)
    def cancel(self, pick):
        self._try(lambda order: order._action_cancel(), pick)

    @rule(pick=_pick)
    def open_again(self, pick):
        if self._order(pick).state == "cancel":
            self._try(lambda order: order.action_draft(), pick)

    @rule(pick=_pick, quantity=st.integers(0, 4))
    def deliver_or_return(self, pick, quantity):
        order = self._order(pick)
        goods = self._goods(order)
        if order.state == "sale":
            goods.qty_delivered = min(quantity, goods.product_uom_qty)
            self.check()

    @rule(pick=_pick, final=st.booleans())
    def invoice(self, pick, final):
        if self._order(pick).state == "sale":
            self._try(lambda order: self.test._invoice(order, final), pick)

    @rule(pick=_pick, quantity=st.integers(1, 3), whole=st.booleans())
    def credit(self, pick, quantity, whole):
        """An accountant credits an invoice by hand, with or without its points."""
        order = self._order(pick)
        invoices = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        items = self._goods(order).invoice_lines
        credited = self._posted(items, "out_refund")
        left = min(quantity, self._posted(items, "out_invoice") - credited)
        if not invoices or left <= 0 or (credited and whole):
            return
        if whole or left <= invoices[0].invoice_line_ids[:1].quantity:
            self._try(lambda _o: self.test._credit(invoices[0], int(left), whole), pick)

    @rule(pick=_pick)
    def reset_invoice(self, pick):
        moves = self._order(pick).invoice_ids.filtered(lambda m: m.state == "posted")
        if moves:
            self._try(lambda _o: moves.sorted("id")[-1].button_draft(), pick)

    # --- elsewhere --- #

    @rule(points=st.sampled_from([50, 400]))
    def earn(self, points):
        self.number += 1
        self.account._earn(points, source_key=f"story/earn/{self.number}")
        self.earned += points
        self.check()

    @rule(points=st.sampled_from([10, 300, 700]))
    def spend_elsewhere(self, points):
        self.number += 1
        try:
            with self.test.env.cr.savepoint():
                self.account._redeem(points, source_key=f"story/spend/{self.number}")
        except UserError:
            points = 0  # there are fewer
        self.elsewhere += points
        self.check()

    @rule()
    def look_around(self):
        self.test.parts._cron_release()
        self.check()

    # --- what must hold --- #

    def _order(self, pick):
        return self.orders[pick % len(self.orders)]

    def _goods(self, order):
        return order.order_line.filtered(lambda line: not line.coupon_id)[:1]

    def _try(self, step, pick):
        """Do a step that may be refused: nothing of it stays then."""
        order = self._order(pick)
        try:
            with self.test.env.cr.savepoint():
                step(order)
                self.test.env.flush_all()
        except UserError:
            self.test.env.invalidate_all()
        self.check()

    def check(self):
        """Ledger, card, orders and invoices agree."""
        self.test.env.flush_all()
        self.test.env.invalidate_all()
        test = self.test
        test.assertFalse(self.account._verify())
        balances = self.account._get_balances()[self.account.id]
        held = spent = Decimal(0)
        for order in self.orders:
            part = order.b2b2c_part_payment_ids
            booked = part._get_booked() if part else (Decimal(0), Decimal(0))
            held, spent = held + booked[0], spent + booked[1]
            self._check_order(order, *booked)
        test.assertEqual(balances["held"], held)
        test.assertEqual(
            balances["posted"] - balances["debt"],
            self.earned - self.elsewhere - spent,
        )
        cards = test.env["loyalty.card"].search(
            [("b2b2c_account_id", "=", self.account.id)]
        )
        self.account._fold()
        balances = self.account._get_balances()[self.account.id]
        free = max(balances["posted"] - balances["held"] - balances["debt"], 0)
        test.assertEqual(set(cards.mapped("points")) - {free}, set())

    def _check_order(self, order, held, spent):
        test = self.test
        lines = order._b2b2c_get_point_lines()
        points = Fraction(str(lines[:1].product_uom_qty))
        money = -sum(Fraction(str(line.price_total)) for line in lines)
        test.assertLessEqual(abs(money - points / 10), CENT)
        test.assertGreaterEqual(order.amount_total, 0)
        payments = order.transaction_ids.filtered(
            lambda payment: payment.state not in ("cancel", "error")
        )
        billed = self._posted(lines[:1].invoice_lines, "out_invoice")
        credited = self._posted(lines[:1].invoice_lines, "out_refund")
        if order.state == "sale":
            test.assertEqual(held, 0)
            test.assertEqual(spent, billed - credited + max(points - billed, 0))
        elif order.state == "cancel" or not payments:
            test.assertEqual((held, spent), (0, billed - credited))
        elif not payments.filtered(lambda p: p.state != "draft"):
            test.assertEqual((held, spent), (points, billed - credited))
        else:  # money came: points that are gone by then are not refused
            test.assertLessEqual(held, points)
        self._check_invoices(order, billed - credited)

    def _posted(self, items, move_type):
        return sum(
            Fraction(str(item.quantity))
            for item in items
            if item.parent_state == "posted" and item.move_id.move_type == move_type
        )

    def _worth(self, items, move_type):
        return sum(
            Fraction(str(item.price_total))
            for item in items
            if item.parent_state == "posted" and item.move_id.move_type == move_type
        )

    def _check_invoices(self, order, points):
        """Nobody gets in money what was paid in points."""
        part = order.b2b2c_part_payment_ids
        if part.agreed_total:
            items = self._goods(order).invoice_lines
            kept = self._worth(items, "out_invoice") - self._worth(items, "out_refund")
            agreed = Fraction(str(part.agreed_points)) / Fraction(
                str(part.agreed_total)
            )
            self.test.assertLess(points, agreed * kept + 1)
        moves = order.invoice_ids.filtered(lambda move: move.state == "posted")
        money = sum(Fraction(str(move.amount_total_signed)) for move in moves)
        self.test.assertGreaterEqual(money, 0)
        self.test.assertGreaterEqual(points, 0)
