"""Tables people exchange: read whatever their habits, written so that nothing runs."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabular import (
    MAX_UNPACKED,
    TableError,
    inert,
    is_shortened,
    read_table,
    write_csv,
)

CELLS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='";,|'),
    min_size=1,
    max_size=8,
).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read_back(rows):
    rows[-1][0] = rows[-1][0] or "x"
    expected = [[inert(cell).strip() for cell in row] for row in rows]
    assert read_table(write_csv(rows)) == expected


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        ("sep=;", ";"),
        ("sep=,", ","),
        ("SEP=|", "|"),
        ("sep=\t", "\t"),
        ('"sep=;"', ";"),
        ("sep=;;;", ";"),
        ("sep=^ ", "^"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_the_first_line_of_excel_is_understood(first, delimiter, end, encoding):
    rows = [["Номер", "a;b,c" if delimiter in "|\t^" else "b"], ["W1", "1"]]
    lines = [first, *(delimiter.join(row) for row in rows)]
    assert read_table(end.join(lines).encode(encoding)) == rows


def test_only_the_first_line_is_excels():
    assert read_table(b"Number;Note\nsep=;;x") == [
        ["Number", "Note"],
        ["sep=", "", "x"],
    ]
    assert read_table(b"sep=A;B") == [["sep=A", "B"]]
    with pytest.raises(TableError, match="empty"):
        read_table(b"sep=;\n")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4,82E+12", True),
        ("1.23457E+17", True),
        ("1E+15", True),
        (1.2345678901234568e17, True),
        (1234567890123456, True),
        (482000000001, False),
        ("4820000000017", False),
        ("5E2", False),  # somebody's code
        ("A1E+12", False),
        (True, False),
        (None, False),
    ],
)
def test_numbers_a_spreadsheet_cut_off(cell, expected):
    assert is_shortened(cell) == expected


def test_dates_of_a_spreadsheet():
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append([datetime(2026, 3, 2, 8, 30), 42.0, " text ", None])
    book.save(content)
    assert read_table(content.getvalue()) == [
        [datetime(2026, 3, 2, 8, 30), 42, "text", None]
    ]


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (MAX_UNPACKED + 1))
    with pytest.raises(TableError, match="too_large"):
        read_table(content.getvalue())


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
)
def test_formulas_are_made_inert(cell):
    [[written]] = csv.reader(io.StringIO(write_csv([[cell]]).decode("utf-8-sig")))
    assert written[0] == "'"


def test_numbers_stay_numbers():
    assert write_csv([[-1, 2.5, None]]).decode("utf-8-sig") == "-1,2.5,\r\n"


def test_formulas_of_a_spreadsheet_as_their_text():
    """Whoever asks for them can refuse them; everybody else gets the last result."""
    book = openpyxl.Workbook()
    book.active.append(["Code"])
    book.active.append(['=CONCATENATE("AB","CD")'])
    file = io.BytesIO()
    book.save(file)
    plain = read_table(file.getvalue())
    told = read_table(file.getvalue(), with_formulas=True)
    assert plain == [["Code"]]  # this one has no last result
    assert told == [["Code"], ['=CONCATENATE("AB","CD")']]
