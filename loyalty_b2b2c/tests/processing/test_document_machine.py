"""Any legal life of an order books what plain arithmetic says (F4-F8, R7, R8).

Hypothesis plays business verbs in any order on two orders, and days pass between them;
the outbox is processed at any moment or only at the end.  The oracle (:mod:`.oracle`)
knows the verbs and nothing of the engine: it keeps its own quantities, prices,
payments, and when something happened.

More examples: ``LOYALTY_EXAMPLES=1000``; a minimal failing story: ``LOYALTY_SHRINK=1``.
"""

import os
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from functools import wraps
from math import floor

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon
from .oracle import Bill, Line, Order, Payment, Worth
from .oracle_points import DAYS, RULES, SHARES

# === THE MACHINE: verbs that play on Odoo and on the oracle === #

#: When every story begins.
START = datetime(2026, 3, 2, 9)

#: Names of everything that can happen in a story.
VERBS = set()

_pick = st.integers(0, 7)
_units = st.integers(1, 6)


def _some(getter):
    """Enable a verb only while ``getter(machine)`` finds something to play on."""
    return precondition(lambda self: bool(getter(self)))


def _verb(**strategies):
    """Make a method a verb of the machine, and count how often it is played."""

    def decorate(function):
        VERBS.add(function.__name__)

        @wraps(function)
        def counted(self, **arguments):
            self.played[function.__name__] += 1
            function(self, **arguments)
            self._after_verb()

        return rule(**strategies)(counted)

    return decorate


