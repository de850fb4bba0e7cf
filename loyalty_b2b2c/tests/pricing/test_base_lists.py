"""The price lists below a ladder: they stay, and their changes are told."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dealers.test_ladder import LadderCommon


@tagged("post_install", "-at_install")
class TestBaseLists(LadderCommon):
    """Tiers discount *Base*, 20 % below the sales price; *Base* discounts *Ground*."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("ladders", "loyalty_b2b2c.group_manager")
        cls.company.b2b2c_manager_id = cls.manager
        cls.seller = cls._create_user("prices", "sales_team.group_sale_manager")
        cls.ground = cls._create_list("Ground", percent_price=0)
        cls.base = cls._create_list(
            "Base", percent_price=20, base="pricelist", base_pricelist_id=cls.ground.id
        )
        cls.ladder = cls._create_ladder(base_pricelist_id=cls.base.id)
        cls.dealer = cls._create_dealer(cls.ladder)

    @classmethod
    def _create_list(cls, name, **item):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "applied_on": "3_global",
                            **item,
                        }
                    )
                ],
            }
        )

    def test_what_a_running_ladder_is_built_on_is_not_archived(self):
        for pricelist in (self.base, self.ground):
            for act in (pricelist.action_archive, pricelist.unlink):
                with self.assertRaisesRegex(UserError, "Dealers"):
                    act()
            self.assertTrue(pricelist.active)
        other = self._create_list("Other", percent_price=3)
        other.action_archive()
        self.assertFalse(other.active)
        self.ladder.action_close()
        self.base.action_archive()
        self.assertFalse(self.base.active)

    def test_a_ladder_that_is_not_started_keeps_nobody_from_anything(self):
        draft = self._create_list("Draft", percent_price=5)
        ladder = self._create_ladder(start=False, base_pricelist_id=draft.id)
        draft.action_archive()
        with self.assertRaises(UserError):
            ladder.action_start()

    def test_changes_are_told_to_the_manager_once_a_day(self):
        item = self.base.item_ids.with_user(self.seller)
        with freeze_time("2026-03-02 10:00:00") as clock:
            item.percent_price = 25
            self.assertEqual(self.ladder.activity_ids.user_id, self.manager)
            self.assertIn("Base", self.ladder.activity_ids.note)
            self.assertIn(self.seller.name, self.ladder.activity_ids.note)
            item.percent_price = 30
            self.ground.item_ids.with_user(self.seller).percent_price = 1
            self.assertEqual(len(self.ladder.activity_ids), 1)
            clock.tick(timedelta(days=1))
            self.ground.item_ids.with_user(self.seller).percent_price = 2
            self.assertEqual(len(self.ladder.activity_ids), 2)
        # 100.00 less 2 % and 30 %
        quotation = self._create_order(10, confirm=False)
        self.assertAlmostEqual(quotation.amount_untaxed, 686, 2)

    def test_every_kind_of_change_is_told_and_a_name_is_none(self):
        acts = (
            lambda: self.base.write(
                {"item_ids": [Command.create({"percent_price": 1, "min_quantity": 5})]}
            ),
            lambda: self.base.item_ids[:1].unlink(),
            lambda: self.base.item_ids[:1].write({"min_quantity": 3}),
            lambda: self.ground.item_ids.copy(),
            lambda: self.ground.write({"country_group_ids": [Command.clear()]}),
        )
        for number, act in enumerate(acts, 1):
            self.ladder.base_told_on = False
            act()
            self.assertEqual(len(self.ladder.activity_ids), number, number)
        self.ladder.base_told_on = False
        self.base.name = "Base of dealers"
        self._create_list("Other", percent_price=3).item_ids.percent_price = 4
        self.assertEqual(len(self.ladder.activity_ids), len(acts))

    def test_a_list_that_is_put_below_later_is_known(self):
        below = self._create_list("Below", percent_price=2)
        below.action_archive()
        below.action_unarchive()
        self.ground.item_ids.write({"base": "pricelist", "base_pricelist_id": below.id})
        with self.assertRaises(UserError):
            below.action_archive()
        self.ground.item_ids.write({"base": "list_price", "base_pricelist_id": False})
        below.action_archive()
        self.assertFalse(below.active)
