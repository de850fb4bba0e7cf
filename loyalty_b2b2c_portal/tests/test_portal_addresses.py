"""The core names pages by words; the portal says where they are."""

import re

from odoo.tests import HttpCase, tagged

from ..addresses import PATHS, path
from .test_portal_join import PortalJoinCommon


@tagged("post_install", "-at_install")
class TestPortalAddresses(PortalJoinCommon, HttpCase):
    def test_parameters_are_part_of_the_path_or_the_query(self):
        self.assertEqual(path("overview"), "/my/rewards")
        self.assertEqual(path("statement", account=7), "/my/rewards/7")
        self.assertEqual(
            path("statement", account=7, before=3), "/my/rewards/7?before=3"
        )
        self.assertEqual(path("store", page=2), "/my/rewards/store?page=2")
        self.assertEqual(
            path("scan", code="A/B ?1"), "/my/rewards/scan?code=A%2FB+%3F1"
        )
        self.assertEqual(path("poster", token="a/b"), "/rewards/join/a%2Fb/poster")

    def test_unknown_pages_and_missing_parts_are_faults(self):
        with self.assertRaises(KeyError):
            path("shops")
        with self.assertRaises(KeyError):
            path("join")

    def test_the_core_gets_the_addresses_of_the_portal(self):
        base = self.company.get_base_url()
        self.assertEqual(self.company._get_rewards_path(), "/my/rewards")
        self.assertEqual(
            self.company._get_rewards_url("preferences"),
            f"{base}/my/rewards/preferences",
        )
        self.assertEqual(
            self.invitation.link, f"{base}/rewards/join/{self.invitation.token}"
        )
        self.assertEqual(
            self.invitation.action_open_poster()["url"],
            f"/rewards/join/{self.invitation.token}/poster",
        )

    def _get_code(self):
        """Return the code of somebody who recommends."""
        campaign = self.env["b2b2c.referral.campaign"].create(
            {
                "name": "Recommend us",
                "company_id": self.company.id,
                "program_id": self._create_program({"role": "recommender"}).id,
            }
        )
        member = self._create_member(role="recommender")
        return self.env["b2b2c.referral.link"]._ensure(member, campaign).code

    def test_every_page_is_there(self):
        self.authenticate(None, None)
        open_to_all = (
            "join", "poster", "recommended", "recommended_picture",
            "app", "app_files", "app_icon", "app_manifest", "app_worker",
        )  # fmt: skip
        code = self._get_code()
        for page, pattern in PATHS.items():
            parts = dict.fromkeys(re.findall(r"{(\w+)}", pattern), 7)
            if "token" in parts:
                parts["token"] = self.invitation.token
            if page.startswith("recommended"):
                parts["code"] = code
            if page == "app_icon":
                parts |= {"size": 192, "company": self.company.id}
            address = path(page, **parts)
            answer = self.url_open(address, allow_redirects=False)
            if page in open_to_all:
                self.assertEqual(answer.status_code, 200, address)
            else:  # an address that does not exist asks nobody to sign in
                self.assertIn("/web/login", answer.headers.get("Location", ""), address)
