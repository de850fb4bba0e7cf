"""Web shop: a dealer's prices follow the tier, nobody else gets them."""

import re

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.loyalty_b2b2c.tests.dealers.test_ladder import LadderCommon
from odoo.addons.website_sale.tests.common import MockRequest

DAY = "2026-01-15 10:00:00"


class WebShopCommon(LadderCommon):
    """Paper costs 100.00; the client's ladder gives 5 % from 100,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["website"].create(
            {"name": "Web shop", "company_id": cls.company.id}
        )
        cls.product.write({"is_published": True, "website_id": False})
        cls.shopper = new_test_user(
            cls.env,
            "shopper",
            groups="base.group_portal",
            password="shopper-password",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.shopper.partner_id.parent_id = cls.client

    def _visit(self, user=None, **session):
        """Return what a visitor's next page would price with, and the session."""
        website = self.website.with_user(user or self.shopper)
        with MockRequest(website.env, website=website, **session) as request:
            pricelist = request.website._get_and_cache_current_pricelist()
            return pricelist, dict(request.session)

    def _price(self, pricelist):
        return pricelist._get_product_price(self.product, 1)

    def _cart(self, quantity=10):
        """Return a cart of the client's employee."""
        website = self.website.with_user(self.shopper)
        with MockRequest(website.env, website=website) as request:
            cart = request.website._create_cart()
            cart._cart_add(product_id=self.product.id, quantity=quantity)
            return cart.sudo()


