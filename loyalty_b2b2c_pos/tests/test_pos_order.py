"""S4 at the till: the employee is rewarded for what the company buys there."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosOrder(PosLoyaltyCommon):
    """Every sale is 10 × 100.00; the rule gives 5 %: 50 points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_paid"})

    def tearDown(self):
        self.env.flush_all()
        self.assertBooksRight()
        super().tearDown()

    # === EARNING === #

    def test_paid_sale_is_credited_at_once(self):
        self._sell()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_nothing_before_payment(self):
        order = self._sell(pay=False)
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_sale_to_nobody(self):
        self._sell(partner=self.env["res.partner"])
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_sale_to_another_company(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._sell(partner=other)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_paid_twice_in_the_outbox_is_one_credit(self):
        order = self._sell()
        self._process()
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(len(self._entries()), 1)

    def test_every_kind_of_rule_measures_a_till_order(self):
        """Ordered, delivered, invoiced and paid are one moment at the till."""
        self.program.action_close()
        for trigger in ("confirmed", "delivered", "invoiced", "paid"):
            program = self._create_program(
                {"trigger": trigger, "kind": "per_unit", "value": 1}, name=trigger
            )
            before = self._balances()[0]
            self._sell()
            self.assertEqual(self._balances()[0] - before, 10, trigger)
            program.action_close()

    def test_explanation_names_the_receipt(self):
        order = self._sell()
        self._process()
        entry = self._entries()
        self.assertEqual(entry.document_name, order.display_name)
        self.assertEqual(entry.line_model, "pos.order.line")

    def test_customer_corrected_after_payment(self):
        order = self._sell(partner=self.env["res.partner"])
        self._process()
        order.partner_id = self.contact
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_closing_the_session_changes_nothing(self):
        order = self._sell()
        self._process()
        order.session_id.action_pos_session_closing_control()
        self.assertEqual(order.state, "done")
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_tips_earn_nothing(self):
        self.till.write({"iface_tipproduct": True, "tip_product_id": self.product.id})
        self._sell()
        self.assertEqual(self._balances(), (0, 0, 0))

    # === RETURNS === #

    def test_half_returned(self):
        self._bring_back(self._sell(), quantity=5)
        self.assertEqual(self._balances(), (25, 0, 0))

    def test_all_returned(self):
        order = self._sell()
        self._process()
        self._bring_back(order)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_returned_in_two_steps(self):
        order = self._sell()
        self._process()
        self._bring_back(order, quantity=5)
        self.assertEqual(self._balances(), (25, 0, 0))
        self._bring_back(order, quantity=5)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_return_is_explained(self):
        order = self._sell()
        self._process()
        self._bring_back(order)
        self._process()
        entry = self._entries("reverse")
        self.assertIn(f"Goods of {order.name} were returned", entry.explanation_text)

    def test_price_typed_in_at_the_return_does_not_matter(self):
        order = self._sell()
        self._process()
        self._bring_back(order, price=0.01)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_unpaid_return_takes_nothing(self):
        order = self._sell()
        self._process()
        order._refund()
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_return_after_spending_is_a_debt(self):
        order = self._sell()
        self._process()
        self._account()._redeem(50, source_key="pos/redeem")
        self._bring_back(order, quantity=5)
        self.assertEqual(self._balances(), (0, 0, 25))

    def test_return_without_a_receipt_earns_nothing(self):
        self._sell(quantity=-10)
        self.assertEqual(self._balances(), (0, 0, 0))

    # === CUSTOMER ACCOUNT === #

    def test_on_account_is_pending_until_its_invoice_is_paid(self):
        order = self._sell(method=self.on_account, to_invoice=True)
        self.assertTrue(order.account_move)
        self.assertEqual(self._balances(), (0, 50, 0))
        self._pay(order.account_move)
        self.assertEqual(self._balances(), (50, 0, 0))

    # === THE TILL IS NEVER BLOCKED === #

    @mute_logger("odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event")
    def test_fault_of_the_outbox_does_not_block_the_till(self):
        events = self.env.registry["b2b2c.event"]
        with patch.object(events, "_insert_events", side_effect=ValueError("broken")):
            order = self._sell()
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_cashier_needs_no_right_on_rewards(self):
        order = self._sell(pay=False, name="Till/0001")
        cashier = self.env["res.users"].create(
            {
                "name": "Cashier",
                "login": "till-cashier",
                "group_ids": [(6, 0, self.env.ref("point_of_sale.group_pos_user").ids)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": order.amount_total,
                "payment_method_id": self.card.id,
            }
        )
        order.with_user(cashier).action_pos_order_paid()
        self.assertEqual(self._balances(), (50, 0, 0))

    # === SALE ORDERS SETTLED AT THE TILL === #

    def _settle(self, **values):
        """Sell on a sale order and settle it at the till."""
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("module pos_sale is not installed")
        sale = self._create_order()
        self.assertEqual(self._balances(), (0, 50, 0))
        return self._sell(
            line={
                "sale_order_origin_id": sale.id,
                "sale_order_line_id": sale.order_line.id,
            },
            **values,
        )

    def test_sale_order_settled_at_the_till_counts_once(self):
        self._settle()
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(set(self._entries().mapped("document_model")), {"sale.order"})

    def test_settled_and_invoiced_at_the_till_counts_once(self):
        order = self._settle(to_invoice=True)
        self.assertTrue(order.account_move)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_settled_sale_order_brought_back(self):
        order = self._settle()
        self._process()
        self._bring_back(order, quantity=5)
        self.assertEqual(self._balances(), (25, 0, 0))
        self._bring_back(order, quantity=5)
        self.assertEqual(self._balances(), (0, 0, 0))
