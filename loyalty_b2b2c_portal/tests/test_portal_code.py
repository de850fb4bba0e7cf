"""The code for the counter: on a participant's phone, read by the terminal."""

import base64
import re

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.people.member_code import shown_code
from odoo.addons.loyalty_b2b2c.tests.codes.camera import camera_sees

from .common import PortalCommon

_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@tagged("post_install", "-at_install")
class TestPortalCode(PortalCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def _get_pictures(self, login="olena"):
        """Return the pictures of codes on the overview of a participant."""
        text = self._get("/my/rewards", login=login).text
        return [base64.b64decode(data) for data in _PICTURE.findall(text)]

    def test_the_own_code_is_on_the_page(self):
        page = self._get("/my/rewards").text
        self.assertIn(shown_code(self.member.code), page)
        self.assertNotIn(shown_code(self.other_member.code), page)

    def test_one_code_per_company(self):
        self._create_member(partner_id=self.member.partner_id.id, role="owner")
        self.assertEqual(len(self._get_pictures()), 1)

    def test_who_left_has_no_code(self):
        self.member.action_leave()
        self.assertEqual(self._get_pictures(), [])

    def test_the_terminal_reads_it_from_the_phone(self):
        self._create_user("cashier", "loyalty_b2b2c.group_terminal")
        [picture] = self._get_pictures()
        with camera_sees(picture):
            self.start_tour("/odoo", "b2b2c_terminal_camera", login="cashier")
