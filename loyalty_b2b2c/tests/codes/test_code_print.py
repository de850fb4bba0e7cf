"""Labels on paper and files for print houses: what is read back is what was made."""

import base64
import csv
import io
import zipfile
from unittest.mock import patch

from PIL import Image
from pypdf import PdfReader
from pyzbar import pyzbar

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from ...drawing.label_sheet import Words
from ...engine.product_code import get_pin, link, read, shown
from ...models.base.company_logo import get_own_logo
from ...models.codes import b2b2c_code_forgetting
from .test_scan import ScanCommon

GTIN = "4006381333931"


class PrintCommon(ScanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("printer", "loyalty_b2b2c.group_manager")
        cls._set_address("https://rewards.example.com")
        cls.product.name = "Тонер «Їжак» чорний, дуже довга назва для етикетки " * 3

    @classmethod
    def _set_address(cls, url):
        """Set the public address of this Odoo."""
        cls.env["ir.config_parameter"].set_param("web.base.url", url)

    def _print(self, batch=None, user=None, **values):
        """Return the wizard of a batch, as a manager fills it in."""
        batch = (batch or self.batch).with_user(user or self.manager)
        wizard = self.env["b2b2c.code.print"].with_user(user or self.manager)
        wizard = wizard.browse(batch.action_print()["res_id"])
        wizard.write(values)
        return wizard

    def _render(self, wizard):
        """Return the PDF as Odoo's report engine does."""
        report = self.env["ir.actions.report"].with_user(wizard.env.user)
        pdf, kind = report._render_qweb_pdf("loyalty_b2b2c.code_labels", wizard.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(pdf))

    def _file(self, wizard):
        file, _name = wizard._render_file()
        with file:
            return file.read()


@tagged("post_install", "-at_install")
class TestCodePrint(PrintCommon):
    def test_no_label_leads_to_an_address_of_this_network(self):
        for url, problem in (
            ("https://rewards.example.com", ""),
            ("https://203.0.114.7", ""),
            ("http://rewards.example.com", "insecure"),
            ("http://localhost:8069", "local"),
            ("https://127.0.0.1", "local"),
            ("https://10.1.2.3:8069", "local"),
            ("https://172.16.0.9", "local"),
            ("https://192.168.1.5", "local"),
            ("https://[::1]:8069", "local"),
            ("https://[fd00::1]", "local"),
            ("https://odoo", "local"),
            ("https://odoo.local", "local"),
            ("https://shop.localhost", "local"),
        ):
            with self.subTest(url=url):
                self._set_address(url)
                wizard = self._print(kind="a4")
                self.assertEqual(wizard.problem or "", problem)
                if problem != "local":
                    self.assertTrue(wizard.action_print()["url"])
                    continue
                with self.assertRaisesRegex(UserError, "Nobody outside can open"):
                    wizard.action_print()
                wizard.print_anyway = True
                self.assertTrue(wizard.action_print()["url"])

    def test_every_label_is_on_the_sheet(self):
        for kind, pages in (("a4", 1), ("roll", 20), ("insert", 2)):
            pdf = self._render(self._print(kind=kind))
            text = "".join(page.extract_text() for page in pdf.pages)
            text = text.replace("\n", "")
            self.assertEqual(len(pdf.pages), pages)
            for code in self._codes():
                self.assertIn(shown(code.code), text)
            self.assertIn("Тонер «Їжак»", text)

    def test_a_label_is_shown_before_it_is_printed(self):
        wizard = self._print(kind="a4")
        with patch.object(type(wizard), "_select", side_effect=AssertionError):
            sizes = {"a4": (70, 37), "roll": (58, 30), "insert": (85, 55)}
            for kind, (width, height) in sizes.items():
                wizard.kind = kind
                picture = Image.open(io.BytesIO(base64.b64decode(wizard.preview)))
                self.assertAlmostEqual(
                    picture.width / picture.height, width / height, places=1
                )
                [code] = pyzbar.decode(picture)
                self.assertEqual(code.data.decode(), wizard.example, "no code at all")
            wizard.kind = "csv"
            self.assertFalse(wizard.preview)
        with patch.dict("sys.modules", pypdfium2=None):
            wizard.kind = "roll"
            self.assertFalse(wizard.preview, "a library is missing")

    def test_the_brand_is_on_every_label_and_once_in_the_file(self):
        company = self.batch.company_id
        company.logo = False  # Odoo puts its own there
        self.assertFalse(get_own_logo(company))
        self.assertFalse(self._find_pictures(self._render(self._print(kind="a4"))))
        picture = io.BytesIO()
        Image.new("RGBA", (60, 20), "#d03030").save(picture, "PNG")
        company.logo = base64.b64encode(picture.getvalue())
        for kind, pages in (("a4", 1), ("insert", 2)):
            found = self._find_pictures(self._render(self._print(kind=kind)))
            self.assertEqual(len(found), pages, "each page shows it")
            self.assertEqual(len(set(found)), 1, "and it is stored once")

    def test_a_picture_that_is_none_stops_no_printing(self):
        words = Words("Brand", "Scan", "PIN", b"no picture")
        self.assertIsNone(words.picture)

    def _find_pictures(self, pdf):
        """Return the number of the drawing with the logo that each page uses."""
        pages = (page["/Resources"].get("/XObject", {}) for page in pdf.pages)
        return [used.raw_get(name).idnum for used in pages for name in used]

    def test_a_part_of_the_numbers(self):
        wizard = self._print(first=5, last=7)
        self.assertEqual(wizard.count, 3)
        text = self._render(wizard).pages[0].extract_text()
        numbers = [f"No. {number}" in text for number in (4, 5, 7, 8)]
        self.assertEqual(numbers, [False, True, True, False])

    def test_packages_have_labels_of_their_own(self):
        batch = self._create_batch(count=10, block_size=5)
        wizard = self._print(batch, level="block")
        self.assertEqual(wizard.count, 2)
        text = self._render(wizard).pages[0].extract_text().replace("\n", "")
        for code in self._codes(batch, "block"):
            self.assertIn(shown(code.code), text)
        self.assertIn("Block", text)

    def test_pins_are_printed_until_they_are_forgotten(self):
        batch = self._create_batch(with_pin=True, count=2)
        pin = get_pin(batch.sudo().print_secret, self._codes(batch)[0].code)
        self.assertIn(pin, self._render(self._print(batch)).pages[0].extract_text())
        batch.with_user(self.manager).action_forget_pins()
        self.assertNotIn(pin, self._render(self._print(batch)).pages[0].extract_text())

    def test_pictures_are_read_by_any_scanner(self):
        self.product.barcode = GTIN
        archive = zipfile.ZipFile(io.BytesIO(self._file(self._print(kind="png"))))
        self.assertEqual(len(archive.namelist()), 20)
        code = self._codes()[0].code
        picture = Image.open(io.BytesIO(archive.read("unit-00000001.png")))
        [found] = pyzbar.decode(picture)
        address = found.data.decode()
        self.assertEqual(address, f"{self.batch.get_base_url()}/01/0{GTIN}/21/{code}")
        self.assertEqual(read(address).code, code)

    def test_vectors(self):
        archive = zipfile.ZipFile(io.BytesIO(self._file(self._print(kind="svg"))))
        picture = archive.read("unit-00000020.svg")
        self.assertTrue(picture.startswith(b"<?xml"))
        self.assertIn(b"<path", picture)

    def test_list(self):
        batch = self._create_batch(with_pin=True, count=5, block_size=5)
        text = self._file(self._print(batch, kind="csv")).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        code = self._codes(batch)[0].code
        self.assertEqual(len(rows), 5)
        self.assertEqual(
            (rows[0]["Code"], rows[0]["Link"], rows[0]["PIN"], rows[0]["Packed In"]),
            (
                shown(code),
                link(batch.get_base_url(), code),
                get_pin(batch.sudo().print_secret, code),
                shown(self._codes(batch, "block").code),
            ),
        )

    def test_names_that_look_like_formulas_are_inert(self):
        batch = self._create_batch(count=1, block_size=0)
        lot = self.env["stock.lot"].create(
            {"name": "=2+2", "product_id": self.product.id}
        )
        package = self.env["stock.package"].create({"name": "@SUM(A1)"})
        self._codes(batch).sudo().write({"lot_id": lot.id, "package_id": package.id})
        self.env.flush_all()
        text = self._file(self._print(batch, kind="csv")).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text))
        self.assertEqual((row["Serial"], row["Package"]), ("'=2+2", "'@SUM(A1)"))

    def test_a_list_of_others_has_one_row_of_numbers(self):
        """A box at its end has a label, too."""
        text = "Code,Parent\nMAKER-0001,BOX-0001\nMAKER-0002,BOX-0001\nBOX-0001,\n"
        batch = self._create_batch(
            origin="import", import_file=base64.b64encode(text.encode())
        )
        wizard = self._print(batch, kind="csv")
        self.assertEqual((wizard.last, wizard.count), (3, 3))
        rows = csv.DictReader(io.StringIO(self._file(wizard).decode("utf-8-sig")))
        self.assertEqual(
            [(row["Level"], row["Code"], row["Packed In"]) for row in rows],
            [
                ("unit", "MAKER0001", "B0X0001"),
                ("unit", "MAKER0002", "B0X0001"),
                ("block", "B0X0001", ""),
            ],
        )

    def test_too_much_or_nothing(self):
        with self.assertRaises(ValidationError):
            self._print(first=9, last=3)
        with self.assertRaisesRegex(UserError, "no codes"):
            self._print(first=100, last=200).action_print()
        self.env.cr.execute(
            """INSERT INTO b2b2c_code (batch_id, code, level, serial, state)
               SELECT %s, 'OUTSIDE' || n, 'unit', n, 'printed'
                 FROM generate_series(21, 10001) n""",
            [self.batch.id],
        )
        with self.assertRaisesRegex(UserError, "in parts"):
            self._print(last=10001).action_print()
        self.assertEqual(self._print(kind="csv", last=10001).action_print()["target"],
                         "download")  # fmt: skip

    def test_only_who_asked_prints(self):
        wizard = self._print()
        other = self._create_user("other", "loyalty_b2b2c.group_manager")
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        for user in (other, officer):
            with self.assertRaises(AccessError):
                self._render(wizard.with_user(user))
        with self.assertRaises(UserError):
            self.batch.with_user(officer).action_print()

    def test_other_reports_are_drawn_as_ever(self):
        partner = self.env.company.partner_id
        report = self.env.ref("account.account_invoices")
        html, kind = self.env["ir.actions.report"]._render_qweb_pdf(report, [])
        self.assertEqual(kind, "html")
        self.assertTrue(partner)
        self.assertTrue(html)