@tagged("post_install", "-at_install")
class TestWebShop(WebShopCommon):
    def test_a_session_that_is_open_follows_the_tier(self):
        dealer = self._create_dealer(self._create_ladder())
        tiers = dealer.ladder_id.tier_ids
        pricelist, session = self._visit()
        self.assertEqual(
            (pricelist, self._price(pricelist)), (tiers[0].pricelist_id, 100)
        )
        self._sell(1000)
        kept = session["website_sale_current_pl"]
        pricelist, session = self._visit(website_sale_current_pl=kept)
        self.assertEqual(
            (pricelist, self._price(pricelist)), (tiers[1].pricelist_id, 95)
        )
        self.assertEqual(session["website_sale_current_pl"], pricelist.id)

    def test_falls_from_ten_to_nothing_by_passing_time_only(self):
        with freeze_time(DAY):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(10000)
            cart = self._cart()
            self.assertEqual(self._price(self._visit()[0]), 90)
            self.assertEqual(cart.amount_untaxed, 900)
        with freeze_time("2026-04-14 23:59:59"):
            self.assertEqual(self._price(self._visit()[0]), 90)
        with freeze_time("2026-04-15 00:00:00"):
            # nothing ran in between: the page itself looks
            self.assertEqual(self._price(self._visit()[0]), 100)
            self.assertEqual(dealer.tier_id.discount, 0)
            self.assertEqual(cart.amount_untaxed, 1000)

    def test_a_dealer_chooses_no_other_price_list(self):
        dealer = self._create_dealer(self._create_ladder())
        cheap = self.env["product.pricelist"].create(
            {"name": "Sale", "selectable": True, "company_id": self.company.id}
        )
        pricelist, session = self._visit(
            website_sale_current_pl=cheap.id, website_sale_selected_pl_id=cheap.id
        )
        self.assertEqual(pricelist, dealer.tier_id.pricelist_id)
        self.assertNotIn("website_sale_selected_pl_id", session)
        website = self.website.with_user(self.shopper)
        with MockRequest(website.env, website=website) as request:
            for show in (False, True):
                self.assertEqual(
                    request.website.get_pricelist_available(show_visible=show),
                    dealer.tier_id.pricelist_id,
                )
            self.assertFalse(request.website.is_pricelist_available(cheap.id))

    def test_nobody_else_gets_a_tier(self):
        dealer = self._create_dealer(self._create_ladder())
        tiers = dealer.ladder_id.tier_ids.pricelist_id
        stranger = new_test_user(self.env, "stranger", groups="base.group_portal")
        for visitor in (stranger, self.website.user_id):
            with self.subTest(visitor=visitor.login):
                # as in a session that was a dealer's
                pricelist, session = self._visit(
                    visitor, website_sale_current_pl=tiers[2].id
                )
                self.assertNotIn(pricelist, tiers)
                self.assertNotIn(session["website_sale_current_pl"], tiers.ids)
                website = self.website.with_user(visitor)
                with MockRequest(website.env, website=website) as request:
                    for tier in tiers:
                        self.assertFalse(
                            request.website.is_pricelist_available(tier.id)
                        )

    def test_who_is_let_go_shops_at_ordinary_prices(self):
        dealer = self._create_dealer(self._create_ladder())
        self._sell(1000)
        pricelist, session = self._visit()
        self.assertEqual(self._price(pricelist), 95)
        dealer.action_end()
        pricelist, _session = self._visit(
            website_sale_current_pl=session["website_sale_current_pl"]
        )
        self.assertNotIn(pricelist, dealer.ladder_id.tier_ids.pricelist_id)

    def test_a_ladder_of_bonuses_leaves_the_shop_alone(self):
        dealer = self._create_dealer(self._create_ladder(benefit="bonus"))
        self._sell(1000)
        self.assertEqual(dealer.tier_id.discount, 5)
        self.assertEqual(
            self._price(self._visit()[0]) if self._visit()[0] else 100, 100
        )

    def test_carts_follow_where_quotations_are_flagged(self):
        self._create_dealer(self._create_ladder(reprice="flag"))
        quotation, cart = self._create_order(10, confirm=False), self._cart()
        self.assertEqual((quotation.amount_untaxed, cart.amount_untaxed), (1000, 1000))
        self._sell(1000)
        self.assertEqual((quotation.amount_untaxed, cart.amount_untaxed), (1000, 950))
        self.assertFalse(cart.b2b2c_kept_pricelist_id)
        self.assertTrue(quotation.b2b2c_kept_pricelist_id)

    def test_the_price_somebody_is_paying_for_stays(self):
        with freeze_time(DAY):
            self._create_dealer(self._create_ladder())
            self._sell(1000)
            cart = self._cart()
            self.assertEqual(cart.amount_untaxed, 950)
            self._pay_online(cart, "pending")
        with freeze_time("2026-04-15 00:00:00"):
            self.assertEqual(self._price(self._visit()[0]), 100)
            self.assertEqual(cart.amount_untaxed, 950)
            cart.transaction_ids.state = "done"
            cart.with_user(self.website.user_id).sudo().action_confirm()
            self.assertEqual((cart.state, cart.amount_untaxed), ("sale", 950))

    def _pay_online(self, order, state):
        method = self.env["payment.method"].search([], limit=1)
        provider = self.env["payment.provider"].create(
            {"name": "Card", "code": "none", "company_id": self.company.id}
        )
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"online {order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [(6, 0, order.ids)],
                "state": state,
            }
        )


@tagged("post_install", "-at_install")
class TestWebShopPages(WebShopCommon, HttpCase):
    def test_the_page_of_a_product_shows_the_price_of_the_tier(self):
        self._create_dealer(self._create_ladder())
        self.product.product_tmpl_id.flush_recordset()
        self.authenticate("shopper", "shopper-password")
        self.assertEqual(self._shown(), "100.00")
        self._sell(1000)
        self.assertEqual(self._shown(), "95.00")
        self.authenticate(None, None)
        self.assertEqual(self._shown(), "100.00")

    def test_a_dealer_pays_the_price_of_the_tier(self):
        self._create_dealer(self._create_ladder())
        self._sell(1000)
        self.authenticate("shopper", "shopper-password")
        answer = self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 10,
            },
        )
        self.assertTrue(answer)
        cart = self.env["sale.order"].search(
            [("partner_id", "=", self.shopper.partner_id.id)]
        )
        self.assertEqual((cart.state, cart.amount_untaxed), ("draft", 950))
        with self.assertRaises(UserError):
            cart.with_user(
                self._create_user("seller", "sales_team.group_sale_salesman")
            )["order_line"].discount = 50

    def _shown(self):
        page = self.url_open(self.product.product_tmpl_id.website_url)
        self.assertEqual(page.status_code, 200)
        prices = re.findall(r'class="oe_currency_value">([^<]+)<', page.text)
        return prices[0].replace(",", "")
