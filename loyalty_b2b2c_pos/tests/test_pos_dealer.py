"""Dealers at the till: the price list of the tier, also when the tier changes."""

import json
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.dealers.test_ladder import LadderCommon

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
        ladder = ladder.create(
            {
                "name": "Elsewhere",
                "company_id": company.id,
                "document_kind_ids": [Command.set(self._get_document_kinds().ids)],
            }
        )
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
class TestPosDealerPrice(PosDealerCommon):
    """The till sells at what the cashier types; what differs is reported."""

    def _deviations(self, order):
        """Return (expected, actual, quantity, cost, kind) of what was recorded."""
        rows = self.env["b2b2c.price.deviation"].search(
            [("document_model", "=", "pos.order"), ("document_id", "=", order.id)]
        )
        return rows.mapped(
            lambda row: (row.expected, row.actual, row.quantity, row.cost, row.kind)
        )

    def test_the_price_of_the_tier_is_no_deviation(self):
        self._grow()
        self.assertFalse(self._deviations(self._sell(10, line={"price_unit": 90})))
        order = self._sell(10, line={"price_unit": 100, "discount": 10})
        self.assertFalse(self._deviations(order))

    def test_another_price_is_sold_and_reported_once(self):
        self._grow()
        order = self._sell(10, line={"price_unit": 60})
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._deviations(order), [(90, 60, 10, 300, "pos")])
        order._b2b2c_record()
        self.assertEqual(len(self._deviations(order)), 1)
        discounted = self._sell(2, line={"price_unit": 90, "discount": 50})
        self.assertEqual(self._deviations(discounted), [(90, 45, 2, 90, "pos")])
        dear = self._sell(1, line={"price_unit": 100})
        self.assertEqual(self._deviations(dear), [(90, 100, 1, -10, "pos")])

    def test_goods_come_back_at_what_was_paid(self):
        self._grow()
        order = self._sell(10, line={"price_unit": 90})
        self.assertFalse(self._deviations(self._bring_back(order, 5)))
        dear = self._bring_back(order, 5, price=100)
        self.assertEqual(self._deviations(dear), [(90, 100, -5, 50, "pos")])

    def test_a_dealer_named_afterwards_is_compared_too(self):
        self._grow()
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        order = self._sell(10, partner=stranger, line={"price_unit": 60})
        self.assertFalse(self._deviations(order))
        order.partner_id = self.contact
        self.assertEqual(self._deviations(order), [(90, 60, 10, 300, "pos")])

    def test_what_was_paid_is_invoiced(self):
        self._grow()
        order = self._sell(10, line={"price_unit": 60}, to_invoice=True)
        order._generate_pos_order_invoice()
        invoice = order.account_move
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 600))
        self.assertEqual(self._deviations(order), [(90, 60, 10, 300, "pos")])

    def test_what_was_recorded_stays_when_tills_go(self):
        """Uninstalling takes the kind out of the field, not the rows of it."""
        self._grow()
        order = self._sell(10, line={"price_unit": 60})
        kind = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "b2b2c.price.deviation"), ("value", "=", "pos")]
        )
        self.assertEqual(len(kind), 1)
        kind._process_ondelete()
        self.assertEqual(self._deviations(order), [(90, 60, 10, 300, "pos")])

    def test_a_fault_of_the_comparison_stops_no_till(self):
        self._grow()
        deviations = type(self.env["b2b2c.price.deviation"])
        with (
            patch.object(deviations, "_record", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.loyalty_b2b2c_pos.models.till_guard"),
        ):
            order = self._sell(10, line={"price_unit": 60})
        self.assertEqual((order.state, order.amount_paid), ("paid", 600))


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
