"""Money that a till received, as the books of invoices tell it."""

from fractions import Fraction

from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.models.documents import books

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosBooks(PosLoyaltyCommon):
    """Every sale is 10 × 100.00 and is invoiced."""

    def assertPaid(self, invoice, share, settled=None):
        self.env.flush_all()
        paid = books.get_paid(invoice)
        expected = Fraction(share), Fraction(share if settled is None else settled)
        self.assertEqual((paid.share, paid.settled), expected)

    def _close(self):
        """Close the session of the till."""
        self.till.current_session_id.action_pos_session_closing_control()

    def _sell_halves(self, **values):
        """Sell with half of it paid by card, the rest on the customer's account."""
        order = self._sell(pay=False, to_invoice=True, **values)
        context = {"active_ids": order.ids, "active_id": order.id}
        for method in (self.card, self.on_account):
            wizard = self.env["pos.make.payment"].with_context(**context)
            wizard.create({"payment_method_id": method.id, "amount": 500}).check()
        self.assertTrue(order.account_move)
        return order

    def test_paid_at_the_till_before_and_after_its_closing(self):
        """The closing clears the account of the till with what others brought back."""
        invoice = self._sell(to_invoice=True).account_move
        self._bring_back(self._sell(), 4)
        self.assertPaid(invoice, 1)
        self._close()
        self.assertPaid(invoice, 1)
        self.assertEqual(books.get_component(invoice), invoice)

    def test_half_of_it_on_the_account(self):
        invoice = self._sell_halves().account_move
        self.assertPaid(invoice, "1/2", 0)
        self._close()
        self.assertPaid(invoice, "1/2", 0)
        payment = self._pay(invoice)
        self.assertEqual(payment.amount, 500)
        self.assertPaid(invoice, 1)
        payment.action_draft()
        self.assertPaid(invoice, "1/2", 0)

    def test_an_invoice_after_the_closing_is_no_money_by_itself(self):
        """Its sale was income of the session: reconciled with that it stays unpaid."""
        order = self._sell(method=self.on_account)
        self._close()
        order.to_invoice = True
        order.action_pos_order_invoice()
        invoice = order.account_move
        self.assertPaid(invoice, 0)
        reversal = self.env["account.move"].search(
            [("reversed_pos_order_id", "=", order.id)]
        )
        items = (invoice | reversal).line_ids.filtered(
            lambda item: (
                item.account_id == self.contact.property_account_receivable_id
                and not item.reconciled
            )
        )
        items.reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertPaid(invoice, 0)

    # === DOWN PAYMENTS === #

    def _take_down_payment(self, **values):
        """Take 500 of an order at the till; return the ticket and the final invoice."""
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("module pos_sale is not installed")
        sale = self._create_order()
        product = self._create_product("Down payment", 500, type="service")
        ticket = self._sell(
            1,
            line={
                "product_id": product.id,
                "price_unit": 500,
                "sale_order_origin_id": sale.id,
            },
            **values,
        )
        # as when the till sends its orders
        taxes = self.env["account.tax"]
        base_lines = ticket.lines._prepare_tax_base_line_values()
        taxes._add_tax_details_in_base_lines(base_lines, sale.company_id)
        taxes._round_base_lines_tax_details(base_lines, sale.company_id)
        sale._create_down_payment_section_line_if_needed()
        sale._create_down_payment_lines_from_base_lines(base_lines)
        self.assertEqual(ticket.lines.sale_order_line_id.order_id, sale)
        final = sale._create_invoices(final=True)
        final.action_post()
        self.assertEqual(final.amount_total, 500)
        return ticket, final

    def test_a_down_payment_at_the_till(self):
        ticket, final = self._take_down_payment()
        self.assertPaid(final, "1/2")
        payment = self._pay(final)
        self.assertPaid(final, 1)
        payment.action_cancel()
        self.assertPaid(final, "1/2")
        self._pay(final)
        self._bring_back(ticket)
        self.assertPaid(final, "1/2")

    def test_a_down_payment_on_the_account(self):
        _ticket, final = self._take_down_payment(method=self.on_account)
        self.assertPaid(final, 0)
        self._pay(final)
        self.assertPaid(final, "1/2")

    def test_a_down_payment_on_the_account_with_an_invoice(self):
        self._create_program({"trigger": "paid"})
        ticket, final = self._take_down_payment(method=self.on_account, to_invoice=True)
        self._pay(final)
        self.assertPaid(final, "1/2")
        self._process()
        self._pay(ticket.account_move)
        self.assertPaid(final, 1)
        sale = final.line_ids.sale_line_ids.order_id
        self.assertTrue(self._events(sale, "new"))
