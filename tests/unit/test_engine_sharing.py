"""What lowers a document lowers its lines: worked examples and what always holds.

The examples are lines as Odoo writes them for the discounts named; each figure can be
checked by hand: a line's part of a cut is its part of the lines that are lowered.
"""

from fractions import Fraction

from engine.sharing import NONE, Figures, Line, apply_weights, get_weights, share
from hypothesis import given
from hypothesis import strategies as st

VAT20, VAT7 = frozenset({"20 %"}), frozenset({"7 %"})


def fraction(value):
    return Fraction(str(value))


def line(key, untaxed, quantity=1, product=None, taxes=VAT20, price=None, **options):
    """A line whose total is as much as its untaxed amount."""
    untaxed, quantity = fraction(untaxed), fraction(quantity)
    if price is None:
        price = untaxed / quantity if quantity else NONE
    return Line(
        key,
        Figures(untaxed, untaxed, quantity),
        product=product,
        price=fraction(price),
        taxes=taxes,
        **options,
    )


def worth(*lines, digits=2):
    """Return key -> untaxed money after sharing, rounded for reading."""
    return {
        key: float(round(figures.untaxed, digits))
        for key, figures in share(lines).items()
    }


def test_discount_is_written_once_for_each_set_of_taxes():
    # A and C have 20 %: 12.00 of 119.99 + ... ; B alone has 7 %: 10 % of 50
    shared = share(
        [
            line("A", "99.99", 3),
            line("B", 50, 1, taxes=VAT7),
            line("C", 20, 2),
            line("d20", "-12.00"),
            line("d7", "-5.00", taxes=VAT7),
        ]
    )
    assert shared["A"].untaxed == fraction("99.99") * (
        1 - fraction(12) / fraction("119.99")
    )
    assert round(shared["A"].untaxed, 5) == fraction("89.99017").limit_denominator(
        10**5
    )
    assert shared["B"].untaxed == 45
    assert sum(figures.untaxed for figures in shared.values()) == fraction("152.99")


def test_amount_off_is_shared_by_taxes_and_stacks():
    lines = [
        line("A", 600),
        line("B", 400, taxes=VAT7),
        line("d20", "-52.27"),
        line("d7", "-34.84", taxes=VAT7),
    ]
    assert worth(*lines) == {"A": 547.73, "B": 365.16}
    half = [line("h20", "-273.86"), line("h7", "-182.58", taxes=VAT7)]
    assert worth(*lines, *half) == {"A": 273.87, "B": 182.58}


def test_promotion_on_some_products_lowers_these_only():
    lines = [line("A", 600), line("B", 400)]
    named = line("reward", -60, lowers=frozenset({"A"}))
    assert worth(*lines, named) == {"A": 540, "B": 400}
    # what does not say which lines it lowers goes by taxes
    assert worth(*lines, line("reward", -60)) == {"A": 564, "B": 376}


def test_cheapest_piece():
    lines = [line("A", 600, 6), line("B", 320, 4)]
    cheapest = line("reward", -40, lowers=frozenset({"B"}))
    assert worth(*lines, cheapest) == {"A": 600, "B": 280}


def test_what_its_taxes_cannot_take_lowers_the_whole_document():
    lines = [line("A", 100), line("B", 500, taxes=VAT7), line("minus", -150)]
    assert worth(*lines) == {"A": 0, "B": 450}


def test_a_line_without_a_product_lowers_the_goods():
    lines = [line("P", 1000, 10, "P"), line("minus", -900)]
    shared = share(lines)
    assert shared == {"P": Figures(fraction(100), fraction(100), fraction(10))}


def test_an_exchange_lowers_money_and_pieces():
    shared = share([line("in", 1000, 10, "P"), line("back", -500, -5, "P")])
    assert shared == {"in": Figures(fraction(500), fraction(500), fraction(5))}


def test_a_piece_that_comes_back_is_taken_from_its_own_price_first():
    shared = share(
        [
            line("dear", 200, 2, "P"),
            line("cheap", 100, 2, "P"),
            line("back", -50, -1, "P"),
        ]
    )
    assert shared["dear"].quantity == 2
    assert shared["cheap"] == Figures(fraction(50), fraction(50), fraction(1))


def test_a_product_that_was_not_sold_comes_back():
    # 8 pieces of P remain; Q lowers the money of the document and no pieces of P
    shared = share([line("P", 800, 8, "P"), line("back", -100, -2, "Q")])
    assert shared == {"P": Figures(fraction(700), fraction(700), fraction(8))}


def test_free_shipping_lowers_the_delivery_only():
    lines = [line("goods", 90), line("delivery", 10)]
    shipping = line("reward", -10, lowers=frozenset({"delivery"}))
    assert worth(*lines, shipping) == {"goods": 90, "delivery": 0}
    assert worth(*lines, line("minus", -10)) == {"goods": 81, "delivery": 9}


