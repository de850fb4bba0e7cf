"""Batches of codes: how long they count, how they are made, what a list brings."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.product_code import new_codes, shown
from ...models.codes import b2b2c_code_making
from .test_scan import ScanCommon


@tagged("post_install", "-at_install")
class TestCodeBatch(ScanCommon):
    def _status(self, code):
        return self._scan(code)["status"]

    # === WHEN CODES COUNT === #

    def test_from_a_day_until_a_day(self):
        now = fields.Datetime.now()
        batch = self._create_batch(
            activation="date",
            activate_at=now + timedelta(days=1),
            valid_until=now + timedelta(days=3),
        )
        codes = self._codes(batch)
        self.assertEqual(batch.state, "printed")
        self.assertEqual(self._status(codes[0]), "refused")
        self.assertEqual(self._last().reason_code, "not_active")
        self.assertEqual(codes[:2].mapped("is_usable"), [False, False])
        with freeze_time(now + timedelta(days=2)):
            self.assertEqual(self._status(codes[0]), "credited")
            self.assertEqual(codes[:2].mapped("is_usable"), [False, True])
        with freeze_time(now + timedelta(days=4)):
            self.assertEqual(self._status(codes[1]), "refused")
            self.assertEqual(self._last().reason_code, "expired")

    def test_a_manager_does_not_wait_for_the_day(self):
        batch = self._create_batch(
            activation="date", activate_at=fields.Datetime.now() + timedelta(days=9)
        )
        batch.action_activate()
        self.assertEqual(batch.state, "active")
        self.assertEqual(self._status(self._codes(batch)[0]), "credited")

    def test_a_recall(self):
        """What was paid stays paid, nothing more is, until the batch is released."""
        codes = self._codes()
        self._scan(codes[0])
        self.batch.action_freeze()
        self.assertEqual(self._status(codes[1]), "refused")
        self.assertEqual(self._last().reason_code, "frozen")
        self.assertEqual((codes[0].state, codes[1].state), ("claimed", "printed"))
        self.assertEqual(self._available(self.seller), [3])
        self.batch.action_unfreeze()
        self.assertEqual(self.batch.state, "active")
        self.assertEqual(self._status(codes[1]), "credited")
        printed = codes[2].code  # closing forgets what is on paper
        self.batch.action_close()
        self.assertEqual(self._status(printed), "refused")
        self.assertEqual(self._last().reason_code, "closed")
        for action in ("action_activate", "action_freeze", "action_unfreeze"):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                getattr(self.batch, action)()

    def test_a_batch_that_waited_waits_on_after_a_recall(self):
        batch = self._create_batch(
            activation="date", activate_at=fields.Datetime.now() + timedelta(days=9)
        )
        batch.action_freeze()
        batch.action_unfreeze()
        self.assertEqual(batch.state, "printed")
        self.assertEqual(self._status(self._codes(batch)[0]), "refused")

    def test_single_codes_are_blocked_and_put_back(self):
        code = self._codes()[0]
        code.action_block()
        self.assertEqual(self._status(code), "refused")
        self.assertEqual(self._last().reason_code, "blocked")
        code.action_unblock()
        self.assertEqual(self._status(code), "credited")
        code.action_block()  # too late: it is claimed
        self.assertEqual(code.state, "claimed")

    def test_activation_that_is_changed_afterwards_counts(self):
        codes = self._codes()
        later = fields.Datetime.now() + timedelta(days=9)
        self.batch.write({"activation": "date", "activate_at": later})
        self.assertEqual(self.batch.state, "printed")
        self.assertEqual(self._status(codes[0]), "refused")
        self.batch.action_freeze()
        self.batch.activation = "now"
        self.assertEqual(self._status(codes[0]), "refused")
        self.batch.action_unfreeze()
        self.assertEqual(self.batch.state, "active")
        self.assertEqual(self._status(codes[0]), "credited")

    # === WHO MAY WHAT === #

    def test_officers_look_managers_act(self):
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        batch = self.batch.with_user(officer)
        self.assertTrue(batch.code_count)
        for name in ("make", "activate", "freeze", "unfreeze", "close", "print",
                     "forget_pins"):  # fmt: skip
            with self.assertRaises(UserError):
                getattr(batch, f"action_{name}")()

    def test_what_is_printed_does_not_change(self):
        manager = self._create_user("manager", "loyalty_b2b2c.group_manager")
        batch = self.batch.with_user(manager)
        for values in ({"content": 5}, {"product_id": 1}, {"state": "frozen"},
                       {"with_pin": True}, {"count": 3}):  # fmt: skip
            with self.assertRaisesRegex(UserError, "only dates and notes"):
                batch.write(values)
        batch.write({"note": "Spring", "valid_until": "2099-01-01"})
        with self.assertRaisesRegex(UserError, "not deleted"):
            batch.unlink()

    def test_sizes_make_sense(self):
        for values in ({"count": 0}, {"count": 10_000_001}, {"activation": "date"},
                       {"activation": "shipped"}):  # fmt: skip
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_batch(**values)

    # === MAKING === #

    def test_many_are_made_in_the_background_and_go_on_where_they_were(self):
        """5,200 units in blocks of 7 and pallets of 3, a transaction per 1,000."""
        batch = self.env["b2b2c.code.batch"].create(
            {
                "name": "Many",
                "product_id": self.product.id,
                "count": 5200,
                "block_size": 7,
                "pallet_size": 3,
            }
        )
        batch.action_make()
        self.assertEqual((batch.state, batch.made), ("making", 0))
        left = iter([60, 0])  # no time is left after the second part

        def commit(_cron, *_args, **_options):
            return next(left, 60)

        cron = patch.object(type(self.env["ir.cron"]), "_commit_progress", commit)
        with cron, patch.object(b2b2c_code_making, "CHUNK", 1000):
            batch._cron_make()
            # 47 pallets of 21 units fit into 1,000
            self.assertEqual((batch.state, batch.made), ("making", 2 * 987))
            self.assertEqual(len(self._codes(batch)), 2 * 987)
            batch._cron_make()
        self.assertEqual((batch.state, batch.made), ("active", 5200))
        self.env.cr.execute(
            """SELECT level, count(*), count(DISTINCT serial), max(serial),
                      count(parent_id), count(DISTINCT code)
                 FROM b2b2c_code WHERE batch_id = %s GROUP BY level ORDER BY level""",
            [batch.id],
        )
        self.assertEqual(
            self.env.cr.fetchall(),
            [  # 5200 / 7 = 742.9, 743 / 3 = 247.7
                ("block", 743, 743, 743, 743, 743),
                ("pallet", 248, 248, 248, 0, 248),
                ("unit", 5200, 5200, 5200, 5200, 5200),
            ],
        )
        self.env.cr.execute(
            """SELECT count(*), max(n), sum(n) FROM (
                   SELECT count(*) AS n FROM b2b2c_code
                    WHERE batch_id = %s AND level = 'unit' GROUP BY parent_id) t""",
            [batch.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (743, 7, 5200))

    def test_a_code_exists_once(self):
        code = self._codes()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env.cr.execute(
                """INSERT INTO b2b2c_code (batch_id, code, level, serial, state)
                   VALUES (%s, %s, 'unit', 99, 'printed')""",
                [self.batch.id, code.code],
            )

    def test_a_serial_number_has_one_code(self):
        product = self.env["product.product"].create(
            {"name": "Tool", "is_storable": True, "tracking": "serial"}
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"T-{n}", "product_id": product.id} for n in range(3)]
        )
        batch = self._create_batch(product_id=product.id, origin="serials")
        self.assertEqual(self._codes(batch).lot_id, lots)
        with self.assertRaisesRegex(UserError, "has a code already"):
            self._create_batch(product_id=product.id, origin="serials")


@tagged("post_install", "-at_install")
class TestCodeImport(ScanCommon):
    """Lists somebody else made: what is not taken as it is, is said row by row."""

    def _import(self, text, **values):
        """Import a file; return the batch."""
        content = text if isinstance(text, bytes) else text.encode()
        return self._create_batch(
            name="Theirs",
            origin="import",
            import_file=base64.b64encode(content),
            import_name="list.csv",
            **values,
        )

    def test_duplicates_are_reported_with_their_rows(self):
        known = self._codes()[0].code
        batch = self._import(
            "Code\n"
            "MAKER-0001\n"  # row 2
            "maker 0001\n"  # the same, typed differently
            "MAKER-OOO1\n"  # the same with look-alike letters
            f"{shown(known)}\n"  # of another batch, row 5
            "\n"
            "x\n"  # too short, row 7
            "MAKER-0002\n"
        )
        self.assertEqual((batch.state, batch.made), ("active", 2))
        self.assertEqual(
            batch.import_report.splitlines(),
            [
                "Rows without a code that can be used: 1 (row 7 “x”)",
                "Codes that stand twice in the file: 2 (row 3 “maker 0001”, "
                "row 4 “MAKER-OOO1”)",
                f"Codes that exist already: 1 (row 5 “{known}”)",
            ],
        )
        self.assertEqual(self._codes()[0].batch_id, self.batch)
        self.assertEqual(self._scan("Maker-OO01")["status"], "credited")
        self.assertEqual(self._scan("MAKER0001", self.colleague)["status"], "refused")
        self.assertEqual(self._available(self.seller, self.colleague), [3, 0])

    def test_codes_that_a_spreadsheet_cut_off(self):
        batch = self._import(
            "Code;Serial\n1,23457E+17;\nMAKER-0001;1.2E+16\nM-00002;\n"
        )
        self.assertEqual(batch.made, 1)
        self.assertEqual(
            batch.import_report,
            "Rows with a number that the spreadsheet program cut off; format the "
            "column as text: 2 (row 2 “1,23457E+17”, row 3 “MAKER-0001”)",
        )

    def test_the_first_line_of_excel(self):
        self.assertEqual(self._import("sep=;\nCode;PIN\nMAKER-0001;\n").made, 1)

    def test_the_same_list_again_adds_nothing(self):
        text = "Code\nMAKER-0001\nMAKER-0002\n"
        self._import(text)
        again = self._import(text)
        self.assertEqual((again.state, again.made, again.code_count), ("draft", 0, 0))
        self.assertIn("Codes that exist already: 2", again.import_report)
        again.unlink()  # nothing of it was printed

    def test_a_list_of_our_own_form_in_ukrainian(self):
        codes = new_codes(3)
        rows = "\n".join(f"{shown(code)};{shown(codes[0])}" for code in codes[1:])
        batch = self._import(f"Код;В упаковці\n{shown(codes[0])};\n{rows}\n")
        box, *units = batch.env["b2b2c.code"].search(
            [("batch_id", "=", batch.id)], order="serial"
        )
        self.assertEqual(box.level, "block")
        self.assertEqual([unit.parent_id for unit in units], [box, box])
        answer = self._scan(codes[0])
        self.assertEqual((answer["points"], answer["quantity"]), ("6 pts", "2"))

    def test_boxes_of_boxes_pay_what_is_in_them_once(self):
        """A code is on a block, and blocks stand on what the list names as parent."""
        batch = self._import(
            "Code,Parent\nPALLET-1,\nBLOCK-1,PALLET-1\nBLOCK-2,PALLET-1\n",
            level="block",
            content=6,
        )
        self.assertEqual(batch.made, 3)
        self.assertEqual(self._scan("PALLET-1")["quantity"], "12")
        self.assertEqual(self._available(self.seller), [36])
        self.assertEqual(self._scan("BLOCK-1")["status"], "mine")
        self.assertEqual(self._scan("BLOCK-2", self.colleague)["status"], "refused")
        self.assertEqual(self._available(self.seller, self.colleague), [36, 0])

    def test_pins_are_kept_hashed_and_nowhere_else(self):
        batch = self._import("Code,PIN\nMAKER-0001,k7p2q9\n", with_pin=True)
        code = self._codes(batch)
        self.assertEqual(len(code.pin_hash), 32)
        self.assertFalse(batch.import_file, "PINs stand in the file as they are")
        self.assertEqual(self._scan("MAKER-0001")["status"], "pin")
        self.assertEqual(self._scan("MAKER-0001", pin="000000")["status"], "refused")
        self.assertEqual(self._scan("MAKER-0001", pin="K7P2Q9")["status"], "credited")

    def test_what_codes_belong_to(self):
        self.product.write({"is_storable": True, "tracking": "lot"})
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.product.id}
        )
        package = self.env["stock.package"].create({"name": "P-1"})
        batch = self._import(
            "Code,Serial,Package,Parent\n"
            "MAKER-0001,L-1,,\n"
            "MAKER-0002,L-9,,\n"  # row 3
            "MAKER-0003,,P-1,\n"
            "MAKER-0004,,P-9,\n"  # row 5
            "MAKER-0005,,,MAKER-0003\n"
            "MAKER-0006,,,MAKER-9999\n"  # row 7
            "MAKER-0007,,,\n",  # row 8
            activation="shipped",
        )
        codes = batch.env["b2b2c.code"].search(
            [("batch_id", "=", batch.id)], order="serial"
        )
        self.assertEqual((codes[0].lot_id, codes[2].package_id), (lot, package))
        self.assertEqual(codes[4].parent_id, codes[2])
        self.assertEqual(
            batch.import_report.splitlines(),
            [
                "Added, but what they are packed in is not in the list: 1 "
                "(row 7 “MAKER9999”)",
                "Added, but the product has no such serial number: 1 (row 3 “L-9”)",
                "Added, but there is no such package: 1 (row 5 “P-9”)",
                "Added, but without serial number or package: no shipment will ever "
                "activate them: 4 (row 3 “MAKER0002”, row 5 “MAKER0004”, "
                "row 7 “MAKER0006”, row 8 “MAKER0007”)",
            ],
        )

    def test_a_workbook(self):
        book = openpyxl.Workbook()
        for row in (("Code", "Note"), ("MAKER-0001", "x"), (12345678, None)):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        batch = self._import(out.getvalue())
        self.assertEqual(batch.made, 2)
        self.assertEqual(self._scan("12345678")["status"], "credited")

    def test_files_that_are_none_say_why_and_can_be_replaced(self):
        for content, words in (
            (b"\n\n", "The file is empty."),
            (b"PK\x03\x04 broken", "cannot be read as CSV or XLSX"),
            (b"Name\nx\n", "one of them is “Code”"),
            (b"Code\nx\ny\n", "Rows without a code that can be used: 2"),
        ):
            with self.subTest(words):
                batch = self._import(content)
                self.assertEqual(batch.state, "draft")
                self.assertIn(words, batch.import_report)
                batch.import_file = base64.b64encode(f"Code\n{words[:9]}-1".encode())
                batch.action_make()
                self.assertEqual((batch.state, batch.made), ("active", 1))
                self.assertFalse(batch.import_report)
        with self.assertRaisesRegex(UserError, "Choose the file"):
            self._create_batch(origin="import")

    def test_long_lists_are_read_in_the_background(self):
        text = "Code\n" + "".join(f"MAKER-{number:07}\n" for number in range(20000))
        batch = self._import(text)
        self.assertEqual((batch.state, batch.made), ("making", 0))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            batch._cron_make()
        self.assertEqual((batch.state, batch.made), ("active", 20000))


@tagged("post_install", "-at_install")
class TestCodeWorth(ScanCommon):
    """What a code pays is said before it is printed, and then it pays that."""

    def test_by_the_rules_in_force(self):
        rules = self.batch._get_paying_rules()
        self.assertEqual(rules, self.program.rule_ids)
        words = "\n".join(rule._get_sentence() for rule in rules)
        self.assertEqual(self.batch.worth_text, words)
        self.assertFalse(self.batch.pays_nothing)
        self.assertEqual(self._scan(self._codes()[0])["status"], "credited")
        rules.valid_until = fields.Datetime.now() - timedelta(minutes=1)
        self.batch.invalidate_recordset()
        self.assertTrue(self.batch.pays_nothing)

    def test_nothing_pays_for_another_product(self):
        self.program.rule_ids.product_ids = self.product
        other = self._create_batch(product_id=self._create_product("Pen", 5).id)
        self.assertTrue(other.pays_nothing)
        self.assertFalse(other.worth_text)
        self.assertFalse(self.batch.pays_nothing)
        self.program.action_close()
        self.batch.invalidate_recordset()
        self.assertTrue(self.batch.pays_nothing)

    def test_a_sample_is_shown(self):
        self.assertIn("/CODE", self.batch.sample_link)
        picture = base64.b64decode(self.batch.sample_picture)
        self.assertTrue(picture.startswith(b"\x89PNG"))
