"""Words of a company, what a shop's receipts teach, codes on a photo of a pallet."""

import io
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine import product_code
from ...exceptions import ReceiptError
from ...models.receipts import b2b2c_scan
from ...recognition import sandbox
from .receipt_kit import ReceiptCommon, jpeg


@tagged("post_install", "-at_install")
class TestReceiptWords(ReceiptCommon):
    """The reader has never seen these receipts: no word on them is of any language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_receipt_program()
        cls.words = cls.env["b2b2c.receipt.word"]

    def _teach(self, receipt):
        """Put right what was not read, as a reviewer does, and approve it."""
        mine = receipt.with_user(self.officer)
        mine.write({"number": "77001", "amount_total": 100})
        mine.action_approve()

    def test_nobody_knows_the_words(self):
        receipt = self._receive()
        self.assertEqual(receipt.state, "review")
        self.assertFalse(receipt.number)
        self.assertEqual(receipt.amount_total, 0)

    def test_taught_once_read_the_second_time(self):
        receipt = self._receive()
        self._teach(receipt)
        learned = self.words.search([("receipt_id", "=", receipt.id)])
        self.assertEqual(
            {(word.role, word.wording) for word in learned},
            {("number", "Zuqimo"), ("total", "Vaxeli")},
        )
        second = self._receive(number="77002", count=3)
        self.assertEqual((second.number, second.amount_total), ("77002", 150))
        self.assertEqual(second.state, "accepted")
        self.assertEqual(self._available(self.seller), [(2 + 3) * 3])

    def test_a_lesson_proves_nothing(self):
        receipt = self._receive()
        self._teach(receipt)
        seen = self._strange(number="77003", count=4)
        # the total was misread alike by both engines; the line says 200.00
        for rows in seen["texts"].values():
            rows[4] = "Vaxeli 800.00"
        third = self._read(self._upload(), seen)
        self.assertEqual(third.state, "review")
        self.assertIn("total_alone", third.doubts)

    def test_other_shops_learn_nothing_of_it(self):
        receipt = self._receive()
        self._teach(receipt)
        other = self._receive(number="77004", shop="ANOTHER ONE 987 654 321")
        self.assertFalse(other.number)

    def test_the_desk_forgets(self):
        receipt = self._receive()
        self._teach(receipt)
        second = self._receive(number="77002")
        lessons = second.with_user(self.officer).lesson_ids
        self.assertTrue(lessons)
        lessons.action_forget()
        self.assertFalse(self.words.search([("shop_key", "!=", False)]))
        self.assertFalse(self._receive(number="77005").number)

    def test_words_of_a_company(self):
        manager = self._create_user("word manager", "loyalty_b2b2c.group_manager")
        self.words.with_user(manager).create(
            [
                {"role": "number", "wording": "Zuqimo"},
                {"role": "total", "wording": "Vaxeli"},
            ]
        )
        receipt = self._receive(number="77006")
        self.assertEqual((receipt.number, receipt.amount_total), ("77006", 100))
        self.assertEqual(receipt.state, "accepted")
        with self.assertRaises(AccessError):
            self.words.with_user(self.officer).create({"wording": "Own"})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self.words.create({"role": "total", "wording": "VAXELI"})

    def test_languages_of_the_country(self):
        self.company.country_id = self.env.ref("base.pl")
        with patch.object(sandbox, "languages", return_value=["eng", "ukr"]):
            text = self.receipts._get_readers_text()
        self.assertIn("tesseract-ocr-pol", text)
        self.assertEqual(self._upload()._get_languages()[0], "pol")

    # === A PHOTO OF MANY CODES === #

    def _photo(self, pages):
        """Return what is read on a photo when machines see these pages in turn."""
        turns = iter(pages)
        with (
            patch.object(b2b2c_scan, "_look", side_effect=lambda *_a: next(turns)),
            patch.object(sandbox, "available", return_value={"text"}),
        ):
            return self.env["b2b2c.scan"]._read_photo(self.seller, io.BytesIO(jpeg()))

    def test_a_torn_code_is_read_by_its_characters(self):
        codes = product_code.new_codes(3)
        links = tuple(("qrcode", f"https://example.com/l/{code}") for code in codes)
        shown = [product_code.shown(code) for code in codes]
        rows = (shown[0], f"{shown[1][:9]}-", shown[1][10:], shown[2], "4820000000017")
        decoded = sandbox.Page(codes=(links[0], links[2], ("ean13", "4820000000017")))
        found = self._photo([[decoded], [sandbox.Page(texts={"one": rows})]])
        self.assertEqual(found["printed"], 1)
        self.assertEqual(found["codes"], [links[0][1], links[2][1], codes[1]])

    def test_characters_that_prove_nothing_are_nothing(self):
        [code] = product_code.new_codes(1)
        other = "0" if code[3] != "0" else "1"
        rows = (product_code.shown(code[:3] + other + code[4:]),)
        found = self._photo([[sandbox.Page()], [sandbox.Page(texts={"one": rows})]])
        self.assertEqual(found, {"codes": [], "printed": 0})

    def test_photos_are_counted(self):
        with patch.object(b2b2c_scan, "PHOTOS_PER_HOUR", 1):
            self._photo([[sandbox.Page()], [sandbox.Page()]])
            with self.assertRaises(ReceiptError):
                self._photo([[sandbox.Page()], [sandbox.Page()]])
