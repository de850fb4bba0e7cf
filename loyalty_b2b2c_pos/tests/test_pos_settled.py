"""Sale orders that are settled, wholly or in part, at a till (module ``pos_sale``)."""

from odoo.tests import tagged

from .test_pos_measures import GLOBAL, PosMeasuresCommon


@tagged("post_install", "-at_install")
class TestSettled(PosMeasuresCommon):
    """An order is 10 × 100.00 or more, the rule gives 5 % of what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_order_line_id" not in cls.env["pos.order.line"]._fields:
            raise cls.skipTest(cls, "module pos_sale is not installed")
        cls.program = cls._create_program(
            {"trigger": "confirmed", "hold": "until_paid"}
        )

    def _settle(self, order, *others, quantities=None, **values):
        """Settle an order at the till.

        :param others: more lines of :meth:`_ring`
        :param quantities: dict line of the order -> pieces, all by default
        """
        lines = [
            (
                line.product_id,
                (quantities or {}).get(line, line.product_uom_qty),
                line.price_unit,
                {"sale_order_origin_id": order.id, "sale_order_line_id": line.id},
            )
            for line in order.order_line
            if quantities is None or line in quantities
        ]
        return self._ring(*lines, *others, **values)

    def test_half_at_the_till_half_in_the_office(self):
        order = self._create_order()
        self._settle(order, quantities={order.order_line: 5})
        self.assertEqual(self._balances(), (25, 25, 0))
        invoice = order._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.quantity, 5)
        invoice.action_post()
        self._pay(invoice)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_the_discount_of_the_order_is_settled_with_it(self):
        """600 + 400 − 500: 25, by the order's own line."""
        order = self._create_lines_order(
            (self.product, 6, 100), (self.pen, 10, 40), (self.discount, 1, -500)
        )
        self.assertEqual(self._balances(), (0, 25, 0))
        self._settle(order)
        self.assertEqual(self._balances(), (25, 0, 0))

    def test_a_discount_of_the_ticket_lowers_the_order(self):
        """10 % off on the order's 1000 and on 400 of pens: 900 and 360."""
        order = self._create_order()
        ticket = self._settle(
            order, (self.pen, 10, 40), (self.discount, 1, -140, GLOBAL)
        )
        self.assertEqual(self._balances(), (45 + 18, 0, 0))
        booked = self._entries()
        self.assertEqual(
            {entry.document_model: entry.points for entry in booked if entry.points},
            {"sale.order": 45, "pos.order": 18},
        )
        settled = ticket.lines[0]
        self._refund(ticket, (settled, 5), others=[(self.discount, 1, 50, GLOBAL)])
        self.assertEqual(self._balances(), (22 + 18, 0, 0))

    def test_the_discount_of_the_order_spares_the_rest_of_the_ticket(self):
        """1000 − 500 of the order; the 400 of pens are sold at their price."""
        order = self._create_lines_order(
            (self.product, 10, 100), (self.discount, 1, -500)
        )
        self._settle(order, (self.pen, 10, 40))
        self.assertEqual(self._balances(), (25 + 20, 0, 0))

    def test_brought_back_at_another_price(self):
        """Five pieces come back for 300: money is 700."""
        order = self._create_order()
        ticket = self._settle(order)
        self._bring_back(ticket, quantity=5, price=60)
        self.assertEqual(self._balances(), (35, 0, 0))

    def test_pieces_brought_back(self):
        """Piece by piece: ten sold at the till, three of them came back."""
        self.program.action_close()
        self._create_program({"trigger": "paid", "kind": "per_unit", "value": 1})
        order = self._create_order()
        ticket = self._settle(order)
        self.assertEqual(self._balances()[0], 10)
        self._refund(ticket, (ticket.lines, 3))
        self.assertEqual(self._balances()[0], 7)

    def test_settled_on_account(self):
        order = self._create_order()
        ticket = self._settle(order, methods={self.on_account: 1000}, to_invoice=True)
        self.assertEqual(self._balances(), (0, 50, 0))
        self._pay(ticket.account_move)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_the_ticket_is_credited_by_accounting(self):
        order = self._create_order()
        ticket = self._settle(order, to_invoice=True)
        self._note(ticket.account_move, (self.product, 10, 10))
        self.assertEqual(self._balances(), (45, 0, 0))

    def test_settled_in_another_currency(self):
        """1000 EUR at 2 EUR for a dollar: the till takes 500 dollars, all of it."""
        euro = self._create_currency_rate("EUR", 2.0)
        order = self._create_order(pricelist_id=self._create_pricelist(euro).id)
        order.order_line.price_unit = 100
        self.assertEqual(self._balances(), (0, 25, 0))
        self._ring(
            (
                self.product,
                10,
                50,
                {
                    "sale_order_origin_id": order.id,
                    "sale_order_line_id": order.order_line.id,
                },
            )
        )
        self.assertEqual(self._balances(), (25, 0, 0))


