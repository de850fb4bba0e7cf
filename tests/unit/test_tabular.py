"""Tables people exchange: read whatever their habits, written so that nothing runs."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabular import (
    MAX_UNPACKED,
    TableError,
    inert,
    read_moment,
    read_number,
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
    ("text", "number"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234.5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12,5", "12.5"),
        ("-3", "-3"),
        ("1,2,3", "1,2,3"),
        ("ten", "ten"),
        (7, 7),
    ],
)
def test_numbers(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        (datetime(2026, 3, 2), date(2026, 3, 2)),
        ("02/03/2026 08:30", datetime(2026, 3, 2, 8, 30)),
        ("2026-03-02T08:30:05", datetime(2026, 3, 2, 8, 30, 5)),
        ("31.02.2026", None),
        ("soon", None),
        (None, None),
    ],
)
def test_dates(text, moment):
    assert read_moment(text) == moment


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
