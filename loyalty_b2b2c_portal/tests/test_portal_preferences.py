"""The preferences list what the registries have: topics over channels."""

from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests import fakes
from odoo.addons.loyalty_b2b2c.tests.messages.fake_channel import DEFINITIONS
from odoo.addons.loyalty_b2b2c.tests.messages.fake_kind import FakeKind

from ..pages.preferences import Preferences
from .common import PASSWORD, PortalCommon

URL = "/my/rewards/preferences"


@tagged("post_install", "-at_install")
class TestPortalPreferences(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, *DEFINITIONS)

    def setUp(self):
        super().setUp()
        self.enterContext(fakes.extended(self.env, "b2b2c.notification.kind", FakeKind))
        self.authenticate("olena", PASSWORD)

    def _page(self):
        return html.fromstring(self.url_open(URL).text)

    def _post(self, **data):
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(URL, data=data)

    def test_a_switch_for_each_channel_and_for_each_topic_over_it(self):
        page = self._page()
        switches = {
            box.get("name"): box.get("checked") is not None
            for box in page.xpath("//form//input[@type='checkbox']")
        }
        topics = self.env["b2b2c.notification.kind"]._get_topics()
        self.assertLessEqual(
            {"points", "rewards", "challenges", "birthdays"}, {*topics}
        )
        channels = self.env["b2b2c.channel"]._get_sending()
        self.assertEqual(len(switches), len(channels) * (1 + len(topics)))
        self.assertEqual(
            [switches[f"notify_{code}"] for code in ("email", "sms", "pigeon")],
            [True, False, False],
        )
        self.assertTrue(switches["notify_pigeon_birthdays"])
        labels = [
            " ".join(label.text_content().split()) for label in page.iter("label")
        ]
        self.assertIn("By pigeon", labels)
        self.assertNotIn("On the board", labels)
        text = page.xpath("string(//form)")
        self.assertIn("No pigeon knows you yet.", text)
        self.assertNotIn("We have no e-mail address", text)

    def test_a_phone_written_on_the_portal_finds_nobody(self):
        """Odoo's own page of addresses proves nothing."""
        person = self.member.partner_id
        self.assertFalse(self._page().xpath("//*[hasclass('o_b2b2c_unproved')]"))
        phone = "+380501234599"
        answer = self.url_open(
            "/my/address/submit",
            data={
                "csrf_token": Request.csrf_token(self),
                "partner_id": person.id,
                "address_type": "billing",
                "name": person.name,
                "email": person.email,
                "phone": phone,
                "street": "Khreshchatyk 1",
                "city": "Kyiv",
                "zip": "01001",
                "country_id": self.env.ref("base.ua").id,
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(person._get_loyalty_phone(), phone, answer.text)
        found = self.env["b2b2c.member"]._search_in_force(self.company, phone=phone)
        self.assertFalse(found)
        self.assertIn(
            phone, self._page().xpath("string(//*[hasclass('o_b2b2c_unproved')])")
        )

    def test_what_is_posted_is_stored(self):
        self._post(
            notify_pigeon="1", notify_pigeon_birthdays="1", notify_raven="1", gossip="1"
        )
        wishes = self.member._get_wishes()
        self.assertTrue(wishes["pigeon", ""] and wishes["pigeon", "birthdays"])
        self.assertFalse(wishes["email", ""] or wishes["pigeon", "points"])
        self.assertEqual(Preferences(self.member).summary(), "By pigeon. At once.")

    def test_the_summary_names_all_channels(self):
        self._post(notify_email="1", notify_sms="1", notify_digest="daily")
        self.assertIn(
            "By e-mail and by SMS. Once a day.", self.url_open("/my/rewards").text
        )
        self._post()
        self.assertIn("Switched off.", self.url_open("/my/rewards").text)
