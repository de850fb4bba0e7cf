"""Receipts of no language, for properties: random layouts, amounts in random styles."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st
from recognition.words import Words

WORDS = Words()
#: (between thousands, before decimals, decimals)
STYLES = (
    (",", ".", 2), (".", ",", 2), (" ", ",", 2), (" ", ".", 2), ("", ".", 2),
    ("'", ".", 2), (",", "", 0), (".", "", 0),
)  # fmt: skip
RATES = (5, 6, 7, 10, 19, 20, 21, 25)


@dataclass
class Printed:
    """What is printed, and the truth.

    :param rows: list of str
    :param place: which of them has the total
    """

    rows: list
    total: Decimal
    place: int


@st.composite
def names(draw):
    """A word that no language of ours knows."""
    pairs = st.tuples(st.sampled_from("bcdfgklmnpqrtvwxz"), st.sampled_from("aeiou"))
    letters = draw(st.lists(pairs, min_size=2, max_size=4))
    word = "".join(one + other for one, other in letters).capitalize()
    return word if WORDS.find(word) is None else "Xuqoxuq"


def shown(value, style):
    """Return an amount as a style writes it."""
    group, point, decimals = style
    text = f"{abs(value):,.{decimals}f}".replace(",", "_").replace(".", point)
    return ("-" if value < 0 else "") + text.replace("_", group)


@st.composite
def receipts(draw):
    """A receipt whose words nobody knows.

    Two to six lines in one of four forms, discounts, a tax in the total, on top of it
    or in a table of two rates, paid by card or in cash with change.
    """
    style = draw(st.sampled_from(STYLES))
    unit = Decimal(1).scaleb(-style[2])
    rows = [f"{draw(names())} {draw(names())}", f"{draw(names())} 27"]
    form = draw(st.integers(0, 3))
    goods = Decimal(0)
    for _line in range(draw(st.integers(2, 6))):
        amount = _add_line(draw, rows, form, style, unit)
        goods += amount
        if draw(st.booleans()) and draw(st.booleans()) and amount > 20 * unit:
            discount = (amount / 10).quantize(unit)
            rows.append(f"{draw(names())} {shown(-discount, style)}")
            goods -= discount
    total = goods
    rate = draw(st.sampled_from(RATES))
    kind = draw(st.sampled_from(("within", "on top", "table")))
    if kind == "on top":
        tax = (goods * rate / 100).quantize(unit)
        rows.append(f"{draw(names())} {shown(goods, style)}")
        rows.append(f"{draw(names())} {rate}% {shown(tax, style)}")
        total = goods + tax
    place = len(rows)
    rows.append(f"{draw(names())} {shown(total, style)}")
    if kind == "within":
        tax = (total * rate / (100 + rate)).quantize(unit)
        rows.append(f"{draw(names())} {rate}% {shown(tax, style)}")
    elif kind == "table":
        _add_table(draw, rows, total, (rate, draw(st.sampled_from((3, 8, 9)))), style)
    _add_payment(draw, rows, total, style)
    rows += [f"{draw(names())} 5371942", "16.03.2026 12:30"]
    return Printed(rows, total, place)


def _add_line(draw, rows, form, style, unit):
    quantity = draw(st.sampled_from((1, 1, 1, 2, 3, 5)))
    price = draw(st.integers(120, 99999)) * unit * (1 if style[2] else 10)
    name, amount = draw(names()), quantity * price
    each, whole = shown(price, style), shown(amount, style)
    rows += (
        [f"{name} {whole}"],
        [f"{quantity} x {each}", f"{name} {whole}"],
        [name, f"{quantity} x {each} {whole}"],
        [f"{name} {quantity} {each} {whole}"],
    )[form]
    return amount


def _add_table(draw, rows, total, rates, style):
    unit = Decimal(1).scaleb(-style[2])
    first = (total * Decimal("0.4")).quantize(unit)
    for rate, gross in zip(rates, (first, total - first), strict=True):
        net = (gross * 100 / (100 + rate)).quantize(unit)
        figures = f"{shown(net, style)} {shown(gross - net, style)}"
        rows.append(f"{draw(names())} {rate}% {figures}")


def _add_payment(draw, rows, total, style):
    note = Decimal(10) if style[2] else Decimal(5000)
    handed = (total // note + 1) * note
    if draw(st.booleans()):
        rows.append(f"{draw(names())} {shown(total, style)}")
    else:
        rows.append(f"{draw(names())} {shown(handed, style)}")
        rows.append(f"{draw(names())} {shown(handed - total, style)}")
