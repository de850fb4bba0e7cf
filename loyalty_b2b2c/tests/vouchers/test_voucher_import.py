"""Files of partners: what is added, what is left out and why, and nothing in clear."""

import base64
import io
from datetime import date
from unittest.mock import patch

import openpyxl
import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.vouchers import b2b2c_voucher_import
from ...models.vouchers.b2b2c_voucher_import import B2b2cVoucherImport
from .voucher_kit import VoucherCommon


def book(*rows):
    """Return rows as an XLSX file."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestVoucherImport(VoucherCommon):
    def assertLeftOut(self, record, **expected):
        """Fail unless rows were left out for these reasons: reason -> their numbers."""
        found = {code: row["rows"] for code, row in record.sudo().left_out.items()}
        self.assertEqual(found, expected)
        self.assertEqual(record.left_out_count, sum(map(len, expected.values())))

    # === WHAT IS ADDED === #

    def test_codes_of_a_file(self):
        record = self._import("AAAA-1111", "bbbb 2222", "https://c.example/g?x=Ab_1")
        self.assertEqual(
            (record.state, record.row_count, record.added_count), ("done", 3, 3)
        )
        self.assertEqual(
            self._states(),
            {
                "AAAA-1111": "free",
                "bbbb 2222": "free",
                "https://c.example/g?x=Ab_1": "free",
            },
        )
        self.assertEqual(self.pool.free_count, 3)
        self.assertFalse(record.report)

    def test_pin_and_last_day(self):
        content = "Code;PIN;Valid until\nAAAA-1111;0042;31.12.2099\nBBBB-2222;;\n"
        self._import(content=content.encode())
        one, two = self._vouchers().values()
        self.assertEqual(one._open_codes(), [("AAAA-1111", "0042")])
        self.assertEqual(one.expires_on, date(2099, 12, 31))
        self.assertEqual(two._open_codes(), [("BBBB-2222", "")])
        self.assertFalse(two.expires_on)

    def test_a_spreadsheet(self):
        content = book(
            ["Certificate", "Valid until"],
            ["AAAA-1111", date(2099, 12, 31)],
            [12345678, None],
            ['=CONCATENATE("AB","CD")', None],
            [date(2026, 1, 1), None],
            [4820000000000000, None],
        )
        record = self._import(content=content)
        self.assertEqual({*self._vouchers()}, {"AAAA-1111", "12345678"})
        self.assertLeftOut(record, formula=[4], not_text=[5], shortened=[6])

    def test_a_manager_imports_and_an_officer_does_not(self):
        self._import("AAAA-1111", user=self.manager)
        self.assertEqual(self.pool.free_count, 1)
        with self.assertRaises(AccessError):
            self._import("BBBB-2222", user=self.officer)

    # === WHAT IS LEFT OUT === #

    def test_the_same_file_again_adds_nothing(self):
        codes = [f"CODE-{number:04}" for number in range(50)]
        self._import(*codes)
        again = self._import(*codes)
        self.assertEqual((again.state, again.added_count), ("done", 0))
        self.assertEqual(again.sudo().left_out["known"]["count"], 50)
        self.assertEqual(len(again.sudo().left_out["known"]["rows"]), 20)
        self.assertIn("Codes that were imported before: 50 (row 2, 3,", again.report)
        self.assertEqual(self.pool.all_count, 50)

    def test_other_spellings_are_the_same_code(self):
        self._import("AAAA-1111")
        record = self._import("AAAA1111", "AAAA 1111", "AAAA\u20131111")
        self.assertEqual(self.pool.all_count, 1)
        self.assertLeftOut(record, known=[2, 3, 4])

    def test_twice_in_a_file(self):
        record = self._import("AAAA-1111", "BBBB-2222", "AAAA-1111", "AAAA1111")
        self.assertLeftOut(record, twice=[4, 5])
        self.assertEqual(self.pool.all_count, 2)

    def test_look_alikes_are_asked_about(self):
        first = self._import("CODE-OO11", "code-0011", "CODE-9999")
        self.assertLeftOut(first, alike=[3])
        second = self._import("CODE-0O1I", "CODE-9998")
        self.assertLeftOut(second, alike=[2])
        self.assertEqual({*self._vouchers()}, {"CODE-OO11", "CODE-9999", "CODE-9998"})

    def test_look_alikes_when_the_partner_says_so(self):
        self._import("CODE-OO11")
        record = self._import("CODE-0011", "code-0011", "CODE-OO11",
                              with_look_alikes=True)  # fmt: skip
        self.assertEqual(record.added_count, 2)
        self.assertLeftOut(record, known=[4])

    def test_formulas_and_other_nonsense(self):
        content = (
            "Code,PIN,Valid until\n"
            "=HYPERLINK(1),,\n"  # 2
            "+380671234567,,\n"  # 3
            "@SUM(A1),,\n"  # 4
            "-12345,,\n"  # 5
            "4.82E+15,,\n"  # 6
            ",,31.12.2099\n"  # 7
            "A-1,,\n"  # 8
            "AAAA-1111,=1+1,\n"  # 9
            "AAAA-2222,,tomorrow\n"  # 10
            "AAAA-3333,,02/03/2099\n"  # 11
            "AAAA-4444,,31.12.2019\n"  # 12
            "AAAA-5555,,\n"  # 13
        )
        record = self._import(content=content.encode())
        self.assertLeftOut(
            record,
            formula=[2, 3, 4, 5],
            shortened=[6],
            empty=[7],
            short=[8],
            pin=[9],
            date=[10],
            ambiguous_date=[11],
            over=[12],
        )
        self.assertEqual({*self._vouchers()}, {"AAAA-5555"})
        self.assertIn("Rows with a formula instead of a text: 4 (row 2, 3, 4, 5)",
                      record.report)  # fmt: skip

    def test_how_dates_are_written_can_be_said(self):
        content = b"Code,Valid until\nAAAA-1111,02/03/2099\n"
        self._import(content=content, day_order="mdy")
        self.assertEqual(self._vouchers()["AAAA-1111"].expires_on, date(2099, 2, 3))

    def test_files_that_are_none(self):
        for content, words in (
            (b"Name,Price\nMug,5\n", "one of them is “Code”"),
            (b"Code,Voucher\nAAAA,BBBB\n", "mean the same"),
            (b"\x00\x01\x02", "not a table"),
            (b"  \n", "is empty"),
        ):
            with self.subTest(words):
                record = self._import(content=content)
                self.assertEqual(record.state, "failed")
                self.assertIn(words, record.report)
                self.assertFalse(record.sudo().content)
        self.assertEqual(self.pool.all_count, 0)

    def test_codes_of_another_partner_are_others(self):
        self._import("0000-1111")
        shop = self.env["res.partner"].create({"name": "Book Shop"})
        books = self._create_pool("Books", partner_id=shop.id)
        self.assertEqual(self._import("0000-1111", pool=books).added_count, 1)

    def test_pools_of_one_partner_share_their_codes(self):
        """Also those of its branches: the till is the same."""
        self._import("0000-1111")
        branch = self.env["res.partner"].create(
            {"name": "Hall 2", "parent_id": self.cinema.id}
        )
        popcorn = self._create_pool("Popcorn", partner_id=branch.id)
        record = self._import("0000-1111", "0000-2222", pool=popcorn)
        self.assertLeftOut(record, known=[2])
        self.assertEqual({*self._vouchers(popcorn)}, {"0000-2222"})

    def test_the_database_refuses_a_code_twice(self):
        """Beside the look: whatever runs at the same time."""
        self._import("AAAA-1111")
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.env.cr.execute(
                """INSERT INTO b2b2c_voucher (pool_id, import_id, "row", state,
                          code_sealed, code_index, shape_index)
                   SELECT pool_id, import_id, 99, 'free', code_sealed, code_index,
                          shape_index FROM b2b2c_voucher"""
            )

    # === BATCHES === #

    def _start(self, *codes):
        """Return an import that waits for the scheduled action."""
        content = "\n".join(["Code", *codes]).encode()
        record = self.env["b2b2c.voucher.import"].create(
            {
                "name": "many.csv",
                "pool_id": self.pool.id,
                "upload": base64.b64encode(content),
            }
        )
        with patch.object(b2b2c_voucher_import, "_SMALL", 0):
            record.action_import()
        self.assertEqual(record.state, "waiting")
        return record

    def test_a_large_file_goes_on_where_it_stopped(self):
        record = self._start(*(f"CODE-{number:04}" for number in range(25)))
        with patch.object(b2b2c_voucher_import, "BATCH", 10):
            run = record._run()
            self.assertEqual(next(run), 10)
            run.close()  # the process dies here
            self.assertEqual((record.rows_done, record.progress), (10, 40))
            self.assertEqual(self.pool.all_count, 10)
            self.assertEqual([*record._run()], [10, 5])
        self.assertEqual((record.state, record.added_count), ("done", 25))
        self.assertEqual(len(self._vouchers()), 25)
        self.assertFalse(record.sudo().content)

    def test_reports_of_batches_add_up(self):
        codes = [f"CODE-{number:04}" for number in range(10)]
        record = self._start(*codes, "=1+1111", *codes, "=2+2222")
        with patch.object(b2b2c_voucher_import, "BATCH", 4):
            self.assertEqual([*record._run()], [4, 4, 4, 4, 4, 2])
        self.assertEqual(record.added_count, 10)
        self.assertLeftOut(record, formula=[12, 23], twice=[*range(13, 23)])

    def test_two_processes_do_not_take_the_same_rows(self):
        record = self._start("CODE-0001", "CODE-0002")
        file = record._read_file()
        vault = self.env["b2b2c.voucher.key"]._get_vault()
        record.rows_done = 0
        record.flush_recordset()
        self.env.cr.execute(
            "UPDATE b2b2c_voucher_import SET rows_done = 2 WHERE id = %s", [record.id]
        )
        with self.assertRaisesRegex(UserError, "being imported already"):
            record._import_batch(file, vault)

    def test_a_file_waits_for_the_key(self):
        from .voucher_kit import use_key

        record = self._start("CODE-0001")
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *_args, **_kw: 1):
            with use_key():
                self.env["b2b2c.voucher.import"]._cron_import()
            self.assertEqual(record.state, "waiting")
            self.env["b2b2c.voucher.import"]._cron_import()
        self.assertEqual((record.state, record.added_count), ("done", 1))

    def test_what_was_imported_stays_as_it_is(self):
        record = self._import("CODE-0001")
        for step in (
            lambda: record.with_user(self.manager).write({"pool_id": self.pool.id}),
            lambda: record.with_user(self.manager).unlink(),
            lambda: self.env["b2b2c.voucher"].create([{}]),
            lambda: self._vouchers()["CODE-0001"].write({"state": "free"}),
            lambda: self._vouchers()["CODE-0001"].unlink(),
        ):
            with self.assertRaises(UserError):
                step()

    def test_a_client_cannot_claim_to_have_imported(self):
        record = (
            self.env["b2b2c.voucher.import"]
            .with_user(self.manager)
            .create({"pool_id": self.pool.id, "state": "done", "added_count": 7})
        )
        self.assertEqual((record.state, record.added_count), ("new", 0))


@tagged("post_install", "-at_install")
class TestVoucherSecrecy(VoucherCommon):
    """What a partner gave is found nowhere in the database."""

    SECRETS = ("ZEBRA-7731-QUARTZ", "pin-90817263", "ZEBRA-7732-QUARTZ")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        one, pin, two = cls.SECRETS
        content = f"Code;PIN\n{one};{pin}\n{two};\n=BAD({one});\n".encode()
        cls._import(content=content)
        waiting = cls.env["b2b2c.voucher.import"].create(
            {"pool_id": cls.pool.id, "upload": base64.b64encode(content)}
        )
        waiting.state = "waiting"  # its file is still there
        request = cls.env["b2b2c.redemption"]._request(
            cls.member, cls.ticket, request_key="secret"
        )
        request._show_vouchers(cls.env.user)
        request._send_voucher()
        cls.env["b2b2c.notification"].search([("kind", "=", "voucher")])._deliver()
        cls.env.flush_all()

    def _get_stored(self):
        """Yield (table, every row as text), bytes as they are beside their digits."""
        self.env.cr.execute(
            """SELECT c.relname FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog',
                      'information_schema')"""
        )
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT t::text FROM "{table}" t')
            yield table, "\n".join(row for (row,) in self.env.cr.fetchall())

    def _find(self, needles):
        """Return table -> needles found there, in clear or as base64."""
        found = {}
        for table, text in self._get_stored():
            for needle in needles:
                encoded = needle.encode()
                # as base64 a text looks one of three ways, by where it begins
                forms = [encoded] + [
                    base64.b64encode(b" " * shift + encoded)[4 * (shift > 0) : -4]
                    for shift in range(3)
                ]
                if any(f.decode() in text or f.hex() in text for f in forms):
                    found.setdefault(table, []).append(needle)
        return found

    def test_no_table_holds_a_code(self):
        self.assertEqual(self._find(self.SECRETS), {})

    def test_control_a_code_in_clear_is_found(self):
        """In a text, in an attachment, in bytes: the search sees each."""
        self.pool.message_post(body=self.SECRETS[0])
        self.env["ir.attachment"].create(
            {"name": "x", "db_datas": self.SECRETS[1].encode()}
        )
        with patch.object(
            B2b2cVoucherImport,
            "_keep",
            lambda self, file: self.write({"content": file}),
        ):
            self.env["b2b2c.voucher.import"].create(
                {
                    "pool_id": self.pool.id,
                    "upload": base64.b64encode(self.SECRETS[2].encode()),
                }
            )
        self.env.flush_all()
        found = self._find(self.SECRETS)
        self.assertEqual(found["mail_message"], [self.SECRETS[0]])
        self.assertEqual(found["ir_attachment"], [self.SECRETS[1]])
        self.assertEqual(found["b2b2c_voucher_import"], [self.SECRETS[2]])
