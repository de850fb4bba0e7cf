"""Sales as they happen in offices, with what they are worth counted by hand.

Rules of 5 % for each moment, and a point a piece: of 10 × 100.00 that is 50 and 10.
"""

from odoo import Command, fields
from odoo.tests import tagged

from .books_common import BooksCommon


class HandCommon(BooksCommon):
    """A program that shows what a document is worth at each moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program(
            *(
                {"name": moment, "trigger": moment}
                for moment in ("confirmed", "delivered", "paid")
            ),
            {"name": "pieces", "trigger": "paid", "kind": "per_unit", "value": 1},
            {"name": "gone", "trigger": "delivered", "kind": "per_unit", "value": 1},
            {"name": "held", "trigger": "confirmed", "hold": "until_paid"},
            notify=False,
        )
        cls.ink = cls._create_product("Ink", 50.0)
        cls.rebate = cls._create_product("Rebate", 0.0, type="service")

    def assertWorth(self, document, pending=0, **points):
        """Fail unless a document brought these points, by name of the rule.

        :param pending: points of the rule ``held`` that wait for the payment
        """
        self.env.flush_all()
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ]
        )
        booked = dict.fromkeys(points, 0)
        for entry in entries:
            if entry.rule_id.name in booked:
                booked[entry.rule_id.name] += entry.points
        self.assertEqual(booked, points)
        held = sum(entries.mapped("points_pending"))
        self.assertEqual(held, pending, "pending")

    def _bill(self, *lines, move_type="out_invoice", **values):
        """Post an invoice without an order; lines are (product, pieces, price)."""
        return self._create_sale(
            move_type=move_type,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": product and product.id,
                        "name": "line",
                        "quantity": pieces,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product, pieces, price in lines
            ],
            **values,
        )

    def _both(self):
        """Yield an order that is invoiced, and an invoice without one."""
        for with_order in (True, False):
            with self.subTest(with_order=with_order):
                document = invoice = self._bill((self.product, 10, 100.0))
                if with_order:
                    document = self._create_lines_order((self.product, 10, 100.0))
                    invoice = self._invoice(document)
                yield document, invoice

    def _change_note(self, invoice, **changes):
        """Post a note of an invoice with other lines.

        :param changes: name of a product -> (pieces, price), what is left out goes
        """
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        for line in note.invoice_line_ids:
            change = changes.get(line.product_id.name)
            if change:
                line.quantity, line.price_unit = change
            else:
                line.unlink()
        note.action_post()
        return note

    def _discount(self, order, percent):
        """Take a percentage off a whole order, as a click on *Discount* does."""
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": percent / 100,
            }
        ).action_apply_discount()


@tagged("post_install", "-at_install")
class TestSalesByHand(HandCommon):
    def test_one_piece_back_of_an_order_with_a_discount(self):
        """6 × 100 and 8 × 50, 10 % off: 540 and 360; two of the eight are credited."""
        order = self._create_lines_order(
            (self.product, 6, 100.0), (self.ink, 8, 50.0), confirm=False
        )
        self._discount(order, 10)
        order.action_confirm()
        self._deliver(order)
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWorth(order, paid=45, pieces=14, gone=14)
        self._change_note(invoice, Ink=(2, 50.0))
        # 900 - 100, and what was delivered did not come back
        self.assertWorth(order, confirmed=40, delivered=40, paid=40, pieces=14)

    def test_the_same_without_an_order(self):
        invoice = self._bill(
            (self.product, 6, 100.0), (self.ink, 8, 50.0), (False, 1, -100.0)
        )
        self._receive(invoice)
        self.assertWorth(invoice, confirmed=45, paid=45, pieces=14)
        self._change_note(invoice, Ink=(2, 50.0))
        self.assertWorth(invoice, confirmed=40, paid=40, pieces=12)

    def test_a_piece_is_credited_with_its_part_of_a_rebate(self):
        """10 × 100 less 100; a piece of 100 less its 10 is credited: 810 are left."""
        lines = ((self.product, 10, 100.0), (self.rebate, 1, -100.0))
        credited = {self.product.name: (1, 100.0), "Rebate": (1, -10.0)}
        order = self._create_lines_order(*lines)
        self._deliver(order)
        for document, pieces in ((order, 10), (self._bill(*lines), 9)):
            with self.subTest(document._name):
                invoice = document
                if document == order:
                    invoice = self._invoice(order)
                self._receive(invoice)
                self.assertWorth(document, paid=45, pieces=10)
                self._change_note(invoice, **credited)
                self.assertWorth(document, confirmed=40, paid=40, pieces=pieces)

    def test_an_invoice_of_two_orders_and_one_note(self):
        one = self._create_lines_order((self.product, 10, 100.0))
        two = self._create_lines_order((self.ink, 4, 50.0))
        self._deliver(one)
        self._deliver(two)
        invoice = (one | two)._create_invoices()
        invoice.action_post()
        self._receive(invoice)
        self.assertWorth(one, paid=50)
        self.assertWorth(two, paid=10)
        self._change_note(invoice, Ink=(2, 50.0))
        self.assertWorth(one, paid=50)
        self.assertWorth(two, confirmed=5, paid=5, pieces=4)

    def test_a_tenth_off_an_invoice_of_two_orders(self):
        """A note of 120 without a product, of 1000 and 200."""
        one = self._create_lines_order((self.product, 10, 100.0))
        two = self._create_lines_order((self.ink, 4, 50.0))
        invoice = (one | two)._create_invoices()
        invoice.action_post()
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "name": "Bonus",
                    "quantity": 1,
                    "price_unit": 120.0,
                    "tax_ids": [Command.clear()],
                }
            ),
        ]
        note.action_post()
        self._receive(invoice)
        self.assertWorth(one, confirmed=45, paid=45, pieces=10)
        self.assertWorth(two, confirmed=9, paid=9, pieces=4)

    def test_invoiced_again_at_a_lower_price(self):
        """*Modify*: the paid invoice is credited, another one of 900 instead."""
        for with_order in (True, False):
            with self.subTest(with_order=with_order):
                if with_order:
                    document = self._create_lines_order((self.product, 10, 100.0))
                    self._deliver(document)
                    invoice = self._invoice(document)
                else:
                    document = invoice = self._bill((self.product, 10, 100.0))
                money = self._receive(invoice).move_id
                wizard = (
                    self.env["account.move.reversal"]
                    .with_context(active_model="account.move", active_ids=invoice.ids)
                    .create({"journal_id": invoice.journal_id.id})
                )
                action = wizard.modify_moves()
                again = self.env["account.move"].browse(action["res_id"])
                again.invoice_line_ids.price_unit = 90.0
                again.action_post()
                self._settle(again, money)
                if with_order:
                    self.assertWorth(
                        document, confirmed=45, delivered=45, paid=45, pieces=10
                    )
                else:
                    self.assertWorth(document, confirmed=0, paid=0, pieces=0)
                    self.assertWorth(again, confirmed=45, paid=45, pieces=10)

    def test_dozens_ordered_and_pieces_come_back(self):
        """2 dozens of 10.00 a piece; five pieces come back, and are credited."""
        dozen = self.env.ref("uom.product_uom_dozen")
        egg = self._create_product("Egg", 10.0)
        order = self._create_lines_order((egg, 2, 120.0), uom=dozen)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWorth(order, delivered=12, paid=12, pieces=24, gone=24)
        move = picking.move_ids
        pieces = 5 if move.product_uom == egg.uom_id else 5 / 12
        self._return(picking, pieces)
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        line = note.invoice_line_ids
        line.product_uom_id = egg.uom_id
        line.quantity, line.price_unit = 5, 10.0
        note.action_post()
        self.assertWorth(order, confirmed=9, delivered=9, paid=9, gone=19, pieces=19)

    def test_pieces_for_nothing_and_lines_of_words(self):
        """A section, a note, a gift of 10 pieces, something optional nobody took."""
        order = self._create_order(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Paper"}),
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 10,
                        "price_unit": 100.0,
                    }
                ),
                Command.create({"display_type": "line_note", "name": "By Friday"}),
                Command.create(
                    {
                        "product_id": self.ink.id,
                        "product_uom_qty": 10,
                        "price_unit": 0.0,
                    }
                ),
                Command.create(
                    {
                        "display_type": "line_section",
                        "name": "If you like",
                        "is_optional": True,
                    }
                ),
                Command.create(
                    {
                        "product_id": self.ink.id,
                        "product_uom_qty": 0,
                        "price_unit": 50.0,
                    }
                ),
            ]
        )
        self._deliver(order)
        self._receive(self._invoice(order))
        self.assertWorth(order, confirmed=50, delivered=50, paid=50, pieces=10, gone=10)

    def test_more_is_delivered_than_ordered_and_the_rest_is_credited(self):
        """12 of 10 arrive and are invoiced; the customer gets the price of two back."""
        self.product.invoice_policy = "delivery"
        order = self._create_lines_order((self.product, 10, 100.0))
        self._deliver(order, 12)
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWorth(order, confirmed=60, delivered=60, paid=60, pieces=12)
        self._change_note(invoice, **{self.product.name: (2, 100.0)})
        # who keeps the pieces has them
        self.assertWorth(order, confirmed=50, delivered=50, paid=50, gone=12)

    def test_more_is_delivered_and_never_invoiced(self):
        """What was ordered is invoiced: two more pieces are a present."""
        order = self._create_lines_order((self.product, 10, 100.0))
        self._deliver(order, 12)
        self._receive(self._invoice(order))
        self.assertWorth(order, confirmed=60, delivered=60, paid=50, held=50)
        order.order_line.product_uom_qty = 12  # but what is ordered after all is
        self.assertWorth(order, 10, confirmed=60, delivered=60, paid=50)
        self._receive(self._invoice(order))
        self.assertWorth(order, confirmed=60, delivered=60, paid=60, held=60)

    def test_a_part_is_paid_in_another_currency_at_another_rate(self):
        """EUR 1000 at 0.5 are 2000 here; 400 of it, later 600 for 750 of ours."""
        euro = self._create_currency_rate("EUR", 0.5)
        order = self._create_lines_order(
            (self.product, 10, 100.0), pricelist_id=self._create_pricelist(euro).id
        )
        invoice = self._invoice(order)
        self.env.flush_all()
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": fields.Date.today(),
                "rate": 0.8,
                "company_id": self.company.id,
            }
        )
        self._receive(invoice, 400.0, currency_id=euro.id)
        self.assertWorth(order, 100, confirmed=100, paid=0)
        self._receive(invoice, 750.0, currency_id=self.company.currency_id.id)
        self.assertWorth(order, confirmed=100, paid=100)

    def test_hours_of_a_service_that_somebody_counts(self):
        """5 of 10 hours are done, invoiced and paid; the others can still come."""
        hour = self._create_product(
            "Hour", 100.0, type="service", invoice_policy="delivery"
        )
        order = self._create_lines_order((hour, 10, 100.0))
        order.order_line.qty_delivered = 5
        self._receive(self._invoice(order))
        self.assertWorth(order, 25, confirmed=50, delivered=25, paid=25, pieces=5)
        order.order_line.product_uom_qty = 5
        self.assertWorth(order, confirmed=25, delivered=25, paid=25)

    def test_a_note_of_a_part_of_a_note(self):
        """400 are credited, and 100 of them charged again after all."""
        for document, invoice in self._both():
            note = self._note(invoice, 400)
            again = self._note(note, 100)
            self._settle(note, again)
            self._settle(note, invoice)
            self.assertWorth(document, 35, confirmed=35, paid=0)
            self._receive(invoice)
            self.assertWorth(document, confirmed=35, paid=35, pieces=10)

    def test_a_menu_of_a_discounted_order_comes_back(self):
        """2 menus of 60 and 40, 10 % off: 180; one of them is credited at its price."""
        burger = self._create_product("Burger", 60.0)
        cola = self._create_product("Cola", 40.0)
        combos = self.env["product.combo"].create(
            [
                {
                    "name": product.name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for product in (burger, cola)
            ]
        )
        menu = self._create_product(
            "Menu", 100.0, type="combo", combo_ids=[Command.set(combos.ids)]
        )
        order = self._create_order(
            confirm=False,
            order_line=[
                Command.create({"product_id": menu.id, "product_uom_qty": 2}),
            ],
        )
        parent = order.order_line
        order.order_line = [
            Command.create(
                {
                    "product_id": combo.combo_item_ids.product_id.id,
                    "product_uom_qty": 2,
                    "combo_item_id": combo.combo_item_ids.id,
                    "linked_line_id": parent.id,
                    "sequence": parent.sequence,
                }
            )
            for combo in combos
        ]
        self.assertEqual(order.amount_untaxed, 200)
        self._discount(order, 10)
        order.action_confirm()
        invoice = self._invoice(order)
        self._receive(invoice)
        self.assertWorth(order, paid=9, pieces=4)
        self._change_note(invoice, Burger=(1, 60.0), Cola=(1, 40.0))
        self.assertWorth(order, confirmed=4, paid=4)

    def test_an_order_with_half_in_advance_that_is_cancelled_after_all(self):
        """500 in advance are paid, credited and given back; nothing else happens."""
        order = self._create_lines_order((self.product, 10, 100.0))
        advance = self._down_payment(order, 50)
        self._receive(advance)
        self.assertWorth(order, 50, confirmed=50, paid=0)
        note = advance._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.action_post()
        order._action_cancel()
        self.assertWorth(order, confirmed=0, paid=0)

    def test_a_quarter_and_then_half_in_advance(self):
        """250 are paid, 500 are not, the rest of 250 is: half of it."""
        order = self._create_lines_order((self.product, 10, 100.0))
        self._receive(self._down_payment(order, 25))
        unpaid = self._down_payment(order, 50)
        final = self._final(order)
        self.assertEqual(final.amount_total, 250)
        self._receive(final)
        self.assertWorth(order, 25, confirmed=50, paid=25, pieces=5)
        self._receive(unpaid)
        self.assertWorth(order, confirmed=50, paid=50, pieces=10)

    def test_written_off_and_a_price_note(self):
        """A note of 100, 450 received, the other 450 written off: a half of 900."""
        loss = self._create_account("LOSS", "expense")
        for document, invoice in self._both():
            note = self._note(invoice, 100)
            self._settle(note, invoice)
            self._write_off(invoice, 450, loss)
            self.assertWorth(document, confirmed=45, paid=22, held=22)

    def test_a_discount_on_the_first_of_two_invoices(self):
        """10 % of 1000 are all taken off the invoice of the first 4 pieces."""
        self.product.invoice_policy = "delivery"
        order = self._create_lines_order((self.product, 10, 100.0), confirm=False)
        self._discount(order, 10)
        order.action_confirm()
        self._deliver(order, 4)
        first = self._invoice(order)
        self.assertEqual(first.amount_untaxed, 300)
        self._receive(first)
        self.assertWorth(order, 30, confirmed=45, paid=15)

    def test_more_in_advance_than_is_delivered_first(self):
        """300 in advance, 2 pieces delivered: a note of 100 closes the 200."""
        self.product.invoice_policy = "delivery"
        order = self._create_lines_order((self.product, 10, 100.0))
        self._receive(self._down_payment(order, 30))
        self._deliver(order, 2)
        final = self._final(order)
        self.assertEqual((final.move_type, final.amount_untaxed), ("out_refund", 100))
        self.assertWorth(order, 40, confirmed=50, paid=10, pieces=2)

    def test_what_was_paid_too_much_pays_another_sale(self):
        """1200 for 1000; the other 200 are another sale, until the payment goes."""
        one = self._bill((self.product, 10, 100.0))
        two = self._create_lines_order((self.ink, 4, 50.0))
        payment = self._receive(one, 1200.0)
        self.assertWorth(one, paid=50)
        self._settle(self._invoice(two), payment.move_id)
        self.assertWorth(two, confirmed=10, paid=10)
        payment.action_draft()
        self.assertWorth(one, 50, confirmed=50, paid=0)
        self.assertWorth(two, 10, confirmed=10, paid=0)

    def test_pieces_ordered_dozens_invoiced_and_a_price_note_by_the_piece(self):
        """24 × 10.00 invoiced as 2 × 120.00; then 1.00 less for each piece."""
        egg = self._create_product("Egg", 10.0)
        order = self._create_lines_order((egg, 24, 10.0))
        self._deliver(order)
        invoice = order._create_invoices()
        line = invoice.invoice_line_ids
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        line.quantity, line.price_unit = 2, 120.0
        invoice.action_post()
        self._receive(invoice)
        self.assertWorth(order, confirmed=12, paid=12, pieces=24)
        note = invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        line = note.invoice_line_ids
        line.product_uom_id = egg.uom_id
        line.quantity, line.price_unit = 24, 1.0
        note.action_post()
        self.assertWorth(order, confirmed=10, delivered=10, paid=10, pieces=24)
