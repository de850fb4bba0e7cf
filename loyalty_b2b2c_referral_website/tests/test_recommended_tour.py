"""A real browser of the size of a phone: link, shop, cart."""

from odoo.tests import HttpCase, tagged

from .common import RecommendedCartCommon


@tagged("post_install", "-at_install")
class TestRecommendedTour(RecommendedCartCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_purchase_on_a_phone(self):
        providers = self.env["payment.provider"].search([("code", "!=", "demo")])
        providers.state = "disabled"
        demo = self.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", self.company.id)]
        )
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        demo.write({"journal_id": bank.id, "state": "test", "is_published": True})
        self.start_tour(
            f"/rewards/r/{self.link.code}?c=viber",
            "b2b2c_recommended_purchase",
            login="petro",
        )
        self.env.invalidate_all()
        cart = self.env["sale.order"].search(
            [("partner_id", "=", self.petro.id)], limit=1
        )
        self.assertEqual((cart.amount_total, cart.state), (90, "sale"))
        self.assertEqual(self.uses._find(cart).link_id, self.link)
        touch = self.touches.sudo().search([("link_id", "=", self.link.id)], limit=1)
        self.assertEqual((touch.way, touch.partner_id), ("viber", self.petro))
