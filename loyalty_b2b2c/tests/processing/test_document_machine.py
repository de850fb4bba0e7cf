"""Any legal life of an order books what plain arithmetic says (F4-F8, R7, R8).

Hypothesis plays business verbs in any order on two orders, and days pass between them;
the outbox is processed at any moment or only at the end.  The oracle (:mod:`.oracle`)
knows the verbs and nothing of the engine: it keeps its own quantities, prices,
payments, and when something happened.

More examples: ``LOYALTY_EXAMPLES=1000``; a minimal failing story: ``LOYALTY_SHRINK=1``.
"""

from collections import Counter
from datetime import datetime
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
)

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .bill_verbs import BillVerbs
from .document_verbs import DocumentVerbs
from .machine_kit import PICK, UNITS, Story, StoryWorld, at, some, to_fraction, verb
from .oracle import Bill, Line, Order, Worth
from .oracle_points import DAYS, RULES, SHARES

# === THE MACHINE: verbs that play on Odoo and on the oracle === #

#: What orders have that are no plain sale of goods.
SPECIAL = (
    ("discount_by_wizard", {"percent": 10}),
    ("type_minus", {"number": 0, "amount": 30}),
    ("order_exchange", {"number": 0, "price": None}),
    ("order_service", {}),
    ("order_by_the_dozen", {"dozens": 2}),
)


class Machine(DocumentVerbs, BillVerbs, Story):
    """One story of two orders."""

    def _create_documents(self):
        return self.test._create_oracle_orders()

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
        order = at(self._in("sale"), pick)
        line = self._get_goods(order, number)
        kept = max(line.delivered, order.get_exchanged(line))
        least = max(-(-kept // line.ratio), 1)
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

    # --- money --- #

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


def _line_of(order, move):
    return next(line for line in order.lines if line.record == move.sale_line_id)


class MachineWorld(StoryWorld):
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
        cls.expense = cls._get_expense_account()

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


@tagged("post_install", "-at_install")
class TestDocumentMachine(MachineWorld):
    def test_any_story(self):
        """Any story ends in the balance its documents deserve."""
        self._tell_stories(Machine)

    def test_every_verb(self):
        """Two stories with everything in them, compared after each verb."""
        story = type("Story", (Machine,), {"test": self, "played": Counter()})
        for tour in (GRAND_TOUR, TOUR_OF_DOCUMENTS):
            self._play(story(pace=1), tour)
        self.assertEqual(Machine.get_verbs() - story.played.keys(), set())


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
