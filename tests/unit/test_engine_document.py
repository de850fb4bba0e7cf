"""What holds for every document, whatever is on it: the engine's part of the rules.

The numbers are those of the thirty invariants of a document.  Where something of Odoo
takes part, the test is elsewhere: in the document machine (``processing``), with the
documents, or at the till.

=== ======================================================= =========================
no. invariant                                               test
=== ======================================================= =========================
1   order, invoice, ticket, reported sale: the same         test_01, test_same_lines
2   an order and its invoices: as the invoice alone         test_02, machine
3   a discount that was undone never was                    test_03, machine
4   the order of lines and how they are split say nothing   test_04 (two)
5   the sum is kept; a bigger minus never gives more        test_05, sharing
6   a minus for some lines leaves the others alone          test_06, sharing
7   payments: every prefix is exactly its fraction          test_07, money
8   payments and notes in any order; processing twice       test_08, machine
9   a payment undone never was                              test_09, machine
10  a note and its reversal never were                      test_10, machine
11  a price note and a price debit never were               test_11
12  everything credited and invoiced again: as once         test_12, machine
13  money is conserved; cycles of notes give nothing        test_13, money
14  a note of a paid sale is as good as cash                test_14
15  a down payment and its final: the fraction paid         test_15, machine
16  a write-off is no money, an early discount is a price   test_16, machine
17  rates change money, and no share                        test_17, machine
18  units: pieces are pieces                                test_18 (two), machine
19  a proof is never more than the worth; nothing waits     test_19 (five), machine
20  to cancel the rest is to have ordered less              test_20, machine
21  returned and delivered again never was                  test_21 (two), machine
22  contacts move or merge                                  people, dealers
23  a ticket with an invoice or without                     add-on of the till
24  an order settled at the till                            add-on of the till
25  a branch counts as its parent                           processing, branches
26  an award is rounded once, its parts make the whole      test_26, machine
27  a gift card is paid once                                documents, test_cards
28  a refund of everything leaves exactly nothing           test_28
29  a free piece changes no money; a menu is its items      test_29, test_invariants
30  what is changed in products later moves nothing         test_invariants
=== ======================================================= =========================
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

import strategies  # noqa: F401  its profile
from builders import DAY, NOW, D, decide, document, line, measure, program, rule
from engine.facts import NOTHING, REACHABLE, TRIGGERS
from engine.measuring import DEBIT, NOTE, Charge, DocumentMeasure, SoldLine
from engine.money import Due, Match, Payment, get_paid
from engine.numbers import as_decimal
from engine.rules import Hold
from engine.sharing import Figures
from engine.units import get_meant, get_ratio
from hypothesis import assume, given
from hypothesis import strategies as st

NONE, ONE = Fraction(0), Fraction(1)
TAX = Fraction(6, 5)
VAT, FREE = frozenset({20}), frozenset()
TODAY = date(2026, 3, 10)
#: So small that payments in cents are exact: what a cent forgives is tried elsewhere.
COIN = Fraction(1, 10**9)


# === BUILDERS AND GENERATORS === #


def figures(quantity, price, taxes=VAT):
    """Return what pieces cost at a price without tax."""
    quantity, untaxed = Fraction(quantity), Fraction(quantity) * Fraction(price)
    return Figures(untaxed, untaxed * (TAX if taxes else ONE), quantity)


def sold(key, quantity, price, *charges, taxes=VAT, **values):
    """Return a line of goods that stock counts, all of it still to come.

    :param charges: (quantity, price, share that is paid, kind of charge); below zero
        for a note
    """
    values.setdefault("product", key)
    values.setdefault("promised", Fraction(quantity))
    values.setdefault("delivered", NONE)
    values.setdefault("is_stocked", True)
    return SoldLine(
        key,
        figures(quantity, price, taxes),
        taxes=taxes,
        charges=tuple(charge(*one, taxes=taxes) for one in charges),
        **values,
    )


def charge(quantity, price, paid=NONE, kind=None, taxes=VAT):
    """Return what a document charges; a quantity below zero is a note's."""
    kind = kind or (NOTE if quantity < 0 else "invoice")
    one = figures(quantity, price, taxes)
    return Charge(one, at=NOW, kind=kind, paid=Fraction(paid), paid_at=NOW)


