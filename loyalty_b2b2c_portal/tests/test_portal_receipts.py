"""Sending photos of receipts from the participant's phone."""

import base64
import io

from PIL import Image

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import PASSWORD, PortalCommon

URL = "/my/rewards/receipts"


def photo(color="white", size=(400, 600)):
    """Return a JPEG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "JPEG")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestPortalReceipts(PortalCommon, HttpCase):
    def _send(self, *files, login="olena", key="k-1", token=True, **data):
        self.authenticate(login, PASSWORD if login else None)
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(
            URL,
            data={"key": key, **data},
            files=[("photo", ("photo.jpg", content)) for content in files],
        )

    def _receipts(self, member=None):
        return self.env["b2b2c.receipt"].search(
            [("claim_id.submitter_id", "=", (member or self.member).id)]
        )

    def test_public_is_sent_to_the_login(self):
        response = self._get(URL, login=None, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_a_photo_is_taken_once_and_waits_to_be_read(self):
        for _attempt in range(2):
            response = self._send(photo())
            self.assertEqual(response.status_code, 200)
            self.assertIn("Thank you", response.text)
            self.assertIn("Being read", response.text)
        receipt = self._receipts()
        self.assertEqual(
            (len(receipt), receipt.read_state, receipt.kind), (1, "waiting", "receipt")
        )
        # stored as a picture of our own making
        stored = Image.open(io.BytesIO(base64.b64decode(receipt.page_ids.image)))
        self.assertEqual(stored.format, "JPEG")

    def test_a_tax_stamp(self):
        self._send(photo("gray"), kind="tax_stamp")
        self.assertEqual(self._receipts().kind, "tax_stamp")

    def test_bad_files_get_one_sentence_and_store_nothing(self):
        for content, sentence in (
            (b"", "The file is empty"),
            (b"%!PS no picture", "This is no photo"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "A drawing is no photo"),
            (photo(size=(20, 20)), "too small to read"),
            (photo()[:200], "The file is damaged"),
        ):
            with self.subTest(sentence=sentence):
                response = self._send(content)
                self.assertEqual(response.status_code, 400)
                self.assertIn(sentence, response.text)
                self.assertFalse(self._receipts())

    def test_without_a_token_nothing_is_taken(self):
        response = self._send(photo(), token=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._receipts())

    def test_others_see_nothing_of_it(self):
        self._send(photo())
        receipt = self._receipts()
        self.assertNotIn(receipt.claim_id.reference, self._get(URL, login="petro").text)
        self._send(photo("red"), login="petro", key="k-2", member=str(self.member.id))
        self.assertEqual(len(self._receipts()), 1)
        self.assertEqual(len(self._receipts(self.other_member)), 1)

    def test_who_does_not_take_part_sends_nothing(self):
        self.member.action_leave()
        response = self._send(photo())
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._receipts())

    def test_what_became_of_it(self):
        self._send(photo())
        receipt = self._receipts()
        receipt.read_attempts = 9
        receipt._finish_reading(None)  # the reader died again and again
        page = self._get(URL).text
        self.assertIn("Being checked", page)
        self._receipts()._refuse("not_receipt", self.env.user, "It is a menu.")
        page = self._get(URL).text
        self.assertIn("Not accepted", page)
        self.assertIn("The photo shows no receipt. It is a menu.", page)
        self._send_messages()
        [mail] = self.env["mail.mail"].search([("subject", "like", "not accepted")])
        self.assertIn("It is a menu.", mail.body_html)

    def test_what_was_accepted_and_taken_back(self):
        self._send(photo())
        claim = self._receipts().claim_id
        claim._send_to_review("always")
        claim._accept()
        self.assertIn(">Accepted<", self._get(URL).text, "there are no rules here")
        claim._cancel()
        self.assertIn(">Taken back<", self._get(URL).text)

    def _withdraw(self, receipt, login="olena"):
        self.authenticate(login, PASSWORD)
        token = Request.csrf_token(self)
        url = f"{URL}/{receipt.id}/withdraw"
        return self.url_open(url, data={"csrf_token": token})

    def test_a_wrong_photo_is_taken_back_while_nobody_decided(self):
        self._send(photo())
        receipt = self._receipts()
        self.assertEqual(self._withdraw(receipt, login="petro").status_code, 404)
        self.assertEqual(receipt.state, "draft")
        page = self._withdraw(receipt)
        self.assertIn("Taken back. You can send the right one.", page.text)
        self.assertEqual(receipt.state, "cancelled")
        self.assertFalse(self.env["mail.mail"].search([("subject", "like", "not acc")]))
        # it is not asked twice, and the same photo can be sent again
        self.assertNotIn("Wrong photo?", page.text)
        self._send(photo(), key="k-2")
        self.assertEqual(self._receipts().mapped("state"), ["draft", "cancelled"])

    def test_what_was_decided_is_not_taken_back(self):
        self._send(photo())
        receipt = self._receipts()
        receipt.claim_id._send_to_review("always")
        receipt.claim_id._accept()
        page = self._withdraw(receipt)
        self.assertEqual(page.status_code, 400)
        self.assertIn("was decided already", page.text)
        self.assertEqual(receipt.state, "accepted")

    def test_the_photo_is_shown_to_who_sent_it(self):
        self._send(photo(size=(800, 1200)))
        url = f"{URL}/{self._receipts().id}/photo"
        answer = self._get(url)
        self.assertIn("no-store", answer.headers["Cache-Control"])
        picture = Image.open(io.BytesIO(answer.content))
        self.assertLessEqual(max(picture.size), 256)
        self.assertEqual(self._get(url, login="petro").status_code, 404)

    def test_the_overview_leads_there_when_receipts_are_rewarded(self):
        self.assertNotIn(URL, self._get("/my/rewards").text)
        kind = self.env.ref("loyalty_b2b2c.document_kind_receipt")
        self._create_program({"document_kind_ids": [(6, 0, kind.ids)]})
        self.assertIn(URL, self._get("/my/rewards").text)


@tagged("post_install", "-at_install")
class TestPortalReceiptsTour(PortalCommon, HttpCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_what_is_being_read_appears_by_itself(self):
        self.env["b2b2c.receipt"]._upload(self.member, [photo()], "k-1")
        self.start_tour(URL, "b2b2c_receipts_waiting", login="olena")
