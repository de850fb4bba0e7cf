"""A total proves itself by arithmetic; words only rank. Numbers to check by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_receipts import receipts
from recognition import amounts, habits, printed, shops, understand, words
from recognition.fields import extract
from recognition.sandbox import Page

QUIET = settings(suppress_health_check=list(HealthCheck), deadline=None)


def total(text):
    """Return ``(total, its proofs)`` of a text in rows."""
    found = extract(text.strip().splitlines())
    return found.total, set(found.proofs)


def claimed(rows):
    """Return the total two engines that read alike claim, ``None``: a person looks."""
    found = understand.receipt([Page(texts={"a": tuple(rows), "b": tuple(rows)})])
    doubts = {"no_total", "total_alone", "total_differs", "several_receipts"}
    return None if doubts & set(found.doubts) else found.total


# === WITHOUT A WORD === #


@QUIET
@given(receipts())
def test_a_total_nobody_names_is_found_or_nothing_is_claimed(printed_one):
    assert extract(printed_one.rows).total in (printed_one.total, None)


@QUIET
@given(receipts(), st.data())
def test_what_looks_like_a_total_is_never_claimed(printed_one, data):
    """The total is lost or misread, and another amount stands below it."""
    rows, place = list(printed_one.rows), printed_one.place
    other = data.draw(st.integers(100, 10**7)) / Decimal(100)
    misread = printed_one.total + data.draw(st.sampled_from((7, 30, 100, 3000)))
    rows[place] = data.draw(st.sampled_from(("Xuqoxuq", f"Xuqoxuq {misread:.2f}")))
    rows.insert(data.draw(st.integers(place + 1, len(rows))), f"Zefemi {other:.2f}")
    assert extract(rows).total in (printed_one.total, None)


def test_most_are_found():
    """90 % at least, of layouts nobody chose."""
    found = []

    @settings(QUIET, max_examples=150, database=None, derandomize=True)
    @given(receipts())
    def collect(printed_one):
        found.append(extract(printed_one.rows).total == printed_one.total)

    collect()
    assert sum(found) >= 0.9 * len(found)


# === EACH PROOF === #


@pytest.mark.parametrize(
    ("text", "amount", "proofs"),
    [
        # 12.00 + 8.50 = 20.50
        ("Lamp 12.00\nPlug 8.50\nTOTAL 20.50", "20.50", {"lines"}),
        # 12.00 + 8.50 - 2.00 = 18.50
        ("Lamp 12.00\nPlug 8.50\nDiscount -2.00\nTOTAL 18.50", "18.50", {"lines"}),
        # 20.50 less the coins: 20.48 rounds to 20.50
        ("Lamp 12.00\nPlug 8.48\nTotal 20.48\nRounding Adj 0.02\nTotal rounded 20.50",
         "20.50", {"lines"}),
        # 100.00 + 19.00 + 50.00 + 3.50 = 172.50
        ("TOTAL 172.50\n19% 100.00 19.00\n7% 50.00 3.50", "172.50", {"tax"}),
        ("Net amount 100.00\nVAT 19.00\nTOTAL 119.00", "119.00", {"tax"}),
        # 50.00 - 12.35 = 37.65
        ("TOTAL 37.65\nCASH 50.00\nCHANGE 12.35", "37.65", {"paid"}),
        ("TOTAL 37.65\nCASH 20.00\nVISA 17.65", "37.65", {"paid"}),
        ("TOTAL 37.65\nXuqoxuq 37.65", "37.65", {"twice"}),
        # 119.00 x 19 / 119 = 19.00
        ("TOTAL 119.00\nVAT 19% 19.00", "119.00", {"share"}),
        ("TOTAL 37.65", "37.65", set()),
        # a tip buys nothing
        ("Soup 12.00\nFish 18.00\nTOTAL 30.00\nTip 3.00\nTOTAL 33.00\nVISA 33.00",
         "30.00", {"lines", "paid"}),
    ],
)  # fmt: skip
def test_proofs(text, amount, proofs):
    assert total(text) == (Decimal(amount), proofs)


@pytest.mark.parametrize(
    "text",
    [
        # a partial sum of the lines, the total lost: 5.00 + 5.00 = 10.00
        "Xu 5.00\nZe 5.00\nQo 10.00\nVa 38.00",
        # nobody knows whether the 3.00 are a tax or a tip
        "Xu 12.00\nZe 18.00\nQo 30.00\nVa 3.00\nLe 33.00\nRi 33.00",
        "Xu 12.00\nZe 18.00",
        "Points balance 119.00\nYou saved 20.00",
        "Xu 119.00",
    ],
)
def test_nothing_is_claimed(text):
    assert total(text)[0] is None


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Lamp 12.00\nPlug 8.50\nTOTAL 20.50", "20.50"),
        # named and not proven, beside lines that make another sum
        ("Lamp 12.00\nPlug 8.50\nTOTAL 28.50", None),
        # a share is exact up to rounding only
        ("Lamp 12.00\nTOTAL 119.01\nVAT 19% 19.00", None),
        # two totals, and nothing says how one becomes the other
        ("Lamp 12.00\nPlug 8.50\nTOTAL 20.50\nTOTAL 31.00\nCASH 40.00\nCHANGE 9.00",
         None),
        # two receipts on one photo
        ("Lamp 12.00\nPlug 8.50\nTOTAL 20.50\nVISA 20.50\nShop of another\n"
         "Tape 3.00\nGlue 4.00\nTOTAL 7.00\nVISA 7.00", None),
    ],
)  # fmt: skip
def test_what_is_sure(text, claim):
    assert claimed(text.splitlines()) == (claim and Decimal(claim))


@pytest.mark.parametrize(
    ("title", "doubt"),
    [
        ("DUPLICATE", "duplicate"), ("KOPIE", "duplicate"), ("再発行", "duplicate"),
        ("CREDIT NOTE", "credit_note"), ("Gutschrift", "credit_note"),
    ],
)  # fmt: skip
def test_titles(title, doubt):
    rows = [title, "Lamp 12.00", "Plug 8.50", "TOTAL 20.50"]
    assert doubt in understand.receipt([Page(texts={"a": tuple(rows)})]).doubts


def test_copies_and_credit_notes_are_known_in_every_language():
    unknown = {
        word
        for language in words.languages()
        for role, doubt in (("copy", "duplicate"), ("credit", "credit_note"))
        for word in words.read(language)[role]
        if doubt not in seen_under(word)
    }
    # these mean the change given back as well, and alone prove nothing
    assert unknown == {"vratka", "palautus", "retour", "retur", "iade"}


def seen_under(title):
    """Return the doubts about a sale with a title."""
    page = Page(texts={"a": (title, "Lamp 12.00", "TOTAL 12.00")})
    return understand.receipt([page]).doubts


def test_a_slip_of_a_card_is_no_sale():
    rows = (
        "MERCHANT COPY",
        "AID A0000000031010",
        "APPROVAL CODE 123456",
        "TOTAL 20.50",
    )
    assert "card_slip" in understand.receipt([Page(texts={"a": rows})]).doubts


def test_two_photos_of_one_receipt_are_joined_where_they_overlap():
    rows = ["SHOP", "Lamp 12.00", "Plug 8.50", "Tape 3.00", "TOTAL 23.50"]
    assert understand.joined([rows[:4], rows[2:]]) == rows
    assert understand.joined([rows[:2], rows[2:]]) == rows
    assert understand.joined([rows[:3], rows[1:4], rows[2:]]) == rows


# === STYLES === #


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("TOTAL 1.234,50", "1234.50"), ("TOTAL 1 234.50", "1234.50"),
        ("TOTAL 1'234.50", "1234.50"), ("TOTAL 1,23,456.00", "123456.00"),
        ("合計 ¥1,234", "1234"), ("TOTAL Rp 45.000", "45000"),
        ("ИТОГО 12 500", "12500"), ("TOTAL RM12.5O", "12.50"),
        ("المجموع ١٢٫٥٠", "12.50"), ("Összesen 1 490 Ft", "1490"),
    ],
)  # fmt: skip
def test_how_amounts_are_written(row, value):
    assert total(row)[0] == Decimal(value)


def test_signs_and_what_is_no_amount():
    row = amounts.normal("-2.00 (3.00) 4.00- 19% 02.03.2026 12:30")
    values = [one.value for one in amounts.amounts(row, amounts.Style())]
    assert values == [Decimal(-2), Decimal(-3), Decimal(-4)]


def test_three_decimals_where_the_currency_has_them():
    rows = ["Lamp 1.250", "Plug 2.500", "TOTAL 3.750"]
    assert extract(rows, habits=habits.Habits(decimals=3)).total == Decimal("3.750")
    assert extract(rows).total == Decimal(3750)


# === DAYS === #


@pytest.mark.parametrize(
    ("rows", "country", "day"),
    [
        (["03/02/2026"], "GB", date(2026, 2, 3)),
        (["03/02/2026"], "US", date(2026, 3, 2)),
        # the receipt itself decides
        (["03/25/2026 12:30", "Valid until 04/02/2026"], "GB", date(2026, 3, 25)),
        (["Date 03/02/2026 12:30", "Mar 2, 2026"], "GB", date(2026, 3, 2)),
        (["2026年3月2日"], "JP", date(2026, 3, 2)),
        (["R8.3.2"], "JP", date(2026, 3, 2)),
        (["02/03/2569 12:30"], "TH", date(2026, 3, 2)),
        (["02/03/69 12:30"], "TH", date(2026, 3, 2)),
        (["19 APR 2026"], "MY", date(2026, 4, 19)),
        (["2 березня 2026"], "UA", date(2026, 3, 2)),
        (["25-12-26 14:52 SH01"], "MY", date(2026, 12, 25)),
        (["Expiry date 01.01.2030", "02.03.2026 12:30"], "DE", date(2026, 3, 2)),
        (["٠٢/٠٣/٢٠٢٦"], "EG", date(2026, 3, 2)),
        (["13/09/1447"], "SA", date(2026, 3, 2)),
        (["version 1.2.26"], "DE", None),
    ],
)  # fmt: skip
def test_days(rows, country, day):
    assert extract(rows, habits=habits.of_country(country)).issued_on == day


@pytest.mark.parametrize(
    ("row", "time"),
    [("8:13:39 PM", "20:13"), ("12:05 am", "00:05"), ("12:05 pm", "12:05"),
     ("09:15", "09:15"), ("12:99", None)],
)  # fmt: skip
def test_times(row, time):
    assert extract([row]).time == time


# === NUMBERS === #


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Invoice No : CS-00012345", "CS-00012345"),
        ("RECEIPT #: 18418/102/T0341", "18418/102/T0341"),
        ("GST Reg No : 000512345678\nBill No: 4711", "4711"),
        ("TAX INVOICE\n12/03/2026\nDoc No. PV-0017", "PV-0017"),
        ("Invoice No\nAB1234567", "AB1234567"),
        ("Beleg-Nr. 25963649", "25963649"), ("Fiş No: 0017", "0017"),
        ("レシートNo 12345", "12345"), ("رقم الفاتورة: 98765", "98765"),
        ("Order 12\nReceipt no 345678", "345678"),
        ("Tel 03-1234567", None), ("Invoice date 12/03/2026", None),
    ],
)  # fmt: skip
def test_numbers(text, number):
    assert extract(text.splitlines()).number == number


# === WORDS === #


def test_every_language_can_say_what_a_receipt_says():
    assert len(words.languages()) >= 30
    for language in words.languages():
        known = words.read(language)
        assert {"total", "number", "cash", "date"} <= known.keys(), language


def test_words_that_were_misread_and_words_of_a_company():
    known = words.Words()
    assert {known.role(text) for text in ("TOTAL", "T0TAI", "TOTRL", "ИТОГО")} == {
        "total"
    }
    assert known.role("TOTAL QTY") == "count" and known.role("SUBTOTAL") == "subtotal"
    assert known.role("Xuqoxuq") is None
    assert words.Words({"total": ["Xuqoxuq"]}).role("XUQOXUQ RM") == "total"
    assert words.Words({"net": ["total"]}).role("TOTAL") == "net"


# === SHOPS AND PRINTED CODES === #


def test_a_shop_is_known_by_its_number_and_its_name():
    rows = ["QUZU XENIPA", "Tax no 123 456 789", "16.03.2026 12:30", "Zu 77001"]
    assert shops.keys(rows) == ["id:123456789", "name:QUZUXENIPA"]
    assert shops.label_of_number(rows, "77001") == "Zu"
    assert shops.label_of_amount(["Vaxeli RM 100.00"], Decimal(100)) == "Vaxeli"


def test_printed_codes_are_proven_and_mixtures_are_none():
    def prove(text):
        return text if text in ("AAAABBBB", "CCCCDDDD", "AAAADDDD") else None

    rows = ["AAAA-", "BBBB"]
    assert printed.proven(rows, 8, [], prove) == ["AAAABBBB"]
    # two labels side by side: one of the three is a mixture, and nobody knows which
    assert printed.proven(["AAAA- CCCC-", "BBBB DDDD"], 8, [], prove) == []
    # what was read by itself is left out first
    rows = ["AAAA- CCCC-", "BBBB DDDO"]
    assert printed.proven(rows, 8, ["CCCCDDDD"], prove) == ["AAAABBBB"]


@given(st.lists(st.text(max_size=40), max_size=20))
def test_no_text_breaks_these(rows):
    shops.keys(rows)
    shops.label_of_number(rows, "12345")
    shops.label_of_amount(rows, Decimal(10))
    printed.proven(rows, 16, ["ABCD"], lambda _text: None)


def test_a_number_whose_name_one_engine_did_not_read():
    rows = ["Lamp 12.00", "Plug 8.50", "TOTAL 20.50", "16.03.2026 12:30"]

    def doubted(other):
        texts = {"a": ("Receipt No 123456", *rows), "b": (other, *rows)}
        return "number_alone" in understand.receipt([Page(texts=texts)]).doubts

    assert not doubted("Rxxxxpt 123456")
    assert doubted("Rxxxxpt 123457")
    # the other one takes another number for it
    assert doubted("Invoice 998877 Rxxxxpt 123456")
