"""A recommendation on its way: as text, in an app, on paper, by SMS, in a cookie."""

import io
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

import pypdfium2
import zxingcpp
from PIL import Image
from reportlab.pdfbase.ttfonts import TTFont

from odoo import fields
from odoo.tests import tagged

from ...drawing.poster import PAPERS
from ...fonts import get_picture_fonts
from ...models.sharing.referral_visit import read_visit, write_visit
from ...models.sharing.share_links import WAYS
from ..referrals.common import ReferralCommon


class SharingCommon(ReferralCommon):
    """Who comes with Iryna's code pays 10 % less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"discount_percent": 10, "discount_max": 50})


@tagged("post_install", "-at_install")
class TestShareKit(SharingCommon):
    def test_each_app_opens_with_text_and_link(self):
        ways = {way["channel"]: way["href"] for way in self.link._get_share_links()}
        self.assertEqual(list(ways), list(WAYS))
        for channel, href in ways.items():
            with self.subTest(channel=channel):
                plain = unquote(href)
                self.assertIn(f"{self.link.url}?c={channel}", plain)
                self.assertNotIn(" ", href)
                if channel != "facebook":  # it shows the picture, and takes no text
                    self.assertIn(self.link.code, plain)
                    self.assertIn("10 % off your first purchase", plain)
        text = parse_qs(urlsplit(ways["whatsapp"]).query)["text"][0]
        self.assertTrue(text.endswith(f"\n{self.link.url}?c=whatsapp"))

    def test_words_of_an_offer(self):
        for values, title, terms in (
            (
                {},
                "10 % off your first purchase",
                ["At most $ 50.00 off.", "For new customers."],
            ),
            (
                {"max_per_buyer": 0, "discount_min": 20, "discount_max": 0},
                "10 % off",
                ["From an order of $ 20.00.", "For new customers."],
            ),
            (
                {"discount_percent": 0, "new_only": False},
                f"Recommended: {self.company.name}",
                [],
            ),
        ):
            with self.subTest(values=values):
                self.campaign.write(values)
                self.assertEqual(self.campaign._word_title(), title)
                found = [
                    term.replace("\N{NO-BREAK SPACE}", " ")
                    for term in self.campaign._word_terms()
                ]
                self.assertEqual(found, terms)

    def test_how_somebody_is_paid_is_said_before_anybody_asks(self):
        words = " ".join(self.campaign._word_payment())
        self.assertIn("need not buy anything", words)
        self.assertIn("never for bringing people", words)
        self.assertIn("returned is taken back", words)

    def test_paper_and_picture_lead_to_the_page(self):
        for paper in PAPERS:
            with self.subTest(paper=paper):
                [page] = pypdfium2.PdfDocument(self.link._draw_poster(paper))
                found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
                self.assertEqual({code.text for code in found}, {self.link.url.upper()})
                read = self.links._find(found[0].text, self.company)
                self.assertEqual(read.link, self.link)
        picture = Image.open(io.BytesIO(self.link._draw_picture()))
        self.assertEqual(picture.size, (1200, 630))

    def test_signs_of_money_are_no_empty_boxes(self):
        """On paper and in pictures: "At most ₴ 500 off", the space within a number."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        names = ("UAH", "EUR", "PLN", "RON", "USD", "GBP", "CZK", "TRY", "KZT", "ILS")
        found = currencies.search([("name", "in", names)])
        self.assertEqual(len(found), len(names))
        signs = "".join(found.mapped("symbol")) + "\N{NARROW NO-BREAK SPACE}"
        wanted = set(map(ord, signs))
        for path in get_picture_fonts():
            with self.subTest(path=path):
                known = TTFont("probe", path).face.charToGlyph
                self.assertEqual([chr(sign) for sign in wanted - known.keys()], [])

    def test_nobody_is_named_who_wants_no_name(self):
        self.assertEqual(self.link._word_recommender(), "Iryna recommends us")
        self.link.shown_name = ""
        self.assertEqual(self.link._word_recommender(), "")


@tagged("post_install", "-at_install")
class TestShareSms(SharingCommon):
    """We send to who agreed to it, and say the same of everybody else."""

    def _send(self, number):
        messages = self.env["b2b2c.notification"].sudo()
        before = messages.search([])
        sentence, accepted = self.link._send_sms(number)
        return sentence, accepted, messages.search([]) - before

    def test_who_agreed_gets_it_once(self):
        self.member._set_wishes({("sms", ""): True, ("sms", "recommended"): True})
        number = self.member.partner_id.phone
        _sentence, accepted, message = self._send(number)
        self.assertTrue(accepted)
        self.assertEqual(message.contact_id, self.member.partner_id)
        message._deliver()
        sms = self.env["sms.sms"].search([], order="id desc", limit=1)
        self.assertIn(f"{self.link.url}?c=sms", sms.body)
        self.assertFalse(self._send(number)[2])

    def test_who_did_not_agree_gets_none_and_the_answer_is_the_same(self):
        number = self.member.partner_id.phone
        self.member._set_wishes({("sms", ""): True, ("sms", "recommended"): True})
        agreed = self._send(number)[0]
        self.member._set_wishes({("sms", "recommended"): False})
        other = self._get_link(self._create_recommender("Taras Bulba"))
        self.link = other  # not told twice of one link, so of another one
        self.assertEqual(self._send(number)[0], agreed)
        self.assertFalse(self._send(number)[2])
        sentence, accepted, sent = self._send("+380 50 999 88 77")
        self.assertEqual((sentence, accepted, len(sent)), (agreed, True, 0))

    def test_no_number_and_too_many(self):
        sentence, accepted, sent = self._send("call me")
        self.assertFalse(accepted or sent)
        self.assertIn("“call me” is not a phone number", sentence)
        for _again in range(9):
            self._send("+380 50 999 88 77")
        sentence, accepted, _sent = self._send("+380 50 999 88 77")
        self.assertFalse(accepted)
        self.assertIn("in an hour", sentence)


@tagged("post_install", "-at_install")
class TestReferralVisit(SharingCommon):
    """What a phone keeps of a link."""

    def _read(self, text, days=0):
        now = fields.Datetime.now() + timedelta(days=days)
        with patch.object(fields.Datetime, "now", return_value=now):
            return read_visit(self.env, text, self.company)

    def test_kept_until_the_campaign_says(self):
        text = write_visit(self.link)
        self.assertEqual(self._read(text).link, self.link)
        self.assertEqual(self._read(text, days=29).link, self.link)
        for days in (31, 366):
            late = self._read(text, days=days)
            self.assertFalse(late.link)
            self.assertEqual(late.message, "This recommendation has ended.")

    def test_nobody_writes_his_own(self):
        text = write_visit(self.link)
        for wrong in (None, "", "x", text[:-1], text[1:], "é" * 50, text * 9):
            with self.subTest(text=wrong):
                self.assertEqual(self._read(wrong).problem, "no_code")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(read_visit(self.env, text, other).link)

    def test_what_happened_since_counts(self):
        text = write_visit(self.link)
        self.link.action_revoke()
        self.assertEqual(self._read(text).problem, "ended")
