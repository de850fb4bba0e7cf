"""Which quantities on a receipt are believed: numbers to check by hand."""

from decimal import Decimal

import pytest
from recognition import understand
from recognition.fields import extract
from recognition.sandbox import Page

CODE = (
    "https://cabinet.tax.gov.ua/cashregs/check?"
    "id=8123456789&fn=4000312997&sm=35.00&date=20260316&time=0807"
)
# 3 x 5.00 = 15.00, 2 x 10.00 = 20.00, together 35.00
LAMPS, PLUGS = "3 x 5.00\nLED lamp 15.00", "2 x 10.00\nWall plug 20.00"
CLEAN = f"{LAMPS}\n{PLUGS}"


def doubts(*lines, code=True, total="35.00"):
    """Return the doubts about a receipt whose lines each engine read so."""
    found = read(*lines, code=code, total=total)
    assert set(found.doubts) <= understand.DOUBTS.keys()
    return set(found.doubts)


def read(*lines, code=True, total="35.00"):
    rest = f"TOTAL {total}\nCARD {total}\nFISCAL No 8123456789\n16.03.2026 08:07"
    texts = {
        f"engine{n}": ("RECEIPT No 100234", *one.splitlines(), *rest.splitlines())
        for n, one in enumerate(lines)
    }
    return understand.receipt(
        [Page(codes=(("qrcode", CODE),) if code else (), texts=texts)]
    )


def quantities(*lines):
    return [line.quantity for line in read(*lines).lines]


# === NO DOUBT === #


@pytest.mark.parametrize("lines", [(CLEAN,), (CLEAN, CLEAN)])
def test_a_clean_receipt_has_no_doubt(lines):
    assert doubts(*lines) == set()
    assert quantities(*lines) == [3, 2]


@pytest.mark.parametrize(
    "form",
    [
        "LED lamp\n3 x 5.00 15.00\nWall plug\n2 x 10.00 20.00",
        "EAN 4820000000017\n3 x 5.00\nLED lamp 15.00 A\n2 PCS x 10.00 = 20.00\nPlug",
    ],
)
def test_forms_of_tills(form):
    assert doubts(form) == doubts(form, form) == set()
    assert quantities(form) == [3, 2]


def test_without_a_code_two_engines_have_none_either():
    assert doubts(CLEAN, CLEAN, code=False) == set()


@pytest.mark.parametrize(
    "lines",
    [
        ("LED lamp 15.00\nWall plug 20.00",),
        ("Cashier Anna\nLED lamp 15.00\n----\nWall plug 20.00",),
        # one of each is not printed, two are: both engines see it so
        (f"LED lamp 15.00\n{PLUGS}", f"LED lamp 15.00\n{PLUGS}"),
    ],
)
def test_quantities_that_are_not_printed_are_one(lines):
    assert doubts(*lines) == set()
    assert quantities(*lines)[0] == 1


def test_weights_are_rounded_to_cents():
    # 0.347 x 43.23 = 15.00081
    assert doubts(f"0.347 x 43.23\nNails 15.00\n{PLUGS}") == set()


def test_two_lines_of_one_amount_may_differ():
    twins = "2 x 10.00\nWall plug 20.00\n1 x 20.00\nOil filter 20.00"
    assert doubts(f"{twins}\n", f"{twins}\n", total="35.00") == {"lines_differ"}
    same = f"3 x 5.00\nLED lamp 15.00\n{twins}".replace("20.00", "10.00").replace(
        "2 x 10.00", "2 x 5.00"
    )  # 15.00 + 10.00 + 10.00
    assert doubts(same, same) == set()
    assert quantities(same, same) == [3, 2, 1]


# === A QUANTITY AND ITS PRICE === #


