"""Programs of a company and the documents of its branches."""

from odoo import Command, fields
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestBranches(LoyaltyCommon):
    """5 % of 10 × 100.00 at the company; its branch sells the same paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "confirmed"})
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids |= cls.branch

    def _sell_at_branch(self, quantity=10, **values):
        return self._create_order(quantity, company_id=self.branch.id, **values)

    def test_a_branch_sells_and_takes_back(self):
        order = self._sell_at_branch()
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._balances(), (30, 0, 0))
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_limits_are_of_both_together(self):
        self.program.budget_points = 80
        self._create_order()
        self._sell_at_branch()
        self.assertEqual(self._balances(), (80, 0, 0))

    def test_a_program_may_leave_its_branches_out(self):
        self.program.counts_branches = False
        order = self._sell_at_branch()
        self.assertEqual(self._balances(), (0, 0, 0))
        self._create_order(2)
        self.assertEqual(self._balances(), (10, 0, 0))
        # at once, and for what is there
        self.program.counts_branches = True
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balances(), (30, 0, 0))
        # what was given is not taken back, what is new gives nothing
        self.program.counts_branches = False
        self._sell_at_branch()
        self.assertEqual(self._balances(), (30, 0, 0))
        order.order_line.product_uom_qty = 9
        self.assertEqual(self._balances(), (30, 0, 0))
        order.order_line.product_uom_qty = 1
        self.assertEqual(self._balances(), (15, 0, 0))

    def test_a_program_of_a_branch_is_its_own(self):
        member = self._create_member(
            name="Petro", email="petro@example.com", company_id=self.branch.id
        )
        self._create_program(
            {"trigger": "confirmed", "value": 1}, company_id=self.branch.id
        )
        self._create_order()
        self.assertEqual(self._balances(member), (0, 0, 0))
        self._sell_at_branch()
        self.assertEqual(self._balances(member), (10, 0, 0))
        self.assertEqual(self._balances(), (100, 0, 0))

    def test_the_seller_on_an_order_of_a_branch(self):
        seller = self._create_member(
            name="Olha", email="olha@example.com", role="salesperson"
        )
        self._create_program(
            {
                "trigger": "confirmed",
                "value": 2,
                "role": "salesperson",
                "pick": "seller",
            }
        )
        order = self._sell_at_branch(b2b2c_seller_id=seller.id)
        self.assertEqual(self._balances(seller), (20, 0, 0))
        self.assertEqual(order.b2b2c_seller_id, seller)

    def test_an_invoice_of_a_branch(self):
        self._create_program({"trigger": "invoiced", "value": 3})
        self.env["account.chart.template"].try_loading(
            self.company.chart_template, self.branch, install_demo=False
        )
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "company_id": self.branch.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 10,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        ).action_post()
        self.assertEqual(self._balances(), (80, 0, 0))  # invoiced is confirmed, too
