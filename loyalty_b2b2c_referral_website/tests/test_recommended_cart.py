"""A recommendation in the cart: by link, by cookie, by code."""

import re
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.sharing.referral_visit import (
    COOKIE,
    write_visit,
)

from .common import RecommendedCartCommon


@tagged("post_install", "-at_install")
class TestRecommendedCart(RecommendedCartCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _sign_in(self, login):
        self.authenticate(login, f"{login}-password")

    def _post(self, path, page="/shop/cart", **data):
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', self.url_open(page).text
        )
        return self.url_open(path, data={**data, "csrf_token": found[1]})

    def _use_link(self, link=None):
        path = f"/rewards/r/{(link or self.link).code}"
        return self._post(f"{path}/use", page=path)

    def _fill(self, quantity=1):
        """Put paper into the cart; return the cart."""
        carts = self.env["sale.order"].search([])
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": quantity,
            },
        )
        self.env.invalidate_all()
        return self.env["sale.order"].search([]) - carts

    def _keep(self, text):
        """Let the browser have a cookie of another day."""
        self.opener.cookies.set(COOKIE, text, domain="127.0.0.1")

    # === WAYS === #

    def test_by_the_link_before_there_is_a_cart(self):
        self.assertIn("To the web shop", self._use_link().text)
        cart = self._fill()
        page = self.url_open("/shop/cart").text
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 90)
        self.assertIn("10 % off your first purchase", page)
        use = self.uses._find(cart)
        self.assertEqual((use.link_id, use.channel), (self.link, "shop"))

    def test_messengers_see_one_preview_and_it_is_ours(self):
        page = self.url_open(f"/rewards/r/{self.link.code}").text
        titles = re.findall(r'property="og:title" content="([^"]*)"', page)
        self.assertEqual(titles, ["10 % off your first purchase"])
        pictures = re.findall(r'property="og:image" content="([^"]*)"', page)
        self.assertEqual(len(pictures), 1)
        self.assertTrue(pictures[0].endswith(f"/{self.link.code}/picture.jpg"))

    def test_by_the_link_when_there_is_a_cart(self):
        cart = self._fill()
        self.assertEqual(cart.amount_total, 100)
        self._use_link()
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 90)

    def test_by_the_cookie_days_later(self):
        self._keep(write_visit(self.link))
        cart = self._fill()
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 90)

    def test_by_a_code_that_was_typed(self):
        cart = self._fill()
        self._post("/shop/pricelist", promo=self.link.code.lower())
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 90)
        self.assertEqual(self.uses._find(cart).link_id, self.link)

    def test_the_address_of_core_works_too(self):
        cart = self._fill()
        self.url_open(f"/coupon/{self.link.code}")
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 90)

    # === TAKEN OFF === #

    def test_who_removes_it_is_nobodys_recommendation(self):
        self._use_link()
        cart = self._fill()
        line = cart.order_line.filtered("reward_id")
        self.make_jsonrpc_request(
            "/shop/cart/update",
            {"line_id": line.id, "product_id": line.product_id.id, "quantity": 0},
        )
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 100)
        self.assertFalse(self.uses._find(cart))

    def test_who_buys_turns_out_later(self):
        self._sign_in("iryna")
        cart = self._fill()
        self.assertEqual(cart.partner_id, self.iryna.partner_id)
        page = self._post("/shop/pricelist", promo=self.link.code).text
        self.assertIn("This is your own code", page)
        cart.partner_id = self.petro
        self.assertFalse(cart._b2b2c_recommend(self.link, "shop"))
        self.assertEqual(cart.amount_total, 90)
        cart.partner_id = self.iryna.partner_id
        page = self.url_open("/shop/cart").text
        self.assertIn("This is your own code", page)
        self.env.invalidate_all()
        self.assertEqual(cart.amount_total, 100)

    # === BAD INPUT === #

    def test_one_clear_sentence(self):
        taras = self._get_link(self._create_recommender("Taras Bulba"))
        self._use_link()
        cart = self._fill()
        for code, words in (
            (taras.code, f"has the code {self.link.code} already"),
            (self.link.code[:-1], "invalid"),
            ("?!", "invalid"),
        ):
            with self.subTest(code=code):
                page = self._post("/shop/pricelist", promo=code).text
                self.assertIn(words, page.lower() if words == "invalid" else page)
                self.env.invalidate_all()
                self.assertEqual(cart.amount_total, 90)

    def test_a_cookie_of_last_year(self):
        now = fields.Datetime.now()
        last_year = fields.Datetime.subtract(now, days=366)
        with patch.object(fields.Datetime, "now", return_value=last_year):
            text = write_visit(self.link)
        self._keep(text)
        cart = self._fill()
        page = self.url_open("/shop/cart").text
        self.assertIn("This recommendation has ended", page)
        self.assertEqual(cart.amount_total, 100)

    def test_guessing(self):
        self._fill()
        for number in range(30):
            self._post("/shop/pricelist", promo=f"GUESS-{number:04}-2222")
        page = self._post("/shop/pricelist", promo=self.link.code).text
        self.assertIn("Too many wrong codes", page)
