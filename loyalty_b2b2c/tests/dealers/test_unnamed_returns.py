"""Credit notes that name no sale lower the customer's latest one (R7)."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .test_ladder import LadderCommon


@tagged("post_install", "-at_install")
class TestUnnamedReturns(LadderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer = cls._create_dealer(cls._create_ladder())

    def _bill(self, quantity, kind="out_invoice", post=True, product=None, **values):
        """Post a document of the dealer that has no order; paper costs 100.00."""
        product = product or self.product
        line = {
            "product_id": product.id,
            "quantity": quantity,
            "price_unit": product.list_price,
            "tax_ids": [Command.clear()],
            **values.pop("line", {}),
        }
        bill = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.contact.id,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        if post:
            bill.action_post()
        return bill

    def _note(self, quantity, **values):
        return self._bill(quantity, "out_refund", **values)

    def assertVolume(self, volume):
        self._process()
        self.dealer.invalidate_recordset()
        self.assertEqual(self.dealer.volume, volume)

    def test_an_invoice_and_a_free_standing_note(self):
        self._bill(100)
        self.assertVolume(10000)
        note = self._note(100)
        self.assertVolume(0)
        note.button_draft()
        self.assertVolume(10000)
        note.invoice_line_ids.quantity = 30
        note.action_post()
        self.assertVolume(7000)
        note.button_draft()
        note.button_cancel()
        self.assertVolume(10000)

    def test_by_orders_of_before(self):
        """Who is a dealer orders nothing below zero; who becomes one did."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        self._create_order(100, partner_id=shop.id)
        self._create_order(-30, partner_id=shop.id)
        dealer = self._create_dealer(self.dealer.ladder_id, shop)
        self._process()
        self.assertEqual(dealer.volume, 7000)
        self.assertFalse(dealer._prove())

    def test_in_another_unit(self):
        self._bill(100)
        dozen = self.env.ref("uom.product_uom_dozen")
        self._note(2, line={"product_uom_id": dozen.id, "price_unit": 1200})
        self.assertVolume(7600)

    def test_an_order_that_was_invoiced(self):
        order = self._sell(100)
        self._deliver(order)
        self._invoice(order)
        self.assertVolume(10000)
        self._note(40)
        self.assertVolume(6000)

    def test_an_order_that_waits(self):
        self._sell(100)
        self._note(40)
        self.assertVolume(6000)

    def test_the_latest_first_and_at_most_what_is_left(self):
        self._bill(60)
        self._bill(40)
        self._note(50)
        self.assertVolume(5000)
        self._note(500)
        self.assertVolume(0)
        self._bill(10)
        self.assertVolume(1000)

    def test_what_is_decided_is_not_decided_again(self):
        """A note of more than there was takes nothing of what is sold later."""
        self._bill(60)
        notes = self._note(500) | self._note(10)
        self.assertVolume(0)
        self._bill(30)
        self.env["b2b2c.event"]._record(notes)
        self.assertVolume(3000)

    def test_a_note_that_lowers_the_price(self):
        """10 × 10.00 less are 100.00, not ten pieces."""
        self._bill(60)
        self._note(10, line={"price_unit": 10})
        self.assertVolume(5900)

    def test_a_note_that_settles_an_invoice_is_of_that_one(self):
        first, second = self._bill(60), self._bill(40)
        note = self._note(40)
        self.assertVolume(6000)
        debts = (first | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        debts.reconcile()
        self.assertVolume(6000)
        self.assertFalse(self.env["b2b2c.unnamed.return"].search([]))
        debts.remove_move_reconcile()
        self.assertVolume(6000)
        row = self.env["b2b2c.unnamed.return"].search([])
        self.assertEqual((row.sale_id, row.quantity), (second.id, 40))

    def test_a_note_that_names_its_invoice(self):
        self._bill(60)
        self._credit_note(self._bill(40), 10)
        self.assertVolume(9000)
        self.assertFalse(self.env["b2b2c.unnamed.return"].search([]))

    def test_of_others_nothing(self):
        self._bill(60)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._note(10, partner_id=stranger.id)
        self._note(10, product=self._create_product("Pens", 50))
        self.assertVolume(6000)

    def test_points(self):
        self._create_program({"trigger": "invoiced"})
        self._bill(100)
        self.assertEqual(self._balances(), (500, 0, 0))
        self._note(20)
        self.assertEqual(self._balances(), (400, 0, 0))
        self.assertBooksRight()

    def test_control_without_it_the_volume_stays(self):
        self._bill(100)
        source = type(self.env["b2b2c.source.invoice"])
        with patch.object(source, "_find_unnamed_returns", lambda self, ids: []):
            self._note(100)
            self.assertVolume(10000)

    def test_nobody_is_asked_where_nothing_came_back(self):
        order = self._sell(10)
        returns = self.env["b2b2c.unnamed.return"]
        self.assertFalse(returns._get_models())
        before = self.env.cr.sql_log_count
        self.assertFalse(returns._get_taken(order))
        self.assertFalse(returns._get_rows("sale.order", order.ids))
        self.assertEqual(self.env.cr.sql_log_count, before)
