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
from math import floor

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    run_state_machine_as_test,
)

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon
from .document_verbs import DocumentVerbs, to_fraction
from .machine_kit import PICK, UNITS, VERBS, at, some, verb
from .oracle import Bill, Line, Order, Payment, Worth
from .oracle_points import DAYS, RULES, SHARES

# === THE MACHINE: verbs that play on Odoo and on the oracle === #

#: When every story begins.
START = datetime(2026, 3, 2, 9)


#: What orders have that are no plain sale of goods.
SPECIAL = (
    ("discount_by_wizard", {"percent": 10}),
    ("type_minus", {"number": 0, "amount": 30}),
    ("order_exchange", {"number": 0, "price": None}),
    ("order_service", {}),
    ("order_by_the_dozen", {"dozens": 2}),
)


class Machine(DocumentVerbs, RuleBasedStateMachine):
    """One story; everything it does is undone at its end."""

    test = None  # the running test case, set by a subclass
    played = Counter()

    def __init__(self, pace=0):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.orders = self.test._create_oracle_orders()
        self.account = self.test._account()
        self.spent = Fraction(0)
        self.reservations = []
        self.number = self.verbs = 0
        self.pace = pace
        self.test.clock.move_to(START)

    @initialize(
        steps=st.sampled_from([4, 3, 4, 1, 0]),
        order=st.integers(0, 1),
        pace=st.sampled_from([1, 1, 3, 0]),
        special=st.sampled_from([None, *SPECIAL]),
    )
    def begin_somewhere(self, steps, order, pace, special):
        """Start with a draft, or an order that is confirmed, …, paid already.

        :param pace: the outbox is processed after so many verbs; 0: not by itself
        :param special: what the order has beside its two lines of goods
        """
        self.pace = pace
        if special:
            name, arguments = special
            getattr(self, name)(pick=order, **arguments)
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

    def _asking(self):
        """Return the invoices in force, and what undid a note: all that is to pay."""
        return [
            one for bill in self._bills() for one, sign in bill.get_family() if sign > 0
        ]

    def _payable(self):
        return [bill for bill in self._asking() if bill.open > 0]

    def _payments(self, *states):
        return [
            p for bill in self._asking() for p in bill.payments if p.state in states
        ]

    def _creditable(self):
        return [
            (order, bill)
            for order in self.orders
            for bill in order.bills
            if bill.state == "posted"
            and not any(note.state == "draft" for note in bill.notes)
            and any(self._left_to_credit(bill, n) > 0 for n in bill.charged)
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

    @some(lambda self: self._in("draft"))
    @verb(pick=PICK)
    def confirm(self, pick):
        order = at(self._in("draft"), pick)
        order.record.action_confirm()
        order.state, order.confirmed_at = "sale", self._now()

    @some(lambda self: self._in("sale"))
    @verb(pick=PICK)
    def cancel(self, pick):
        order = at(self._in("sale"), pick)
        order.record._action_cancel()
        order.state = "cancel"
        for bill in order.bills:  # Odoo cancels invoices and notes in draft
            for note in bill.notes:
                if note.state == "draft":
                    note.state, note.covered = "cancel", Fraction(0)
            if bill.state == "draft":
                self._drop(bill)

    @some(lambda self: self._in("cancel"))
    @verb(pick=PICK)
    def set_to_draft(self, pick):
        order = at(self._in("cancel"), pick)
        order.record.action_draft()
        order.state = "draft"

    @some(lambda self: self._in("sale"))
    @verb(pick=PICK, number=st.integers(0, 2), change=st.integers(-3, 5))
    def change_quantity(self, pick, number, change):
        line = self._get_goods(at(self._in("sale"), pick), number)
        least = max(-(-line.delivered // line.ratio), 1)
        ordered = max(line.quantity // line.ratio + change, least)
        line.quantity = ordered * line.ratio
        line.record.product_uom_qty = ordered
        self._set_price(line, Fraction(str(line.record.price_unit)))

    @some(lambda self: self._in("sale"))
    @verb(pick=PICK, number=st.integers(0, 2), price=st.integers(1, 150))
    def change_price(self, pick, number, price):
        line = self._get_goods(at(self._in("sale"), pick), number)
        line.record.price_unit = price
        self._set_price(line, Fraction(price))

    def _get_goods(self, order, number):
        """Return a line of an order that sells goods."""
        lines = [one for one in order.lines if one.kind == "goods" and one.quantity > 0]
        return at(lines, number)

    def _set_price(self, line, price):
        line.piece = Worth.of(1, price / line.ratio, line.taxes)

    @verb(pick=PICK)
    def odoo_calls_the_hook_again(self, pick):
        self.test.env["b2b2c.event"]._record(at(self.orders, pick).record)

    # --- goods --- #

    @some(lambda self: self._deliverable())
    @verb(pick=PICK, part=UNITS)
    def deliver_part(self, pick, part):
        self._ship(at(self._deliverable(), pick), part)

    @some(lambda self: self._deliverable())
    @verb(pick=PICK)
    def deliver_all(self, pick):
        self._ship(at(self._deliverable(), pick), 10**6)

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

    @some(lambda self: self._returnable())
    @verb(pick=PICK, part=UNITS)
    def take_goods_back(self, pick, part):
        order, picking = at(self._returnable(), pick)
        kept = {move: min(part, left) for move, left in self._kept(picking).items()}
        self.test._return_moves(picking, kept)
        for move, quantity in kept.items():
            line = _line_of(order, move)
            line.delivered -= quantity
            line.came_back += quantity

    # --- invoices --- #

    @some(lambda self: self._invoiceable())
    @verb(
        pick=PICK,
        part=st.one_of(st.none(), UNITS),
        is_final=st.booleans(),
        off=st.sampled_from([0, 0, 10, 20]),
    )
    def invoice(self, pick, part, is_final=False, off=0):
        """Invoice what can be, or so many of each line.

        :param is_final: deduct down payments, and what is to come back
        :param off: percentage typed on the first line of goods
        """
        order = at(self._invoiceable(), pick)
        record = order.record._create_invoices(final=is_final)
        charged = {}
        for item, number in self.get_items(order, record):
            line = order.lines[number]
            if part is not None and item.quantity > 0:
                item.quantity = min(part, item.quantity)
            if line.kind == "discount":
                amounts = item.price_subtotal, item.price_total
                charged[number] = Worth(Fraction(1), *map(to_fraction, amounts))
                continue
            if off and not number:
                item.discount = off
            pieces = int(item.quantity) * line.ratio
            price = 1 - Fraction(0 if number else off, 100)
            worth = line.piece * (pieces * price)
            charged[number] = Worth(Fraction(pieces), worth.untaxed, worth.total)
        if record.move_type != "out_invoice" or record.amount_total < 0:
            record.unlink()  # Odoo posts no such invoice
            return
        record.action_post()
        total, day = to_fraction(record.amount_total), self._now().date()
        deducted = self.get_deducted(order, record)
        order.bills.append(Bill(record, charged, total, day, deducted=deducted))

    @some(lambda self: [b for b in self._bills() if _can_reopen(b)])
    @verb(pick=PICK)
    def invoice_to_draft(self, pick):
        bill = at([b for b in self._bills() if _can_reopen(b)], pick)
        bill.record.button_draft()
        bill.state = "draft"

    @some(lambda self: [b for b in self._bills() if b.state == "draft"])
    @verb(pick=PICK, again=st.booleans())
    def post_or_cancel_draft_invoice(self, pick, again):
        bill = at([b for b in self._bills() if b.state == "draft"], pick)
        if again:
            bill.record.action_post()
            bill.state = "posted"
        else:
            bill.record.button_cancel()
            self._drop(bill)

    def _drop(self, bill):
        bill.state = "cancel"
        bill.payments = []

    @some(lambda self: self._creditable())
    @verb(pick=PICK, part=st.one_of(st.none(), UNITS))
    def credit_note(self, pick, part):
        order, bill = at(self._creditable(), pick)
        note = self.test._reverse(bill.record)
        if part is not None:
            note.invoice_line_ids.filtered("is_downpayment").unlink()
        charged = {}
        for item, number in list(self.get_items(order, note)):
            line, sold = order.lines[number], bill.charged[number]
            left = self._left_to_credit(bill, number)
            if left * sold.pieces <= 0 or (part is not None and line.lowers):
                item.unlink()
                continue
            pieces = left if part is None else min(part * line.ratio, left)
            item.quantity = pieces / line.ratio
            charged[number] = sold * (pieces / sold.pieces)
        self.add_note(order, bill, note, charged)

    # --- money --- #

    @some(lambda self: self._payable())
    @verb(pick=PICK, percent=st.sampled_from([100, 100, 50, 10]))
    def pay(self, pick, percent):
        bill = at(self._payable(), pick)
        amount = bill.open * percent / 100
        amount = Fraction(floor(amount * 100), 100) or bill.open
        payment = self.test._pay(bill.record, float(amount))
        bill.payments.append(Payment(payment, amount))

    @some(lambda self: self._payments("paid", "draft"))
    @verb(pick=PICK, cancel=st.booleans())
    def undo_payment_or_redo(self, pick, cancel):
        payment = at(self._payments("paid", "draft"), pick)
        if cancel:
            payment.record.action_cancel()
            payment.state = "cancel"
        elif payment.state == "paid":
            payment.record.action_draft()
            payment.state = "draft"
        else:
            payment.record.action_post()
            payment.state = "paid"

    @some(lambda self: self._unreconcilable())
    @verb(pick=PICK)
    def unreconcile(self, pick):
        bill = at(self._unreconcilable(), pick)
        bill.record.line_ids.remove_move_reconcile()
        bill.payments = []
        bill.notes = [note for note in bill.notes if not note.is_unnamed]
        for note in bill.notes:
            note.covered = Fraction(0)

    # --- the participant --- #

    @verb(part=st.sampled_from([1, 3, 10, 100]), reserve=st.booleans())
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

    @some(lambda self: self._awarded())
    @verb(pick=PICK, part=st.sampled_from([1, 5, 1000]))
    def manager_takes_back_by_hand(self, pick, part):
        order, entry, left = at(self._awarded(), pick)
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

    @verb()
    def points_lapse(self):
        self.account._expire(self.test.far_future)

    @verb()
    def fold(self):
        self.account._fold()

    # --- time, and the outbox --- #

    def _now(self):
        return datetime.now()  # frozen

    @verb(hours=st.sampled_from([5, 24, 72, 7 * 24, 10 * 24, 14 * 24]))
    def time_passes(self, hours):
        self.test.clock.tick(timedelta(hours=hours))

    @verb()
    def process(self):
        self._process()

    @verb()
    def cron_sweeps(self):
        self.test.env.flush_all()
        self.test._sweep()
        self.test.env.invalidate_all()
        self._compare()

    def after_verb(self):
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


def _line_of(order, move):
    return next(line for line in order.lines if line.record == move.sale_line_id)


def _can_reopen(bill):
    """An invoice goes back to draft while nothing was credited of it."""
    return bill.state == "posted" and not bill.notes


class MachineWorld(LoyaltyCommon):
    """Two orders of two lines; the second in a currency worth half."""

    far_future = datetime(2099, 1, 1)
    maxDiff = None

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
        cls.rebate = cls._create_product("Rebate", 0.0, type="service")
        cls.service = cls._create_product("Training", 25.0, type="service")
        cls.eggs = cls._create_product("Eggs", 5.0)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.expense = cls.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", cls.company.ids),
            ],
            limit=1,
        )

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

    def _reverse(self, move):
        """Return the draft that reverses an invoice or a note."""
        return move._reverse_moves([{"invoice_date": move.invoice_date}], cancel=False)

    def _pay_in(self, invoice, amount, **values):
        """Register a payment as it is typed in the wizard."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": float(amount), **values})._create_payments()

    def _create_note_of_none(self, invoice, product, worth, is_taxed):
        """Post a credit note that names no invoice, and reconcile it with one."""
        pieces = worth.pieces
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "currency_id": invoice.currency_id.id,
                "invoice_date": invoice.invoice_date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id if product else False,
                            "name": "Goodwill",
                            "quantity": float(pieces),
                            "price_unit": float(worth.untaxed / pieces),
                            "tax_ids": [Command.set(self.tax.ids if is_taxed else [])],
                        }
                    )
                ],
            }
        )
        note.action_post()
        lines = (invoice | note).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        lines.reconcile()
        return note

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

    def _play(self, story, verbs):
        """Play verbs on a new story, and compare at its end."""
        try:
            story.begin_somewhere(steps=0, order=0, pace=story.pace, special=None)
            for name, arguments in verbs:
                with self.subTest(verb=name, **arguments):
                    getattr(story, name)(**arguments)
        finally:
            story.teardown()


@tagged("post_install", "-at_install")
class TestDocumentMachine(MachineWorld):
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
        """Two stories with everything in them, compared after each verb."""
        story = type("Story", (Machine,), {"test": self, "played": Counter()})
        for tour in (GRAND_TOUR, TOUR_OF_DOCUMENTS):
            self._play(story(pace=1), tour)
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

#: What is no plain sale of goods, in one order.
TOUR_OF_DOCUMENTS = (
    ("order_exchange", {"pick": 0, "number": 0, "price": None}),
    ("order_service", {"pick": 0}),
    ("order_by_the_dozen", {"pick": 0, "dozens": 2}),
    ("discount_by_wizard", {"pick": 0, "percent": 10}),
    ("type_minus", {"pick": 0, "number": 0, "amount": 30}),
    ("confirm", {"pick": 0}),
    ("deliver_part", {"pick": 0, "part": 5}),
    ("take_exchanged_goods", {"pick": 0}),
    ("take_back_without_refund", {"pick": 0, "part": 1}),
    ("ask_for_down_payment", {"pick": 0, "percent": 50}),
    ("pay", {"pick": 0, "percent": 100}),
    ("invoice", {"pick": 0, "part": None, "is_final": True, "off": 10}),
    ("lower_price", {"pick": 0}),
    ("undo_note", {"pick": 0}),
    (
        "settle_with_note_of_none",
        {"pick": 0, "number": None, "pieces": 1, "is_taxed": True},
    ),
    (
        "settle_with_note_of_none",
        {"pick": 0, "number": 1, "pieces": 1, "is_taxed": False},
    ),
    ("pay_in_other_currency", {"pick": 0, "percent": 50}),
    ("write_off", {"pick": 0, "percent": 90}),
    ("credit_down_payment", {"pick": 0}),
    ("cancel_rest_of_delivery", {"pick": 0}),
    ("process", {}),
)