@pytest.mark.parametrize(
    ("seen", "proposed"),
    [
        ("8 x 5.00\nLED lamp 15.00", 3),  # 15.00 / 5.00
        ("3 x 1.00\nLED lamp 15.00", 15),  # the price was misread: nobody knows
        ("3 x 6.00\nLED lamp 15.00", 3),
        ("0 x 5.00\nLED lamp 15.00", 3),
    ],
)
def test_price_times_quantity_is_not_the_amount(seen, proposed):
    assert doubts(f"{seen}\n{PLUGS}") == {"quantity_differs"}
    assert [line.odd for line in read(f"{seen}\n{PLUGS}").lines] == [True, False]
    assert quantities(f"{seen}\n{PLUGS}") == [proposed, 2]


def test_another_engine_proves_what_one_misread():
    misread = f"3 x 1.00\nLED lamp 15.00\n{PLUGS}"
    assert doubts(misread, CLEAN) == doubts(CLEAN, misread) == set()
    assert quantities(misread, CLEAN) == quantities(CLEAN, misread) == [3, 2]


def test_two_engines_that_misread_prove_nothing():
    misread = f"3 x 1.00\nLED lamp 15.00\n{PLUGS}"
    assert doubts(misread, misread, code=False) == {"quantity_differs"}


def test_engines_that_prove_different_quantities():
    other = f"1 x 15.00\nLED lamp 15.00\n{PLUGS}"
    assert doubts(CLEAN, other) == doubts(other, CLEAN) == {"quantity_differs"}
    third = f"5 x 3.00\nLED lamp 15.00\n{PLUGS}"
    unread = f"LED lamp 15.00\n{PLUGS}"
    assert doubts(unread, other, third) == {"quantity_differs"}


# === A QUANTITY THAT WAS LOST === #


@pytest.mark.parametrize(
    "seen",
    [
        "LED lamp 15.00",  # the other line shows that quantities are printed
        "Sex 5oo\nLED lamp 15.00",
        "3 x 5oo\n15.00",
        "LED lamp 4 5.00 15.00",  # 4 x 5.00 is not 15.00
    ],
)
def test_one_engine_lost_a_quantity(seen):
    assert doubts(f"{seen}\n{PLUGS}") == {"quantity_alone"}
    assert doubts(f"{seen}\n{PLUGS}", CLEAN) == set()
    assert quantities(f"{seen}\n{PLUGS}", CLEAN) == [3, 2]


@pytest.mark.parametrize("seen", ["Sex 5oo\nLED lamp", "LED lamp 3 5.00"])
def test_no_quantity_was_read_at_all(seen):
    assert doubts(f"{seen} 35.00") == {"quantity_alone"}
    assert doubts(f"{seen} 35.00", f"{seen} 35.00") == {"quantity_alone"}
    assert doubts(f"{seen} 35.00", "LED lamp 35.00") == {"quantity_alone"}


# === THE SUM === #


@pytest.mark.parametrize(
    "lines",
    [
        (LAMPS,),  # a line was lost
        (f"{CLEAN}\n1 x 1.00\nBag 1.00",),
        (CLEAN.replace("15.00", "16.00").replace("5.00\n", "5.33\n"),),
        (LAMPS, PLUGS),
    ],
)
def test_lines_make_another_sum(lines):
    assert "lines_differ" in doubts(*lines)


def test_the_engine_whose_lines_make_the_total_is_taken():
    assert doubts(LAMPS, CLEAN) == doubts(CLEAN, LAMPS) == set()
    assert quantities(LAMPS, CLEAN) == quantities(CLEAN, LAMPS) == [3, 2]


def test_no_line_at_all():
    assert doubts("Hello") == {"no_lines"}


def test_without_a_total_nothing_is_said_about_the_sum():
    found = understand.receipt([Page(texts={"one": tuple(CLEAN.splitlines())})])
    assert "no_total" in found.doubts and "lines_differ" not in found.doubts
    assert len(found.lines) == 2


# === ROWS === #


def test_proven_lines():
    [line] = extract(["3 x 5.00", "LED lamp 15.00"]).lines
    assert line.proven and line.price == Decimal("5.00") and not line.odd
    [line] = extract(["LED lamp 15.00"]).lines
    assert not line.proven and line.price is None and not line.odd
    [line] = extract(["8 x 5.00", "LED lamp 15.00"]).lines
    assert not line.proven and line.odd