def delivered(one, quantity):
    """Return a line of which pieces were delivered."""
    moved = Fraction(quantity)
    return replace(one, delivered=moved, deliveries=((NOW, moved),) if moved else ())


def measure_all(lines, ordered_at=NOW):
    """Return (key, moment) -> (pieces, untaxed, total), of all that is worth anything.

    Of lines that are below zero nothing is asked.
    """
    whole = DocumentMeasure(lines, ordered_at)
    found = {}
    for one in whole.lines.values():
        if one.key in whole.weights:
            continue
        moments = whole.get_measures(one.key)
        for moment in TRIGGERS:
            if moment in moments and moments[moment].quantity:
                found[one.key, moment] = told(moments[moment])
    return found


def told(one):
    return one.quantity, one.amount_untaxed, one.amount_total


PRICES = st.integers(1, 50000).map(lambda cents: Fraction(cents, 100))
PIECES = st.integers(1, 12)
TAXES = st.sampled_from([VAT, FREE])
SHARES = st.sampled_from([NONE, Fraction(1, 3), ONE])


@st.composite
def parts_of(draw, whole, most=4):
    """Return whole numbers of which each is above zero, ``whole`` in all."""
    cuts = (
        draw(st.sets(st.integers(1, whole - 1), max_size=most - 1)) if whole > 1 else ()
    )
    edges = [0, *sorted(cuts), whole]
    return [after - before for before, after in zip(edges, edges[1:], strict=False)]


@st.composite
def goods(draw, number=3):
    """Return lines of goods, as they were ordered."""
    return [
        sold(f"l{n}", draw(PIECES), draw(PRICES), taxes=draw(TAXES))
        for n in range(draw(st.integers(1, number)))
    ]


@st.composite
def minuses(draw, lines):
    """Return up to two lines that lower others: by hand, for named lines, a return."""
    found = []
    for number in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(["hand", "named", "return"]))
        about = draw(st.sampled_from(lines))
        quantity, price, values = ONE, -draw(PRICES), {"product": None}
        if kind == "named":
            values["lowers"] = frozenset({about.key})
        elif kind == "return":
            quantity, price = -Fraction(draw(PIECES)), about.piece.untaxed
            values = {"product": about.product}
        values["delivered"] = None
        found.append(
            sold(f"m{number}", quantity, price, taxes=draw(TAXES), **values)
            if kind != "return"
            else sold(f"m{number}", quantity, price, taxes=about.taxes, **values)
        )
    return found


@st.composite
def whole_orders(draw):
    """Return an order with all that lowers it."""
    lines = draw(goods())
    return lines + draw(minuses(lines))


def done(one, shares=(ONE,), paid=ONE):
    """Return a line that was delivered, and invoiced in these shares and paid."""
    charges = tuple(
        Charge(one.written.scaled(part), at=NOW, paid=paid, paid_at=NOW)
        for part in shares
    )
    if one.delivered is not None:
        one = delivered(one, one.written.quantity)
    return replace(one, charges=charges)


@st.composite
def lives(draw):
    """Return a line of goods in the middle of any life."""
    quantity, price = draw(PIECES), draw(PRICES)
    came = draw(st.integers(0, quantity))
    back = draw(st.integers(0, came))
    promised = draw(st.integers(came - back, quantity))
    charges = []
    for _invoice in range(draw(st.integers(0, 2))):
        invoiced = draw(st.integers(1, quantity))
        at = draw(st.sampled_from([price, price / 2]))
        paid = draw(SHARES)
        charges.append((invoiced, at, paid))
        if draw(st.booleans()):
            gone = draw(st.integers(1, invoiced))
            charges.append((-gone, draw(st.sampled_from([at, at / 10])), paid))
    is_stocked = draw(st.booleans())
    one = sold(
        "l",
        quantity,
        price,
        *charges,
        promised=Fraction(promised if is_stocked else quantity),
        returned=Fraction(back),
        is_stocked=is_stocked,
    )
    return delivered(one, came - back)


# === LINES === #


@given(whole_orders())
def test_01_an_order_that_is_done_is_an_invoice_without_one(lines):
    """Who invoices without an order says what is charged, and nothing of goods."""
    order = measure_all([done(one) for one in lines])
    invoice = measure_all(
        [
            replace(done(one), is_stocked=False, delivered=None, deliveries=())
            for one in lines
        ]
    )
    assert order == invoice


