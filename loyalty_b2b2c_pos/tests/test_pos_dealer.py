"""Dealers at the till: the price list of the tier, also when the tier changes."""

import json

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.loyalty_b2b2c.tests.test_ladder import LadderCommon

from .common import PosLoyaltyCommon


class PosDealerCommon(PosLoyaltyCommon, LadderCommon):
    """The client is a dealer with 10 % from 1,000,000; paper costs 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer = cls._create_dealer(cls._create_ladder())
        cls.tiers = cls.dealer.ladder_id.tier_ids

    def _grow(self, quantity=10000):
        order = LadderCommon._sell(self, quantity)
        self.assertEqual(self.dealer.tier_id.discount, 10)
        return order

    def _fall(self, order):
        order._action_cancel()
        self._process()
        self.assertEqual(self.dealer.tier_id.discount, 0)


@tagged("post_install", "-at_install")
class TestPosDealer(PosDealerCommon):
    def _load(self):
        """Return what an opening till loads: its price lists, the dealer's one."""
        session = self.till.current_session_id
        data = session.load_data([])
        partners = {row["id"]: row for row in data["res.partner"]}
        return (
            {row["id"] for row in data["product.pricelist"]},
            partners.get(self.contact.id, {}).get("property_product_pricelist"),
        )

    def test_a_till_that_offers_no_price_lists_knows_the_tiers(self):
        self.assertFalse(self.till.use_pricelist)
        self._grow()
        self._sell(1)  # tills load customers with orders
        lists, own = self._load()
        self.assertLessEqual(set(self.tiers.pricelist_id.ids), lists)
        self.assertEqual(own, self.tiers[2].pricelist_id.id)

    def test_a_cashier_cannot_choose_a_tier_for_others(self):
        self.till.write({"use_pricelist": True, "available_pricelist_ids": False})
        [row] = self.till._load_pos_data_read(self.till, self.till)
        self.assertFalse(set(row["available_pricelist_ids"]) & set(self._load()[0]))

    def test_tiers_of_others_stay_there(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        ladder = self.env["b2b2c.ladder"].with_company(company)
        ladder = ladder.create({"name": "Elsewhere", "company_id": company.id})
        ladder.action_start()
        lists, _own = self._load()
        self.assertTrue(ladder.tier_ids.pricelist_id)
        self.assertFalse(set(ladder.tier_ids.pricelist_id.ids) & lists)

    def test_open_tills_hear_of_another_tier(self):
        self.till.current_session_id.set_opening_control(0, "")
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        order = self._grow()
        self.assertEqual(self._heard(), self.tiers[2].pricelist_id.id)
        self._fall(order)
        self.assertEqual(self._heard(), self.tiers[0].pricelist_id.id)

    def _heard(self):
        """Return the dealer's price list in what the till was told since last time."""
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([("message", "like", "SYNCHRONISATION")])
        [message] = rows.mapped(lambda row: json.loads(row.message))
        rows.unlink()
        [own] = {
            partner["property_product_pricelist"]
            for partner in message["payload"]["static_records"]["res.partner"]
        }
        return own


@tagged("post_install", "-at_install")
class TestPosDealerTour(PosDealerCommon, HttpCase):
    def test_a_dealer_pays_the_price_of_the_tier_at_the_till(self):
        self.contact.write({"name": "Dealer Office"})
        self.env["res.partner"].create({"name": "Passer-by"})
        new_test_user(
            self.env,
            "cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            password="cashier-password",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        order = self._grow()
        url = f"/pos/ui/{self.till.id}"
        self.start_tour(url, "b2b2c_pos_dealer_in_tier", login="cashier")
        self._fall(order)
        self.start_tour(url, "b2b2c_pos_dealer_fell", login="cashier")
        sold = self.till.current_session_id.order_ids.sorted("id")
        self.assertEqual(
            sold.mapped(lambda one: (one.partner_id.name, one.amount_total)),
            [("Dealer Office", 90), ("Passer-by", 100), ("Dealer Office", 100)],
        )
