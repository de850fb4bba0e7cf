"""The pages in a real browser of a phone's size."""

from odoo.tests import HttpCase, tagged

from .common import PortalCommon
from .test_portal_shelves import StorefrontCommon


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_participant_on_a_phone(self):
        self._create_program({"hold": "until_paid"})
        self._pay(self._invoice(self._create_order()))
        self._create_order(quantity=4)
        self._process()
        self.client.name = "An Office Client of Quite Remarkable Length " * 3
        self.start_tour("/my", "b2b2c_portal_rewards", login="olena")
        self.assertTrue(self.member._get_wishes()["sms", ""])
        self.assertEqual(self.member.notify_digest, "daily")


@tagged("post_install", "-at_install")
class TestStoreTour(StorefrontCommon, HttpCase):
    browser_size = "360x740"  # a cheap phone
    touch_enabled = True

    def test_find_mark_request(self):
        self.mug.write({"is_limited": True, "stock": 3, "sequence": 20})
        for number in range(30):
            self._create_reward(f"Pen {number} {'of some length ' * 4}", 5)
        self.start_tour("/my/rewards", "b2b2c_portal_store", login="olena")
        request = self.env["b2b2c.redemption"].search([])
        self.assertEqual(request.reward_id, self.mug)
        favourites = self.env["b2b2c.reward.favourite"]._get_of(self.member.partner_id)
        self.assertEqual(favourites, {self.mug.id})
