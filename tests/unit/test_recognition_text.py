"""From rows of text and codes to what a receipt says, and how sure that is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recognition import fiscal, understand
from recognition.amounts import Style, amounts
from recognition.fields import extract
from recognition.goods import is_gtin
from recognition.letters import fold, tight
from recognition.products import Candidate, Catalogue
from recognition.sandbox import Page

UKRAINIAN = """ТОВ "ЕЛЕКТРОСВІТ"
м. Київ, вул. Лесі Українки, 12
ІД 1234567890
ЧЕК № 72994474
ШК 4820000000017
2 x 292.80
Фільтр масляний 585.60 А
Мастило 5W30 4л
1 * 1267.07 1267.07
СУМА 1 852.67
ПДВ А 20% 308.78
КАРТКА 1852.67
ФН ЧЕКА 8123456789
ФН ПРРО 4000312997
16.03.2026 08:07:42
ФІСКАЛЬНИЙ ЧЕК"""
# the same by an engine that knows no Cyrillic
LATIN = """TO "POBIT"
. , . i , 12
I 1234567890
4EK N72994474
WK 4820000000017
2 × 292.80
585.60
5W0 4π
1 × 1267.07 1267.07
CYMA 1852.67
 20% 308.78
KAPTKA 1852.67
ΦH4EKA 8123456789
ΦH 4000312997
16.03.202608:07:42
Φ"""
CODE = (
    "https://cabinet.tax.gov.ua/cashregs/check?"
    "id=8123456789&fn=4000312997&sm=1852.67&date=20260316&time=0807"
)


def page(*texts, code=None):
    rows = {f"engine{n}": tuple(t.splitlines()) for n, t in enumerate(texts)}
    return Page(codes=(("qrcode", code),) if code else (), texts=rows)


# === ROWS === #


@pytest.mark.parametrize("text", [UKRAINIAN, LATIN])
def test_both_kinds_of_engines_read_the_same(text):
    found = extract(text.splitlines())
    assert found.number == "72994474"
    assert found.fiscal == "8123456789"
    assert found.issued_on == date(2026, 3, 16)
    assert found.time == "08:07"
    assert found.total == Decimal("1852.67")
    assert found.paid == [Decimal("1852.67")]
    assert [(one.quantity, one.amount, one.gtin) for one in found.lines] == [
        (2, Decimal("585.60"), "4820000000017"),
        (1, Decimal("1267.07"), None),
    ]
    assert found.lines_total == found.total


def test_names_of_lines():
    names = [line.name for line in extract(UKRAINIAN.splitlines()).lines]
    assert names == ["Фільтр масляний", "Мастило 5W30 4л"]


def test_a_quantity_that_was_misread_is_put_right():
    [line] = extract(["Z x 5.00", "8 x 5.00", "Lamp 15.00"]).lines
    assert line.quantity == 3


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ("2026-03-02 12:30", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        ("02/03/2026", date(2026, 3, 2)),
        ("02.03.26 12:30", date(2026, 3, 2)),
        ("31.02.2026", None),
        ("no date", None),
        ("1.5 x 10.20", None),
    ],
)
def test_dates(row, day):
    assert extract([row]).issued_on == day


@pytest.mark.parametrize(
    ("row", "total"),
    [
        ("TOTAL EUR 12,50", "12.50"),
        ("AMOUNT DUE 12.50", "12.50"),
        ("РАЗОМ: 12 . 50", "12.50"),
        ("ДО СПЛАТИ 12.50", "12.50"),
        ("СУМА 1 012.50", "1012.50"),
        ("SUBTOTAL 12.50", None),
        ("VAT 20% 12.50", None),
    ],
)
def test_totals(row, total):
    assert extract([row]).total == (Decimal(total) if total else None)


def test_percentages_and_dates_are_no_money():
    assert amounts("VAT 20.00% on 02.03.2026", Style()) == []


def test_trade_numbers():
    assert is_gtin("4820000000017") and is_gtin("96385074")
    assert not is_gtin("4820000000018") and not is_gtin("482") and not is_gtin("")


@given(st.lists(st.text(max_size=60), max_size=40))
def test_no_text_breaks_it(rows):
    found = extract(rows)
    assert found.total is None or found.total >= 0
    assert all(line.amount >= 0 for line in found.lines)


MONEY = st.integers(1, 9_999_999).map(lambda cents: Decimal(cents) / 100)


@given(
    st.lists(st.tuples(st.integers(1, 99), MONEY), min_size=1, max_size=8),
    st.integers(10**4, 10**9),
    st.dates(date(2020, 1, 1), date(2029, 12, 31)),
)
def test_what_is_printed_is_read_back(lines, number, day):
    rows = ["SHOP", f"RECEIPT No {number}"]
    for quantity, price in lines:
        rows += [f"{quantity} x {price:.2f}", f"Lamp {quantity * price:.2f}"]
    total = sum(quantity * price for quantity, price in lines)
    rows += [f"TOTAL {total:.2f}", f"CARD {total:.2f}", f"{day:%d.%m.%Y} 12:30"]
    found = extract(rows)
    if total < 10**7:
        assert (found.number, found.issued_on) == (str(number), day)
        assert found.total == total == found.lines_total


# === LETTERS === #


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_look_alikes_are_one():
    assert tight("СУМА") == tight("CYMA") and tight("ЧЕК №") == tight("4EK N")
    assert tight("ΦH 4EKA") == tight("ФН ЧЕКА")


# === CODES === #


@pytest.mark.parametrize(
    ("text", "number", "register", "day", "total"),
    [
        (CODE, "8123456789", "4000312997", date(2026, 3, 16), "1852.67"),
        ("t=20260302T1230&s=100.50&fn=92890001&i=7650&fp=1&n=1",
         "7650", "92890001", date(2026, 3, 2), "100.50"),
        ("https://consumer.example/?i=77&f=010101&s=99.00&t=20260302T123000",
         "77", "010101", date(2026, 3, 2), "99.00"),
        ("A:123456789*B:999*C:PT*F:20260302*G:FT A/35*H:ABCD-35*O:148.02*Q:x",
         "ABCD-35", "123456789", date(2026, 3, 2), "148.02"),
        ("_R1-AT1_BOX1_83469_2026-03-02T12:30:00_20,00_1,50_0,00_0,00_0,00_x_y_z",
         "83469", "BOX1", date(2026, 3, 2), "21.50"),
        ("V0;till-7;Kassenbeleg-V1;Beleg^10.00_2.50_0.00^12.50:Bar;12;9;"
         "2026-03-02T12:30:00.000Z;2026-03-02T12:30:05.000Z;x",
         "12", "TILL-7", date(2026, 3, 2), "12.50"),
    ],
)  # fmt: skip
def test_codes_of_tax_offices(text, number, register, day, total):
    found = fiscal.parse(text)
    assert (found.number, found.register) == (number, register)
    assert (found.issued_on, found.total) == (day, Decimal(total))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "4820000000017",
        "https://shop.example/loyalty?id=1",
        "https://cabinet.tax.gov.ua.evil.example/cashregs/check?id=1&fn=2&sm=3",
        "https://[broken",
        CODE.replace("id=", "no="),
        "A:123*",
    ],
)
def test_other_codes_are_none(text):
    found = fiscal.parse(text)
    assert found is None or not found.total


@given(st.text(max_size=200))
def test_no_code_breaks_it(text):
    for start in ("", "https://cabinet.tax.gov.ua/cashregs/check?id=1&", "V0;a;"):
        fiscal.parse(start + text)


# === HOW SURE === #


def test_code_and_text_agree():
    found = understand.receipt([page(UKRAINIAN, code=CODE)])
    assert found.doubts == ()
    assert found.fiscal == "8123456789" and found.total == Decimal("1852.67")
    assert [line.name for line in found.lines] == ["Фільтр масляний", "Мастило 5W30 4л"]


def test_two_engines_agree_and_the_names_come_from_the_better_one():
    found = understand.receipt([page(LATIN, UKRAINIAN)])
    assert found.doubts == ()
    assert [line.name for line in found.lines] == ["Фільтр масляний", "Мастило 5W30 4л"]


@pytest.mark.parametrize(
    ("seen", "doubts"),
    [
        (page(UKRAINIAN), {"date_alone", "number_alone"}),
        (page(code=CODE), {"code_alone"}),
        (page("Фільтр масляний 1852.67", code=CODE), {"code_total"}),
        (page("Дякуємо за покупку", code=CODE), {"code_total", "no_lines"}),
        (page(UKRAINIAN.replace("1 852.67", "1 952.67"), code=CODE), {"total_differs"}),
        (page(UKRAINIAN.replace("16.03", "17.03"), code=CODE), {"date_differs"}),
        (page(UKRAINIAN.replace("8123456789", "8123456780"), code=CODE),
         {"number_differs"}),
        (page(*[UKRAINIAN.replace("СУМА 1", "СУМА 9")] * 2),
         {"total_differs", "lines_differ"}),
        (page(*["СУМА 9.00\nЧЕК № 123456\n16.03.2026"] * 2), {"no_lines"}),
        (page(*["Lamp 5.00\nСУМА 9.00\nЧЕК № 123456\n16.03.2026"] * 2),
         {"total_alone", "lines_differ"}),
        (page(""), {"no_number", "no_date", "no_total", "no_lines"}),
        (page(), {"no_text_reader", "no_number", "no_date", "no_total"}),
        (page(UKRAINIAN, LATIN.replace("72994474", "72994475")
              .replace("8123456789", "8123456788")),
         {"number_alone", "figures_differ"}),
    ],
)  # fmt: skip
def test_doubts(seen, doubts):
    found = set(understand.receipt([seen]).doubts)
    assert found == doubts and found <= understand.DOUBTS.keys()


@pytest.mark.parametrize(
    ("number", "doubts"),
    [
        ("1234567890", ()),
        ("1234567898", ("figures_differ",)),
        ("1234567098", ("figures_differ",)),  # two digits of ten
        ("1234560123", ()),  # another number
        ("123456789", ()),
    ],
)
def test_engines_that_read_any_long_number_differently_prove_nothing(number, doubts):
    other = UKRAINIAN.replace("ІД 1234567890", f"ІД {number}")
    assert understand.receipt([page(UKRAINIAN, other)]).doubts == doubts
    assert understand.receipt([page(UKRAINIAN, other, code=CODE)]).doubts == ()


def test_two_receipts_on_one_photo():
    other = CODE.replace("8123456789", "8000000000")
    seen = replace(page(UKRAINIAN), codes=(("qrcode", CODE), ("qrcode", other)))
    assert "several_receipts" in understand.receipt([seen]).doubts
    twice = replace(page(UKRAINIAN), codes=(("qrcode", CODE), ("qrcode", CODE)))
    assert understand.receipt([twice]).doubts == ()


# === IDENTITY === #


def identities(**values):
    given_values = {
        "number": "100234",
        "fiscal_number": "8123456789",
        "issued_on": date(2026, 3, 2),
        "total": Decimal("10.00"),
        "shop": 7,
    }
    return understand.identities(**{**given_values, **values})


def test_identities():
    assert identities() == [
        "f|8123456789|2026-03-02|10.00",
        "n|100234||2026-03-02|10.00",
    ]
    assert identities(number="15")[1] == "n|15|7|2026-03-02|10.00"
    assert identities(total=10.0) == identities()
    assert identities(number="ЧК-100234") == identities(number="4K 100234")
    # full-width forms, digits of other scripts and every dash are one number
    for spelling in ("ЧК‑１００２３４", "ＣＨＫ", "4К−١٠٠٢٣٤"):
        same = identities(number=spelling) == identities(number="4K 100234")
        assert same is (spelling != "ＣＨＫ")
    assert identities(issued_on=None) == identities(total=0) == []
    assert identities(number=None, fiscal_number="") == []


# === PRODUCTS === #

CATALOGUE = Catalogue(
    [
        Candidate(1, ("LED lamp 10W",), frozenset(["4820000000017"])),
        Candidate(2, ("LED lamp 15W",), frozenset(["04820000000024"])),
        Candidate(3, ("Фільтр масляний", "Oil filter")),
        Candidate(4, ("Twin",)),
        Candidate(5, ("Twin",)),
        Candidate(6, (), frozenset(["036000291452"])),
        Candidate(7, (), frozenset(["96385074"])),
        Candidate(8, (), frozenset(["0000096385074"])),
        Candidate(9, (), frozenset(["036000291453"])),
    ]
)


@pytest.mark.parametrize(
    ("name", "gtin", "product"),
    [
        ("anything", "4820000000017", 1),
        ("anything", "4820000000024", 2),
        ("LED LAMP 10W", None, 1),
        ("LEDlamp 15W", None, 2),
        ("Лампа LED 10Вт", None, None),
        ("ФІЛЬТР МАСЛЯНИЙ", None, 3),
        ("oil fiIter", None, 3),
        ("Twin", None, None),
        ("Bread", None, None),
        ("", None, None),
        (None, "4820000000031", None),
        (None, "00036000291452", 6),
        # two products have this number: a person decides
        ("LED lamp 10W", "96385074", None),
        # a wrong check digit: this text, and no other spelling of it
        (None, "036000291453", 9),
        (None, "0036000291453", None),
    ],
)
def test_products(name, gtin, product):
    assert CATALOGUE.match(name, gtin)[0] == product


# === STAMPS === #


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["УКРАЇНА\nАБВК 123456"] * 2, ("A6BK123456", True)),
        (["УКРАЇНА\nAB 12 3456 78", "nothing"], ("AB12345678", False)),
        (["AB 123456", "AB 123457"], ("AB123456", False)),
        (["16.03.2026\n1234567"], (None, False)),
        ([], (None, False)),
    ],
)
def test_stamps(texts, expected):
    assert understand.stamp([page(*texts)]) == expected


def test_a_code_on_a_stamp_is_believed():
    seen = Page(codes=(("datamatrix", "AB-12345678"), ("ean13", "4820000000017")))
    assert understand.stamp([seen]) == ("AB12345678", True)