@given(st.data(), whole_orders())
def test_02_invoices_in_any_parts_are_as_one(data, lines):
    whole = [done(one) for one in lines]
    parts = data.draw(parts_of(12))
    shares = [Fraction(part, 12) for part in parts]
    assert measure_all([done(one, shares) for one in lines]) == measure_all(whole)


@given(goods(), st.data(), PRICES, st.booleans())
def test_03_a_discount_that_is_credited_was_never_given(goods, data, amount, is_named):
    """Beside other discounts it may have pushed these to other lines."""
    goods = [done(one) for one in goods]
    lowers = frozenset({goods[0].key}) if is_named else None
    charges = (1, -amount, 1), (-1, -amount, 1)
    credited = sold("minus", 1, -amount, *charges, lowers=lowers, product=None)
    credited = replace(credited, delivered=None)
    assert measure_all([*goods, credited]) == measure_all(goods)
    others = [done(one) for one in data.draw(minuses(goods))]
    beside = get_sums([*goods, *others, credited])
    assert beside == get_sums([*goods, *others])


def get_sums(lines):
    """Return the money of a document at each moment, without taxes."""
    sums = dict.fromkeys(TRIGGERS, NONE)
    for (_key, moment), (_pieces, untaxed, _total) in measure_all(lines).items():
        sums[moment] += untaxed
    return sums


@given(whole_orders(), st.randoms())
def test_04_the_order_of_lines_says_nothing(lines, random):
    mixed = list(lines)
    random.shuffle(mixed)
    assert measure_all(mixed) == measure_all(lines)


@given(st.data(), whole_orders())
def test_04_a_line_in_two_is_worth_what_the_whole_was(data, lines):
    first, *rest = lines
    assume(first.written.quantity > 1)
    count = data.draw(st.integers(1, int(first.written.quantity) - 1))
    share_of = Fraction(count) / first.written.quantity
    halves = [
        replace(first, key=key, written=first.written.scaled(part), promised=NONE)
        for key, part in (("a", share_of), ("b", 1 - share_of))
    ]
    halves = [replace(one, promised=one.written.quantity) for one in halves]
    rest = [
        replace(one, lowers=frozenset({"a", "b"})) if one.lowers == {first.key} else one
        for one in rest
    ]
    whole = measure_all(lines).get((first.key, "confirmed"), (0, 0, 0))
    cut = measure_all([*halves, *rest])
    parts = [cut.get((key, "confirmed"), (0, 0, 0)) for key in ("a", "b")]
    money = [sum(one[place] for one in parts) for place in (1, 2)]
    assert money == list(whole[1:])


@given(whole_orders(), PRICES)
def test_05_lines_make_the_document_and_more_off_is_never_more(lines, amount):
    def get_sum(all_lines):
        found = DocumentMeasure(all_lines, NOW).worth
        return sum((one.untaxed for one in found.values()), NONE)

    written = sum((one.written.untaxed for one in lines), NONE)
    assert get_sum(lines) == max(NONE, written)
    more = sold("more", 1, -amount, product=None)
    assert get_sum([*lines, more]) == max(NONE, written - amount)


@given(goods(), st.integers(1, 100))
def test_06_a_minus_for_some_lines_leaves_the_others_alone(lines, percent):
    named = lines[0]
    less = -named.written.untaxed * percent / 100
    minus = sold(
        "minus", 1, less, taxes=named.taxes, product=None, lowers=frozenset({named.key})
    )
    before, after = measure_all(lines), measure_all([*lines, minus])
    for key, found in before.items():
        if key[0] != named.key:
            assert after[key] == found


# === MONEY === #

CENTS = st.integers(1, 100000).map(lambda cents: Fraction(cents, 100))


def due(key, amount, **values):
    return Due(key, Fraction(amount), rounding=COIN, **values)


def pay(key, amount, days=0, **values):
    return Payment(key, Fraction(amount), TODAY + timedelta(days), **values)


