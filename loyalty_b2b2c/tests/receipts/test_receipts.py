"""From a photo to points, to a person, or to a reason why not."""

import base64
import tempfile
import tracemalloc
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import ReceiptError
from ...recognition import sniff
from .blocked_imports import blocked
from .receipt_kit import ReceiptCommon, fiscal_code, jpeg


@tagged("post_install", "-at_install")
class TestReceipts(ReceiptCommon):
    TEXT_PACKAGES = ("rapidocr", "onnxruntime", "cv2", "tesserocr", "numpy")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_receipt_program()

    def _count_anything(self):
        """Let the company and the rule count what names no product of ours."""
        self.company.b2b2c_receipt_whole = True
        self.program.rule_ids.without_product = True

    # === CREDITED === #

    def test_code_and_text_agree_and_points_come_at_once(self):
        receipt = self._hand_in()
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "accepted",
                    "fiscal_number": "8123456789",
                    "number": "100234",
                    "register_number": "4000123456",
                    "issued_on": self.today,
                    "amount_total": 100.0,
                    "points": 6.0,
                }
            ],
        )
        self.assertEqual(self._available(self.seller, self.colleague), [6, 0])
        claim = receipt.claim_id
        self.assertEqual(claim.reference, "8123456789")
        self.assertEqual(claim.line_ids.product_id, self.product)
        self.assertBooksRight()

    def test_two_engines_agree_without_a_code(self):
        self.assertEqual(self._hand_in(code=False).state, "accepted")

    def test_a_name_is_enough_to_know_a_product(self):
        lines = [("LED LAMP 10 W", None, 3, "50.00")]
        self.assertEqual(self._hand_in(lines=lines).points, 9)

    def test_unknown_products_do_not_count(self):
        lines = [
            ("LED lamp 10W", None, 1, "50.00"),
            ("Bread and butter", None, 10, "20.00"),
        ]
        receipt = self._hand_in(lines=lines)
        self.assertEqual(receipt.points, 3)
        self.assertEqual(len(receipt.line_ids), 2)

    def test_whole_receipts_count_when_company_and_rule_say_so(self):
        self._count_anything()
        self.company.account_sale_tax_id = False
        for ticked in (True, False):
            self._create_receipt_program(
                name="10 %", kind="percent", value=10, without_product=ticked
            )
        lines = [("Bread and butter", None, 10, "20.00")]
        receipt = self._hand_in(lines=lines)
        # 10 units at 3 points, and 10 % of 200.00
        self.assertEqual(receipt.points, 50)

    def test_prices_contain_the_tax(self):
        self.product.taxes_id = self._create_tax(20)
        claim = self._hand_in(lines=[("LED lamp 10W", None, 1, "120.00")]).claim_id
        self.assertEqual(claim.line_ids.amount_total, 120)
        self.assertEqual(claim.line_ids.amount_untaxed, 100)

    def test_a_tax_stamp(self):
        receipt = self._upload(kind="tax_stamp")
        texts = dict.fromkeys(("one", "two"), ["УКРАЇНА", "АБВК 123456"])
        page = {"codes": [["ean13", "4820000000017"]], "texts": texts}
        self._read(receipt, {**page, "fingerprint": "0" * 64})
        self.assertEqual(receipt.state, "accepted")
        self.assertEqual(receipt.points, 3)
        again = self._upload(member=self.colleague, kind="tax_stamp")
        self._read(again, {**page, "fingerprint": "f" * 64})
        self.assertEqual(again.state, "refused")
        self.assertIn("stamp was handed in before", again.reason_text)
        self.assertEqual(again.duplicate_of_id, receipt)

    def test_a_stamp_of_nobody_knows_what(self):
        """3 points per piece are for pieces of ours: the officer is asked for one."""
        self.company.b2b2c_receipt_auto = "never"
        receipt = self._upload(kind="tax_stamp")
        texts = dict.fromkeys(("one", "two"), ["УКРАЇНА", "АБВК 123456"])
        self._read(receipt, {"codes": [], "texts": texts, "fingerprint": "0" * 64})
        desk = receipt.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "choose the product"):
            desk.action_approve()
        self.assertEqual((receipt.state, receipt.points), ("review", 0))
        desk.line_ids.product_id = self.product
        desk.action_approve()
        self.assertEqual((receipt.state, receipt.points), ("accepted", 3))

    def test_a_stamp_counts_where_the_rule_takes_anything(self):
        self.program.rule_ids.without_product = True
        self.company.b2b2c_receipt_auto = "never"
        receipt = self._upload(kind="tax_stamp")
        texts = dict.fromkeys(("one", "two"), ["УКРАЇНА", "АБВК 123456"])
        self._read(receipt, {"codes": [], "texts": texts, "fingerprint": "0" * 64})
        receipt.with_user(self.officer).action_approve()
        self.assertEqual((receipt.state, receipt.points), ("accepted", 3))

    def test_a_barcode_in_any_spelling(self):
        """Printed as EAN-13, stored with fourteen digits, and so on."""
        for number, (stored, printed) in enumerate(
            (
                ("04820000000017", "4820000000017"),
                ("0036000291452", "036000291452"),
                ("36000291452", "0036000291452"),
                ("00000096385074", "96385074"),
            )
        ):
            with self.subTest(stored=stored):
                self.product.barcode = stored
                receipt = self._hand_in(
                    lines=[("Something", printed, 2, "50.00")],
                    fiscal=f"812345678{number}",
                    number=f"10023{number}",
                )
                self.assertEqual(receipt.line_ids.product_id, self.product)

    def test_a_number_of_two_products_is_for_a_person(self):
        self.product.barcode = "036000291452"
        self._create_product("LED lamp 15W", 10, barcode="0036000291452")
        receipt = self._hand_in(lines=[("LED lamp", "036000291452", 2, "50.00")])
        self.assertFalse(receipt.line_ids.product_id)

    def test_a_stamp_between_two_barcodes(self):
        texts = dict.fromkeys(("one", "two"), ["УКРАЇНА", "АБВК 123456"])
        for codes, product in (
            (["4820000000017", "04820000000017"], self.product),
            (["4820000000017", "4006381333931"], self.product.browse()),
        ):
            receipt = self._upload(kind="tax_stamp")
            page = {"codes": [["ean13", code] for code in codes], "texts": texts}
            self._read(receipt, {**page, "fingerprint": f"{len(product):064x}"})
            self.assertEqual(receipt.line_ids.product_id, product)

    # === ONCE === #

    def test_a_receipt_pays_once_for_all(self):
        first = self._hand_in()
        again = self._hand_in(self.colleague)
        self.assertEqual((first.state, again.state), ("accepted", "refused"))
        self.assertEqual(again.duplicate_of_id, first)
        self.assertEqual(
            again.reason_text, "This receipt was handed in before; each counts once."
        )
        self.assertEqual(self._available(self.seller, self.colleague), [6, 0])

    def test_cut_off_numbers_do_not_make_it_another_receipt(self):
        self._hand_in()
        without_fiscal = self._hand_in(self.colleague, fiscal="", code=False)
        self.assertEqual(without_fiscal.state, "refused")
        other_letters = self._hand_in(self.colleague, number="", code=True)
        self.assertEqual(other_letters.state, "refused")

    def test_another_day_or_total_is_another_receipt(self):
        self._hand_in()
        lines = [("LED lamp 10W", None, 1, "50.00")]
        self.assertEqual(self._hand_in(lines=lines).state, "accepted")

    def test_short_numbers_are_of_one_shop_only(self):
        other_shop = self.env["res.partner"].create(
            {"name": "Other Shop", "is_company": True}
        )
        stranger = self._create_staff("Taras", "salesperson", other_shop)
        see = {"fiscal": "", "number": "15", "code": False}
        self.assertEqual(self._hand_in(**see).state, "accepted")
        self.assertEqual(self._hand_in(stranger, **see).state, "accepted")
        self.assertEqual(self._hand_in(self.colleague, **see).state, "refused")

    def test_the_same_files_are_the_same_receipt(self):
        data = jpeg("same")
        first = self._upload(data)
        self.assertEqual(self._upload(data), first)
        self._read(first)
        theirs = self._upload(data, self.colleague)
        self.assertNotEqual(theirs, first)
        # before anybody reads it
        self._read(theirs, fiscal="8999999999", number="999999")
        self.assertEqual(theirs.state, "refused")
        self.assertEqual(theirs.reason_text, "The same photo was handed in before.")

    def test_a_photo_that_looks_the_same_is_looked_at(self):
        first = self._hand_in(fingerprint="0" * 64)
        near = "f" * 5 + "0" * 59  # 20 of 256 signs differ
        far = "0" * 58 + "f" * 6  # 24 do
        receipt = self._hand_in(
            self.colleague, fiscal="8999999999", number="999999", fingerprint=near
        )
        self.assertEqual(receipt.state, "review")
        self.assertIn(f"looks like that of {first.display_name}", receipt.findings_text)
        self.assertEqual(receipt.duplicate_of_id, first)
        receipt = self._hand_in(fiscal="8777777777", number="777777", fingerprint=far)
        self.assertEqual(receipt.state, "accepted")

    def test_what_was_refused_can_be_handed_in_again(self):
        receipt = self._hand_in(total="999.00", paid="100.00", code=False)
        self.assertEqual(receipt.state, "review")
        receipt._refuse("altered", self.officer)
        self.assertEqual(
            self._hand_in(total="999.00", paid="100.00", code=False).state, "review"
        )

    def test_requests_that_repeat_are_one(self):
        first = self._upload(jpeg("a"), key="one")
        self.assertEqual(self._upload(jpeg("b"), key="one"), first)

    # === LOOKED AT === #

    def test_reasons_to_look(self):
        cases = [
            ({"total": "99.00", "paid": "100.00", "code": False}, "two different"),
            ({"code": False, "engines": ("one",)}, "nothing confirms the number"),
            ({"day": self.today.replace(year=2099)}, "in the future"),
            ({"lines": [("Bread", None, 1, "5.00")]}, "no product that earns"),
            ({"engines": ()}, "only the qr code"),
            ({"total_word": "IN ALL", "paid": "1.00"}, "the total is in the qr code"),
        ]
        for number, (see, words) in enumerate(cases):
            with self.subTest(words):
                numbers = {"fiscal": f"812345670{number}", "number": f"70000{number}"}
                receipt = self._hand_in(**numbers, **see)
                self.assertEqual(receipt.state, "review")
                text = f"{receipt.reason_text} {receipt.doubts_text}"
                text += receipt.findings_text or ""
                self.assertIn(words, text.lower())
        self.assertEqual(self._available(self.seller), [0])

    def test_a_receipt_that_earns_at_another_company_only(self):
        """Nobody need look at it: the maker, another company, gives 2 lamps × 4."""
        self.env["b2b2c.program"].search([]).unlink()
        maker = self.env["res.company"].create(
            {"name": "Maker", "currency_id": self.company.currency_id.id}
        )
        there = self._create_member(
            partner_id=self.seller.partner_id.id,
            role="salesperson",
            employer_id=self.shop.id,
            company_id=maker.id,
        )
        self.assertEqual(self._hand_in().claim_id.reason_code, "nothing_found")
        kinds = self.env.ref("loyalty_b2b2c.document_kind_receipt")
        self._create_program(
            {"role": "salesperson", "pick": "contact", "kind": "per_unit", "value": 4,
             "trigger": "paid", "document_kind_ids": [Command.set(kinds.ids)]},
            company_id=maker.id,
            source_company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        receipt = self._hand_in(fiscal="8999999999", number="100999")
        self.assertEqual(receipt.state, "accepted")
        self._process()
        self.assertEqual(there._get_account(self.unit).balance_available, 8)

    def test_settings_decide_what_a_person_sees(self):
        self.company.b2b2c_receipt_auto = "never"
        self.assertEqual(self._hand_in().claim_id.reason_code, "always")
        self.company.b2b2c_receipt_auto = "agreed"
        self.company.b2b2c_receipt_audit = 100
        see = {"fiscal": "8000000001", "number": "100001"}
        self.assertEqual(self._hand_in(**see).claim_id.reason_code, "audit")
        self.company.b2b2c_receipt_audit = 0
        self.company.b2b2c_receipt_auto = "code"
        self._count_anything()
        see = {"fiscal": "8000000002", "engines": ()}
        self.assertEqual(self._hand_in(**see).state, "accepted")

    def test_old_receipts_are_refused(self):
        receipt = self._hand_in(day=self.today.replace(year=2020))
        self.assertEqual(receipt.state, "refused")
        self.assertEqual(receipt.reason_text, "The receipt is too old.")

    def test_a_reader_that_dies_is_tried_again_and_then_a_person_looks(self):
        receipt = self._upload()
        for attempt, state in ((1, "waiting"), (2, "waiting"), (3, "failed")):
            receipt.read_attempts = attempt
            receipt._finish_reading(None)
            self.assertEqual(receipt.read_state, state)
        self.assertEqual(receipt.state, "review")
        self.assertEqual(receipt.reason_text, "Nothing here can read photos.")

    # === BAD INPUT === #

    def test_refused_uploads_leave_nothing(self):
        before = self.env["b2b2c.claim"].search_count([])
        bad = {
            "empty": b"",
            "vector": b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
            "not_image": b"MZ this is a program",
            "damaged": jpeg("x")[:200],
            "too_small": jpeg("x", (20, 20)),
        }
        for code, data in bad.items():
            with self.subTest(code), self.assertRaises(ReceiptError) as caught:
                self.receipts._upload(self.seller, [data], code)
            self.assertEqual(caught.exception.code, code)
            self.assertTrue(str(caught.exception).endswith("."))
        self.assertEqual(self.env["b2b2c.claim"].search_count([]), before)

    def test_six_pages_are_too_many(self):
        with self.assertRaises(ReceiptError) as caught:
            self.receipts._upload(self.seller, [jpeg(str(n)) for n in range(6)], "k")
        self.assertEqual(caught.exception.code, "too_many_pages")

    def test_only_what_we_encoded_is_stored(self):
        secret = b"GPS 50.4501 N, 30.5234 E"
        data = jpeg("with comment", comment=secret) + b"PK\x03\x04 a second file"
        self.assertIn(secret, data)
        receipt = self._upload(data)
        stored = base64.b64decode(receipt.page_ids.image)
        self.assertTrue(stored.startswith(b"\xff\xd8\xff"))
        self.assertNotIn(secret, stored)
        self.assertNotIn(b"second file", stored)

    def test_large_files_are_not_in_memory_together(self):
        """Five photos of 20 MB each, as the web server keeps them: on disk."""
        files = []
        for number in range(5):
            file = self.enterContext(tempfile.TemporaryFile())
            file.write(jpeg(str(number)))
            file.write(b"\0" * 20 * 1024 * 1024)  # glued to its end
            files.append(file)
        tracemalloc.start()
        receipt = self.receipts._upload(self.seller, files, "large")
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertEqual(len(receipt.page_ids), 5)
        self.assertLess(peak, 50 * 1024 * 1024)
        self.assertEqual(self.receipts._upload(self.seller, files, "again"), receipt)
        one = self.enterContext(tempfile.TemporaryFile())
        one.write(jpeg("x") + b"\0" * sniff.MAX_BYTES)
        with self.assertRaises(ReceiptError) as caught:
            self.receipts._upload(self.seller, [one], "too large")
        self.assertEqual(caught.exception.code, "too_large")

    def test_nobody_floods(self):
        self.company.b2b2c_receipt_day_limit = 2
        self._upload()
        self._upload()
        with self.assertRaises(ReceiptError) as caught:
            self._upload()
        self.assertEqual(caught.exception.code, "day_limit")
        self._upload(member=self.colleague)

    # === THE CRON === #

    def test_the_cron_reads_what_waits(self):
        receipt = self._upload(jpeg("RECEIPT No 100234\nTOTAL 5.00"))
        self.assertEqual(receipt.state, "draft")
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress")
        with progress as commit, self.enter_registry_test_mode():
            self.receipts._cron_read()
        self.assertEqual(commit.call_count, 1)
        self.env.invalidate_all()
        self.assertEqual(receipt.read_state, "done")
        self.assertEqual(receipt.state, "review")
        self.assertEqual(len(receipt.page_ids.fingerprint), 64)

    def test_a_quantity_that_does_not_fit_is_looked_at_and_marked(self):
        seen = self._see(
            lines=[("LED lamp 10W", None, 3, "5.00"), ("Bag", None, 1, "1.00")]
        )
        rows = seen["texts"]["one"]  # the other engine reads the same
        rows[rows.index("3 x 5.00")] = "8 x 5.00"
        receipt = self._read(self._upload(), seen)
        self.assertEqual(receipt.state, "review")
        self.assertEqual(
            receipt.doubts_text,
            "A quantity does not fit its amount, or two different ones were read.",
        )
        self.assertRecordValues(
            receipt.line_ids,
            [
                {"quantity": 3, "is_doubtful": True},
                {"quantity": 1, "is_doubtful": False},
            ],
        )
        self.assertEqual(self._available(self.seller), [0])
        receipt.with_user(self.officer).action_approve()
        self.assertEqual(self._available(self.seller), [9])

    # === WITHOUT THE PACKAGES THAT READ TEXT === #

    def test_without_engines_codes_are_read_and_others_are_looked_at(self):
        self.company.b2b2c_receipt_auto = "code"
        self._count_anything()
        with blocked(*self.TEXT_PACKAGES):
            coded = self._upload(jpeg(code=fiscal_code(self.today)))
            plain = self._upload(jpeg("RECEIPT No 100234\nTOTAL 5.00"))
            with (
                patch.object(type(self.env["ir.cron"]), "_commit_progress"),
                self.enter_registry_test_mode(),
            ):
                self.receipts._cron_read()
        self.env.invalidate_all()
        self.assertRecordValues(
            coded | plain,
            [
                {"state": "accepted", "amount_total": 50, "fiscal_number": "77001"},
                {"state": "review", "amount_total": 0, "fiscal_number": False},
            ],
        )
        self.assertEqual(
            plain.reason_text,
            "No code was found, and nothing here can read printed text.",
        )

    def test_settings_say_what_is_missing(self):
        with blocked(*self.TEXT_PACKAGES):
            text = self.receipts._get_readers_text()
        self.assertEqual(
            text,
            "This server reads: QR codes and barcodes, PDF files, HEIC photos. "
            "To install: pip install rapidocr onnxruntime tesserocr.",
        )
        with blocked("zxingcpp", "pyzbar", *self.TEXT_PACKAGES):
            text = self.receipts._get_readers_text()
        self.assertIn("This server reads: PDF files, HEIC photos.", text)
        self.assertIn("zxing-cpp", text)

    def test_photos_are_forgotten_what_was_read_stays(self):
        receipt = self._hand_in()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE b2b2c_claim SET write_date = now() - interval '2 years'"
        )
        self.receipts._gc_photos()
        self.assertFalse(receipt.page_ids.image)
        self.assertEqual(receipt.fiscal_number, "8123456789")