@tagged("post_install", "-at_install")
class TestCodeFiles(PrintCommon, HttpCase):
    def test_over_http(self):
        wizard = self._print(kind="csv")
        self.manager.password = "password-of-the-printer"
        self.authenticate("printer", "password-of-the-printer")
        response = self.url_open(wizard.action_print()["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("codes-", response.headers["Content-Disposition"])
        self.assertEqual(len(response.text.splitlines()), 21)
        wizard.kind = "a4"
        response = self.url_open(wizard.action_print()["url"])
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(response.content.startswith(b"%PDF"))

    def test_nobody_else_gets_it(self):
        wizard = self._print(kind="csv")
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        officer.password = "password-of-the-officer"
        self.authenticate("officer", "password-of-the-officer")
        for path in (f"/loyalty/codes/{wizard.id}", "/loyalty/codes/999999",
                     f"/report/pdf/loyalty_b2b2c.code_labels/{wizard.id}"):  # fmt: skip
            self.assertIn(self.url_open(path).status_code, (400, 403, 404, 500), path)
        self.authenticate(None, None)
        response = self.url_open(f"/loyalty/codes/{wizard.id}", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])


@tagged("post_install", "-at_install")
class TestForgettingCodes(PrintCommon):
    """Printed codes are kept as hashes: they still count, and nobody can copy them."""

    def _forget(self, batch=None):
        batch = batch or self.batch
        batch.with_user(self.manager).action_forget_codes()
        self.env.invalidate_all()
        return batch

    def test_the_table_holds_no_code(self):
        codes = self._codes(self.batch).mapped("code")
        self.assertEqual(self._forget().codes_kept, "hashed")
        self.env.cr.execute("SELECT code FROM b2b2c_code")
        stored = [code for (code,) in self.env.cr.fetchall()]
        self.assertEqual(len(stored), len(set(stored)))
        for code in codes:
            self.assertNotIn(code, " ".join(stored))
            self.assertEqual(sum(f"…{code[-4:]} " in kept for kept in stored), 1)

    def test_they_count_once_as_before(self):
        first, second = self._codes(self.batch)[:2].mapped("code")
        self.assertEqual(self._scan(first)["status"], "credited")
        self._forget()
        self.assertEqual(self._scan(second)["status"], "credited")
        self.assertEqual(self._scan(second)["status"], self._scan(first)["status"])
        self.assertNotEqual(self._scan(second)["status"], "credited")

    def test_what_is_stored_opens_nothing(self):
        """Whoever copied the table scans what stands there."""
        code = self._codes(self.batch)[0]
        clear = code.code
        self._forget()
        for text in (code.code, code.code.upper(), code.code[6:], code.code[1:]):
            with self.subTest(text=text):
                self.assertNotEqual(self._scan(text)["status"], "credited")
        # the control: what is on paper does
        self.assertEqual(self._scan(clear)["status"], "credited")

    def test_pins_are_still_checked(self):
        batch = self._create_batch(with_pin=True)
        code = self._codes(batch)[0].code
        pin = get_pin(batch.sudo().print_secret, code)
        self._forget(batch)
        self.assertFalse(batch.sudo().print_secret)
        self.assertNotEqual(self._scan(code, pin="000000")["status"], "credited")
        self.assertEqual(self._scan(code, pin=pin)["status"], "credited")

    def test_they_are_not_printed_again(self):
        wizard = self._print(first=1, last=1)
        self._forget()
        with self.assertRaisesRegex(UserError, "on paper only"):
            self._file(wizard)

    def test_a_list_with_the_same_code_adds_nothing(self):
        code = self._codes(self.batch)[0].code
        self._forget()
        text = f"Code\n{code}\nMAKER-000001\n"
        batch = self.env["b2b2c.code.batch"].create(
            {
                "name": "Again",
                "product_id": self.product.id,
                "origin": "import",
                "import_file": base64.b64encode(text.encode()),
            }
        )
        batch.action_make()
        self.assertEqual(batch.made, 1)
        self.assertEqual(self._codes(batch).mapped("code"), ["MAKER000001"])

    def test_closing_forgets(self):
        self.batch.with_user(self.manager).action_close()
        self.assertEqual(self.batch.codes_kept, "hashed")

    def test_many_are_forgotten_in_the_background(self):
        count = len(self._codes(self.batch))
        with patch.object(b2b2c_code_forgetting, "CHUNK", 2):
            self._forget()
            self.assertEqual(self.batch.codes_kept, "forgetting")
            with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                self.env["b2b2c.code.batch"]._cron_make()
        self.assertEqual(self.batch.codes_kept, "hashed")
        self.env.cr.execute(
            "SELECT count(*) FROM b2b2c_code WHERE batch_id = %s AND code LIKE '…%%'",
            [self.batch.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], count)

    def test_only_managers_forget(self):
        officer = self._create_user("forgetful", "loyalty_b2b2c.group_officer")
        with self.assertRaises(UserError):
            self.batch.with_user(officer).action_forget_codes()