class Machine(RuleBasedStateMachine):
    """One story; everything it does is undone at its end."""

    test = None  # the running test case, set by a subclass
    played = Counter()

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.orders = self.test._create_oracle_orders()
        self.account = self.test._account()
        self.spent = Fraction(0)
        self.reservations = []
        self.number = self.verbs = self.pace = 0
        self.test.clock.move_to(START)

    @initialize(
        steps=st.sampled_from([4, 3, 4, 1, 0]),
        order=st.integers(0, 1),
        pace=st.sampled_from([1, 1, 3, 0]),
    )
    def begin_somewhere(self, steps, order, pace):
        """Start with a draft, or an order that is confirmed, …, paid already.

        :param pace: the outbox is processed after so many verbs; 0: not by itself
        """
        self.pace = pace
        begin = (
            lambda: self.confirm(pick=order),
            lambda: self.invoice(pick=0, part=None),
            lambda: self.pay(pick=0, percent=50),
            lambda: self.pay(pick=0, percent=100),
        )
        for step in begin[:steps]:
            step()

    # --- what there is to play on --- #

    def _in(self, *states):
        return [order for order in self.orders if order.state in states]

    def _bills(self):
        return [bill for order in self.orders for bill in order.bills]

    def _payable(self):
        return [b for b in self._bills() if b.state == "posted" and b.open > 0]

    def _payments(self, *states):
        return [
            p
            for bill in self._bills()
            if bill.state == "posted"
            for p in bill.payments
            if p.state in states
        ]

    def _creditable(self):
        return [
            (order, bill)
            for order in self.orders
            for bill in order.bills
            if bill.state == "posted"
            and not any(note.state == "draft" for note in bill.notes)
            and any(self._left_to_credit(bill, n) for n in bill.charged)
        ]

    def _left_to_credit(self, bill, number):
        return int(bill.get_charged(number).pieces)

    def _unreconcilable(self):
        return [
            b
            for b in self._bills()
            if b.state == "posted"
            and (b.payments or b.notes)
            and not any(x.state == "draft" for x in (*b.payments, *b.notes))
        ]

    def _invoiceable(self):
        return [
            order
            for order in self._in("sale")
            if any(
                line.quantity > order.get_invoiced(n)
                for n, line in enumerate(order.lines)
            )
        ]

    def _deliverable(self):
        return [order for order in self._in("sale") if self._open_moves(order)]

    def _open_moves(self, order):
        return order.record.picking_ids.filtered(
            lambda p: (
                p.state not in ("done", "cancel") and p.picking_type_code == "outgoing"
            )
        ).move_ids.filtered(lambda m: m.product_uom_qty > 0)

    def _returnable(self):
        return [
            (order, picking)
            for order in self.orders
            for picking in order.record.picking_ids
            if picking.state == "done"
            and picking.picking_type_code == "outgoing"
            and self._kept(picking)
        ]

    def _kept(self, picking):
        """Return delivered moves and how much of each was not returned."""
        kept = {}
        for move in picking.move_ids.filtered("quantity"):
            back = move.returned_move_ids.filtered(lambda m: m.state == "done")
            left = move.quantity - sum(back.mapped("quantity"))
            if left:
                kept[move] = int(left)
        return kept

    # --- the order --- #

    @_some(lambda self: self._in("draft"))
    @_verb(pick=_pick)
    def confirm(self, pick):
        order = _at(self._in("draft"), pick)
        order.record.action_confirm()
        order.state, order.confirmed_at = "sale", self._now()

    @_some(lambda self: self._in("sale"))
    @_verb(pick=_pick)
    def cancel(self, pick):
        order = _at(self._in("sale"), pick)
        order.record._action_cancel()
        order.state = "cancel"
        for bill in order.bills:  # Odoo cancels invoices and notes in draft
            for note in bill.notes:
                if note.state == "draft":
                    note.state, note.covered = "cancel", Fraction(0)
            if bill.state == "draft":
                self._drop(bill)

    @_some(lambda self: self._in("cancel"))
    @_verb(pick=_pick)
    def set_to_draft(self, pick):
        order = _at(self._in("cancel"), pick)
        order.record.action_draft()
        order.state = "draft"

    @_some(lambda self: self._in("sale"))
    @_verb(pick=_pick, number=st.integers(0, 1), change=st.integers(-3, 5))
    def change_quantity(self, pick, number, change):
        line = _at(self._in("sale"), pick).lines[number]
        line.quantity = max(line.quantity + change, line.delivered, 1)
        line.record.product_uom_qty = line.quantity
        line.piece = Worth.of(1, str(line.record.price_unit), line.taxes)

    @_some(lambda self: self._in("sale"))
    @_verb(pick=_pick, number=st.integers(0, 1), price=st.integers(1, 150))
    def change_price(self, pick, number, price):
        line = _at(self._in("sale"), pick).lines[number]
        line.record.price_unit = price
        line.piece = Worth.of(1, price, line.taxes)

    @_verb(pick=_pick)
    def odoo_calls_the_hook_again(self, pick):
        self.test.env["b2b2c.event"]._record(_at(self.orders, pick).record)

    # --- goods --- #

    @_some(lambda self: self._deliverable())
    @_verb(pick=_pick, part=_units)
    def deliver_part(self, pick, part):
        self._ship(_at(self._deliverable(), pick), part)

    @_some(lambda self: self._deliverable())
    @_verb(pick=_pick)
    def deliver_all(self, pick):
        self._ship(_at(self._deliverable(), pick), 10**6)

    def _ship(self, order, part):
        moves = self._open_moves(order)
        picking = moves.picking_id[:1]
        for move in picking.move_ids:
            move.quantity = min(part, move.product_uom_qty)
            move.picked = True
            line = _line_of(order, move)
            line.delivered += int(move.quantity)
            line.delivered_at = self._now()
        picking.with_context(skip_backorder=True).button_validate()

    @_some(lambda self: self._returnable())
    @_verb(pick=_pick, part=_units)
    def take_goods_back(self, pick, part):
        order, picking = _at(self._returnable(), pick)
        kept = {move: min(part, left) for move, left in self._kept(picking).items()}
        self.test._return_moves(picking, kept)
        for move, quantity in kept.items():
            line = _line_of(order, move)
            line.delivered -= quantity
            line.came_back += quantity

    # --- invoices --- #

    @_some(lambda self: self._invoiceable())
    @_verb(pick=_pick, part=st.one_of(st.none(), _units))
    def invoice(self, pick, part):
        order = _at(self._invoiceable(), pick)
        record = order.record._create_invoices()
        charged = {}
        for item in record.invoice_line_ids:
            number = _number_of(order, item)
            units = int(item.quantity) if part is None else min(part, item.quantity)
            item.quantity = units
            charged[number] = order.lines[number].piece * int(units)
        record.action_post()
        day = self._now().date()
        order.bills.append(Bill(record, charged, _total(charged), day))

    @_some(lambda self: [b for b in self._bills() if _can_reopen(b)])
    @_verb(pick=_pick)
    def invoice_to_draft(self, pick):
        bill = _at([b for b in self._bills() if _can_reopen(b)], pick)
        bill.record.button_draft()
        bill.state = "draft"

    @_some(lambda self: [b for b in self._bills() if b.state == "draft"])
    @_verb(pick=_pick, again=st.booleans())
    def post_or_cancel_draft_invoice(self, pick, again):
        bill = _at([b for b in self._bills() if b.state == "draft"], pick)
        if again:
            bill.record.action_post()
            bill.state = "posted"
        else:
            bill.record.button_cancel()
            self._drop(bill)

    def _drop(self, bill):
        bill.state = "cancel"
        bill.payments = []

    @_some(lambda self: self._creditable())
    @_verb(pick=_pick, part=st.one_of(st.none(), _units))
    def credit_note(self, pick, part):
        order, bill = _at(self._creditable(), pick)
        note = bill.record._reverse_moves(
            [{"invoice_date": bill.record.invoice_date}], cancel=False
        )
        charged = {}
        for item in note.invoice_line_ids:
            number = _number_of(order, item)
            left = self._left_to_credit(bill, number)
            item.quantity = left if part is None else min(part, left)
            sold = bill.charged[number]
            charged[number] = sold * (int(item.quantity) / sold.pieces)
        note.action_post()
        total = _total(charged)
        bill.notes.append(
            Bill(note, charged, total, covered=min(total, max(bill.open, Fraction(0))))
        )

    # --- money --- #

    @_some(lambda self: self._payable())
    @_verb(pick=_pick, percent=st.sampled_from([100, 100, 50, 10]))
    def pay(self, pick, percent):
        bill = _at(self._payable(), pick)
        amount = bill.open * percent / 100
        amount = Fraction(floor(amount * 100), 100) or bill.open
        payment = self.test._pay(bill.record, float(amount))
        bill.payments.append(Payment(payment, amount))

    @_some(lambda self: self._payments("paid", "draft"))
    @_verb(pick=_pick, cancel=st.booleans())
    def undo_payment_or_redo(self, pick, cancel):
        payment = _at(self._payments("paid", "draft"), pick)
        if cancel:
            payment.record.action_cancel()
            payment.state = "cancel"
        elif payment.state == "paid":
            payment.record.action_draft()
            payment.state = "draft"
        else:
            payment.record.action_post()
            payment.state = "paid"

    @_some(lambda self: self._unreconcilable())
    @_verb(pick=_pick)
    def unreconcile(self, pick):
        bill = _at(self._unreconcilable(), pick)
        bill.record.line_ids.remove_move_reconcile()
        bill.payments = []
        for note in bill.notes:
            note.covered = Fraction(0)

    # --- the participant --- #

    @_verb(part=st.sampled_from([1, 3, 10, 100]), reserve=st.booleans())
    def spend(self, part, reserve):
        if self.reservations and part < 10:
            self._finish_reservation(used=reserve)
            return
        available = self.test._account().balance_available
        points = int(available * part // 100)
        if not points:
            return
        self.number += 1
        if reserve:
            key = f"machine/hold/{self.number}"
            self.reservations.append(
                (self.account._reserve(points, source_key=key), points)
            )
        else:
            self.account._redeem(points, source_key=f"machine/{self.number}")
            self.spent += points

    def _finish_reservation(self, used):
        reservation, points = self.reservations.pop()
        if used:
            self.account._capture(reservation)
            self.spent += points
        else:
            self.account._release(reservation)

    @_some(lambda self: self._awarded())
    @_verb(pick=_pick, part=st.sampled_from([1, 5, 1000]))
    def manager_takes_back_by_hand(self, pick, part):
        order, entry, left = _at(self._awarded(), pick)
        points = min(part, left)
        self.account._reverse(entry, points, reason="Fraud", is_manual=True)
        lines = [line.record.id for line in order.lines]
        source = lines.index(entry.line_id) if entry.line_id else None
        order.by_hand[entry.rule_id.name, source] += points
        if entry.points:
            order.usable[entry.rule_id.name, source] -= points
        self.test.env["b2b2c.event"]._record(order.record)

    def _awarded(self):
        """Return what a manager can still take back: order, entry, points."""
        found = []
        for entry in self.account.entry_ids.sorted("id"):
            if entry.award_key and entry.entry_type in ("earn", "confirm"):
                try:
                    left, _number = entry._get_reversible(None)
                except UserError:
                    continue
                order = next(o for o in self.orders if o.record.id == entry.document_id)
                found.append((order, entry, int(left)))
        return found

    @_verb()
    def points_lapse(self):
        self.account._expire(self.test.far_future)

    @_verb()
    def fold(self):
        self.account._fold()

    # --- time, and the outbox --- #

    def _now(self):
        return datetime.now()  # frozen

    @_verb(hours=st.sampled_from([5, 24, 72, 7 * 24, 10 * 24, 14 * 24]))
    def time_passes(self, hours):
        self.test.clock.tick(timedelta(hours=hours))

    @_verb()
    def process(self):
        self._process()

    @_verb()
    def cron_sweeps(self):
        self.test.env.flush_all()
        self.test._sweep()
        self.test.env.invalidate_all()
        self._compare()

    def _after_verb(self):
        self.verbs += 1
        if self.pace and self.verbs % self.pace == 0:
            self._process()

    def _process(self):
        self.test._process()
        self._compare()

    def _compare(self):
        self.account.invalidate_recordset()
        for order in self.orders:
            order.settle(self._now())
            want = {name: order.expected(name, self._now()) for name in RULES}
            self.test.assertEqual(self.test._get_points_by_rule(order.record), want)
        self._compare_money()

    def _compare_money(self):
        """What is owned equals what is deserved, less what was spent or lapsed."""
        money = self.account._get_balances()[self.account.id]
        now = self._now()
        found = [order.expected(name, now) for order in self.orders for name in RULES]
        deserved, pending = map(sum, zip(*found, strict=True))
        owned = money["posted"] - money["debt"] - money["lost"]
        lapsed = self.test._get_lapsed(self.account)
        self.test.assertEqual(owned, deserved - self.spent - lapsed)
        self.test.assertEqual(money["pending"], pending)
        self.test.assertGreaterEqual(money["posted"], money["held"])

    def teardown(self):
        try:
            self._process()
            before = self.test.env["b2b2c.account"]._ledger_digest()
            for order in self.orders:
                self.test.env["b2b2c.event"]._record(order.record)
            self.test._process()
            after = self.test.env["b2b2c.account"]._ledger_digest()
            self.test.assertEqual(before, after, "processing again booked something")
            self.account._fold()
            self._compare_money()
            self.test.assertBooksRight()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()


def _at(found, pick):
    return found[pick % len(found)]


def _line_of(order, move):
    return next(line for line in order.lines if line.record == move.sale_line_id)


def _number_of(order, item):
    lines = [line.record for line in order.lines]
    return lines.index(item.sale_line_ids)


def _can_reopen(bill):
    """An invoice goes back to draft while nothing was credited of it."""
    return bill.state == "posted" and not bill.notes


def _total(charged):
    return sum((worth.total for worth in charged.values()), Fraction(0))


@tagged("post_install", "-at_install")
class TestDocumentMachine(LoyaltyCommon):
    """Two orders of two lines; the second in a currency worth half."""

    far_future = datetime(2099, 1, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"  # where its noon is
        cls.program = cls._create_program(
            *(
                {
                    "name": name,
                    "trigger": trigger,
                    "kind": kind,
                    "value": value,
                    "amount_basis": basis,
                    "scope": scope,
                    "hold": hold,
                    "hold_days": DAYS.get(name, 0),
                    "expiry": "months" if name == "delivered" else "none",
                    "share_ids": cls._get_shares(*SHARES.get(name, ())),
                }
                for name, (trigger, kind, value, basis, scope, hold) in RULES.items()
            ),
            notify=False,
        )
        cls.tax = cls._create_tax(20)
        cls.foreign = cls._create_currency_rate("CHF", 2.0)
        cls.pricelist = cls._create_pricelist(cls.foreign)
        cls.products = cls.product + cls._create_product("Ink", 33.0)

    @classmethod
    def _get_shares(cls, *percents):
        """Return shares for the client's employee, and for a recommender: nobody."""
        return [
            Command.create({"role": role, "percent": percent})
            for role, percent in zip(
                ("employee", "recommender"), percents, strict=False
            )
        ]

    def _create_oracle_orders(self):
        return [self._create_oracle_order(), self._create_oracle_order(self.pricelist)]

    def _create_oracle_order(self, pricelist=None):
        """Create a draft: 8 × 17.00 with 20 % tax and 5 × 33.00 without."""
        record = self._create_order(
            confirm=False,
            pricelist_id=pricelist.id if pricelist else False,
            order_line=[
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
                for product, quantity, price, tax in zip(
                    self.products,
                    (8, 5),
                    (17, 33),
                    (self.tax, self.tax.browse()),
                    strict=True,
                )
            ],
        )
        lines = [
            Line(
                line,
                int(line.product_uom_qty),
                Worth.of(1, line.price_unit, tax),
                tax,
            )
            for line, tax in zip(
                record.order_line, (Fraction(1, 5), Fraction(0)), strict=True
            )
        ]
        return Order(record, Fraction(2 if pricelist else 1), lines)

    def setUp(self):
        super().setUp()
        frozen = freeze_time(START)
        self.clock = frozen.start()
        self.addCleanup(frozen.stop)

    def _get_points_by_rule(self, order):
        """Return rule name -> (posted, pending) as booked."""
        self.env.cr.execute(
            """
            SELECT r.name->>'en_US', sum(e.points - e.points_debt - e.points_lost),
                   sum(e.points_pending)
              FROM b2b2c_ledger_entry e JOIN b2b2c_earning_rule r ON r.id = e.rule_id
             WHERE e.document_model = 'sale.order' AND e.document_id = %s
          GROUP BY 1
            """,
            [order.id],
        )
        booked = {
            name: (posted, pending)
            for name, *(posted, pending) in self.env.cr.fetchall()
        }
        return {name: booked.get(name, (0, 0)) for name in RULES}

    def _get_lapsed(self, account):
        """Return the points that expired, less those whose expiry was undone."""
        expiries = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "=", account.id), ("entry_type", "=", "expire")]
        )
        return -sum((expiries + expiries.reversal_ids).mapped("points"))

    def test_any_story(self):
        """Any story ends in the balance its documents deserve."""
        shrink = (Phase.shrink,) if os.environ.get("LOYALTY_SHRINK") else ()
        story = type("Story", (Machine,), {"test": self, "played": Counter()})
        run_state_machine_as_test(
            story,
            settings=settings(
                max_examples=int(os.environ.get("LOYALTY_EXAMPLES", 40)),
                stateful_step_count=int(os.environ.get("LOYALTY_STEPS", 20)),
                deadline=None,
                derandomize=True,
                database=None,
                phases=(Phase.generate, *shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )

    def test_every_verb(self):
        """One story with everything in it, compared after each verb."""
        story = type("Story", (Machine,), {"test": self, "played": Counter()})()
        try:
            story.begin_somewhere(steps=0, order=0, pace=1)
            for verb, arguments in GRAND_TOUR:
                with self.subTest(verb=verb, **arguments):
                    getattr(story, verb)(**arguments)
        finally:
            story.teardown()
        self.assertEqual(VERBS - story.played.keys(), set())


#: Two orders are played; ``pick`` counts what a verb can be played on just then.
GRAND_TOUR = (
    ("confirm", {"pick": 0}),
    ("deliver_part", {"pick": 0, "part": 3}),
    ("time_passes", {"hours": 14 * 24}),
    ("cron_sweeps", {}),
    ("deliver_all", {"pick": 0}),
    ("time_passes", {"hours": 10 * 24}),
    ("take_goods_back", {"pick": 0, "part": 2}),
    ("change_quantity", {"pick": 0, "number": 0, "change": 2}),
    ("change_price", {"pick": 0, "number": 1, "price": 40}),
    ("invoice", {"pick": 0, "part": 4}),
    ("pay", {"pick": 0, "percent": 50}),
    ("pay", {"pick": 0, "percent": 100}),
    ("undo_payment_or_redo", {"pick": 0, "cancel": False}),
    ("undo_payment_or_redo", {"pick": 0, "cancel": False}),
    ("unreconcile", {"pick": 0}),
    ("pay", {"pick": 0, "percent": 100}),
    ("undo_payment_or_redo", {"pick": 0, "cancel": True}),
    ("pay", {"pick": 0, "percent": 100}),
    ("invoice_to_draft", {"pick": 0}),
    ("post_or_cancel_draft_invoice", {"pick": 0, "again": True}),
    ("invoice", {"pick": 0, "part": None}),
    ("invoice_to_draft", {"pick": 1}),
    ("post_or_cancel_draft_invoice", {"pick": 0, "again": False}),
    ("spend", {"part": 10, "reserve": False}),
    ("spend", {"part": 100, "reserve": True}),
    ("credit_note", {"pick": 0, "part": 2}),
    ("spend", {"part": 1, "reserve": False}),
    ("manager_takes_back_by_hand", {"pick": 0, "part": 5}),
    ("points_lapse", {}),
    ("invoice", {"pick": 0, "part": None}),
    ("pay", {"pick": 0, "percent": 100}),
    ("credit_note", {"pick": 0, "part": None}),
    ("fold", {}),
    ("odoo_calls_the_hook_again", {"pick": 0}),
    ("cancel", {"pick": 0}),
    ("set_to_draft", {"pick": 0}),
    ("confirm", {"pick": 0}),
    ("confirm", {"pick": 0}),
    ("process", {}),
)
