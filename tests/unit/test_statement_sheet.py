"""A statement on paper: every document once, on as many pages as it takes."""

import os
import re

import pypdfium2
import pytest
import reportlab
from drawing.pieces import load_fonts
from drawing.statement_sheet import StatementLine, StatementSheet, draw_statement


@pytest.fixture(scope="module", autouse=True)
def fonts():
    folder = os.path.join(os.path.dirname(reportlab.__file__), "fonts")
    regular, bold = (os.path.join(folder, name) for name in ("Vera.ttf", "VeraBd.ttf"))
    load_fonts(regular, bold, regular)


def read_pages(number, **values):
    """Return the texts of the pages of a statement with so many documents."""
    lines = tuple(
        StatementLine(
            f"{1 + n % 28} Nov 2026", f"S{n:05}", "Now available", f"+{n} pts", "7 pts"
        )
        for n in range(number)
    )
    sheet = StatementSheet(
        **{
            "title": "Statement of Bonus Points",
            "company": "Nova Paper Supplies",
            "person": "Olena Kovalenko",
            "facts": ("Employee, Dnipro Office Centre", "Available: 118 pts"),
            "heads": ("Day", "What for", "Points", "Balance"),
            "lines": lines,
            "empty": "Nothing happened in this time.",
            "page": "Page %(page)s of %(pages)s",
            **values,
        }
    )
    document = pypdfium2.PdfDocument(draw_statement(sheet))
    return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("number", (1, 19, 20, 60))
def test_every_document_stands_there_once_in_its_order(number):
    pages = read_pages(number)
    found = re.findall(r"S\d{5}", "\n".join(pages))
    assert found == [f"S{n:05}" for n in range(number)]
    for at, page in enumerate(pages, 1):
        assert f"Page {at} of {len(pages)}" in page


def test_whose_it_is_stands_on_the_first_page_only():
    first, second = read_pages(30)
    assert "Olena Kovalenko" in first and "Available: 118 pts" in first
    assert "Olena Kovalenko" not in second
    assert "Balance" in second  # but the columns are named on each


def test_an_empty_statement_says_so():
    [page] = read_pages(0)
    assert "Nothing happened in this time." in page


def test_long_words_stay_on_the_paper():
    lines = (StatementLine("30 Nov 2026", "Order " * 60, "Why " * 60, "+1", "1"),)
    [page] = read_pages(0, lines=lines, person="Olena " * 60, facts=("Role " * 90,))
    assert page.count("…") == 4
