"""Receipts the reader was not made for: layouts, labels and days of many countries."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel import Locale
from recognition import habits, understand, words
from recognition.fields import extract
from recognition.sandbox import Page

#: Countries whose currencies are paid without cents.
NO_CENTS = ("ID", "JP", "KR", "VN", "CL")


def strange_receipts():
    """Yield a receipt of the file as ``(what is printed, rows)``."""
    text = Path(__file__).with_name("strange_receipts.txt").read_text(encoding="utf-8")
    for block in text.split("\n=== ")[1:]:
        head, lines, *rows = block.strip().split("\n")
        yield pytest.param(head, lines, rows, id=head.partition(" | ")[0])


def seen_twice(rows, country):
    """Return what two engines that read rows alike make of them."""
    decimals = 0 if country in NO_CENTS else 2
    page = Page(texts={"a": tuple(rows), "b": tuple(rows)})
    return understand.receipt([page], habits=habits.of_country(country, decimals))


@pytest.mark.parametrize(("head", "lines", "rows"), strange_receipts())
def test_a_receipt_is_read_as_it_is_printed(head, lines, rows):
    _name, country, *printed = [part.strip() for part in head.split("|")]
    found = seen_twice(rows, country)
    doubts = " ".join(sorted(found.doubts))
    read = [found.number or "", str(found.issued_on or ""), str(found.total), doubts]
    assert read == printed
    shown = (
        f"{one.quantity.normalize():f} {one.name} {one.amount}" for one in found.lines
    )
    assert "--- " + "; ".join(shown).replace("  ", " ") == lines


# === LINES === #


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["Hammer", "12.00", "Mallet", "12.00"], ["Hammer", "Mallet"]),
        (["Qty Item Price", "12.00", "Hammer", "9.00", "Mallet"], ["Hammer", "Mallet"]),
        # whose name is whose is not known: a row of the head may be a name as well
        (["Main hall", "12.00", "Hammer", "9.00", "Mallet"], ["", ""]),
    ],
)
def test_names_above_and_below_their_figures(rows, names):
    total = sum(Decimal(row) for row in rows if row[0].isdigit())
    found = seen_twice([*rows, f"TOTAL {total}"], "GB")
    assert [line.name for line in found.lines] == names


def test_of_two_products_of_one_price_each_keeps_its_name():
    rows = ["Hammer 12.00", "Wooden mallet 12.00", "TOTAL 24.00"]
    poor = ["Hanmer 12.00", "Wo mallet 12.00", "TOTAL 24.00"]
    found = understand.receipt([Page(texts={"a": tuple(poor), "b": tuple(rows)})])
    assert [line.name for line in found.lines] == ["Hanmer", "Wooden mallet"]
    # one engine lost a row: nobody knows which of the two is left
    found = understand.receipt([Page(texts={"a": tuple(poor), "b": tuple(rows[1:])})])
    assert [line.name for line in found.lines] == ["Hanmer", "Wo mallet"]


@pytest.mark.parametrize(
    ("one", "other", "quantity", "doubt"),
    [
        ("Hammer x2 12.00", "Hammer x2 12.00", 2, None),
        ("Hammer x2 12.00", "Hammer x3 12.00", 2, "quantity_differs"),
        ("Hammer x2 12.00", "Hammer 12.00", 2, "quantity_alone"),
        ("Hammer 12.00", "Hammer x2 12.00", 1, "quantity_differs"),
        ("Hammer (2) 12.00", "Hammer (2) 12.00", 1, "quantity_alone"),
        ("Hammer 2 12.00", "Hammer 12.00", 1, "quantity_alone"),
        # an engine that knows no Cyrillic lost the letters of ``4л``
        ("Мастило 4л 12.00", "M 4 12.00", 1, None),
        ("Дюбель 6х40 12.00", "x40 12.00", 1, None),
        ("Hammer 2 x 6.00 12.00", "Hammer x2 12.00", 2, None),
        ("Hammer 3 x 2.9000 8.70", "Hammer 3 x 2.9000 8.70", 3, None),
    ],
)
def test_quantities_that_no_price_proves_need_two_engines(one, other, quantity, doubt):
    total = one.split()[-1]
    texts = {"a": (one, f"TOTAL {total}"), "b": (other, f"TOTAL {total}")}
    found = understand.receipt([Page(texts=texts)])
    assert [line.quantity for line in found.lines] == [quantity]
    assert {one for one in found.doubts if "quantity" in one} == ({doubt} - {None})


# === DAYS === #


@pytest.mark.parametrize(
    ("row", "country", "day"),
    [
        ("25/12/2018 8:13:39 PM", "MY", date(2018, 12, 25)),
        ("12-Mar-18", "GB", date(2018, 3, 12)),
        ("2018.03.12", "KR", date(2018, 3, 12)),
        ("DEC25'18 8:13PM", "US", date(2018, 12, 25)),
        ("Dec-25-2018 20:13", "US", date(2018, 12, 25)),
        ("2018-Dec-25", "CA", date(2018, 12, 25)),
        ("Date:25/12/2018Time:20:13", "MY", date(2018, 12, 25)),
        ("25/12/201820:13:39", "MY", date(2018, 12, 25)),
        ("25/12-2018 20:13", "DK", date(2018, 12, 25)),
        ("Dt.25/12/18", "IN", date(2018, 12, 25)),
        ("25122018 20:13", "FR", date(2018, 12, 25)),
        ("25122018", "FR", None),  # a number as well
        ("ngày 25 tháng 12 năm 2018", "VN", date(2018, 12, 25)),
        ("25 ธ.ค. 2561", "TH", date(2018, 12, 25)),
        ("107/12/25", "TW", date(2018, 12, 25)),
        ("107年11-12月", "TW", None),
        ("107/12/25", "DE", None),
        # engines read letters in it
        ("Date 05/O3/2018", "MY", date(2018, 3, 5)),
        ("l5/03/2018", "MY", date(2018, 3, 15)),
        ("15/03/2OI8", "MY", date(2018, 3, 15)),
        # the year first, where it is customary
        ("18-12-25 20:13:11", "KR", date(2018, 12, 25)),
        ("18/12/25 20:13", "JP", date(2018, 12, 25)),
        ("18/12/25 20:13", "FR", date(2025, 12, 18)),
        # September in Italy, and a set of tools
        ("2 SET 2018", "IT", date(2018, 9, 2)),
        ("2 SET 12.00", "IT", None),
    ],
)
def test_days_of_many_countries(row, country, day):
    assert extract(["SHOP", row], habits=habits.of_country(country)).issued_on == day


def months_of_all_languages():
    """Yield the names of months in the languages there are words of."""
    for language in words.languages():
        known = Locale.parse(language).months["format"]
        for width in ("wide", "abbreviated"):
            for month, name in known[width].items():
                yield language, month, name


def test_months_are_known_in_every_language():
    countries = {"hr": "HR", "th": "TH"}
    # figures instead of names, names of two words, and ones too short to tell
    apart = ("ja", "ko", "zh", "vi")
    missed = {
        f"{language}: {name}"
        for language, month, name in months_of_all_languages()
        if language not in apart
        and extract(
            [f"12 {name} 2024"], habits=habits.of_country(countries.get(language, ""))
        ).issued_on
        != date(2024, month, 12)
    }
    assert missed == {"ga: Meán Fómhair", "ga: Deireadh Fómhair", "hi: मई"}


def test_a_month_means_another_one_across_the_border():
    for country, day in (("PL", date(2024, 11, 12)), ("HR", date(2024, 10, 12))):
        found = extract(["12 listopada 2024"], habits=habits.of_country(country))
        assert found.issued_on == day


# === NUMBERS === #

NAMED = """
Invoice No.:A-1234 > A-1234
Bill No 000123 > 000123
Doc No : CS-0001 > CS-0001
Slip No.: 1234 > 1234
Trans: 004521 > 004521
Receipt # 4521-12 > 4521-12
Rcpt#004512 > 004512
CHK#1024 GST 2 > 1024
STORE 0123 REG 01 TRAN# 9921 > 9921
Tkt 4521 > 4521
CB#: 130674 > 130674
Cash Memo No. 1234 > 1234
Approval Code 123456 >
Member No: 123456789 >
Co. Reg. No: 123456-A >
GST No. 12345678 >
Ref No: 123456789012 / Receipt No: 0045 > 0045
CU INVOICE NO 0040123450000012345 / CASH SALE No. P-223344 > P-223344
Facture n° FA-2024-001 > FA-2024-001
Rechnung Nr. 12-345 > 12-345
DOCUMENTO COMMERCIALE N. 0001-0045 > 0001-0045
Boleta Electrónica N° 1234 > 1234
FATURA SIMPLIFICADA FS 001/1234 > FS001/1234
No. Struk 012345 > 012345
Fiş No:0045 Z No: 0012 > 0045
nr wydr. 012345 > 012345
Račun br. 12/1/1 > 12/1/1
영수증번호: 1234 > 1234
单据号: LS2018001 > LS2018001
เลขที่ใบเสร็จ 1234 > 1234
Απόδειξη Νο 1234 > 1234
חשבונית מספר: 1234 > 1234
F001-00012345 > F001-00012345
R#0000123456:P1 > 0000123456
Hammer A0123456 >
""".strip().splitlines()


@pytest.mark.parametrize("case", NAMED)
def test_numbers_by_their_names(case):
    text, _sign, number = case.partition(" >")
    found = extract(["SHOP", *text.split(" / "), "TOTAL 5.00"])
    assert (found.number or "") == number.strip()


def test_a_number_that_nothing_names_is_proposed_and_a_person_looks():
    rows = ["Lamp 12.00", "TOTAL 12.00", "12-01-2019 21:13", "T2 R000027830"]
    found = seen_twice(rows, "MY")
    assert (found.number, found.doubts) == ("R000027830", ("number_alone",))
    named = seen_twice([*rows[:-1], "Receipt R000027830"], "MY")
    assert (named.number, named.doubts) == ("R000027830", ())


# === ROWS === #


def test_two_labels_in_a_row_are_two():
    rows = ["Hammer 12.00", "TOTAL QTY 1 TOTAL 12.00", "CASH 20.00 CHANGE 8.00"]
    found = extract(rows)
    assert (found.total, set(found.proofs)) == (Decimal(12), {"lines", "paid"})


def test_a_star_before_amounts_is_no_multiplication():
    # 120.00 + 234.00 = 354.00; the 20 is a rate of tax
    rows = ["Vida %20 *120,00", "Boya %20 *234,00", "TOPLAM *354,00", "NAKIT *354,00"]
    found = extract(rows)
    assert [(one.quantity, one.amount) for one in found.lines] == [(1, 120), (1, 234)]
    assert [one.quantity for one in extract(["2 * 5.00", "Vida 10.00"]).lines] == [2]


@pytest.mark.parametrize(
    "rows",
    [
        ["Screws 4x40 376,19", "Paint 1 224,00"],
        ["1 x 376,19", "Screws 4x40 376,19", "1 x 1 224,00", "Paint 1 224,00"],
        # an engine that lost the name
        ["1 x 376,19", "4x40 376,19", "1 x 1 224,00", "1 224,00"],
    ],
)
def test_a_size_is_neither_a_quantity_nor_thousands(rows):
    found = extract([*rows, "TOTAL 1 600,19"])
    assert [(one.quantity, one.amount) for one in found.lines] == [
        (1, Decimal("376.19")),
        (1, Decimal(1224)),
    ]
    assert (found.total, found.sure) == (Decimal("1600.19"), True)


def test_a_table_of_taxes_with_a_sum_contradicts_no_total():
    # 76.33 + 4.58 = 80.91, less the coin 80.90
    rows = ["Nail 63.60", "Paint 17.31", "ROUNDING -0.01", "TOTAL 80.90",
            "SR 6 76.33 4.58", "TOTAL : 76.33 4.58"]  # fmt: skip
    found = extract(rows)
    assert (found.total, found.sure, found.differs) == (Decimal("80.90"), True, False)
    # another sum does
    rows[-1] = "TOTAL : 76.33 9.58"
    assert extract(rows).differs


def test_the_file_holds_many_countries():
    text = Path(__file__).with_name("strange_receipts.txt").read_text(encoding="utf-8")
    assert len(set(re.findall(r"\n=== .+? \| ([A-Z]{2}) \|", text))) >= 30
