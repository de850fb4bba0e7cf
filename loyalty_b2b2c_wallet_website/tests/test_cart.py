"""The own cart in points: one field, one clear sentence, a real browser."""

import re

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.loyalty_b2b2c_wallet.tests.common import PartPaymentCommon
from odoo.addons.loyalty_b2b2c_wallet.tests.test_machine import MachineCommon
from odoo.addons.website_sale.tests.common import MockRequest


class CartCommon(PartPaymentCommon):
    """Olena is signed in to the web shop, where paper costs 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        # nothing has to be delivered: a cart of it can be paid at once
        cls.product.write(
            {"type": "service", "is_published": True, "website_id": False}
        )
        cls.user = new_test_user(
            cls.env,
            "olena",
            groups="base.group_portal",
            password="olena-password",
            partner_id=cls.person.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.person.write(
            {
                "street": "Khreshchatyk 1",
                "city": "Kyiv",
                "zip": "01001",
                "country_id": cls.env.ref("base.ua").id,
                "state_id": False,
            }
        )

    @classmethod
    def _create_cart(cls, quantity=1, user=None, product=None):
        website = cls.website.with_user(user or cls.user)
        with MockRequest(website.env, website=website) as request:
            cart = request.website._create_cart()
            cart._cart_add(product_id=(product or cls.product).id, quantity=quantity)
            return cart.sudo()


@tagged("post_install", "-at_install")
class TestCart(CartCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.cart = self._create_cart()

    def _sign_in(self, login="olena"):
        self.authenticate(login, f"{login}-password" if login else None)

    def _send(self, **values):
        """Send the form of the cart; the page that comes after it."""
        page = self.url_open("/shop/cart").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        values["csrf_token"] = token[1] if token else ""
        answer = self.url_open("/shop/cart/points", data=values)
        self.env.invalidate_all()
        return answer.text

    def test_choosing_changing_and_removing(self):
        self._sign_in()
        page = self._send(points="300", use="")
        self.assertEqual(self.cart.amount_total, 70)
        self.assertIn('value="300"', page)
        self._send(points="1 000")
        self.assertEqual(self.cart.amount_total, 0)
        self._send(points="0")
        self.assertEqual(self.cart.amount_total, 100)
        self._send(points="", most="1")
        self.assertEqual(self.cart.amount_total, 0)
        self._send(points="1000", none="1")
        self.assertEqual(self.cart.amount_total, 100)

    def test_no_browser_keeps_how_many_points_somebody_has(self):
        self._sign_in()
        page = self.url_open("/shop/cart")
        self.assertIn("1,000 pts", page.text)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        answer = self.url_open(
            "/shop/cart/points",
            data={"points": "300", "csrf_token": token},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)
        for one in (page, answer):
            self.assertIn("no-store", one.headers["Cache-Control"])
        # control: a page about nobody
        shop = self.url_open("/shop")
        self.assertNotIn("no-store", shop.headers.get("Cache-Control", ""))

    def test_one_clear_sentence(self):
        self._sign_in()
        self._send(points="300")
        for text, words in {
            "1001": "You can use up to 1,000 pts on this order.",
            "many": "“many” is not a number of points.",
            "1.234": "can be read as",
            "-5": "Choose how many points you want to use.",
            "1e999": "is not a number of points",
            "9" * 100: "is not a number of points",
        }.items():
            with self.subTest(text=text):
                self.assertIn(words, self._send(points=text))
                self.assertEqual(self.cart.amount_total, 70)

    def test_a_stale_page(self):
        self._sign_in()
        self._send(points="900")
        self.account._redeem(500, source_key="elsewhere")
        page = self.url_open("/shop/cart").text
        self.assertIn("500 pts instead of 900 pts", page)
        self.env.invalidate_all()
        self.assertEqual(self.cart.amount_total, 50)

    def test_a_double_click_and_two_tabs(self):
        self._sign_in()
        self._send(points="300")
        self._send(points="300")
        self.assertPoints(self.cart, 300, 0, 0)
        self._send(points="500")
        self._send(points="200")
        self.assertPoints(self.cart, 200, 0, 0)

    def test_only_the_own_cart_of_who_takes_part(self):
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="base.group_portal",
            password="stranger-password",
        )
        cart = self._create_cart(user=stranger)
        self._sign_in("stranger")
        self.assertNotIn("o_b2b2c_cart_points", self.url_open("/shop/cart").text)
        self._send(points="300")
        self.assertEqual((cart.amount_total, self.cart.amount_total), (100, 100))
        self.authenticate(None, None)
        answer = self.url_open("/shop/cart/points", data={"points": "300"})
        self.assertNotIn("o_b2b2c_cart_points", answer.text)
        self.assertEqual(self.cart.amount_total, 100)

    def test_core_offers_no_wallet(self):
        self._sign_in()
        self._send(points="300")
        card = self.cart.order_line.coupon_id
        page = self.url_open("/shop/cart").text
        self.assertNotIn("o_loyalty_claim", page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        self.url_open(
            "/shop/claimreward",
            data={
                "csrf_token": token,
                "reward_id": card.program_id.reward_ids.id,
                "code": card.code,
            },
        )
        self.url_open(f"/shop/pricelist?promo={card.code}")
        self.env.invalidate_all()
        self.assertPoints(self.cart, 300, 0, 0)

    def test_paid_in_full_with_points_that_are_gone(self):
        self._choose(self.cart, 1000)
        self.assertEqual(self.cart.amount_total, 0)
        self.account._redeem(500, source_key="elsewhere")
        website = self.website.with_user(self.user)
        with MockRequest(website.env, website=website):
            with self.assertRaisesRegex(Exception, "points .* changed meanwhile"):
                self.cart._check_cart_is_ready_to_be_paid()

    def test_an_abandoned_cart_keeps_nothing(self):
        """Core clears coupons of old carts, and puts the same wallet back."""
        self._choose(self.cart, 300)
        payment = self._pay(self.cart)
        payment._set_canceled()
        self.cart.env.cr.execute(
            "UPDATE sale_order SET write_date = '2020-01-01' WHERE id = %s",
            [self.cart.id],
        )
        self.env.invalidate_all()
        self.cart._gc_abandoned_coupons()
        self.assertPoints(self.cart, 300, 0, 0)
        self.assertEqual(self.account._get_available()[self.account.id], 1000)

    def test_browser(self):
        """Half in points, the rest by the demo provider, and confirmed."""
        self.env["payment.provider"].search(
            [("id", "!=", self.provider.id)]
        ).state = "disabled"
        self.provider.write({"is_published": True, "website_id": False})
        self.start_tour("/shop/cart", "b2b2c_cart_points", login="olena")
        self.env.invalidate_all()
        self.assertEqual((self.cart.state, self.cart.amount_total), ("sale", 50))
        self.assertPoints(self.cart, 500, 0, 500)


@tagged("post_install", "-at_install")
class TestCartMachine(CartCommon, MachineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delivered = cls._create_product(
            "Pens", 100, invoice_policy="delivery", is_published=True
        )

    def _create_story_order(self, number):
        """Return a quotation, and two carts."""
        if not number:
            return super()._create_story_order(number)
        return self._create_cart(2)

    def _change(self, order, goods, quantity):
        if not order.website_id or order.state != "draft":
            return super()._change(order, goods, quantity)
        website = self.website.with_user(self.user)
        with MockRequest(website.env, website=website):
            return order._cart_update_line_quantity(goods.id, quantity)

    def test_carts_and_a_quotation(self):
        self._play(15)
