"""What people do beside the straight way of an order, and what the oracle learns of it.

Discounts in each way Odoo knows, exchanges, services, other units, down payments, notes
of every kind, and money that is none.
"""

from fractions import Fraction

from hypothesis import strategies as st

from odoo import Command

from .machine_kit import PICK, UNITS, at, some, to_fraction, verb
from .oracle import Bill, Line, Worth


class DocumentVerbs:
    """Verbs of a machine with orders (``orders``) and its test case (``test``)."""

    # === LINES OF AN ORDER === #

    def _get_dressable(self):
        """Return the drafts that have few enough lines to type more."""
        return [order for order in self._in("draft") if len(order.lines) < 6]

    def _type_line(self, order, product, quantity, price, taxes, **values):
        """Type a line, and return its record."""
        before = order.record.order_line
        order.record.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "price_unit": float(price),
                    "tax_ids": [Command.set(self.test.tax.ids if taxes else [])],
                    **values,
                }
            )
        ]
        return order.record.order_line - before

    @some(lambda self: self._get_dressable())
    @verb(pick=PICK, percent=st.sampled_from([10, 25]))
    def discount_by_wizard(self, pick, percent):
        order = at(self._get_dressable(), pick)
        before = order.record.order_line
        self.test.env["sale.order.discount"].create(
            {
                "sale_order_id": order.record.id,
                "discount_type": "so_discount",
                "discount_percentage": percent / 100,
            }
        ).action_apply_discount()
        for line in order.record.order_line - before:
            worth = Worth(
                Fraction(1),
                to_fraction(line.price_subtotal),
                to_fraction(line.price_total),
            )
            taxes = Fraction(1, 5) if line.tax_ids else Fraction(0)
            order.lines.append(Line(line, 1, worth, taxes, kind="discount"))

    def _get_open_orders(self):
        return [o for o in self._in("draft", "sale") if len(o.lines) < 6]

    @some(lambda self: self._get_open_orders())
    @verb(pick=PICK, number=st.integers(0, 1), amount=st.sampled_from([5, 30, 90, 400]))
    def type_minus(self, pick, number, amount):
        """Type a line below zero, once more than the order is worth."""
        order = at(self._get_open_orders(), pick)
        taxes = order.lines[number].taxes
        record = self._type_line(order, self.test.rebate, 1, -amount, taxes)
        piece = Worth.of(1, -amount, taxes)
        order.lines.append(Line(record, 1, piece, taxes, kind="discount"))

    @some(lambda self: self._get_dressable())
    @verb(pick=PICK)
    def order_service(self, pick):
        """Order what nobody delivers: two hours at 25.00."""
        order = at(self._get_dressable(), pick)
        record = self._type_line(order, self.test.service, 2, 25, 0)
        piece = Worth.of(1, 25, 0)
        order.lines.append(Line(record, 2, piece, Fraction(0), kind="service"))

    @some(lambda self: self._get_dressable())
    @verb(pick=PICK, dozens=st.integers(1, 3))
    def order_by_the_dozen(self, pick, dozens):
        """Order dozens, at 50.00 each, of what is kept by the piece."""
        order = at(self._get_dressable(), pick)
        record = self._type_line(
            order, self.test.eggs, dozens, 50, 1, product_uom_id=self.test.dozen.id
        )
        taxes = Fraction(1, 5)
        piece = Worth.of(1, Fraction(50, 12), taxes)
        order.lines.append(Line(record, dozens * 12, piece, taxes, ratio=12))

    @some(lambda self: self._get_dressable())
    @verb(pick=PICK, number=st.integers(0, 1), price=st.sampled_from([None, 10]))
    def order_exchange(self, pick, number, price):
        """Let two pieces come back with the order, at their price or at another one.

        No more than the order sells of them: others would lower an older order.
        """
        order = at(self._get_dressable(), pick)
        line = order.lines[number]
        if order.get_exchanged(line) + 2 > line.quantity:
            return
        price = line.piece.untaxed if price is None else Fraction(price)
        product = line.record.product_id
        record = self._type_line(order, product, -2, price, line.taxes)
        piece = Worth.of(1, price, line.taxes)
        order.lines.append(Line(record, -2, piece, line.taxes))

    # === GOODS === #

    def _get_exchanges(self):
        """Return (order, line) of what is to come back with its order."""
        return [
            (order, line)
            for order in self._in("sale")
            for line in order.lines
            if line.quantity < 0 and not line.delivered
            if line.record.move_ids.filtered(lambda m: m.state != "cancel")
        ]

    @some(lambda self: self._get_exchanges())
    @verb(pick=PICK)
    def take_exchanged_goods(self, pick):
        _order, line = at(self._get_exchanges(), pick)
        moves = line.record.move_ids.filtered(lambda m: m.state != "cancel")
        for move in moves:
            move.quantity = move.product_uom_qty
            move.picked = True
        moves.picking_id.with_context(skip_backorder=True).button_validate()
        line.delivered = line.quantity

    @some(lambda self: self._returnable())
    @verb(pick=PICK, part=UNITS)
    def take_back_without_refund(self, pick, part):
        """Goods come back for nothing: to be repaired, or to be stored."""
        _order, picking = at(self._returnable(), pick)
        kept = {move: min(part, left) for move, left in self._kept(picking).items()}
        self.test._return_moves(picking, kept, to_refund=False)

    @some(lambda self: self._deliverable())
    @verb(pick=PICK)
    def cancel_rest_of_delivery(self, pick):
        order = at(self._deliverable(), pick)
        self._open_moves(order).picking_id.action_cancel()

    # === INVOICES AND NOTES === #

    def get_deducted(self, order, record):
        """Return what an invoice or a note deducts for each down payment."""
        deducted = []
        for item in record.invoice_line_ids:
            if item.is_downpayment and item.price_total < 0:
                [advance] = [
                    bill
                    for bill in order.bills
                    if bill.is_advance
                    and item.sale_line_ids in bill.record.invoice_line_ids.sale_line_ids
                ]
                deducted.append((advance, -to_fraction(item.price_total)))
        return deducted

    def get_items(self, order, note):
        """Yield (line of an invoice or note, number of the line of the order)."""
        records = [line.record for line in order.lines]
        for item in note.invoice_line_ids:
            if item.display_type == "product" and not item.is_downpayment:
                yield item, records.index(item.sale_line_ids)

    # === DOWN PAYMENTS === #

    def _get_advanceable(self):
        return [
            order
            for order in self._invoiceable()
            if not any(b.is_advance and b.state != "cancel" for b in order.bills)
            and order.record.amount_total > 0
        ]

    @some(lambda self: self._get_advanceable())
    @verb(pick=PICK, percent=st.sampled_from([20, 50, 100]))
    def ask_for_down_payment(self, pick, percent):
        order = at(self._get_advanceable(), pick)
        record = (
            self.test.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.record.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": percent})
            ._create_invoices(order.record)
        )
        if record.amount_total <= 0:
            record.unlink()
            return
        record.action_post()
        total, day = to_fraction(record.amount_total), self._now().date()
        order.bills.append(Bill(record, {}, total, day, is_advance=True))

    def _get_advances(self):
        return [
            (order, bill)
            for order in self.orders
            for bill in order.bills
            if bill.is_advance and bill.state == "posted" and not bill.notes
        ]

    @some(lambda self: self._get_advances())
    @verb(pick=PICK)
    def credit_down_payment(self, pick):
        order, bill = at(self._get_advances(), pick)
        self.add_note(order, bill, self.test._reverse(bill.record), {})

    # === MONEY === #
