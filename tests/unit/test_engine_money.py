"""Money really received: stories with numbers, and what always holds."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from engine.money import Due, Match, Paid, Payment, get_paid
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 3, 10)
LATER = date(2026, 3, 20)


def due(key, amount, **values):
    return Due(key, Fraction(str(amount)), **values)


def pay(key, amount, day=DAY, money=1, **values):
    return Payment(key, Fraction(str(amount)), day, Fraction(str(money)), **values)


def match(invoice, note, amount, day=DAY):
    return Match(invoice, note, Fraction(amount), Fraction(amount), day)


def shares(dues, **books):
    """Return key -> (share, share that counts once settled), as floats."""
    paid = get_paid(dues, **books)
    return {key: (float(one.share), float(one.settled)) for key, one in paid.items()}


def write_off(key, amount, money, day=DAY):
    """A payment of ``money`` whose rest up to ``amount`` is written off."""
    lost = 1 - Fraction(money) / amount
    return pay(key, amount, day, money=1 - lost, lost=lost)


def test_nothing_half_and_all_of_it():
    invoice = [due("A", 1000)]
    assert shares(invoice) == {"A": (0, 0)}
    assert shares(invoice, payments=[pay("A", 400)]) == {"A": (0.4, 0)}
    both = [pay("A", 400), pay("A", 600, LATER)]
    assert get_paid(invoice, payments=both) == {"A": Paid(1, 1, LATER)}


def test_a_cent_is_nothing_and_many_payments_may_each_lack_one():
    invoice = [due("A", 1000)]
    assert shares(invoice, payments=[pay("A", "999.99")]) == {"A": (1, 1)}
    assert shares(invoice, payments=[pay("A", "999.98")]) == {"A": (0.99998, 0)}
    two = [pay("A", 500), pay("A", "499.98")]
    assert shares(invoice, payments=two) == {"A": (1, 1)}


def test_a_write_off_is_no_money():
    invoice = [due("A", 1000)]
    assert shares(invoice, payments=[write_off("A", 1000, 1)]) == {"A": (0.001, 0.001)}


def lost(dues, **books):
    """Return key -> the share that will never be paid, as floats."""
    return {key: float(one.lost) for key, one in get_paid(dues, **books).items()}


def test_what_is_written_off_will_never_be_paid_and_what_is_open_may_be():
    invoice = [due("A", 1000)]
    assert lost(invoice) == {"A": 0}
    assert lost(invoice, payments=[pay("A", 400)]) == {"A": 0}
    written_off = write_off("A", 600, 150)
    assert lost(invoice, payments=[written_off]) == {"A": 0.45}
    assert lost(invoice, payments=[written_off, pay("A", 400)]) == {"A": 0.45}
    # a bad debt, and a note beside it: 550 of 900
    books = {"kin": [("N", "A")], "matches": [match("A", "N", 100)]}
    payments = [pay("A", 350), pay("A", 550, money=0, lost=Fraction(1))]
    dues = [*invoice, due("N", -100)]
    assert get_paid(dues, **books, payments=payments)["A"].lost == Fraction(11, 18)


def test_what_a_note_or_an_early_discount_takes_is_not_lost():
    books = {"kin": [("N", "A")], "matches": [match("A", "N", 100)]}
    assert lost([due("A", 1000), due("N", -100)], **books)["A"] == 0
    in_time = [due("A", 1000, discount=Fraction(20), discount_until=DAY)]
    assert lost(in_time, payments=[write_off("A", 1000, 980)]) == {"A": 0}
    late = [write_off("A", 1000, 980, LATER)]
    assert lost(in_time, payments=late) == {"A": 0.02}


def test_what_comes_from_elsewhere_is_lost_where_it_is():
    """A note, a down payment, a moved debt: open there, then written off there."""
    bad = {"money": 0, "lost": Fraction(1)}
    noted = [due("A", 1000), due("NA", -1000), due("B", 1000)]
    books = {"kin": [("NA", "A")], "matches": [match("B", "NA", 1000)]}
    assert lost(noted, **books)["B"] == 0  # who pays A pays B
    assert lost(noted, **books, payments=[pay("A", 1000, **bad)])["B"] == 1
    final = [due("D", 500), due("F", 500, deductions=(("D", Fraction(500)),))]
    assert lost(final) == {"D": 0, "F": 0}
    assert lost(final, payments=[pay("D", 500, **bad)]) == {"D": 1, "F": 0.5}
    moved = [due("A", 1000), due("moved", 1000)]
    moving = pay("A", 1000, money=0, moved=Fraction(1), moved_to="moved")
    assert lost(moved, payments=[moving])["A"] == 0
    gone = pay("moved", 400, **bad)
    assert lost(moved, payments=[moving, gone])["A"] == 0.4


def test_what_is_kept_back_for_paying_early():
    """20 of 1000 in time, whatever a rate of exchange adds; nothing too late."""
    invoice = [due("A", 1000, discount=Fraction(20), discount_until=DAY)]
    assert get_paid(invoice)["A"].kept_back == 0
    for lost in ("0.02", "0.0200001", "0.03"):
        share = Fraction(lost)
        paid = pay("A", 1000, money=1 - share, lost=share)
        assert get_paid(invoice, payments=[paid])["A"].kept_back == 20
        late = replace(paid, day=LATER)
        assert get_paid(invoice, payments=[late])["A"].kept_back == 0


def test_what_is_kept_back_of_a_down_payment():
    """10 of 500 in advance: 3 for an invoice that deducts 150 of them."""
    dues = [
        due("D", 500, discount=Fraction(10), discount_until=DAY),
        due("F", 850, deductions=(("D", Fraction(150)),)),
    ]
    paid = get_paid(dues, payments=[write_off("D", 500, 490)])
    assert (paid["D"].kept_back, paid["F"].kept_back) == (10, 3)


def test_an_early_payment_discount_is_a_lower_price():
    invoice = [
        due("A", 1200, discount=Fraction(24), discount_until=DAY),
    ]
    assert shares(invoice, payments=[write_off("A", 1200, 1176)]) == {"A": (1, 1)}
    late = [write_off("A", 1200, 1176, LATER)]
    assert shares(invoice, payments=late) == {"A": (0.98, 0.98)}
    more = [write_off("A", 1200, 588)]  # 24 allowed, 588 lost: 588 of 1176
    assert shares(invoice, payments=more) == {"A": (0.5, 0.5)}


def test_an_own_note_lowers_what_the_sale_is_worth():
    books = {"kin": [("N", "A")]}
    dues = [due("A", 1000), due("N", -100)]
    assert shares(dues, **books, payments=[pay("A", 900)])["A"] == (1, 1)
    # paid in full, the note still to be paid out, and paid out
    paid = [pay("A", 1000)]
    dues = [due("A", 1000), due("N", -300)]
    assert shares(dues, **books, payments=paid)["A"] == (1, 1)
    paid_out = [*paid, pay("N", -300, LATER)]
    assert shares(dues, **books, payments=paid_out)["A"] == (1, 1)


def test_credited_in_full_is_worth_nothing_and_a_note_of_the_note_brings_it_back():
    dues = [due("A", 1000), due("N", -1000)]
    kin = [("N", "A")]
    assert shares(dues, kin=kin, payments=[pay("A", 1000)])["A"] == (0, 0)
    dues.append(due("NN", 1000))
    kin.append(("NN", "N"))
    assert shares(dues, kin=kin, payments=[pay("A", 1000)])["A"] == (1, 1)


def test_free_goods_are_paid():
    assert shares([due("A", 0)]) == {"A": (1, 1)}


def test_the_note_of_a_paid_sale_pays_another_one():
    dues = [due("A", 1000), due("NA", -1000), due("B", 1000)]
    books = {"kin": [("NA", "A")], "matches": [match("B", "NA", 1000)]}
    assert shares(dues, **books)["B"] == (0, 0)
    part = [pay("A", 400)]
    assert shares(dues, **books, payments=part)["B"] == (0.4, 0.4)
    paid = [pay("A", 1000)]
    assert shares(dues, **books, payments=paid)["A"] == (0, 0)
    assert shares(dues, **books, payments=paid)["B"] == (1, 1)


def test_only_what_was_paid_too_much_goes_on():
    # A is worth 700 and got 1000: its note of 1000 brings B 300 of 1000
    dues = [
        due("A", 1700),
        due("NA", -1000),
        due("B", 1000),
    ]
    books = {"kin": [("NA", "A")], "matches": [match("B", "NA", 1000)]}
    result = shares(dues, **books, payments=[pay("A", 1000)])
    assert result["A"][0] == 1
    assert result["B"] == (0.3, 0.3)


def test_notes_hand_money_on():
    dues = [
        due("A", 1000),
        due("NA", -1000),
        due("B", 1000),
        due("NB", -1000),
        due("C", 1000),
    ]
    books = {
        "kin": [("NA", "A"), ("NB", "B")],
        "matches": [match("B", "NA", 1000), match("C", "NB", 1000)],
    }
    assert shares(dues, **books, payments=[pay("A", 1000)])["C"] == (1, 1)
    assert shares(dues, **books)["C"] == (0, 0)


def test_a_circle_of_notes_makes_no_money():
    dues = [
        due("A", 1000),
        due("NA", -1000),
        due("B", 1000),
        due("NB", -1000),
    ]
    books = {
        "kin": [("NA", "A"), ("NB", "B")],
        "matches": [match("B", "NA", 1000), match("A", "NB", 1000)],
    }
    assert set(shares(dues, **books).values()) == {(0, 0)}


def test_a_note_of_no_sale_is_no_money():
    # the caller makes it kin of what it settles: 100 is what the sale is worth
    dues = [due("A", 1000), due("N", -900)]
    books = {"kin": [("N", "A")], "payments": [pay("A", 100)]}
    assert shares(dues, **books)["A"] == (1, 1)


def test_a_note_without_the_invoice_it_credits_is_no_money():
    books = {"matches": [match("B", "N", 1000)]}
    assert shares([due("N", -1000), due("B", 1000)], **books)["B"] == (0, 0)


def test_a_closed_invoice_counts_beside_an_open_one_of_the_same_sale():
    # 600 and 400 less a note of 100: 600 paid of 900, then 100 more
    dues = [due("A", 600), due("B", 400), due("N", -100)]
    kin = [("N", "A"), ("N", "B")]
    paid = [pay("A", 600)]
    assert get_paid(dues, kin, paid)["A"].settled == Fraction(2, 3)
    more = get_paid(dues, kin, [*paid, pay("B", 100)])["B"]
    assert (more.share, more.settled) == (Fraction(7, 9), Fraction(2, 3))
    # the note closes B inside the sale
    closed = get_paid(dues, kin, [pay("B", 300)], [match("B", "N", 100)])["B"]
    assert (closed.share, closed.settled) == (Fraction(1, 3), Fraction(1, 3))
    # what was paid out for the note is gone at once
    out = get_paid(dues, kin, [*paid, pay("N", -50)])["A"]
    assert (out.share, out.settled) == (Fraction(11, 18), Fraction(11, 18))


def down(rest, *payments):
    """A final invoice with 1000 of goods that deducts the down payment ``D``."""
    dues = [
        due("D", 1000 - rest),
        due("F", rest, deductions=(("D", Fraction(1000 - rest)),)),
    ]
    return shares(dues, payments=payments)["F"]


def test_a_down_payment_is_as_paid_as_its_own_invoice():
    assert down(0) == (0, 0)
    assert down(0, pay("D", 1000)) == (1, 1)
    assert down(500, pay("F", 500)) == (0.5, 0.5)
    assert down(500, pay("D", 500)) == (0.5, 0.5)
    assert down(500, pay("D", 500), pay("F", 500)) == (1, 1)
    # a part of an open invoice brings nothing yet
    assert down(500, pay("D", 500), pay("F", 250)) == (0.75, 0.5)


def test_a_down_payment_that_was_credited_is_no_money():
    dues = [
        due("D", 500),
        due("ND", -500),
        due("F", 500, deductions=(("D", Fraction(500)),)),
    ]
    paid = [pay("D", 500), pay("ND", -500), pay("F", 500)]
    assert shares(dues, kin=[("ND", "D")], payments=paid)["F"] == (0.5, 0.5)


def test_a_moved_debt_is_as_paid_as_it_is_there():
    dues = [due("A", 1000), due("moved", 1000)]
    moving = pay("A", 1000, money=0, moved=Fraction(1), moved_to="moved")
    assert shares(dues, payments=[moving])["A"] == (0, 0)
    assert shares(dues, payments=[moving, pay("moved", 600)])["A"] == (0.6, 0.6)


def test_the_day_is_that_of_the_money():
    dues = [due("A", 1000), due("NA", -1000), due("B", 1000)]
    books = {"kin": [("NA", "A")], "matches": [match("B", "NA", 1000, DAY)]}
    # matched before the money came
    paid = get_paid(dues, **books, payments=[pay("A", 1000, LATER)])
    assert paid["B"].at == LATER
    # a debt that was moved and paid there later
    moving = pay("A", 1000, money=0, moved=Fraction(1), moved_to="moved")
    there = pay("moved", 1000, LATER)
    moved = get_paid([due("A", 1000), due("moved", 1000)], payments=[moving, there])
    assert moved["A"].at == LATER
    # half a down payment does not make the rest of it older
    final = due("F", 500, deductions=(("D", Fraction(500)),))
    parts = [pay("D", 250), pay("F", 500, LATER)]
    assert get_paid([due("D", 500), final], payments=parts)["F"].at == LATER
    # a payment after everything was paid changes no day
    two = [pay("B", 1000), pay("B", 50, LATER)]
    assert get_paid([due("B", 1000)], payments=two)["B"].at == DAY


# === PROPERTIES === #

CENTS = st.integers(1, 100000).map(lambda cents: Fraction(cents, 100))


@given(st.lists(CENTS, min_size=1, max_size=6), st.randoms())
def test_every_prefix_of_payments_is_exactly_its_fraction(parts, random):
    total = sum(parts)
    coin = Fraction(1, 10**9)
    invoice = [Due("A", total, rounding=coin)]
    payments = [pay("A", part, DAY + timedelta(n)) for n, part in enumerate(parts)]
    for count in range(len(parts)):
        paid = get_paid(invoice, payments=payments[:count])["A"]
        assert paid.share == sum(parts[:count]) / total
        assert paid.settled == 0
    random.shuffle(payments)
    paid = get_paid(invoice, payments=payments)["A"]
    assert (paid.share, paid.settled) == (1, 1)
    assert paid.at == DAY + timedelta(len(parts) - 1)


@st.composite
def books(draw):
    """Sales with notes, notes that settle other sales, payments and write-offs."""
    number = draw(st.integers(1, 4))
    dues, kin, payments, matches = [], [], [], []
    for sale in range(number):
        amount = draw(CENTS)
        dues.append(Due(f"A{sale}", amount))
        if draw(st.booleans()):
            note = draw(st.sampled_from([amount, amount / 2]))
            dues.append(Due(f"N{sale}", -note))
            kin.append((f"N{sale}", f"A{sale}"))
            if draw(st.booleans()):
                other = draw(st.integers(0, number - 1))
                matches.append(Match(f"A{other}", f"N{sale}", note, note, DAY))
        for _number in range(draw(st.integers(0, 2))):
            money = draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(0)]))
            payments.append(
                Payment(f"A{sale}", amount / 2, DAY, money=money, lost=1 - money)
            )
    return {"dues": dues, "kin": kin, "payments": payments, "matches": matches}


@given(books())
def test_shares_are_shares_and_settled_is_never_more(book):
    for paid in get_paid(**book).values():
        assert 0 <= paid.settled <= paid.share <= 1 - paid.lost <= 1


def get_rests(book):
    """Return key -> what is open of a due, by what was written down."""
    rests = {one.key: one.amount for one in book["dues"]}
    for payment in book["payments"]:
        rests[payment.due] -= payment.amount
    for one in book["matches"]:
        rests[one.invoice] -= one.amount
        rests[one.note] += one.taken
    return rests


@given(books())
def test_nothing_may_still_come_when_nothing_is_open(book):
    """What is left is settled without money: what was paid is all there will be."""
    gone = [
        Payment(key, rest, DAY, money=Fraction(0), lost=Fraction(1))
        for key, rest in get_rests(book).items()
    ]
    closed = get_paid(**{**book, "payments": [*book["payments"], *gone]})
    for paid in closed.values():
        assert paid.settled == paid.share == 1 - paid.lost


@given(books())
def test_who_pays_what_is_open_has_paid_all_that_may_come(book):
    coin = Fraction(1, 10**9)
    book["dues"] = [replace(one, rounding=coin) for one in book["dues"]]
    sales, rests = dict(book["kin"]), get_rests(book)
    open_sums = {}
    for key, rest in rests.items():
        sale = sales.get(key, key)
        open_sums[sale] = open_sums.get(sale, 0) + rest
    payments = [
        Payment(key, rest, DAY)
        for key, rest in rests.items()
        if open_sums[sales.get(key, key)] > 0
    ]
    before = get_paid(**book)
    after = get_paid(**{**book, "payments": [*book["payments"], *payments]})
    for key, paid in before.items():
        assert abs(after[key].share - (1 - paid.lost)) < Fraction(1, 10**6)


@given(books())
def test_money_is_conserved(book):
    """Over all sales, no more is paid than came in."""
    coin = Fraction(1, 10**9)
    book["dues"] = [replace(one, rounding=coin) for one in book["dues"]]
    paid = get_paid(**book)
    worth = {one.key: one.amount for one in book["dues"] if one.key[0] == "A"}
    for note, invoice in book["kin"]:
        worth[invoice] += next(c.amount for c in book["dues"] if c.key == note)
    counted = sum(max(0, amount) * paid[key].share for key, amount in worth.items())
    money = sum(payment.amount * payment.money for payment in book["payments"])
    assert counted <= money + Fraction(1, 10**6)


@given(books(), st.randoms())
def test_the_order_of_the_books_does_not_matter(book, random):
    mixed = {name: random.sample(rows, len(rows)) for name, rows in book.items()}
    assert get_paid(**mixed) == get_paid(**book)


@given(books())
def test_another_payment_never_lowers_a_share(book):
    """Notes hand on what is too much: nobody loses by money that comes in."""
    before = get_paid(**book)
    more = [*book["payments"], Payment("A0", Fraction(10), DAY)]
    after = get_paid(**{**book, "payments": more})
    for key, paid in before.items():
        assert after[key].share >= paid.share - Fraction(1, 10**6)
