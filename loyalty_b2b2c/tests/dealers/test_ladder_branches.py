"""Ladders and branches: what a branch sells counts, and costs what the tier says."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_ladder import LadderCommon


class BranchCommon(LadderCommon):
    """The company has a branch; paper costs 100.00 in both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_branch("Branch", cls.company)
        cls.env.invalidate_all()

    @classmethod
    def _create_branch(cls, name, parent):
        branch = cls.env["res.company"].create({"name": name, "parent_id": parent.id})
        cls.env.user.company_ids |= branch
        return branch

    def _sell_at(self, company, quantity, confirm=True, **values):
        """Make an order of the dealer in a company, confirmed by default."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.contact.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": quantity}
                    )
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
            self._process()
        return order


@tagged("post_install", "-at_install")
class TestLadderBranches(BranchCommon):
    def test_sales_of_a_branch_lift_the_tier_and_follow_it(self):
        dealer = self._create_dealer(self._create_ladder())
        self._sell_at(self.company, 600)  # 60,000
        sold = self._sell_at(self.branch, 400)  # 40,000
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (100000, 5))
        quotation = self._sell_at(self.branch, 10, confirm=False)
        self.assertEqual(quotation.pricelist_id, dealer.tier_id.pricelist_id)
        self.assertEqual(quotation.amount_untaxed, 950)
        with self.assertRaises(ValidationError):
            quotation.order_line.price_unit = 90
        sold._action_cancel()
        self._process()
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (60000, 0))
        self.assertEqual(quotation.amount_untaxed, 1000)
        self.assertEqual(dealer._prove(), [])

    def test_a_branch_of_a_branch_and_sales_of_before(self):
        shop = self._create_branch("Shop", self.branch)
        self._sell_at(shop, 700)
        self._sell_at(self.branch, 300)
        dealer = self._create_dealer(self._create_ladder())
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (100000, 5))
        for company in (self.company, self.branch, shop):
            partner = self.client.with_company(company)
            self.assertEqual(
                partner.property_product_pricelist, dealer.tier_id.pricelist_id
            )
        dealer.action_end()
        for company in (self.company, self.branch, shop):
            partner = self.client.with_company(company)
            self.assertFalse(partner.specific_property_product_pricelist)

    def test_a_ladder_may_leave_its_branches_out(self):
        ladder = self._create_ladder(counts_branches=False)
        dealer = self._create_dealer(ladder)
        self._sell_at(self.branch, 1000)
        self.assertEqual(dealer.volume, 0)
        self._sell_at(self.company, 1000)
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (100000, 5))
        self.assertEqual(
            self._sell_at(self.branch, 10, confirm=False).amount_untaxed, 1000
        )
        self.assertEqual(dealer._prove(), [])
        with self.assertRaises(UserError):  # it runs
            ladder.counts_branches = True

    def test_a_branch_with_a_ladder_of_its_own(self):
        """Both count what the branch sells; the branch sells at its own tiers."""
        dealer = self._create_dealer(self._create_ladder())
        own = self._create_ladder(
            name="Branch",
            company_id=self.branch.id,
            tier_ids=[
                Command.create({"volume_from": volume, "discount": discount})
                for volume, discount in ((0, 0), (20000, 3))
            ],
        )
        here = self._create_dealer(own)
        self._sell_at(self.branch, 1000)
        self.assertEqual((dealer.volume, here.volume), (100000, 100000))
        self.assertEqual(
            [
                self._sell_at(company, 10, confirm=False).amount_untaxed
                for company in (self.company, self.branch)
            ],
            [950, 970],
        )
        self._sell_at(self.company, 1000)  # 95,000
        self.assertEqual((dealer.volume, here.volume), (195000, 100000))
        self.assertEqual((dealer | here)._prove(), [])

    def test_a_dealer_of_a_branch_is_none_above_it(self):
        own = self._create_ladder(name="Branch", company_id=self.branch.id)
        here = self._create_dealer(own)
        self._sell_at(self.company, 1000)
        self.assertEqual(here.volume, 0)
        self._sell_at(self.branch, 1000)
        self.assertEqual(here.volume, 100000)
        self.assertEqual(
            self._sell_at(self.company, 10, confirm=False).amount_untaxed, 1000
        )
