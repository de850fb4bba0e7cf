"""What goes wrong between two clicks: one clear sentence, nothing lost.

All of it as the participant at a browser: 1,000 points of 0.10, paper for 100.00, a mug
for 60 points.
"""

import re
from datetime import timedelta
from unittest import SkipTest

from odoo import fields
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_cart import CartCommon

CART, STORE = "/shop/cart", "/my/rewards/store"


class BadMomentCommon(CartCommon):
    """Somebody who types, leaves, comes back and clicks twice."""

    def setUp(self):
        super().setUp()
        self.authenticate("olena", "olena-password")

    def _words(self, page):
        """Return the words of a page."""
        text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.text, flags=re.S)
        return re.sub(r"\s+", " ", text.replace("&#39;", "'"))

    def _token(self, url):
        return re.search(r'csrf_token" value="([^"]+)"', self.url_open(url).text)[1]

    def _leave(self, points, key):
        """Let points go elsewhere: in another tab, at a till."""
        self.account._redeem(points, source_key=key)
        self.env.flush_all()

    def _let_expire(self, points, is_booked=True):
        """Let so many of the points be of a lot that was due a moment ago.

        :param is_booked: whether the scheduled action has been there since
        """
        past = fields.Datetime.now() - timedelta(minutes=1)
        self._leave(points, f"expiring/{points}")
        self.account._earn(points, source_key=f"lapsing/{points}", expires_at=past)
        if is_booked:
            self.account._expire_due()
        self.env.flush_all()

    def assertUsable(self, points):
        """Check what can be spent, and the books."""
        self.env.invalidate_all()
        self.assertEqual(self.account._get_available()[self.account.id], points)
        self._check_books()


