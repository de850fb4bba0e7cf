"""Files of a distributor: checked first, imported once, whatever they look like."""

import base64
import io
from uuid import uuid4

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_intake import IntakeCommon

ROWS = [
    ["Number", "Date", "Shop", "Product", "Quantity", "Amount"],
    ["WB-1", "02.03.2026", "C-1", "PAPER", "10", "1 240,50"],
    ["WB-1", "02.03.2026", "C-1", "4820000000017", "2", "59,50"],
    ["WB-2", "2026-03-03", "Office Client", "PAPER", "5", "500"],
]


def table(rows, delimiter=";", encoding="utf-8"):
    """Return rows as the bytes of a CSV file."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


@tagged("post_install", "-at_install")
class TestIntakeImport(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_member(
            name="Petro Owner", email="petro@example.com", phone=None, role="owner"
        )
        cls.distributor = cls.env["res.partner"].create(
            {"name": "Distributor", "is_company": True}
        )
        cls._create_program(
            {"role": "owner", "trigger": "delivered", "kind": "per_unit", "value": 2}
        )
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")

    def _wizard(self, content, **values):
        return self.env["b2b2c.intake.import"].create(
            {
                "file": base64.b64encode(content),
                "reporter_id": self.distributor.id,
                **values,
            }
        )

    def _check(self, content, **values):
        wizard = self._wizard(content, **values)
        wizard.action_check()
        return wizard

    def _counts(self, wizard):
        return wizard.new_count, wizard.known_count, wizard.error_count

    def _documents(self):
        return self.env["b2b2c.external.document"].search([], order="reference")

    def test_checking_records_nothing(self):
        wizard = self._check(table(ROWS))
        self.assertEqual(self._counts(wizard), (2, 0, 0))
        # 12 packs and 5 packs at 2 points
        self.assertEqual(wizard.line_ids.sorted("row").mapped("points"), [24, 10])
        self.assertFalse(self._documents())
        self.assertEqual(self._balances(self.owner), (0, 0, 0))

    def test_imported_once(self):
        wizard = self._check(table(ROWS))
        wizard.action_import()
        first, second = self._documents()
        self.assertEqual(first.line_ids.mapped("quantity"), [10, 2])
        self.assertEqual(first.line_ids.mapped("amount_total"), [1240.5, 59.5])
        self.assertEqual(first.reporter_id, self.distributor)
        self.assertEqual(second.partner_id, self.client)
        self.assertEqual(self._balances(self.owner), (34, 0, 0))
        again = self._check(table(ROWS))
        self.assertEqual(self._counts(again), (0, 2, 0))
        again.action_import()
        self.assertEqual(len(self._documents()), 2)
        self.assertEqual(self._balances(self.owner), (34, 0, 0))

    def test_habits_of_spreadsheets(self):
        ukrainian = [["Номер", "Дата", "Магазин", "Товар", "Кількість", "Сума"]]
        for name, content in (
            ("comma", table(ROWS[:1] + [["WB-1", "", "C-1", "PAPER", "3", "9"]], ",")),
            ("tab", table(ROWS, "\t")),
            ("cp1251", table(ukrainian + ROWS[1:], encoding="cp1251")),
            ("utf-8 with mark", table(ukrainian + ROWS[1:], encoding="utf-8-sig")),
            ("utf-16", table(ukrainian + ROWS[1:], encoding="utf-16")),
        ):
            with self.subTest(name):
                wizard = self._check(content)
                self.assertFalse(wizard.error_count, wizard.line_ids.mapped("message"))
                self.assertTrue(wizard.new_count)

    def test_xlsx(self):
        book = openpyxl.Workbook()
        for row in ROWS[:1] + [["WB-1", None, "C-1", "PAPER", 10, 1240.5]]:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        wizard = self._check(content.getvalue())
        self.assertEqual(self._counts(wizard), (1, 0, 0))
        self.assertEqual(wizard.line_ids.points, 20)

    def test_errors_name_their_row_and_stop_no_other_document(self):
        wizard = self._check(
            table(
                ROWS
                + [
                    ["WB-3", "2026-03-03", "C-1", "PAPER", "1", "1"],
                    ["WB-3", "2026-03-03", "C-1", "PLUTONIUM", "1", "1"],
                    ["WB-4", "2026-03-03", "Nobody", "PAPER", "1", "1"],
                    ["WB-5", "2999-01-01", "C-1", "PAPER", "1", "1"],
                    ["WB-6", "2026-03-03", "C-1", "PAPER", "1e12", "1"],
                    ["", "2026-03-03", "C-1", "PAPER", "1", "1"],
                    ["WB-7", "2026-03-03", "C-1", "PAPER", "one", "1"],
                    ["WB-8", "2026-03-03", "C-1", "PAPER", "1", "1"],
                    ["WB-8", "2026-03-04", "C-1", "PAPER", "1", "1"],
                ]
            )
        )
        self.assertEqual(self._counts(wizard), (2, 0, 7))
        messages = {
            line.row: line.message
            for line in wizard.line_ids.filtered(lambda line: line.kind == "error")
        }
        self.assertEqual(sorted(messages), [5, 7, 8, 9, 10, 11, 12])
        self.assertIn("Row 6: There is no product “PLUTONIUM”", messages[5])
        self.assertIn("Nobody", messages[7])
        self.assertIn("future", messages[8])
        self.assertIn("1,000,000,000", messages[9])
        self.assertIn("missing", messages[10])
        self.assertIn("Row 13 has another “date” than row 12", messages[12])
        wizard.action_import()
        self.assertEqual(self._documents().mapped("reference"), ["WB-1", "WB-2"])

    def test_every_wrong_row_of_a_document_is_told(self):
        rows = [
            ["WB-1", "2026-03-03", "C-1", "PAPER", "1", "1"],
            ["WB-1", "2026-03-03", "C-1", "PLUTONIUM", "1", "1"],
            ["WB-1", "2026-03-03", "C-1", "PAPER", "-1", "1"],
            ["WB-1", "2026-03-03", "C-1", "URANIUM", "1", "1"],
            ["WB-2", "2026-03-03", "C-1", "PAPER", "2", "1"],
        ]
        wizard = self._check(table(ROWS[:1] + rows))
        self.assertEqual(self._counts(wizard), (1, 0, 1))
        error = wizard.line_ids.filtered(lambda line: line.kind == "error")
        self.assertEqual(
            error.message.splitlines(),
            [
                "Row 4: “quantity” must be above 0 and below 1,000,000,000.",
                "Row 3: There is no product “PLUTONIUM”.",
                "Row 5: There is no product “URANIUM”.",
            ],
        )
        wizard.action_import()
        self.assertEqual(self._documents().mapped("reference"), ["WB-2"])
        # a wrong document is told as before, and nothing of it is kept
        everything = [[*row[:3], "NOTHING", *row[4:]] for row in rows]
        wizard = self._check(table(ROWS[:1] + everything * 10))
        self.assertEqual(wizard.error_count, 2)
        counts = [len(line.message.splitlines()) for line in wizard.line_ids]
        self.assertEqual(sorted(counts), [10, 20])

    def test_a_figure_that_can_be_read_in_two_ways(self):
        for text in ("1,240", "1.240", "999.999", "1.000", "1,000", "12,500"):
            for figures in ((text, "1"), ("1", text)):
                row = ["WB-1", "", "C-1", "PAPER", *figures]
                wizard = self._check(table([ROWS[0], row]))
                self.assertEqual(self._counts(wizard), (0, 0, 1))
                self.assertIn(f"Row 2: “{text}” can be", wizard.line_ids.message)
        self.assertIn("as 12500 or as 12.5;", wizard.line_ids.message)

    def test_a_figure_that_can_be_read_in_one_way(self):
        """2 points a piece, so the points tell what was read."""
        for text, points in (
            ("1240", 2480),
            ("1,5", 3),
            ("1 240,000", 2480),
            ("1.240,00", 2480),
            ("1,240.50", 2481),
            ("1.234.567", 2469134),
            ("12,34,567", 2469134),
            ("1'240", 2480),
            ("12,5000", 25),
        ):
            with self.subTest(text):
                row = ["WB-1", "", "C-1", "PAPER", text, "1"]
                wizard = self._check(table([ROWS[0], row]))
                self.assertEqual(wizard.line_ids.points, points)

    def test_a_cell_that_is_a_number_has_one_meaning(self):
        book = openpyxl.Workbook()
        for row in (ROWS[0], ["WB-1", None, "C-1", "PAPER", 1.25, 1.234]):
            book.active.append(row)
        book.active.append(["WB-2", None, "C-1", "PAPER", "1.250", 1])
        content = io.BytesIO()
        book.save(content)
        wizard = self._check(content.getvalue())
        self.assertEqual(self._counts(wizard), (1, 0, 1))

    # === DATES === #

    def _dates(self, *texts, **values):
        """Import documents of these dates; return the days recorded, or the errors."""
        rows = [[f"{uuid4()}", text, "C-1", "PAPER", "1", "1"] for text in texts]
        wizard = self._check(table(ROWS[:1] + rows), **values)
        errors = wizard.line_ids.filtered(lambda line: line.kind == "error")
        if errors:
            return errors.sorted("row").mapped("message")
        wizard.action_import()
        documents = wizard.line_ids.sorted("row").document_id
        return [str(moment.date()) for moment in documents.mapped("occurred_at")]

    def test_day_and_month_are_not_guessed(self):
        for text in ("02/03/2026", "02-03-2026"):
            [message] = self._dates(text)
            self.assertIn(f"“{text}” can be 2026-02-03 or 2026-03-02;", message)
        # one date of the column decides for all
        self.assertEqual(
            self._dates("02/03/2026", "25/03/2026"), ["2026-03-02", "2026-03-25"]
        )
        self.assertEqual(
            self._dates("02/03/2026", "02/25/2026"), ["2026-02-03", "2026-02-25"]
        )
        # two that contradict each other decide nothing
        [message] = self._dates("02/03/2026", "02/25/2026", "25/02/2026")
        self.assertIn("02/03/2026", message)

    def test_the_chosen_order_decides(self):
        self.assertEqual(self._dates("02/03/2026", day_order="dmy"), ["2026-03-02"])
        self.assertEqual(self._dates("02/03/2026", day_order="mdy"), ["2026-02-03"])
        # and no row may contradict it
        [message] = self._dates("02/03/2026", "25/02/2026", day_order="mdy")
        self.assertIn("“25/02/2026” is no date", message)

    def test_dates_of_one_meaning(self):
        self.assertEqual(
            self._dates(
                "2026-03-02", "02.03.2026", "2026/03/02", "20260302", "3/3/2026"
            ),
            [*["2026-03-02"] * 4, "2026-03-03"],
        )

    # === CODES, NAMES, COLUMNS === #

    def test_the_first_line_of_excel(self):
        for delimiter in ";,|":
            rows = [[cell.replace(",", ".") for cell in row] for row in ROWS]
            content = f"sep={delimiter}\r\n".encode() + table(rows, delimiter)
            wizard = self._check(content)
            self.assertEqual(wizard.line_ids.sorted("row").mapped("points"), [24, 10])
            # as Excel counts, which does not show that line
            self.assertEqual(wizard.line_ids.sorted("row").mapped("row"), [2, 4])

    def test_a_shop_of_two(self):
        other = self.env["res.partner"].create(
            {"name": "C-1", "is_company": True, "ref": "C-2"}
        )
        row = ["WB-1", "", "C-1", "PAPER", "1", "1"]
        wizard = self._check(table([ROWS[0], row]))
        self.assertIn("“C-1” can be", wizard.line_ids.message)
        for name in ("Office Client", "C-1"):
            self.assertIn(name, wizard.line_ids.message)
        row[2] = "C-2"
        self._check(table([ROWS[0], row])).action_import()
        self.assertEqual(self._documents().partner_id, other)

    def test_the_barcode_in_another_spelling(self):
        rows = [
            [f"WB-{number}", "", "C-1", code, "1", "1"]
            for number, code in enumerate(
                ("4820000000017", "04820000000017", "4 820000 000017")
            )
        ]
        wizard = self._check(table(ROWS[:1] + rows))
        self.assertEqual(
            self._counts(wizard), (3, 0, 0), wizard.line_ids.mapped("message")
        )

    def test_numbers_that_a_spreadsheet_cut_off(self):
        """Two numbers of documents must not become one."""
        book = openpyxl.Workbook()
        book.active.append(ROWS[0])
        for reference in (1234567890123456781, 1234567890123456782):
            book.active.append([float(reference), None, "C-1", "PAPER", 1, 1])
        content = io.BytesIO()
        book.save(content)
        text = table(
            [
                ROWS[0],
                ["WB-1", "", "C-1", "4,82E+12", "1", "1"],
                ["1,23E+17", "", "C-1", "PAPER", "1", "1"],
            ]
        )
        for wizard in (self._check(content.getvalue()), self._check(text)):
            self.assertEqual(self._counts(wizard), (0, 0, 2))
            for line in wizard.line_ids:
                self.assertIn("cut off", line.message)

    def test_two_columns_of_one_meaning(self):
        content = table([["Number", "Shop", "Amount", "Total"], ["1", "C-1", "1", "2"]])
        with self.assertRaisesRegex(UserError, "“Amount” and “Total”"):
            self._check(content)

    def test_people_of_one_phone_are_not_guessed(self):
        self.company.country_id = self.env.ref("base.ua")
        self._create_member(name="Petro", email="p@example.com", phone="0671234567")
        content = table(
            [
                ["Number", "Phone", "E-mail", "Amount"],
                ["1", "067 123 45 67", "", "1"],
                ["2", "067 123 45 67", "P@example.com", "1"],
            ]
        )
        wizard = self._check(content, document_type="sale")
        self.assertEqual(wizard.line_ids.sorted("row").mapped("kind"), ["error", "new"])
        error = wizard.line_ids.filtered(lambda line: line.kind == "error")
        self.assertIn("Several people", error.message)

    def test_files_that_are_no_tables(self):
        for name, content, words in (
            ("nothing", b" \n ", "empty"),
            ("picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not a table|headings"),
            ("broken xlsx", b"PK\x03\x04 no zip", "not a table"),
            ("other headings", b"Name;Size\nA;1", "headings"),
            ("only headings", table(ROWS[:1]), "no rows"),
            ("too large", b"x" * (10 * 1024 * 1024 + 1), "too large"),
            ("too long", b"Number\n" + b"1\n" * 20002, "too many rows"),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, words):
                self._check(content)

    def test_only_an_officer_imports(self):
        user = self._create_user("user", "loyalty_b2b2c.group_user")
        with self.assertRaises(AccessError):
            self._wizard(table(ROWS)).with_user(user).action_import()
        wizard = self.env["b2b2c.intake.import"].with_user(self.officer)
        wizard = wizard.create({"file": base64.b64encode(table(ROWS))})
        wizard.action_import()
        self.assertEqual(self._documents().operator_id, self.officer)

    def test_a_large_file_of_one_shipment(self):
        """One document may have a thousand lines, not more."""
        line = ["WB-9", "2026-03-03", "C-1", "PAPER", "1", "1"]
        wizard = self._check(table(ROWS[:1] + [line] * 1001))
        self.assertIn("1000 lines", wizard.line_ids.message)
