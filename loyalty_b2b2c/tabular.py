"""Reading and writing tables people exchange: CSV of any habit, and XLSX.

What a cell means is not decided here: :mod:`.engine.typed_number` and
:mod:`.engine.typed_date` read numbers and days.  Plain Python, no Odoo.
"""

import csv
import io
import re
import zipfile

import openpyxl

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024  # an XLSX is a zip file: small ones can be huge
MAX_ROWS = 20000
MAX_COLUMNS = 100
_DELIMITERS = ";,\t|"
# Excel's own first line says what parts the cells, and is no row to it
_PARTING = re.compile(
    r"""\s*"?sep=(?P<mark>[^\w\s"]|\t)"?(?P=mark)*\x20*(?:\r\n?|\n|\Z)""", re.I
)
_DIGITS = 15  # of a number that spreadsheet programs keep
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d\d+")
# a cell beginning with one of these is a formula to spreadsheet programs
# (OWASP, "CSV Injection": https://owasp.org/www-community/attacks/CSV_Injection)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class TableError(Exception):
    """The file cannot be read as a table.

    :param code: ``"empty"``, ``"too_large"``, ``"too_many_rows"`` or ``"unreadable"``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read_table(content, max_rows=MAX_ROWS, max_bytes=MAX_BYTES, with_formulas=False):
    """Return the rows of a CSV or XLSX file, as lists of text, dates and numbers.

    Empty rows at the end are left out; the rows before keep their numbers, as a
    spreadsheet program shows them: it counts no first line ``sep=;``.

    :param bytes content: the file
    :param bool with_formulas: whether a cell of an XLSX file with a formula is its
        text, ``"=A1&B1"``, so that somebody can refuse it, and not its last result
    :raise TableError: it is no table, or too large
    """
    if len(content) > max_bytes:
        raise TableError("too_large")
    if not content.strip():
        raise TableError("empty")
    is_xlsx = content.startswith(b"PK")
    if is_xlsx:
        rows = _read_xlsx(content, max_rows, with_formulas)
    else:
        rows = _read_csv(content, max_rows)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise TableError("empty")
    return rows


def _read_csv(content, max_rows):
    text = _decode(content)
    if "\x00" in text:
        raise TableError("unreadable")
    if said := _PARTING.match(text):
        text, delimiter = text[said.end() :], said["mark"]
    else:
        first = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(_DELIMITERS, key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell.strip() for cell in row[:MAX_COLUMNS]])
            if len(rows) > max_rows + 1:
                raise TableError("too_many_rows")
    except csv.Error:
        raise TableError("unreadable") from None
    return rows


def _decode(content):
    """Return a file's text: Unicode, else what Windows writes in Eastern Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("unreadable")


def _read_xlsx(content, max_rows, with_formulas):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise TableError("too_large")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=not with_formulas
        )
        rows = []
        for row in book.active.iter_rows(values_only=True):
            rows.append([_cell(value) for value in row[:MAX_COLUMNS]])
            if len(rows) > max_rows + 1:
                raise TableError("too_many_rows")
        return rows
    except TableError:
        raise
    except Exception:  # whatever a broken file makes of the reader
        raise TableError("unreadable") from None


def _cell(value):
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return int(value)  # spreadsheets keep 42 as 42.0
    return value


def is_shortened(value):
    """Tell whether a spreadsheet program cut digits off a long number.

    It keeps fifteen digits and shows ``4.82E+15`` for the rest: as a code, a number of
    a document or of a phone this is not what somebody wrote, and two become one.
    """
    if isinstance(value, str):
        return bool(_SHORTENED.fullmatch(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) >= 10**_DIGITS


def inert(value):
    """Return a cell that no spreadsheet program runs as a formula.

    Numbers stay numbers; text that looks like a formula gets an apostrophe.
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def write_csv(rows):
    """Return rows as the bytes of a CSV file every spreadsheet program opens.

    Text that looks like a formula is made :func:`inert`.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