@given(st.lists(CENTS, min_size=1, max_size=6))
def test_07_every_prefix_is_its_fraction_and_the_whole_is_all(amounts):
    whole = sum(amounts)
    payments = [pay("A", amount) for amount in amounts]
    shares = [
        get_paid([due("A", whole)], payments=payments[:count])["A"]
        for count in range(len(amounts) + 1)
    ]
    assert [one.share for one in shares] == [
        sum(amounts[:count], NONE) / whole for count in range(len(amounts) + 1)
    ]
    assert [one.settled for one in shares] == [0] * len(amounts) + [1]


@st.composite
def sales(draw):
    """Return the books of up to three sales, with notes and what they settle."""
    number = draw(st.integers(1, 3))
    dues, kin, payments, matches = [], [], [], []
    for sale in range(number):
        amount = draw(CENTS)
        dues.append(due(f"A{sale}", amount))
        for _payment in range(draw(st.integers(0, 2))):
            part = draw(st.sampled_from([amount, amount / 2, amount / 3]))
            payments.append(pay(f"A{sale}", part, draw(st.integers(0, 9))))
        if draw(st.booleans()):
            note = draw(st.sampled_from([amount, amount / 4]))
            dues.append(due(f"N{sale}", -note))
            kin.append((f"N{sale}", f"A{sale}"))
            other = draw(st.integers(0, number - 1))
            matches.append(Match(f"A{other}", f"N{sale}", note, note, TODAY))
    return {"dues": dues, "kin": kin, "payments": payments, "matches": matches}


@given(sales(), st.randoms())
def test_08_in_any_order_the_same_is_paid(books, random):
    mixed = {name: random.sample(rows, len(rows)) for name, rows in books.items()}
    assert get_paid(**mixed) == get_paid(**books)


@given(sales(), st.data())
def test_09_a_payment_that_is_paid_back_never_was(books, data):
    key = data.draw(st.sampled_from(books["dues"])).key
    amount = data.draw(CENTS)
    there_and_back = [pay(key, amount), pay(key, -amount, 1)]
    after = get_paid(**{**books, "payments": [*books["payments"], *there_and_back]})
    for one, before in get_paid(**books).items():
        assert (after[one].share, after[one].settled) == (before.share, before.settled)


@given(lives(), st.data())
def test_10_a_note_and_its_reversal_never_were(one, data):
    invoices = [c for c in one.charges if c.kind == "invoice"]
    assume(invoices)
    invoice = data.draw(st.sampled_from(invoices))
    share_of = data.draw(st.sampled_from([ONE, Fraction(1, 2), Fraction(1, 7)]))
    note = replace(invoice, figures=invoice.figures.scaled(-share_of), kind=NOTE)
    undone = replace(invoice, figures=invoice.figures.scaled(share_of), kind=NOTE)
    after = replace(one, charges=(*one.charges, note, undone))
    assert measure_all([after]) == measure_all([one])


@given(lives(), PRICES)
def test_11_a_price_note_and_a_price_debit_never_were(one, price):
    invoices = [c for c in one.charges if c.kind == "invoice"]
    assume(invoices)
    invoice = invoices[0]
    count = invoice.figures.quantity
    prices = {c.figures.untaxed / c.figures.quantity for c in invoices}
    assume(all(abs(price - known) > 1 for known in prices))
    note = replace(invoice, figures=figures(-count, price), kind=NOTE)
    debit = replace(invoice, figures=figures(count, price), kind=DEBIT)
    lowered = replace(one, charges=(*one.charges, note))
    assert measure_all([replace(lowered, charges=(*lowered.charges, debit))]) == (
        measure_all([one])
    )
    # and no piece went with the money
    before, after = (
        DocumentMeasure([it], NOW, is_free_worthless=False).progress["l"].worth.quantity
        for it in (one, lowered)
    )
    assert before == after


@given(whole_orders(), st.booleans())
def test_12_credited_and_invoiced_again_is_as_once(lines, is_stocked):
    """Nothing came back: it is the same sale."""
    once = [replace(done(one), is_stocked=is_stocked) for one in lines]
    again = [
        replace(
            one,
            charges=(
                *one.charges,
                replace(one.charges[0], figures=one.written.scaled(-ONE), kind=NOTE),
                one.charges[0],
            ),
        )
        for one in once
    ]
    assert measure_all(again) == measure_all(once)