@tagged("post_install", "-at_install")
class TestAdvances(PosMeasuresCommon):
    """Down payments that a till takes for an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "down_payment_product_id" not in cls.env["pos.config"]._fields:
            raise cls.skipTest(cls, "module pos_sale is not installed")
        cls.program = cls._create_program({"trigger": "paid"})
        cls.advance = cls._create_product(
            "Down Payment", 0.0, type="service", taxes_id=False
        )
        cls.till.down_payment_product_id = cls.advance

    def _take(self, order, amount, **values):
        """Take a down payment and write it on the order, as a till does."""
        ticket = self._ring(
            (self.advance, 1, amount, {"sale_order_origin_id": order.id}), **values
        )
        taxes = self.env["account.tax"]
        base = ticket.lines._prepare_tax_base_line_values()
        taxes._add_tax_details_in_base_lines(base, order.company_id)
        taxes._round_base_lines_tax_details(base, order.company_id)
        order._create_down_payment_section_line_if_needed()
        order._create_down_payment_lines_from_base_lines(base)
        return ticket

    def _invoice_rest(self, order):
        self._deliver(order)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def test_paid_at_the_till(self):
        order = self._create_order()
        self._take(order, 400)
        self.assertEqual(self._balances()[0], 0)
        invoice = self._invoice_rest(order)
        self.assertEqual(invoice.amount_total, 600)
        self.assertEqual(self._balances()[0], 20)
        self._pay(invoice)
        self.assertEqual(self._balances()[0], 50)

    def test_all_of_it_on_account(self):
        """The final invoice is 0.00, and waits for the ticket's invoice."""
        order = self._create_order()
        ticket = self._take(
            order, 1000, methods={self.on_account: 1000}, to_invoice=True
        )
        invoice = self._invoice_rest(order)
        self.assertEqual(invoice.amount_total, 0)
        self.assertEqual(self._balances()[0], 0)
        self._pay(ticket.account_move)
        self.assertEqual(self._balances()[0], 50)

    def test_given_back(self):
        order = self._create_order()
        ticket = self._take(order, 400)
        self._invoice_rest(order)
        self.assertEqual(self._balances()[0], 20)
        self._refund(ticket, (ticket.lines, 1))
        self.assertEqual(self._balances()[0], 0)

    def test_deducted_at_the_till(self):
        """400 in advance on account, 600 by card: 600 count, then all."""
        order = self._create_order()
        first = self._take(order, 400, methods={self.on_account: 400}, to_invoice=True)
        goods = order.order_line.filtered(lambda line: line.product_id == self.product)
        deducted = order.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        self._ring(
            *(
                (
                    product,
                    quantity,
                    price,
                    {"sale_order_origin_id": order.id, "sale_order_line_id": line.id},
                )
                for line, product, quantity, price in (
                    (goods, self.product, 10, 100),
                    (deducted, self.advance, -1, 400),
                )
            )
        )
        self.assertEqual(self._balances()[0], 30)
        self._pay(first.account_move)
        self.assertEqual(self._balances()[0], 50)
