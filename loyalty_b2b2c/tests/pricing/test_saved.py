"""What a dealer saved: the tier's part of what its orders would have cost."""

from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..dealers.test_ladder import LadderCommon

YEAR = date(2026, 1, 1), date(2026, 12, 31)


@tagged("post_install", "-at_install")
class TestSaved(LadderCommon):
    """Tiers of 0, 5 and 10 % from 0, 100,000 and 1,000,000; paper costs 100.00."""

    def _get_saved(self, dealer, days=YEAR):
        return dealer.sudo()._get_saved(*days)

    def test_each_order_at_the_tier_it_was_confirmed_at(self):
        with freeze_time("2026-03-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(1000)  # at 0 %: nothing
            self.assertEqual(self._get_saved(dealer), 0)
            order = self._sell(10)  # 1,000 at 5 %: 950 paid
            self.assertEqual(order.amount_untaxed, 950)
            self.assertEqual(self._get_saved(dealer), 50)
            self._sell(10_000)  # 1,000,000 at 5 %: 50,000, and 10 % from now on
            self._sell(1)  # 100 at 10 %
            self.assertEqual(self._get_saved(dealer), 50 + 50_000 + 10)

    def test_what_was_cancelled_or_is_a_quotation_saved_nothing(self):
        with freeze_time("2026-03-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(1000)
            order = self._sell(10)
            self._create_order(10, confirm=False)
            self.assertEqual(self._get_saved(dealer), 50)
            order._action_cancel()
            self.assertEqual(self._get_saved(dealer), 0)

    def test_a_year_begins_where_the_ladder_is(self):
        with freeze_time("2025-12-31 12:00:00"):
            dealer = self._create_dealer(self._create_ladder(timezone="Europe/Kyiv"))
            self._sell(1000)
        with freeze_time("2025-12-31 21:59:59"):
            self._sell(10)
        with freeze_time("2025-12-31 22:00:00"):  # midnight in Kyiv
            self._sell(20)
        self.assertEqual(self._get_saved(dealer), 100)
        before = date(2025, 1, 1), date(2025, 12, 31)
        self.assertEqual(self._get_saved(dealer, before), 50)

    def test_the_nearest_category_says_the_percentage(self):
        above = self.env["product.category"].create({"name": "Office"})
        self.product.categ_id = self.env["product.category"].create(
            {"name": "Paper", "parent_id": above.id}
        )
        ladder = self._create_ladder(start=False)
        tier = ladder.tier_ids.sorted("volume_from")[1]
        tier.discount_ids = [Command.create({"categ_id": above.id, "discount": 20})]
        ladder.action_start()
        with freeze_time("2026-03-10 10:00:00"):
            dealer = self._create_dealer(ladder)
            self._sell(1000)
            order = self._sell(10)  # 1,000 at 20 %
        self.assertEqual(order.amount_untaxed, 800)
        self.assertEqual(self._get_saved(dealer), 200)
