"""What people do in a chat, over the real queue: linking, scanning, asking, leaving."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.joining.test_join import JoinCommon
from odoo.addons.loyalty_b2b2c_portal.tests.test_portal_receipts import photo
from odoo.addons.loyalty_b2b2c_portal.tests.test_portal_scan import (
    KNOWN,
    PortalScanCommon,
)

from ..commands.points_commands import PointsCommands
from .dialog_common import DialogCommon
from .fake_messenger import Parrot

TYPO = KNOWN[0][:-1] + "X"


@tagged("post_install", "-at_install")
class TestChatLink(PortalScanCommon, DialogCommon):
    def test_linking_by_the_portal(self):
        said = self._come_in(kind="start", text=self._get_start(self.seller))
        self.assertIn("Connect this chat with N. of Corner Shop?", said[-1].reply.text)
        self.assertFalse(self._get_link().partner_id)
        said = self._press(said[-1], "✅ Yes, this is me")
        self.assertIn("Done: this chat is yours now, Nina.", said[-1].reply.text)
        link = self._get_link()
        self.assertEqual(
            (link.partner_id, link.state, link.how),
            (self.seller.partner_id, "active", "portal"),
        )
        self.assertTrue(self.seller._get_wishes()["chat", ""])
        message = self.env["b2b2c.notification"].search([("kind", "=", "chat_linked")])
        self.assertEqual(message.member_id, self.seller)
        self.assertIn("Parrots", message.headline)

    def test_a_link_works_once_for_ten_minutes_and_in_its_channel(self):
        start = self._get_start(self.seller)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertIn("not valid any more", self._say(kind="start", text=start))
        start = self._get_start(self.seller)
        said = self._come_in(kind="start", text=start)
        other = self._come_in(kind="start", text=start, user="78")
        self._press(said[-1], "✅ Yes, this is me")
        said = self._press(other[-1], "✅ Yes, this is me", user="78")
        self.assertIn("not valid any more", said[-1].reply.text)
        self.assertFalse(self._get_link("78").partner_id)
        stored = self.env["b2b2c.chat.key"].sudo().search([]).mapped("token_hash")
        self.assertNotIn(start[2:], str(stored))

    def test_nobody_is_linked_by_a_wrong_token(self):
        for start in ("l_", "l_x", "l_" + "a" * 22, "l_" + "ї" * 22):
            self.assertFalse(self.env["b2b2c.chat.key"]._find(self.channel, start[2:]))
            self.assertNotIn("Connect this chat", self._say(kind="start", text=start))

    def test_who_is_not_linked_sees_nothing(self):
        self.assertIn("Do you take part already?", self._say("hello"))
        self.assertIn("I do not know yet who you are", self._say("/balance"))
        self.assertIn("Do you take part already?", self._say(KNOWN[0]))
        self.assertEqual(self.codes[0].state, "printed")

    def test_another_chat_of_a_person_takes_the_place_of_the_first(self):
        self._connect(self.seller)
        self._connect(self.seller, user="78")
        self.assertFalse(self._get_link("77").partner_id)
        self.assertEqual(self._get_link("78").partner_id, self.seller.partner_id)
        self.assertIn("I do not know yet who you are", self._say("/balance"))

    def test_leaving(self):
        self._connect(self.seller)
        said = self._come_in("/stop")
        said = self._press(said[-1], "🔕 No messages any more")
        self.assertFalse(self.seller._get_wishes()["chat", ""])
        self.assertIn("You have", self._say("/menu") + "You have")
        said = self._press(self._come_in("/stop")[-1], "Disconnect this chat")
        self.assertIn("not connected with you any more", said[-1].reply.text)
        self.assertFalse(self._get_link().partner_id)


@tagged("post_install", "-at_install")
class TestChatScan(PortalScanCommon, DialogCommon):
    def setUp(self):
        super().setUp()
        self._connect(self.seller)

    def test_a_typed_code_is_credited_with_points_reason_and_balance(self):
        said = self._say(KNOWN[0])
        self.assertIn("✅ Done!", said)
        self.assertIn("You get 3 pts.", said)
        self.assertIn("Your balance: 3 pts", said)
        self.assertIn("rule “", said)
        self.assertEqual(self._last().submitter_id, self.seller)

    def test_the_same_message_again_is_the_same_scan(self):
        self._come_in(KNOWN[0], external_id="900")
        self._come_in(KNOWN[0], external_id="900")
        self.assertIn("You registered this code already", self._say(KNOWN[0]))
        accepted = self.env["b2b2c.claim"].search(
            [("submitter_id", "=", self.seller.id), ("state", "=", "accepted")]
        )
        self.assertEqual(len(accepted), 1)

    def test_emoji_and_invisible_characters_in_a_code(self):
        text = "🎉" + "\u200b".join(KNOWN[0]) + "\ufe0f 👍"
        self.assertIn("You get 3 pts.", self._say(text))

    def test_several_codes_of_one_message(self):
        said = self._say("\n".join(KNOWN[:2]))
        self.assertEqual(said.count("You get 3 pts."), 2)
        self.assertIn("Your balance: 6 pts", said)

    def test_what_was_answered_is_not_told_again(self):
        self._come_in(KNOWN[0])
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, su=True)["b2b2c.notification"]._cron_send()
        self.env.invalidate_all()
        message = self.env["b2b2c.notification"].search([("kind", "=", "credited")])
        delivery = message.delivery_ids.filtered(lambda row: row.channel == "chat")
        self.assertEqual((delivery.state, delivery.res_id), ("sent", 0))
        said = self.env["b2b2c.chat.outbox"].search([("origin", "=", "message")])
        self.assertFalse(said)

    def test_a_mistyped_code_is_told(self):
        self.assertIn("One of the characters is wrong.", self._say(TYPO))

    def test_talk_is_no_code(self):
        before = self.env["b2b2c.claim"].search_count([])
        for text in ("hello", "+380671234567", "How are you?", "12.05.2026"):
            self.assertIn("I do not understand this.", self._say(text))
        self.assertEqual(self.env["b2b2c.claim"].search_count([]), before)

    def test_codes_of_a_photo(self):
        found = {"codes": [*KNOWN[:2]], "printed": 0}
        scans = type(self.env["b2b2c.scan"])
        with patch.object(scans, "_read_photo", lambda *args: found):
            said = "\n".join(self._get_texts(self._send_photo()))
        self.assertIn("I am looking for codes on the photo…", said)
        self.assertIn("Codes on the photo: 2.", said)
        self.assertEqual(said.count("You get 3 pts."), 2)

    def test_a_photo_without_codes_says_what_to_do(self):
        scans = type(self.env["b2b2c.scan"])
        nothing = {"codes": [], "printed": 0}
        with patch.object(scans, "_read_photo", lambda *args: nothing):
            said = self._send_photo()
        self.assertIn("I found no code on the photo.", said[-1].reply.text)
        self.assertTrue(said[-1].reply.actions)

    def test_a_photo_bomb_and_a_file_too_large_are_told(self):
        said = "\n".join(self._get_texts(self._send_photo(b"\x89PNG not a picture")))
        self.assertIn("Send a JPEG, PNG or PDF.", said)
        said = self._get_texts(self._send_photo(b"x" * 10_000_001))
        self.assertIn("The file is too large for me.", "\n".join(said))

    def test_somebody_who_left_earns_nothing(self):
        self.seller.action_leave()
        self.assertNotIn("You get", self._say(KNOWN[0]))
        self.assertEqual(self.codes[0].state, "printed")


@tagged("post_install", "-at_install")
class TestChatQuestions(PortalScanCommon, DialogCommon):
    def setUp(self):
        super().setUp()
        self._connect(self.seller)

    def test_balance_and_statement_in_the_words_of_the_page(self):
        self._come_in(KNOWN[0])
        said = self._come_in("/balance")
        self.assertIn(
            "Shop salesperson, Corner Shop\nAvailable: 3 pts", said[-1].reply.text
        )
        said = self._press(said[-1], "🧾 Statement")
        self.assertIn(" · +3 pts\nEarned\n", said[-1].reply.text)

    def test_nobody_reads_the_account_of_somebody_else(self):
        self._come_in(KNOWN[0])
        own = self._give(PointsCommands).statement("")
        entry = self.env["b2b2c.ledger.entry"].search(
            [("account_id.member_id", "!=", self.seller.id)], limit=1
        )
        for theirs in (self.other_account.id, -1, "x", "9" * 30):
            self.assertEqual(self._give(PointsCommands).statement(str(theirs)), own)
        self.assertEqual(self._give(PointsCommands).older(str(entry.id)), own)

    def test_the_own_code_as_a_picture(self):
        [said] = self._come_in("/card")
        self.assertEqual(said.reply.attachment.mime, "image/png")
        self.assertTrue(said.reply.attachment.content.startswith(b"\x89PNG"))
        self.assertIn(self.seller._get_card_text(), said.reply.text)
        self.assertNotIn(self.seller.code, said.reply.attachment.key)

    def test_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        said = self._come_in("/language")
        labels = [row[0].label for row in said[-1].reply.buttons]
        chosen = next(label for label in labels if "Укра" in label or "Ukra" in label)
        self._press(said[-1], chosen)
        self.assertEqual(self.seller.partner_id.lang, "uk_UA")

    def test_wishes(self):
        said = self._come_in("/settings")
        label = next(
            row[0].label for row in said[-1].reply.buttons if "chat" in row[0].label
        )
        self.assertIn("on", label)
        self._press(said[-1], label)
        self.assertFalse(self.seller._get_wishes()["chat", ""])

    def test_a_person_to_write_to(self):
        self._come_in("/write")
        said = self._say("Where is my prize?")
        self.assertIn("A person reads it", said)
        question = self.env["b2b2c.chat.question"].search([])
        self.assertEqual(
            (question.text, question.partner_id, question.state),
            ("Where is my prize?", self.seller.partner_id, "open"),
        )

    def test_several_memberships_are_one_person(self):
        second = self._create_member(
            partner_id=self.seller.partner_id.id,
            role="owner",
            employer_id=self.other_member.employer_id.id,
        )
        second._get_account(self.unit)
        self.assertIn("Shop owner", self._say("/balance"))


@tagged("post_install", "-at_install")
class TestChatJoin(JoinCommon, PortalScanCommon, DialogCommon):
    def test_joining_in_the_chat(self):
        said = self._come_in(
            kind="start", text=f"j_{self.invitation.token}", name="Maria Bondar"
        )
        text = "\n".join(self._get_texts(said))
        self.assertIn("Corner Shop", text)
        self.assertIn("I take part in the loyalty program.", text)
        said = self._press(said[-1], "✅ I agree", name="Maria Bondar")
        said = self._press(said[-1], "Maria Bondar", name="Maria Bondar")
        self.assertTrue(said[-1].reply.ask_contact)
        said = self._come_in("maria@example.com")
        self.assertIn("I sent a code to m•••@example.com.", said[-1].reply.text)
        self.assertIn("wrong or no longer valid", self._say("000000"))
        said = self._say(self._sent_code("maria@example.com"))
        self.assertIn("Welcome! You take part now", said)
        member = self.env["b2b2c.member"].search([("name", "=", "Maria Bondar")])
        self.assertEqual(member.employer_id, self.invitation.employer_id)
        self.assertEqual(self._get_link().partner_id, member.partner_id)
        self.assertTrue(member.consent_text_id)
        self.assertIn("You get 3 pts.", self._say(KNOWN[0]))

    def test_a_contact_of_somebody_else_is_refused(self):
        said = self._come_in(kind="start", text=f"j_{self.invitation.token}")
        self._press(said[-1], "✅ I agree")
        self._come_in("Maria Bondar")
        before = self.env["b2b2c.join"].search_count([])
        said = self._say(kind="contact", phone="380671112233", is_own_phone=False)
        self.assertIn("This is not your own number.", said)
        self.assertEqual(self.env["b2b2c.join"].search_count([]), before)

    def test_an_invitation_that_is_over_is_the_same_as_none(self):
        self.invitation.action_revoke()
        for token in (self.invitation.token, "a" * 22):
            self.assertIn(
                "no such invitation", self._say(kind="start", text=f"j_{token}")
            )

    def test_not_agreeing_stores_nothing(self):
        before = self.env["b2b2c.join"].search_count([])
        said = self._come_in(kind="start", text=f"j_{self.invitation.token}")
        said = self._press(said[-1], "✖ Not now")
        self.assertIn("Nothing was stored.", said[-1].reply.text)
        self.assertEqual(self.env["b2b2c.join"].search_count([]), before)

    def test_who_is_known_agrees_and_is_in(self):
        self._connect(self.other_member)
        said = self._come_in(kind="start", text=f"j_{self.invitation.token}")
        said = self._press(said[-1], "✅ I agree")
        self.assertIn("Welcome! You take part now", said[-1].reply.text)
        self.assertEqual(self._get_link().partner_id, self.other_member.partner_id)


@tagged("post_install", "-at_install")
class TestChatReceipt(PortalScanCommon, DialogCommon):
    """Photos of receipts; machines that read are told what they see."""

    def setUp(self):
        super().setUp()
        self._connect(self.seller)
        kinds = self.env["b2b2c.document.kind"].search([("code", "=", "receipt")])
        self.program.rule_ids.document_kind_ids |= kinds

    def _hand_in(self, *photos):
        self._come_in("/receipt")
        said = None
        for number, content in enumerate(photos):
            Parrot.files[f"photo{number}"] = content
            file = {"reference": f"photo{number}", "size": len(content)}
            said = self._come_in(kind="photo", album="a1", files=[file]) or said
        return self._press(said[-1], "✅ Hand in") + self._sweep()

    def test_an_album_is_one_receipt_and_its_fate_is_told(self):
        said = self._hand_in(photo("white"), photo("gray"))
        text = "\n".join(self._get_texts(said))
        self.assertIn("I am reading your receipt…", text)
        self.assertIn("I write to you as soon as I know", text)
        receipt = self.env["b2b2c.receipt"].search([])
        self.assertEqual((len(receipt), len(receipt.page_ids)), (1, 2))
        before = len(Parrot.said)
        receipt._take_for_reading()
        receipt._finish_reading(None)
        receipt._finish_reading(None)
        receipt.read_attempts = 9
        receipt._finish_reading(None)
        self._sweep()
        told = "\n".join(self._get_texts(Parrot.said[before:]))
        self.assertIn("Being checked", told)
        self.assertEqual(told.count("Being checked"), 1)

    def test_what_is_no_photo_is_told_and_asked_again(self):
        said = self._hand_in(b"not a photo, whatever it is called")
        text = "\n".join(self._get_texts(said))
        self.assertIn("This is no photo. Send a JPEG, PNG or PDF.", text)
        self.assertFalse(self.env["b2b2c.receipt"].search([]))