@given(sales())
def test_13_no_more_is_paid_than_came_in(books):
    paid = get_paid(**books)
    worth = {one.key: one.amount for one in books["dues"] if one.amount > 0}
    notes = {one.key: one.amount for one in books["dues"] if one.amount < 0}
    for note, invoice in books["kin"]:
        worth[invoice] += notes[note]
    counted = sum(max(NONE, amount) * paid[key].share for key, amount in worth.items())
    came = sum((payment.amount for payment in books["payments"]), NONE)
    assert counted <= came + Fraction(1, 10**6)


@given(st.integers(2, 5), CENTS)
def test_13_a_circle_of_notes_makes_no_money(number, amount):
    dues = [
        due(f"{kind}{n}", sign * amount)
        for n in range(number)
        for kind, sign in (("A", 1), ("N", -1))
    ]
    kin = [(f"N{n}", f"A{n}") for n in range(number)]
    matches = [
        Match(f"A{(n + 1) % number}", f"N{n}", amount, amount, TODAY)
        for n in range(number)
    ]
    paid = get_paid(dues, kin, (), matches)
    assert {one.share for one in paid.values()} == {NONE}


@given(CENTS, st.integers(0, 100), st.integers(1, 3))
def test_14_a_note_of_a_paid_sale_is_as_good_as_cash(amount, percent, times):
    """Its money goes to the other sale, as if it were paid out and paid in again."""
    received = amount * percent / 100
    other = amount * times
    dues = [due("A", amount), due("N", -amount), due("B", other)]
    payments = [pay("A", received)] if received else []
    by_note = get_paid(
        dues, [("N", "A")], payments, [Match("B", "N", amount, amount, TODAY)]
    )
    in_cash = get_paid(
        [due("B", other)], payments=[pay("B", received)] if received else []
    )
    assert by_note["B"].share == in_cash["B"].share


@given(CENTS, st.integers(1, 100), st.booleans(), st.booleans())
def test_15_a_down_payment_and_its_final_are_paid_by_parts(
    amount, percent, is_down_paid, is_final_paid
):
    down = amount * percent / 100
    rest = amount - down
    dues = [due("D", down), due("F", rest, deductions=(("D", down),))]
    payments = [pay("D", down)] if is_down_paid else []
    if is_final_paid and rest:
        payments.append(pay("F", rest))
    expected = (down * is_down_paid + rest * is_final_paid) / amount
    found = get_paid(dues, payments=payments)["F"]
    assert (found.share, found.settled) == (expected, expected)


@given(CENTS, st.integers(0, 99), st.integers(0, 20), st.booleans())
def test_16_a_write_off_is_no_money_and_a_discount_in_time_is_a_price(
    amount, lost, percent, is_in_time
):
    """A payment that closes an invoice, of which a part was never received."""
    allowed = amount * percent / 100
    invoice = due("A", amount, discount=allowed, discount_until=TODAY)
    share_lost = Fraction(lost, 100)
    payment = pay(
        "A", amount, 0 if is_in_time else 1, money=1 - share_lost, lost=share_lost
    )
    kept = min(allowed, amount * share_lost) if is_in_time else NONE
    expected = amount * (1 - share_lost) / (amount - kept)
    found = get_paid([invoice], payments=[payment])["A"]
    assert found.share == found.settled == min(ONE, expected)


@given(sales(), st.sampled_from([Fraction(1, 2), Fraction(7, 3), Fraction(100)]))
def test_17_another_currency_changes_no_share(books, rate):
    changed = {
        "dues": [
            replace(one, amount=one.amount * rate, rounding=one.rounding * rate)
            for one in books["dues"]
        ],
        "kin": books["kin"],
        "payments": [
            replace(one, amount=one.amount * rate) for one in books["payments"]
        ],
        "matches": [
            replace(one, amount=one.amount * rate, taken=one.taken * rate)
            for one in books["matches"]
        ],
    }
    assert get_paid(**changed) == get_paid(**books)


# === PIECES === #

#: Units as Odoo has them, each relative to another one, and the pieces in them.
UNITS = (
    (((1, 1.0),), 1),
    (((2, 12.0), (1, 1.0)), 12),
    (((3, 6.0), (1, 1.0)), 6),
    (((4, 12.0), (2, 12.0), (1, 1.0)), 144),
)