@tagged("post_install", "-at_install")
class TestBadMomentsOfACart(BadMomentCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.cart = self._create_cart()
        self._use("900")

    def _use(self, points, token=None):
        token = token or self._token(CART)
        page = self.url_open(
            "/shop/cart/points", data={"csrf_token": token, "points": points}
        )
        self.env.invalidate_all()
        return self._words(page)

    def _pay_by_page(self, amount):
        """Begin to pay as the page does that shows this amount."""
        method = self.env["payment.method"].search([("code", "=", "demo")], limit=1)
        return self.make_jsonrpc_request(
            f"/shop/payment/transaction/{self.cart.id}",
            {
                "access_token": self.cart._portal_ensure_token(),
                "amount": amount,
                "provider_id": self.provider.id,
                "payment_method_id": method.id
                or self.provider.payment_method_ids[:1].id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
            },
        )

    def test_points_expire_in_the_cart(self):
        self._let_expire(600)
        words = self._words(self.url_open(CART))
        self.assertIn("400 pts instead of 900 pts", words)
        self.env.invalidate_all()
        self.assertPoints(self.cart, 400, 0, 0)
        self.assertEqual(self.cart.amount_total, 60)
        self.assertUsable(400)

    def test_all_points_expire_in_the_cart(self):
        self._let_expire(1000)
        words = self._words(self.url_open(CART))
        self.assertIn("The points that were chosen cannot be used any more.", words)
        self.env.invalidate_all()
        self.assertEqual(self.cart.amount_total, 100)

    def test_points_that_are_due_are_not_offered_before_they_are_booked(self):
        """Else the payment was refused, and the cart said the same again."""
        self._let_expire(600, is_booked=False)
        words = self._words(self.url_open(CART))
        self.assertIn("400 pts instead of 900 pts", words)
        self.assertIn("you have 400 pts", words)
        self.env.invalidate_all()
        self.assertEqual(self.cart.amount_total, 60)
        self._pay_by_page(60.0)
        self.env.invalidate_all()
        self.assertPoints(self.cart, 400, 400, 0)
        self.assertUsable(0)

    def test_the_price_falls_meanwhile(self):
        self.product.list_price = 50
        self.cart._recompute_prices()  # as core does when somebody signs in
        self.env.flush_all()
        words = self._words(self.url_open(CART))
        self.assertIn("500 pts instead of 900 pts", words)
        self.env.invalidate_all()
        self.assertPoints(self.cart, 500, 0, 0)
        self.assertUsable(1000)

    def test_the_page_of_the_payment_is_stale(self):
        """The points went elsewhere; the page still shows 10.00 to pay."""
        self.url_open("/shop/payment")
        self._leave(500, "elsewhere")
        with mute_logger("odoo.http"):
            with self.assertRaisesRegex(JsonRpcException, "ValidationError"):
                self._pay_by_page(10.0)
        self.env.invalidate_all()
        self.assertFalse(
            self.cart.transaction_ids.filtered(lambda t: t.state == "done")
        )
        self.assertEqual(self.cart.state, "draft")
        self.assertUsable(500)
        self.assertIn("500 pts instead of 900 pts", self._words(self.url_open(CART)))

    def test_a_double_click(self):
        token = self._token(CART)
        for _click in range(2):
            self._use("300", token)
        self.assertPoints(self.cart, 300, 0, 0)

    def test_two_tabs(self):
        """A tab that was opened before still shows 900: sent, it says what there is."""
        old = self._token(CART)
        self._use("200")
        self._leave(500, "till")
        self.assertIn("You can use up to 500 pts", self._use("900", old))
        self.assertPoints(self.cart, 200, 0, 0)
        self._use("100", old)
        self.assertPoints(self.cart, 100, 0, 0)


@tagged("post_install", "-at_install")
class TestPointsThatExpireInTheCart(BadMomentCommon, HttpCase):
    """A phone on which the page of the payment is open while 600 points lapse."""

    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self._leave(600, "expiring")
        self.account._earn(
            600,
            source_key="lapsing",
            expires_at=fields.Datetime.now() + timedelta(hours=1),
        )
        self.cart = self._create_cart()
        self.env["payment.provider"].search(
            [("id", "!=", self.provider.id)]
        ).state = "disabled"
        self.provider.write({"is_published": True, "website_id": False})

    def test_one_clear_sentence_in_a_browser(self):
        orders, clock = self.env.registry["sale.order"], []
        check, now = orders._check_cart_is_ready_to_be_paid, fields.Datetime.now

        def check_later(cart):
            clock[:] = [timedelta(hours=2)]  # since the page was opened
            return check(cart)

        def tell(*_args):
            return sum(clock, now())

        self.patch(fields.Datetime, "now", staticmethod(tell))
        self.patch(orders, "_check_cart_is_ready_to_be_paid", check_later)
        with mute_logger("odoo.http"):
            self.start_tour(CART, "b2b2c_points_expire", login="olena", timeout=120)
        self.env.invalidate_all()
        self.assertEqual((self.cart.state, self.cart.amount_total), ("sale", 60))
        self.assertPoints(self.cart, 400, 0, 400)
        self.assertUsable(0)


@tagged("post_install", "-at_install")
class TestBadMomentsOfAReward(BadMomentCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        portal = cls.env["ir.module.module"]._get("loyalty_b2b2c_portal")
        if portal.state != "installed":
            raise SkipTest("the pages of participants are not installed")
        cls.mug = cls.env["b2b2c.reward"].create(
            {"name": "Mug", "points": 60, "company_id": cls.company.id}
        )

    def _open(self):
        """Open the page on which the mug is asked for; return its form."""
        page = self.url_open(f"{STORE}/{self.mug.id}/confirm?quantity=1").text
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    def _send(self, form):
        page = self.url_open(f"{STORE}/{self.mug.id}/request", data=form)
        self.env.invalidate_all()
        return page.status_code, self._words(page)

    def _count(self):
        return self.env["b2b2c.redemption"].search_count([])

    def assertRefused(self, form, sentence, usable):
        status, words = self._send(form)
        self.assertEqual(status, 400)
        self.assertIn(sentence, words)
        self.assertEqual(self._count(), 0)
        self.assertUsable(usable)

    def test_the_points_expire_while_the_page_is_open(self):
        form = self._open()
        self._let_expire(950)
        self.assertRefused(form, "10 pts more are needed.", 50)

    def test_points_that_are_due_are_not_spent_before_they_are_booked(self):
        form = self._open()
        self._let_expire(950, is_booked=False)
        self.assertRefused(
            form, "Not enough points: 50 pts available, 60 pts needed.", 50
        )
        self.account._expire_due()
        self.assertUsable(50)

    def test_the_price_changes_meanwhile(self):
        form = self._open()
        self.mug.points = 70
        self.env.flush_all()
        self.assertRefused(form, "The price has changed", 1000)

    def test_somebody_takes_the_last_one(self):
        self.mug.write({"is_limited": True, "stock": 1})
        form = self._open()
        other = self._create_member(name="Petro", email="petro@example.com")
        other._get_account(self.unit)._earn(60, source_key="petro")
        self.env["b2b2c.redemption"]._request(other, self.mug, request_key="p")
        self.env.flush_all()
        status, words = self._send(form)
        self.assertEqual(status, 400)
        self.assertIn("There is none left", words)
        self.assertEqual(self._count(), 1)
        self.assertUsable(1000)

    def test_it_is_not_offered_any_more(self):
        form = self._open()
        self.mug.active = False
        self.env.flush_all()
        status, _words = self._send(form)
        self.assertEqual((status, self._count()), (404, 0))
        self.assertUsable(1000)

    def test_a_double_click_and_the_back_button(self):
        form = self._open()
        for _click in range(3):
            self.assertEqual(self._send(form)[0], 200)
        self.assertEqual(self._count(), 1)
        self.assertUsable(940)

    def test_two_tabs_after_the_last_points(self):
        self._leave(920, "elsewhere")  # 80 are left: one mug
        first, second = self._open(), self._open()
        self.assertEqual(self._send(first)[0], 200)
        status, words = self._send(second)
        self.assertEqual(status, 400)
        self.assertIn("40 pts more are needed.", words)
        self.assertEqual(self._count(), 1)
        self.assertUsable(20)
