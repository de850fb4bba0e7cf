"""A file of codes that a partner gave: its columns, and what each row holds."""

from dataclasses import dataclass
from datetime import date, datetime

from ...engine import typed_date, voucher_code
from ...tabular import is_shortened, read_table

MAX_ROWS = 1_000_000
MAX_BYTES = 100 * 1024 * 1024
#: Column -> the headings people give it, in lower case.
HEADINGS = {
    "code": ("code", "voucher", "certificate", "coupon", "link", "код", "сертифікат"),
    "pin": ("pin", "пін"),
    "expires_on": ("valid until", "expires", "expiry", "дійсний до", "діє до"),
}


class VoucherFileError(Exception):
    """A table holds no codes.

    :param str code: ``"no_code"`` (no such column) or ``"two_columns"``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """What a row of the file gives.

    :param int number: of the row, as a spreadsheet program shows it
    :param str problem: why it is left out, see ``voucher_words``; empty when it is not
    :param str code: exactly as the partner's till wants it
    :param str pin: a second part, empty when there is none
    :param expires_on: last day, ``None`` when the file says none
    """

    number: int
    problem: str = ""
    code: str = ""
    pin: str = ""
    expires_on: date | None = None


class VoucherFile:
    """The rows of a file.

    :param bytes content: CSV or XLSX
    :param str day_order: how dates are written, when somebody chose it
    :raise TableError: it is no table
    :raise VoucherFileError: it holds no codes
    """

    def __init__(self, content, day_order=None):
        table = read_table(content, MAX_ROWS, MAX_BYTES, with_formulas=True)
        self._columns = _find_columns(table[0])
        self._rows = table[1:]
        self._order = day_order or typed_date.find_order(
            self._get_cell(row, "expires_on") for row in self._rows
        )

    def __len__(self):
        return len(self._rows)

    def read_rows(self, start, count, today):
        """Return the next rows, those without anything in them left out.

        :param int start: how many rows were read before
        :param int count: how many to read
        :param today: codes that are over by this day are left out
        :return: list of :class:`VoucherRow`
        """
        return [
            self._read_row(number, row, today)
            for number, row in enumerate(self._rows[start : start + count], start + 2)
            if any(cell not in (None, "") for cell in row)
        ]

    def _read_row(self, number, row, today):
        code, pin = self._get_cell(row, "code"), self._get_cell(row, "pin")
        problem = voucher_code.find_problem(code)
        if is_shortened(code) or is_shortened(pin):
            problem = "shortened"
        elif not problem and not voucher_code.is_pin(pin):
            problem = "pin"
        if problem:
            return VoucherRow(number, problem)
        problem, expires_on = self._read_day(self._get_cell(row, "expires_on"))
        if not problem and expires_on and expires_on < today:
            problem = "over"
        if problem:
            return VoucherRow(number, problem)
        return VoucherRow(
            number, "", str(code), "" if pin is None else str(pin), expires_on
        )

    def _read_day(self, cell):
        """Return ``(problem, day)`` of a cell; both are empty when it is."""
        if cell in (None, ""):
            return "", None
        try:
            day = typed_date.read_day(cell, self._order)
        except typed_date.AmbiguousDate:
            return "ambiguous_date", None
        if isinstance(day, datetime):
            day = day.date()
        return ("", day) if day else ("date", None)

    def _get_cell(self, row, name):
        place = self._columns.get(name)
        return row[place] if place is not None and place < len(row) else None


def _find_columns(headings):
    """Return column -> its place, by the words in the first row.

    :raise VoucherFileError: there is no code, or two columns mean the same
    """
    columns = {}
    for place, heading in enumerate(headings):
        text = " ".join(str(heading or "").lower().replace("_", " ").split())
        for name, words in HEADINGS.items():
            if text in words:
                if name in columns:
                    raise VoucherFileError("two_columns")
                columns[name] = place
    if "code" not in columns:
        raise VoucherFileError("no_code")
    return columns
