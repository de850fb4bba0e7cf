"""What brings points, and to whom it is said."""

import base64
from datetime import timedelta

from lxml import html

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.people.addresses import get_example_phone
from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

from ..pages.earn import Earning, preview
from .common import PortalCommon
from .test_portal_receipts import photo

PAGE = "/my/rewards/earn"


@tagged("post_install", "-at_install")
class TestPortalEarn(PortalCommon, HttpCase):
    """Olena is a buyer's employee, Petro an owner, both of the office client."""

    def _rules(self, member=None):
        """Return the names of the rules that are told to a member."""
        [row] = Earning((member or self.member).sudo()).rows()
        return [
            rule["name"] for program in row["programs"] for rule in program["rules"]
        ]

    def test_a_rule_is_told_in_its_own_words(self):
        program = self._create_program()
        sentence = program.rule_ids._get_sentence()
        page = html.fromstring(self._get(PAGE).content)
        [text] = page.xpath("//li[contains(@class, 'o_b2b2c_earn_rule')]/p/text()")
        self.assertEqual(text, sentence)
        self.assertIn("5% of the price", sentence)

    def test_only_rules_that_can_concern_the_person(self):
        now = fields.Datetime.now()
        hour = timedelta(hours=1)
        self._create_program(
            {"name": "Mine"},
            {"name": "The owner's", "role": "owner"},
            {"name": "Over", "valid_until": now - hour},
            {"name": "Not yet", "valid_from": now + hour},
            {
                "name": "Of our client",
                "partner_domain": str([("id", "=", self.client.id)]),
            },
            {"name": "Of another client", "partner_domain": "[('id', '=', 1)]"},
            {
                "name": "Shared",
                "role": "owner",
                "share_ids": [
                    Command.create({"role": "owner", "percent": 60}),
                    Command.create({"role": self.member.role, "percent": 40}),
                ],
            },
        )
        self.assertEqual(self._rules(), ["Mine", "Of our client", "Shared"])
        self.assertEqual(self._rules(self.other_member), ["The owner's", "Shared"])

    def test_programs_that_do_not_run_or_are_for_others_are_not_told(self):
        running = self._create_program({"name": "Running"})
        stopped = self._create_program({"name": "Stopped"})
        stopped.action_close()
        others = self._create_program({"name": "For others"})
        self.member.program_ids = running
        self.assertEqual(self._rules(), ["Running"])
        self.member.program_ids = others
        self.assertEqual(self._rules(), ["For others"])

    def test_until_when_is_the_last_day_in_the_programs_zone(self):
        program = self._create_program(timezone="Europe/Kyiv")
        program.date_to = "2030-12-31 22:00:00"  # midnight in Kyiv
        [row] = Earning(self.member.sudo()).rows()
        self.assertEqual(row["programs"][0]["until"], "Until Dec 31, 2030")

    def test_pictures_are_those_of_the_rules_and_no_others(self):
        products = self.env["product.product"].create(
            [{"name": "Pictured"}, {"name": "Other"}]
        )
        products.image_1920 = base64.b64encode(photo())
        self._create_program({"product_ids": [Command.set(products[0].ids)]})
        url = f"{PAGE}/{products[0].id}/image"
        self.assertIn(url, self._get(PAGE).text)
        self.assertEqual(self.url_open(url).headers["Content-Type"], "image/jpeg")
        self.assertEqual(
            self.url_open(f"{PAGE}/{products[1].id}/image").status_code, 404
        )

    def test_who_is_invited_reads_what_there_is_to_earn(self):
        program = self._create_program({"name": "Sellers'", "role": "salesperson"})
        self._create_program({"name": "Owners'", "role": "owner"})
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.client.id, "role": "salesperson"}
        )
        self.assertEqual(preview(invitation), [program.rule_ids._get_sentence()])
        page = self._get(f"/rewards/join/{invitation.token}", login=None).text
        self.assertIn("5% of the price", page)

    def test_it_is_for_participants(self):
        self._create_portal_user("guest")
        self.assertEqual(self._get(PAGE, login="guest").status_code, 404)


@tagged("post_install", "-at_install")
class TestExamplePhone(LoyaltyCommon):
    def test_a_number_is_written_as_in_the_country(self):
        self.assertEqual(get_example_phone(self.env.ref("base.ua"))[:4], "+380")
        self.assertEqual(get_example_phone(self.env.ref("base.pl"))[:3], "+48")
        self.assertTrue(get_example_phone(self.env["res.country"]))