@given(st.integers(1, 500), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_18_pieces_in_any_unit_are_the_same_pieces(count, unit, other):
    (chain, pieces), (other_chain, other_pieces) = unit, other
    assert count * get_ratio(chain, other_chain) * other_pieces == count * pieces


@given(st.integers(1, 40), st.data())
def test_18_a_piece_counted_by_the_dozen_is_one_piece(pieces, data):
    """Deliveries are rounded to hundredths of a dozen; together they are all there."""
    parts = data.draw(parts_of(pieces))
    dozens = [Fraction(Decimal(part) / 12).limit_denominator(10**9) for part in parts]
    counted = sum(Fraction(round(one * 100), 100) for one in dozens) * 12
    doubt = len(parts) * Fraction(1, 200) * 12
    assert get_meant(counted, Fraction(pieces), doubt) == pieces


@given(st.lists(lives(), min_size=1, max_size=3), st.data())
def test_19_a_proof_is_never_more_than_the_worth(lines, data):
    lines = [replace(one, key=f"l{n}", product=n) for n, one in enumerate(lines)]
    lines += data.draw(minuses(lines))
    found = measure_all(lines)
    nothing = (NONE, NONE, NONE)
    for (key, _moment), proof in found.items():
        worth = found.get((key, "confirmed"), nothing)
        assert all(0 <= one <= most for one, most in zip(proof, worth, strict=True))


@given(whole_orders(), PIECES)
def test_19_nothing_waits_when_nothing_is_open(lines, count):
    """All that can still come is there, invoiced and paid: nothing is pending."""
    first, *rest = lines
    came = Fraction(min(count, first.written.quantity))
    there = replace(
        delivered(first, came),
        promised=came,
        charges=(replace(charge(came, 1), figures=first.piece.scaled(came), paid=ONE),),
    )
    found = measure_all([there, *(done(one) for one in rest)])
    for (key, _moment), proof in found.items():
        assert proof == found[key, "confirmed"]


@st.composite
def given_up(draw, one):
    """Return a line of whose charges a part will never be paid."""
    charges = []
    for old in one.charges:
        lost = draw(st.sampled_from([NONE, (1 - old.paid) / 2, 1 - old.paid]))
        charges.append(replace(old, lost=lost))
    asked = draw(st.none() | st.integers(0, 12).map(Fraction))
    return replace(one, charges=tuple(charges), invoiceable=asked)


def hold(trigger, kind, measures):
    """Return (all, usable) points of one per cent that waits, a thousand a point."""
    held = rule(trigger=trigger, value=D(1000), hold=Hold(kind, 0))
    awards = decide(document(line(measures=measures)), program(held)).awards
    return (
        sum(award.points_total for award in awards),
        sum(award.points_released for award in awards),
    )


HELD = st.sampled_from(["until_paid", "until_delivered_paid", "days_after_delivery"])


@given(lives(), st.data(), HELD)
def test_19_no_more_waits_than_may_still_be_paid(one, data, kind):
    """Pending and usable together are at most what can still be proven."""
    one = data.draw(given_up(one))
    whole = DocumentMeasure([one], NOW)
    measures = whole.get_measures("l")
    for trigger, name in REACHABLE.items():
        if name in measures:
            most, least = measures["confirmed"], measures.get(trigger, NOTHING)
            hope = told(measures[name])
            assert all(a <= b for a, b in zip(told(least), hope, strict=True))
            assert all(a <= b for a, b in zip(hope, told(most), strict=True))
    total, usable = hold("confirmed", kind, measures)
    assert 0 <= usable <= total
    for moment in Hold(kind).triggers:
        hope = measures.get(REACHABLE[moment], measures["confirmed"])
        assert total <= 10 * hope.amount_untaxed


@given(lives(), HELD)
def test_19_nothing_waits_when_nothing_is_left_to_pay_or_to_bring(one, kind):
    """All is asked for, and what was not paid is given up; what did not come neither
    comes nor is ordered any more, and nothing came back."""
    charges = tuple(replace(old, lost=1 - old.paid) for old in one.charges)
    sold_pieces = sum(c.figures.quantity for c in charges if c.kind == "invoice")
    one = replace(one, charges=charges, invoiceable=sold_pieces, promised=one.delivered)
    one = replace(one, returned=NONE)
    total, usable = hold(
        "confirmed", kind, DocumentMeasure([one], NOW).get_measures("l")
    )
    assert total == usable


@given(lives())
def test_19_what_was_given_up_and_is_not_any_more_never_was(one):
    lost = replace(
        one, charges=tuple(replace(old, lost=1 - old.paid) for old in one.charges)
    )
    back = replace(lost, charges=tuple(replace(c, lost=NONE) for c in lost.charges))
    assert DocumentMeasure([back], NOW).get_measures("l") == (
        DocumentMeasure([one], NOW).get_measures("l")
    )
    assert measure_all([lost]) == measure_all([one])  # moments are what they were


@given(st.data(), goods())
def test_20_to_cancel_the_rest_is_to_have_ordered_less(data, lines):
    first, *rest = lines
    came = data.draw(st.integers(0, int(first.written.quantity)))
    asked = data.draw(st.integers(0, came))
    price, taxes = first.piece.untaxed, first.taxes
    charges = ((asked, price, ONE),) if asked else ()
    cut, less = (
        delivered(
            sold("l0", ordered, price, *charges, taxes=taxes, promised=Fraction(came)),
            came,
        )
        for ordered in (first.written.quantity, came)
    )
    assert measure_all([cut, *rest]) == measure_all([less, *rest])


@given(PIECES, PRICES, st.data(), SHARES)
def test_21_returned_and_delivered_again_never_was(quantity, price, data, paid):
    """Also when it was invoiced meanwhile: what is there is there."""
    back = Fraction(data.draw(st.integers(1, quantity)))
    invoiced = data.draw(st.integers(0, quantity))
    charges = ((invoiced, price, paid),) if invoiced else ()
    once = delivered(sold("l", quantity, price, *charges), quantity)
    again = replace(
        once,
        returned=back,
        deliveries=((NOW - DAY, Fraction(quantity)), (NOW, back)),
    )
    assert measure_all([again]) == measure_all([once])


@given(PIECES, PRICES, st.data())
def test_21_where_stock_counts_a_note_takes_no_piece_that_is_promised(
    quantity, price, data
):
    """It is to be invoiced again; elsewhere the note is all that tells of goods."""
    credited = data.draw(st.integers(1, quantity))
    charges = ((quantity, price, ONE), (-credited, price, ONE))
    stocked = sold("l", quantity, price, *charges)
    pieces = {
        is_stocked: DocumentMeasure([replace(stocked, is_stocked=is_stocked)], NOW)
        .progress["l"]
        .invoiced.quantity
        for is_stocked in (True, False)
    }
    assert pieces == {True: quantity, False: quantity - credited}


# === POINTS === #


@given(
    st.lists(st.tuples(PIECES, PRICES), min_size=1, max_size=8),
    st.integers(1, 40),
    st.booleans(),
)
def test_26_an_award_is_rounded_once_and_its_parts_make_it(rows, percent, has_nothing):
    lines = [
        line(n, quantity=pieces, amount=as_decimal(pieces * price))
        for n, (pieces, price) in enumerate(rows, 1)
    ]
    exact = sum((pieces * price for pieces, price in rows), NONE) * percent / 100
    if has_nothing:
        lines.append(line(99, measures={"confirmed": measure(0, 0)}))
    found = decide(document(*lines), program(rule(value=D(percent))))
    assert sum(award.points_total for award in found.awards) == floor(exact)
    whole = decide(document(*lines), program(rule(value=D(percent), scope="document")))
    assert sum(award.points_total for award in whole.awards) == floor(exact)


# === MIRRORS === #


@given(whole_orders())
def test_28_a_refund_of_everything_leaves_nothing(lines):
    refunded = [
        replace(
            done(one),
            delivered=None if one.delivered is None else NONE,
            deliveries=(),
            promised=NONE,
            returned=abs(one.written.quantity),
            charges=(
                *done(one).charges,
                replace(
                    done(one).charges[0], figures=one.written.scaled(-ONE), kind=NOTE
                ),
            ),
        )
        for one in lines
    ]
    assert measure_all(refunded) == {}


@given(whole_orders(), PIECES)
def test_29_a_free_piece_changes_no_money_and_does_not_count(lines, count):
    free = sold("free", count, 0, product=lines[0].product)
    assert measure_all([*lines, free]) == measure_all(lines)
