"""Reading and writing tables people exchange: CSV of any habit, and XLSX.

Plain Python, no Odoo.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time

import openpyxl

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024  # an XLSX is a zip file: small ones can be huge
MAX_ROWS = 20000
MAX_COLUMNS = 100
_DELIMITERS = ";,\t|"
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
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


def read_table(content, max_rows=MAX_ROWS, max_bytes=MAX_BYTES):
    """Return the rows of a CSV or XLSX file, as lists of text, dates and numbers.

    Empty rows at the end are left out; the rows before keep their numbers.

    :param bytes content: the file
    :raise TableError: it is no table, or too large
    """
    if len(content) > max_bytes:
        raise TableError("too_large")
    if not content.strip():
        raise TableError("empty")
    is_xlsx = content.startswith(b"PK")
    rows = (_read_xlsx if is_xlsx else _read_csv)(content, max_rows)
    while rows and not any(cell not in (None, "") for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise TableError("empty")
    return rows


def _read_csv(content, max_rows):
    text = _decode(content)
    if "\x00" in text:
        raise TableError("unreadable")
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


def _read_xlsx(content, max_rows):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise TableError("too_large")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
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


def read_moment(value):
    """Return a cell as a day or a naive datetime, ``None`` when it is neither.

    Spreadsheets keep a day as its midnight.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.time() != time.min else value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    for day in _DATES:
        for clock in _TIMES:
            try:
                moment = datetime.strptime(text, day + clock)
            except ValueError:
                continue
            return moment if clock else moment.date()
    return None


def read_number(value):
    """Return a cell as the text of a number: ``"1 234,50"`` is ``"1234.50"``.

    What cannot be read comes back unchanged, for whoever checks it to refuse.
    """
    if not isinstance(value, str):
        return value
    text = re.sub(r"[\s'\u00a0\u202f]", "", value)
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text):  # 1.234,50
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+\.\d+", text):  # 1,234.50
        text = text.replace(",", "")
    elif re.fullmatch(r"[+-]?\d+,\d+", text):  # 1234,50
        text = text.replace(",", ".")
    return text


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
