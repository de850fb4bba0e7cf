"""Orders that take back what older sales sold: returns and exchanges by order."""

from odoo.tests import tagged

from .test_sales_by_hand import HandCommon


@tagged("post_install", "-at_install")
class TestOrderReturns(HandCommon):
    """10 × 100.00 were sold before."""

    def _sell(self, is_delivered=True):
        order = self._create_lines_order((self.product, 10, 100.0))
        if is_delivered:
            self._deliver(order)
        self._receive(self._invoice(order))
        self.assertWorth(order, confirmed=50, paid=50, pieces=10)
        return order

    def test_a_return_lowers_the_latest_sale(self):
        sale = self._sell()
        back = self._create_lines_order((self.product, -3, 100.0))
        self.assertWorth(sale, confirmed=35, delivered=35, paid=35, pieces=7, gone=7)
        self._deliver(back)
        note = back._create_invoices(final=True)
        note.action_post()
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 300))
        self._receive(note)
        # the money that goes back is the same return
        self.assertWorth(sale, confirmed=35, delivered=35, paid=35, pieces=7, gone=7)
        self.assertWorth(back, confirmed=0, delivered=0, paid=0, pieces=0)

    def test_a_return_that_is_cancelled_never_was(self):
        sale = self._sell()
        back = self._create_lines_order((self.product, -3, 100.0))
        self.assertWorth(sale, confirmed=35)
        back._action_cancel()
        self.assertWorth(sale, confirmed=50, delivered=50, paid=50, pieces=10, gone=10)

    def test_goods_that_do_not_come_after_all(self):
        """Three are announced; one arrives, the others are cancelled."""
        sale = self._sell()
        back = self._create_lines_order((self.product, -3, 100.0))
        came = self._deliver(back, 1)
        (back.picking_ids - came).action_cancel()
        self.assertWorth(sale, confirmed=45, paid=45, pieces=9, gone=9)

    def test_more_comes_back_than_is_sold_anew(self):
        """Five of the old ones for two new ones: three less than before."""
        sale = self._sell()
        exchange = self._create_lines_order(
            (self.product, 2, 100.0), (self.product, -5, 100.0)
        )
        self.assertWorth(exchange, confirmed=0)
        self.assertWorth(sale, confirmed=35, paid=35, pieces=7)

    def test_for_another_product(self):
        """Two of paper (200) for six of ink (300): 300 are sold, 800 are left."""
        sale = self._sell()
        exchange = self._create_lines_order(
            (self.ink, 6, 50.0), (self.product, -2, 100.0)
        )
        self.assertWorth(sale, confirmed=40, paid=40, pieces=8)
        self.assertWorth(exchange, 15, confirmed=15)
        invoice = self._final(exchange)
        self.assertEqual(invoice.amount_total, 100)
        self._receive(invoice)
        self.assertWorth(exchange, confirmed=15, paid=15, pieces=6)

    def test_what_nobody_sold_lowers_its_own_order(self):
        """An old machine for 300 is taken in part payment: 700 of 1000."""
        machine = self._create_product("Machine", 300.0)
        order = self._create_lines_order(
            (self.product, 10, 100.0), (machine, -1, 300.0)
        )
        self.assertWorth(order, 35, confirmed=35)

    def test_no_more_than_was_sold(self):
        """12 come back, 10 were sold: nothing is left, and no more is taken."""
        sale = self._sell()
        back = self._create_lines_order((self.product, -12, 100.0))
        self.assertWorth(sale, confirmed=0, paid=0, pieces=0, gone=0)
        self.assertWorth(back, confirmed=0)

    def test_in_dozens(self):
        """24 pieces were sold, a dozen comes back."""
        dozen = self.env.ref("uom.product_uom_dozen")
        egg = self._create_product("Egg", 10.0)
        sale = self._create_lines_order((egg, 24, 10.0))
        self.assertWorth(sale, 12, confirmed=12)
        self._create_lines_order((egg, -1, 120.0), uom=dozen)
        self.assertWorth(sale, 6, confirmed=6)

    def test_money_back_for_a_service_is_no_hour(self):
        """10 hours of 100, and an order that gives 10.00 back for each."""
        hour = self._create_product("Hour", 100.0, type="service")
        sale = self._create_lines_order((hour, 10, 100.0))
        self.assertWorth(sale, 50, confirmed=50)
        self._create_lines_order((hour, -10, 10.0))
        self.assertWorth(sale, 45, confirmed=45)

    def test_of_others_nothing(self):
        sale = self._sell()
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._create_lines_order((self.product, -3, 100.0), partner_id=other.id)
        self.assertWorth(sale, confirmed=50, paid=50, pieces=10)
