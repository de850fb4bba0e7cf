"""What orders are worth, by plain arithmetic.

The oracle of the document machine knows what people did, and the rule in words; nothing
of the engine:

* what is **worth** something is what was invoiced less what was credited, and what can
  still be invoiced at the price it was ordered for.  Only pieces that came or can still
  come are promised, and never more than were ordered;
* where stock keeps count, pieces are what stock says, and a note takes money; pieces
  that were invoiced and are promised no more are given up when they come back, or when
  a note takes them back at the price of their invoice.  Elsewhere a note is enough;
* what came back stays to be paid until it is credited;
* **paid** is the share of a sale that money settled, of what is invoiced.  Money for an
  invoice that is still open counts for nothing yet;
* what can still be **paid** is what was, what is open, and what invoices may still ask
  for: pieces beyond the order are a present, what was written off is gone.  What stock
  brings no more cannot be **delivered**;
* what lowers the order is shared out, and only then is anything below zero cut off.

Money is in the order's currency until it is measured.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from fractions import Fraction
from typing import Any

from .oracle_points import Points

NONE, ONE = Fraction(0), Fraction(1)
CENT = Fraction(1, 100)


@dataclass(frozen=True)
class Worth:
    """Pieces, and what they cost without and with taxes."""

    pieces: Fraction = NONE
    untaxed: Fraction = NONE
    total: Fraction = NONE

    def __add__(self, other):
        return Worth(*(mine + its for mine, its in self._beside(other)))

    def __mul__(self, factor):
        return Worth(self.pieces * factor, self.untaxed * factor, self.total * factor)

    def __bool__(self):
        return bool(self.pieces or self.untaxed or self.total)

    def at_most(self, other):
        """Return the smaller of each figure."""
        return Worth(*(min(mine, its) for mine, its in self._beside(other)))

    def _beside(self, other):
        return (
            (self.pieces, other.pieces),
            (self.untaxed, other.untaxed),
            (self.total, other.total),
        )

    @classmethod
    def of(cls, pieces, price, tax):
        """Return what pieces cost.

        :param price: of one, without tax
        :param tax: one fifth for 20 %
        """
        pieces, price = Fraction(pieces), Fraction(price)
        return cls(pieces, pieces * price, pieces * price * (1 + tax))


# === MONEY === #


@dataclass
class Payment:
    """A payment as registered.

    :param amount: what it settles; of it ``lost`` was written off.
    """

    record: Any
    amount: Fraction
    lost: Fraction = NONE
    state: str = "paid"


@dataclass
class Bill:
    """An invoice, a down payment, a credit note, or what undoes a note.

    :param charged: number of a line of the order -> what it charges, as on paper.
    :param total: with tax; without what was paid in advance.
    :param day: when it was made.
    :param notes: what credits it, or what undoes it.
    :param extras: what names no line: (untaxed, total, the lines it may lower).
    :param deducted: (down payment, amount that was deducted for it).
    :param covered: of what credits another one: what it settled of that.
    :param is_price: whether it takes money of pieces, and no pieces.
    :param is_unnamed: whether it names no invoice, and is only reconciled with one.
    :param is_advance: whether it asks for a down payment.
    :param is_debit: whether it asks for more money, and for no more pieces.
    """

    record: Any
    charged: dict
    total: Fraction
    day: Any = None
    state: str = "posted"
    payments: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    extras: list = field(default_factory=list)
    deducted: list = field(default_factory=list)
    covered: Fraction = NONE
    is_price: bool = False
    is_unnamed: bool = False
    is_advance: bool = False
    is_debit: bool = False

    def get_family(self, sign=1):
        """Yield the bill, its notes and what undoes these, each with its sign."""
        if self.state == "posted":
            yield self, sign
            for note in self.notes:
                yield from note.get_family(-sign)

    def get_charged(self, number):
        """Return the goods charged for a line, less those that were credited."""
        parts = [
            bill.charged[number] * sign
            for bill, sign in self.get_family()
            if number in bill.charged and not bill.is_price
        ]
        return sum(parts, Worth())

    @property
    def open(self):
        """What Odoo still asks for; a payment in draft stays matched."""
        attached = sum(p.amount for p in self.payments if p.state in ("paid", "draft"))
        return self.total - attached - self._get_covered()

    @property
    def is_closed(self):
        """Whether nothing of it is open any more, by what is in force."""
        in_force = self._get_in_force()
        rest = self.total - self._get_covered() - sum(p.amount for p in in_force)
        return rest <= CENT * len(in_force)

    def _get_covered(self):
        """Return what notes settle of it, and it of what it undoes."""
        notes = [note for note in self.notes if note.state == "posted"]
        return self.covered + sum(note.covered for note in notes)

    def _get_in_force(self):
        return [payment for payment in self.payments if payment.state == "paid"]

    def get_share(self, with_open=False):
        """Return which share of the sale was paid by money.

        :param with_open: as if everything that is still asked for had been paid
        """
        if self.state != "posted":
            return NONE
        family = list(self.get_family())
        payments = [p for bill, _sign in family for p in bill._get_in_force()]
        asked = sum(sign * bill.total for bill, sign in family)
        deducted = [
            (advance, sign * amount)
            for bill, sign in family
            for advance, amount in bill.deducted
        ]
        worth = asked + sum(amount for _advance, amount in deducted)
        if worth <= 0:
            is_free = not any(bill.total or bill.deducted for bill, _sign in family)
            return ONE if is_free else NONE
        doubt = CENT * len(payments)
        open_amount = asked - sum(p.amount for p in payments)
        is_settled = with_open or open_amount <= doubt
        money = sum(
            payment.amount - payment.lost
            for bill, _sign in family
            for payment in bill._get_in_force()
            if is_settled or bill.is_closed
        )
        money += sum(
            amount * advance.get_share(with_open) for advance, amount in deducted
        )
        money += max(NONE, open_amount) if with_open else NONE
        return ONE if money >= worth - doubt else max(NONE, money / worth)


# === WHAT LOWERS AN ORDER === #


@dataclass(frozen=True)
class Minus:
    """What lowers other lines, and which of them first.

    :param worth: below zero.
    :param circles: lists of lines, the narrowest first: of the same price and of the
        same product, named ones, those with the same taxes, all of them.
    """

    worth: Worth
    circles: list


def get_parts(plus, minus):
    """Return which part of everything that lowers others each line takes.

    :param plus: key of a line -> its worth
    :param minus: key of what lowers -> :class:`Minus`
    :return: key of what lowers -> key of a line -> parts of each figure, as ``Worth``
    """
    parts = {key: defaultdict(Worth) for key in minus}
    for name in ("pieces", "untaxed", "total"):
        left = {key: getattr(worth, name) for key, worth in plus.items()}
        whole = {key: -getattr(one.worth, name) for key, one in minus.items()}
        for key, line, amount in _lower(dict(left), whole, minus, name):
            part = Worth(**{name: amount / whole[key]})
            parts[key][line] = parts[key][line] + part
        for key, one in minus.items():  # what fits nowhere is not forgotten
            missing = 1 - sum(getattr(part, name) for part in parts[key].values())
            base = {n: left[n] for n in one.circles[1 if name == "pieces" else 4]}
            if whole[key] <= 0 or not sum(base.values()):
                continue
            for line, there in base.items():
                part = Worth(**{name: missing * there / sum(base.values())})
                parts[key][line] = parts[key][line] + part
    return parts


def _lower(left, whole, minus, name):
    """Yield (what lowers, line, by how much), circle after circle.

    :param left: key of a line -> what it has, lowered here
    """
    still = {key: amount for key, amount in whole.items() if amount > 0}
    for number in range(3 if name == "pieces" else 5):
        wanted = defaultdict(dict)
        for key, amount in still.items():
            circle = minus[key].circles[number] if amount else []
            base = {n: left[n] for n in circle if left.get(n, NONE) > 0}
            for line, there in base.items():
                wanted[line][key] = amount * there / sum(base.values())
        for line, amounts in wanted.items():
            fits = min(ONE, left[line] / sum(amounts.values()))
            for key, amount in amounts.items():
                left[line] -= amount * fits
                still[key] -= amount * fits
                yield key, line, amount * fits


def lower(worths, parts):
    """Return the worth of the lines that are left when all that lowers is shared out.

    :param worths: key -> worth at a moment, of lines and of what lowers them
    """
    left = {key: worth for key, worth in worths.items() if key not in parts}
    for key, shares in parts.items():
        for line, part in shares.items():
            less = worths[key]
            left[line] += Worth(
                less.pieces * part.pieces,
                less.untaxed * part.untaxed,
                less.total * part.total,
            )
    columns = {
        name: _without_debts({k: getattr(worth, name) for k, worth in left.items()})
        for name in ("untaxed", "total")
    }
    return {
        key: Worth(
            max(NONE, worth.pieces), columns["untaxed"][key], columns["total"][key]
        )
        if columns["untaxed"][key]
        else Worth()
        for key, worth in left.items()
    }


def _without_debts(amounts):
    """Return amounts of which those below zero were paid by the others."""
    debts = -sum(amount for amount in amounts.values() if amount < 0)
    there = sum(amount for amount in amounts.values() if amount > 0)
    left = max(NONE, 1 - debts / there) if there else NONE
    return {key: max(NONE, amount) * left for key, amount in amounts.items()}


# === ORDERS === #


@dataclass
class Line:
    """A line of an order; pieces are those of the product's own unit.

    :param quantity: pieces ordered; below zero when they are to come back.
    :param piece: what one costs, as it was ordered.
    :param taxes: percentage of its tax, or nothing: who shares a discount.
    :param kind: ``goods``, ``service``, or ``discount``, which lowers others.
    :param ratio: pieces in the unit of the order.
    :param delivered: pieces that are with the customer.
    :param came_back: pieces that came back and are to be credited.
    """

    record: Any
    quantity: Fraction
    piece: Worth
    taxes: Fraction
    kind: str = "goods"
    ratio: int = 1
    delivered: int = 0
    came_back: int = 0
    delivered_at: datetime | None = None  # the last goods

    @property
    def written(self):
        """What is written in the order."""
        return self.piece * self.quantity

    @property
    def lowers(self):
        """Whether it makes other lines worth less."""
        return self.written.untaxed < 0

    @property
    def is_stocked(self):
        """Whether stock keeps count of it."""
        return self.kind == "goods" and bool(self._get_moves())

    def _get_moves(self):
        return self.record.move_ids.filtered(lambda move: move.state != "cancel")

    def get_promised(self):
        """Return how many pieces came or can still come, of those ordered."""
        if self.kind != "goods" or not self.record.move_ids:
            return abs(self.quantity)
        coming = self._get_moves().filtered(
            lambda move: move.state != "done" and not move.origin_returned_move_id
        )
        if self.quantity < 0:
            return abs(self.quantity if coming else self.delivered)
        open_pieces = Fraction(sum(coming.mapped("product_qty")))
        return self.delivered + min(
            open_pieces, max(NONE, self.quantity - self.delivered)
        )


@dataclass
class State:
    """How far a line is, as if nothing lowered it.

    :param payable: what is paid, or can still be.
    :param came, settled: the shares of its pieces and of its money that are delivered;
        ``None`` for what nobody delivers.
    :param can_come, can_settle: the same with what can still be delivered.
    """

    worth: Worth
    invoiced: Worth
    paid: Worth
    payable: Worth
    came: Fraction | None
    settled: Fraction | None
    can_come: Fraction | None
    can_settle: Fraction | None


@dataclass
class Order(Points):
    """An order, and what was invoiced of it.

    :param rate: order currency per unit of company currency.
    :param by_hand: (rule, line) -> points a manager took back.
    :param usable: (rule, line) -> points that were usable when the books were last
        brought in line.
    """

    moments = ("confirmed", "delivered", "invoiced", "paid")  # it tells of

    record: Any
    rate: Fraction
    lines: list
    state: str = "draft"
    bills: list = field(default_factory=list)
    by_hand: Counter = field(default_factory=Counter)
    confirmed_at: datetime | None = None
    usable: Counter = field(default_factory=Counter)
    measured: dict = field(default_factory=dict)
    possible: dict = field(default_factory=dict)

    @property
    def is_in_force(self):
        """Whether it sells anything now."""
        return self.state == "sale"

    @property
    def earning(self):
        """The numbers of the lines that sell something."""
        return [n for n, line in enumerate(self.lines) if not line.lowers]

    def get_exchanged(self, line):
        """Return how many pieces of a line's product come back with the order."""
        product = line.record.product_id
        return -sum(
            one.quantity
            for one in self.lines
            if one.quantity < 0 and one.record.product_id == product
        )

    def get_invoiced(self, number):
        """Return how many pieces of a line are on invoices that count or may."""
        return sum(
            bill.charged[number].pieces
            - sum(
                note.get_charged(number).pieces
                for note in bill.notes
                if note.state != "cancel"
            )
            for bill in self.bills
            if bill.state != "cancel" and number in bill.charged
        )

    def get_charges(self, number, with_open=False):
        """Yield (share that is paid, what is charged, whether an invoice sells it).

        :param with_open: the share that is paid or still can be
        """
        way = -1 if self.lines[number].quantity < 0 else 1
        for bill in self.bills:
            share = bill.get_share(with_open)
            for one, sign in bill.get_family():
                if number in one.charged:
                    charged = one.charged[number] * (sign * way)
                    sells = one is bill and charged.pieces > 0 and not bill.is_debit
                    yield share, charged, sells

    def get_state(self, number):
        """Return the :class:`State` of a line."""
        line = self.lines[number]
        way = -1 if line.quantity < 0 else 1
        charges = list(self.get_charges(number))
        prices = {c.untaxed / c.pieces for _share, c, sells in charges if sells}
        sold = sum(c.pieces for _share, c, sells in charges if sells)
        # at the price of the invoice: goods; at any other one: money
        goods = [
            (share, charged.pieces)
            for share, charged, sells in charges
            if not sells and charged.pieces
            if charged.untaxed / charged.pieces in prices
        ]
        credited = max(NONE, -sum(pieces for _share, pieces in goods))
        promised = line.get_promised()
        to_come = max(NONE, promised - sold)
        if line.is_stocked:
            lost = max(NONE, sold - promised)
            lost -= min(lost, line.came_back)
            kept = min(sold, promised) + max(NONE, lost - credited)
            pieces = max(promised, kept)
        else:
            kept = max(NONE, sold - credited)
            pieces = kept + to_come
        money = sum((charged for _share, charged, _sells in charges), Worth())
        paid = self._get_paid(number, prices, kept)
        asked = to_come
        if way > 0:  # more than was ordered is a present
            asked = max(NONE, min(promised, line.quantity) - sold)
        payable = self._get_paid(number, prices, kept, with_open=True)
        payable += line.piece * asked
        worth = money + line.piece * to_come
        came = settled = can_come = can_settle = None
        if line.kind == "goods":
            to_pay = max(promised, sold - credited, pieces)
            came = min(ONE, line.delivered / pieces) if pieces else ONE
            settled = min(ONE, line.delivered / to_pay) if pieces else ONE
            possible = promised + line.came_back  # which is to be credited, or replaced
            can_come = min(ONE, possible / pieces) if pieces else ONE
            can_settle = min(ONE, possible / to_pay) if pieces else ONE
        return State(
            Worth(pieces, worth.untaxed, worth.total) * way,
            Worth(min(kept, pieces), money.untaxed, money.total) * way,
            paid * way,
            payable * way,
            came,
            settled,
            can_come,
            can_settle,
        )

    def _get_paid(self, number, prices, kept, with_open=False):
        """Return what of the charges of a line is paid, or still can be.

        :param prices: at which its pieces were invoiced
        :param kept: pieces that are invoiced and not given up
        """
        money, pieces = Worth(), NONE
        for share, charged, sells in self.get_charges(number, with_open):
            money += charged * share
            is_goods = charged.pieces and charged.untaxed / charged.pieces in prices
            if sells or (is_goods and not self.lines[number].is_stocked):
                pieces += charged.pieces * share
        return Worth(max(NONE, min(pieces, kept)), money.untaxed, money.total)

    def get_minuses(self):
        """Return key -> what lowers the lines of the order."""
        everything = self.earning
        found = {}
        for number, line in enumerate(self.lines):
            if line.lowers:
                same = [
                    other
                    for other in everything
                    if self.lines[other].record.product_id == line.record.product_id
                ]
                price = line.piece.untaxed
                priced = [n for n in same if self.lines[n].piece.untaxed == price]
                taxed = [n for n in everything if self.lines[n].taxes == line.taxes]
                circles = [priced, same, [], taxed, everything]
                found[number] = Minus(line.written, circles)
        for bill in self.bills:
            for one, _sign in bill.get_family():
                for extra, (untaxed, total, lowered) in enumerate(one.extras):
                    worth = Worth(NONE, -untaxed, -total)
                    key = ("extra", one.record.id, extra)
                    found[key] = Minus(worth, [[], [], lowered, [], everything])
        return found

    def _get_extras(self, get_share=lambda _bill: ONE):
        """Return key -> what notes take that name no line.

        :param get_share: of a bill, which share of what is charged counts
        """
        return {
            ("extra", one.record.id, extra): Worth(NONE, untaxed, total)
            * (sign * get_share(bill))
            for bill in self.bills
            for one, sign in bill.get_family()
            for extra, (untaxed, total, _lowered) in enumerate(one.extras)
        }

    def measure_all(self):
        """Measure every line at every moment, in company currency."""
        self.measured, self.possible = {}, {}
        if not self.is_in_force:
            return
        states = {n: self.get_state(n) for n in range(len(self.lines))}
        written = {n: self.lines[n].written for n in self.earning}
        parts = get_parts(written, self.get_minuses())
        plain, of_paid = self._get_extras(), self._get_extras(Bill.get_share)
        possible = self._get_extras(lambda bill: bill.get_share(with_open=True))
        worth = lower({n: s.worth for n, s in states.items()} | plain, parts)
        invoiced = lower({n: s.invoiced for n, s in states.items()} | plain, parts)
        paid = lower({n: s.paid for n, s in states.items()} | of_paid, parts)
        payable = lower({n: s.payable for n, s in states.items()} | possible, parts)
        goods = [s for n, s in states.items() if s.came is not None and n in worth]
        is_rest_there = all(one.came == 1 for one in goods)
        can_rest_come = all(one.can_come == 1 for one in goods)
        for number, most in worth.items():
            state = states[number]
            came, settled = state.came, state.settled
            can_come, can_settle = state.can_come, state.can_settle
            if came is None:
                came = settled = ONE if is_rest_there else NONE
                can_come = can_settle = ONE if can_rest_come else NONE
            self.possible[number, "paid"] = payable[number].at_most(most)
            self.possible[number, "delivered"] = Worth(
                most.pieces * can_come,
                most.untaxed * can_settle,
                most.total * can_settle,
            )
            moments = {
                "confirmed": most,
                "delivered": Worth(
                    most.pieces * came, most.untaxed * settled, most.total * settled
                ),
                "invoiced": invoiced[number].at_most(most),
                "paid": paid[number].at_most(most),
            }
            for trigger in self.moments:
                self.measured[number, trigger] = moments[trigger]

    def measure(self, number, trigger):
        """Return what of a line has reached a trigger, in company currency.

        :param trigger: a moment, or ``"delivered and paid"``
        """
        return self._look_up(self.measured, number, trigger)

    def measure_possible(self, number, trigger, proof):
        """Return what of a line has reached a trigger and can still be proven.

        :param proof: what proves it, a moment or ``"delivered and paid"``
        """
        found = self.measure(number, trigger)
        if proof != trigger:
            found = found.at_most(self._look_up(self.possible, number, proof))
        return found if found.pieces else Worth()

    def _look_up(self, measured, number, trigger):
        if trigger == "delivered and paid":
            delivered = self._look_up(measured, number, "delivered")
            found = delivered.at_most(self._look_up(measured, number, "paid"))
        else:
            found = measured.get((number, trigger), Worth())
            found = Worth(
                found.pieces, found.untaxed / self.rate, found.total / self.rate
            )
        return found if found.pieces else Worth()

    def reached_at(self, trigger, numbers, now):
        """Return when the last of these lines reached a trigger.

        Accounting knows days only: today is now, another day its noon.
        """
        if trigger == "confirmed":
            return self.confirmed_at
        if trigger == "delivered":
            return max(
                self._get_delivered_at(n) for n in numbers if self.measure(n, trigger)
            )
        day = max(
            bill.day
            for bill in self.bills
            if bill.state == "posted" and any(n in bill.charged for n in numbers)
        )
        return now if day == now.date() else datetime.combine(day, time(12))

    def _get_delivered_at(self, number):
        """Return when the last pieces came; a service comes with the last goods."""
        line = self.lines[number]
        lines = [line] if line.kind == "goods" else self.lines
        moments = [one.delivered_at for one in lines if one.delivered > 0]
        return max(moments, default=self.confirmed_at)


class Invoice(Order):
    """An invoice without an order: all of it is charged, and nobody delivers it."""

    moments = ("confirmed", "invoiced", "paid")

    @property
    def is_in_force(self):
        """Whether it sells anything now."""
        return self.bills[0].state == "posted"