def test_thirds_are_exact():
    shared = share([line(key, 100) for key in "ABC"] + [line("minus", -100)])
    assert {figures.untaxed for figures in shared.values()} == {Fraction(200, 3)}


def test_more_off_than_the_document_is_worth():
    assert worth(line("A", 100), line("B", 50), line("minus", -200)) == {"A": 0, "B": 0}


def test_overlapping_promotions_do_not_depend_on_their_order():
    lines = [line("A", 100), line("B", 100), line("C", 100)]
    first = line("first", -90, lowers=frozenset({"A", "B"}))
    second = line("second", -90, lowers=frozenset({"B", "C"}))
    assert worth(*lines, first, second) == worth(*lines, second, first)
    assert worth(*lines, first, second) == {"A": 55, "B": 10, "C": 55}


def test_weights_of_the_order_serve_what_was_invoiced_of_it():
    ordered = [line("A", 1000, 10), line("B", 1000, 10), line("half", -1000)]
    weights = get_weights(ordered)
    assert weights["half"]["A"].untaxed == Fraction(1, 2)
    # the whole discount stands on the first invoice, with two of twenty pieces
    invoiced = {"A": Figures(fraction(200)), "half": Figures(fraction(-1000))}
    assert apply_weights(invoiced, weights)["A"].untaxed == -300
    assert apply_weights(invoiced, weights)["B"].untaxed == -500


def test_nothing_is_shared_without_a_line_below_zero():
    assert get_weights([line("A", 100), line("free", 0)]) == {}


# === PROPERTIES === #

AMOUNTS = st.decimals(0, 1000, places=2).map(fraction)
TAXES = st.sampled_from([VAT20, VAT7, frozenset()])
PRODUCTS = st.sampled_from(["P", "Q", None])


@st.composite
def documents(draw):
    """Lines of a document, some of them below zero in each of the known ways."""
    plus = [
        line(
            f"l{number}",
            draw(AMOUNTS),
            draw(st.integers(1, 5)),
            draw(PRODUCTS),
            draw(TAXES),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    keys = [one.key for one in plus]
    minus = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["hand", "return", "named"]))
        minus.append(
            line(
                f"m{number}",
                -draw(AMOUNTS),
                -draw(st.integers(1, 5)) if kind == "return" else 1,
                draw(PRODUCTS) if kind == "return" else None,
                draw(TAXES),
                lowers=frozenset(draw(st.sets(st.sampled_from(keys), min_size=1)))
                if kind == "named"
                else None,
            )
        )
    return plus + minus


def total(figures):
    return sum((one.untaxed for one in figures), NONE)


@given(documents())
def test_the_sum_of_the_lines_is_the_sum_of_the_document(lines):
    shared = share(lines)
    whole = total(one.figures for one in lines)
    assert total(shared.values()) == max(whole, 0)


@given(documents())
def test_no_line_falls_below_zero_or_rises(lines):
    before = {one.key: one.figures for one in lines}
    for key, figures in share(lines).items():
        assert 0 <= figures.untaxed <= before[key].untaxed
        assert 0 <= figures.total <= before[key].total
        assert 0 <= figures.quantity <= before[key].quantity


@given(documents(), st.randoms())
def test_the_order_of_lines_does_not_matter(lines, random):
    mixed = list(lines)
    random.shuffle(mixed)
    assert share(mixed) == share(lines)


@given(documents())
def test_a_larger_minus_never_gives_more(lines):
    larger = [*lines, line("more", -10)]
    assert total(share(larger).values()) <= total(share(lines).values())


@given(documents(), st.integers(2, 4))
def test_a_line_in_pieces_is_worth_what_the_whole_was(lines, pieces):
    first, *rest = lines
    parts = [
        Line(
            first.key if not number else f"{first.key}.{number}",
            Figures(*(getattr(first.figures, name) / pieces for name in FIELDS)),
            product=first.product,
            price=first.price,
            taxes=first.taxes,
        )
        for number in range(pieces)
    ]
    names = {part.key for part in parts}
    rest = [
        Line(
            one.key,
            one.figures,
            one.product,
            one.price,
            one.taxes,
            one.lowers | names
            if one.lowers is not None and first.key in one.lowers
            else one.lowers,
        )
        for one in rest
    ]
    whole, cut = share(lines), share([*parts, *rest])
    for name in FIELDS:
        assert getattr(whole[first.key], name) == sum(
            getattr(cut[key], name) for key in names
        )


FIELDS = ("untaxed", "total", "quantity")


@given(documents())
def test_a_minus_that_fits_its_taxes_leaves_other_taxes_alone(lines):
    plus = [one for one in lines if not one.is_minus]
    room = total(one.figures for one in plus if one.taxes == VAT20)
    lowered = share([*plus, line("minus", -room / 2)])
    for one in plus:
        if one.taxes != VAT20:
            assert lowered[one.key] == one.figures