@tagged("post_install", "-at_install")
class TestReceiptDesk(ReceiptCommon):
    """People who look at receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_receipt_program()
        cls.second = cls._create_user("second", "loyalty_b2b2c.group_officer")
        cls.clerk = cls._create_user("clerk", "loyalty_b2b2c.group_user")

    def _waiting(self, **see):
        """Return a receipt that waits for a person."""
        receipt = self._hand_in(**{"total": "99.00", "paid": "100.00", **see})
        self.assertEqual(receipt.state, "review")
        return receipt

    def test_correct_and_approve(self):
        receipt = self._waiting(code=False).with_user(self.officer)
        receipt.write(
            {
                "amount_total": 100,
                "line_ids": [(1, receipt.line_ids.id, {"quantity": 4})],
            }
        )
        receipt.action_approve()
        self.assertEqual(receipt.state, "accepted")
        self.assertTrue(receipt.is_corrected)
        self.assertEqual(receipt.decided_by_id, self.officer)
        self.assertEqual(self._available(self.seller), [12])

    def test_the_next_one_opens(self):
        first, other = (
            self._waiting(code=False),
            self._waiting(code=False, number="200000", fiscal="8200000000"),
        )
        action = first.with_user(self.officer).action_approve()
        said = f"{first.display_name}: approved. Nina +6 pts."
        self.assertEqual(
            action["params"],
            {"message": said, "res_id": other.id, "undo": first.id},
        )
        self.assertEqual(other.with_user(self.officer).waiting_count, 0)
        action = other.with_user(self.officer).action_approve()
        self.assertFalse(action["params"]["res_id"])

    def test_what_approving_pays_is_said_before(self):
        """3 points a piece, 2 pieces; then a person finds that there were 4."""
        receipt = self._waiting(code=False).with_user(self.officer)
        self.assertEqual(receipt.pays_text, "Nina +6 pts")
        receipt.line_ids.quantity = 4
        self.assertEqual(receipt.pays_text, "Nina +12 pts")
        receipt.line_ids.product_id = False
        self.assertEqual(receipt.pays_text, "Nobody gets anything.")
        receipt.line_ids.product_id = self.product
        receipt.action_approve()
        self.assertFalse(receipt.pays_text)
        self.assertEqual(self._available(self.seller), [12])

    def test_an_approval_is_undone(self):
        receipt = self._waiting(code=False).with_user(self.officer)
        receipt.action_approve()
        action = receipt.action_undo()
        self.assertEqual(action["params"]["res_id"], receipt.id)
        self.assertEqual(receipt.state, "review")
        self.assertFalse(receipt.decided_by_id)
        self.assertEqual(self._available(self.seller), [0])
        self.assertBooksRight()
        with self.assertRaisesRegex(UserError, "not as you left it"):
            receipt.action_undo()
        receipt.action_approve()
        self.assertEqual(self._available(self.seller), [6])
        other = self._create_user("desk.other", "loyalty_b2b2c.group_officer")
        with self.assertRaisesRegex(UserError, "not as you left it"):
            receipt.with_user(other).action_undo()
        self.assertEqual(self._available(self.seller), [6])

    def test_refuse_with_a_reason(self):
        receipt = self._waiting(code=False)
        desk = receipt.with_user(self.officer)
        wizard = (
            self.env["b2b2c.receipt.refuse"]
            .with_user(self.officer)
            .with_context(**desk.action_refuse()["context"])
            .create({"reason": "altered", "note": "The 9 was a 1."})
        )
        wizard.action_refuse()
        self.assertEqual(receipt.state, "refused")
        self.assertEqual(receipt.reason_text, "The receipt was altered.")
        self.assertEqual(receipt.note, "The 9 was a 1.")
        with self.assertRaises(UserError):
            desk.action_approve()

    def test_two_people_above_the_limit(self):
        self.company.b2b2c_receipt_limit = 50
        receipt = self._hand_in()
        self.assertEqual(receipt.claim_id.reason_code, "amount")
        receipt.with_user(self.officer).action_approve()
        self.assertEqual(receipt.state, "review")
        self.assertEqual(receipt.first_reviewer_id, self.officer)
        self.assertEqual(self._available(self.seller), [0])
        with self.assertRaises(UserError):
            receipt.with_user(self.officer).action_approve()
        # what the first one saw changed: begin again
        receipt.with_user(self.second).write({"amount_total": 100})
        self.assertFalse(receipt.first_reviewer_id)
        receipt.with_user(self.second).action_approve()
        receipt.with_user(self.officer).action_approve()
        self.assertEqual(receipt.state, "accepted")
        self.assertEqual(self._available(self.seller), [6])

    def test_a_small_total_above_large_lines_needs_two_people_too(self):
        self.company.b2b2c_receipt_limit = 50
        receipt = self._hand_in(lines=[("LED lamp 10W", None, 20, "5.00")])
        receipt.with_user(self.officer).write({"amount_total": 49})
        receipt.with_user(self.officer).action_approve()
        self.assertEqual(receipt.state, "review")
        self.assertEqual(self._available(self.seller), [0])
        receipt.with_user(self.second).action_approve()
        self.assertEqual(receipt.state, "accepted")

    def test_nobody_decides_on_his_own(self):
        receipt = self._waiting(code=False)
        self.officer.partner_id = self.seller.partner_id
        with self.assertRaises(UserError):
            receipt.with_user(self.officer).action_approve()

    def test_what_was_paid_cannot_be_corrected_into_another_payment(self):
        self._hand_in()
        receipt = self._waiting(code=False, number="200000", fiscal="8200000000")
        desk = receipt.with_user(self.officer)
        desk.write({"fiscal_number": "8123456789", "amount_total": 100})
        with self.assertRaises(UserError) as caught:
            desk.action_approve()
        self.assertIn("It is the same as", str(caught.exception))
        self.assertEqual(receipt.state, "review")

    def test_a_receipt_without_number_is_not_approved(self):
        receipt = self._waiting(code=False).with_user(self.officer)
        receipt.write({"number": False, "fiscal_number": False})
        with self.assertRaises(UserError):
            receipt.action_approve()

    def test_only_what_stands_on_it_changes_and_only_in_review(self):
        receipt = self._waiting(code=False)
        line = receipt.line_ids
        for values in ({"claim_id": 1}, {"read_state": "waiting"}, {"doubts": []}):
            with self.assertRaises(UserError):
                receipt.with_user(self.officer).write(values)
        receipt._refuse("altered", self.officer)
        with self.assertRaises(UserError):
            receipt.with_user(self.officer).write({"number": "1"})
        for attack in (
            lambda: line.with_user(self.officer).write({"quantity": 9}),
            lambda: line.with_user(self.officer).unlink(),
            lambda: line.with_user(self.officer).create({"receipt_id": receipt.id}),
        ):
            with self.assertRaises(UserError):
                attack()

    def test_users_only_read(self):
        receipt = self._waiting(code=False)
        self.assertTrue(receipt.with_user(self.clerk).number)
        for name in ("action_approve", "action_refuse", "action_read_again"):
            with self.assertRaises(UserError):
                getattr(receipt.with_user(self.clerk), name)()

    def test_read_again(self):
        receipt = self._waiting(code=False)
        receipt.with_user(self.officer).action_read_again()
        self.assertEqual((receipt.state, receipt.read_state), ("draft", "waiting"))
        self._read(receipt)
        self.assertEqual(receipt.state, "accepted")
