"""What holds for every document and needs Odoo; by hand, as far as stories do not."""

from odoo import Command, fields
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestInvariants(LoyaltyCommon):
    """Ten pieces of 100.00, 5 %: five points a piece."""

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _create_unnamed_note(self, invoice, amount, tax=None):
        """Post a note that names nothing, and reconcile it with an invoice."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.contact.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goodwill",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.set(tax.ids if tax else [])],
                        }
                    )
                ],
            }
        )
        note.action_post()
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def test_what_is_cancelled_is_told_at_once(self):
        """20: six of ten came, four never will; nothing else happens to the order."""
        self._create_program({"trigger": "confirmed", "hold": "until_paid"})
        order = self._create_order()
        done = self._deliver(order, 6)
        self.assertEqual(self._balances(), (0, 50, 0))
        (order.picking_ids - done).action_cancel()
        self.assertEqual(self._balances(), (0, 30, 0))

    def test_a_delivery_planned_to_be_less(self):
        """20: seven are to come instead of ten."""
        self._create_program({"trigger": "confirmed", "hold": "until_paid"})
        order = self._create_order()
        self.assertEqual(self._balances(), (0, 50, 0))
        order.picking_ids.move_ids.product_uom_qty = 7
        self.assertEqual(self._balances(), (0, 35, 0))

    def test_a_piece_of_a_dozen_is_a_piece(self):
        """18: three points a piece; Odoo has 0.08 dozen delivered of one piece."""
        self._create_program({"trigger": "delivered", "kind": "per_unit", "value": 3})
        order = self._create_lines_order(
            (self.product, 2, 60), uom=self.env.ref("uom.product_uom_dozen")
        )
        seen = {}
        for pieces in (1, 5, 11, 7):  # together all 24
            self._deliver(order, pieces)
            seen[pieces] = self._balances()[0]
        self.assertEqual(seen, {1: 3, 5: 18, 11: 51, 7: 72})

    def test_a_note_of_none_beside_a_down_payment(self):
        """5: 100.00 off are 100.00 off, whatever was paid in advance."""
        self._create_program({"trigger": "invoiced"})
        order = self._create_order()
        advance = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 50})
            ._create_invoices(order)
        )
        advance.action_post()
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.amount_total, self._balances()[0]), (500, 50))
        self._create_unnamed_note(final, 100)
        self.assertEqual(self._balances()[0], 45)

    def test_a_note_of_none_lowers_the_lines_with_its_tax(self):
        """6: 90.00 less of what is taxed, nothing less of what is not."""
        self._create_program({"trigger": "invoiced", "product_ids": self.product.ids})
        tax, free = self._create_tax(20), self._create_product("Book", 100.0)
        order = self._create_lines_order(
            (self.product, 5, 100), (free, 5, 100), confirm=False
        )
        order.order_line[0].tax_ids = tax
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(self._balances()[0], 25)
        self._create_unnamed_note(invoice, 100)  # of the books
        self.assertEqual(self._balances()[0], 25)
        self._create_unnamed_note(invoice, 100, tax)
        self.assertEqual(self._balances()[0], 20)

    def test_a_discount_larger_than_what_is_left_of_the_order(self):
        """5: ten invoiced for 1000 - 500; then the order is lowered to one."""
        self._create_program({"trigger": "invoiced"})
        rebate = self._create_product("Rebate", 0.0, type="service")
        order = self._create_lines_order((self.product, 10, 100), (rebate, 1, -500))
        self._invoice(order)
        self.assertEqual(self._balances()[0], 25)
        order.order_line[0].product_uom_qty = 1
        self.assertEqual(self._balances()[0], 25)

    def test_a_menu_is_its_items(self):
        """29: two menus of two dishes are four pieces, and cost what they cost."""
        self._create_program({"trigger": "confirmed", "kind": "per_unit", "value": 3})
        combo = self.env["product.combo"].create(
            {
                "name": "Dish",
                "combo_item_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        menu = self._create_product("Menu", 40.0, type="combo", combo_ids=combo.ids)
        order = self._create_lines_order((menu, 2, 0), confirm=False)
        for _dish in range(2):
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 2,
                        "combo_item_id": combo.combo_item_ids.id,
                        "linked_line_id": order.order_line[0].id,
                        "price_unit": 20,
                    }
                )
            ]
        order.action_confirm()
        self.assertEqual(self._balances()[0], 12)

    def test_what_is_changed_later_moves_nothing(self):
        """30: categories, names of taxes, prices and rates change after the booking."""
        category = self.env["product.category"].create({"name": "Paper"})
        self.product.categ_id = category
        self._create_program({"trigger": "confirmed", "category_ids": category.ids})
        foreign = self._create_currency_rate("CHF", 2.0)
        order = self._create_order(
            pricelist_id=self._create_pricelist(foreign).id, confirm=False
        )
        order.order_line.write(
            {"price_unit": 100, "tax_ids": [Command.set(self._create_tax(20).ids)]}
        )
        order.action_confirm()
        self.assertEqual(self._balances()[0], 25)  # 1000 are 500 of ours
        digest = self.env["b2b2c.account"]._ledger_digest()
        self.product.categ_id = self.env["product.category"].create({"name": "Else"})
        self.product.list_price = 1
        order.order_line.tax_ids.name = "Renamed"
        foreign.rate_ids.rate = 4.0
        self.env["b2b2c.event"]._record(order)
        self._process()
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), digest)
