"""The pages in a real browser of a phone's size."""

from odoo.tests import HttpCase, tagged

from .common import PortalCommon


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
