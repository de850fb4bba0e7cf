"""Money that was really received for invoices, by what stands behind each payment.

A state of an invoice says little: a write-off makes it *paid* and brings no money, a
note makes it *reversed* although the money of another sale settled it.  So what counts
is followed through the books:

* documents of one sale (an invoice, its credit notes, notes of notes) are one **pool**:
  what is due for them together is what the sale is worth;
* a payment counts with the part of its entry that is money; what is written off is not,
  and an early-payment discount is a lower price;
* a note of another sale is as good as the money that was paid there too much;
* a down payment that an invoice deducts is as paid as its own invoice, a debt that was
  moved to somebody else as paid as it is there;
* what was settled without money is **lost**: nothing of it is open, so nobody pays it
  any more.  What is open may still be paid, here or where the money would come from.

Cycles of notes make no money: shares start at nothing and grow until nothing changes.
Amounts are :class:`~fractions.Fraction` in the currency of the document, and exact.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)
#: Rounds until shares in a cycle of notes count as final: each adds less than before.
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for a document: an invoice, a note (below zero), a moved debt.

    :param amount: taxes included; without what down payments deducted.
    :param deductions: (key of a down payment's invoice, amount deducted for it).
    :param discount: what may be kept back when paid until ``discount_until``.
    :param rounding: the smallest coin of the currency.
    """

    key: Hashable
    amount: Fraction
    deductions: tuple[tuple[Hashable, Fraction], ...] = ()
    discount: Fraction = NOTHING
    discount_until: date | None = None
    rounding: Fraction = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Payment:
    """A reconciliation in force of a due with an entry that is no invoice or note.

    :param amount: that settles the due; below zero when paid out of a note.
    :param money: the share of the entry that is money, 0 to 1.
    :param lost: the share of the entry that is income or expense, 0 to 1.
    :param moved_to: key of the due that the debt was moved to, for the share ``moved``.
    """

    due: Hashable
    amount: Fraction
    day: date
    money: Fraction = EVERYTHING
    lost: Fraction = NOTHING
    moved: Fraction = NOTHING
    moved_to: Hashable = None


@dataclass(frozen=True, slots=True)
class Match:
    """A reconciliation of an invoice with a note.

    :param amount: in the invoice's currency.
    :param taken: the same in the note's currency.
    """

    invoice: Hashable
    note: Hashable
    amount: Fraction
    taken: Fraction
    day: date


@dataclass(frozen=True, slots=True)
class Paid:
    """How far the sale of a document is paid.

    :param share: of what the sale is worth, exactly, 0 to 1.
    :param settled: the same, but money of an invoice counts only when nothing of the
        invoice is open any more: a part of it is no sale yet.
    :param at: the day from which on the sale was paid that far.
    :param kept_back: of the document itself for paying early, in its currency, and its
        part of what was of the down payments that it deducts: its price is lower.
    :param lost: the share of what the sale is worth that will never be paid, even when
        everything that is open will be.
    """

    share: Fraction = NOTHING
    settled: Fraction = NOTHING
    at: date | None = None
    kept_back: Fraction = NOTHING
    lost: Fraction = NOTHING


@dataclass(slots=True)
class _Pool:
    """The documents of one sale."""

    dues: list[Due] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    inflows: list[tuple[Match, Hashable]] = field(default_factory=list)
    outflow: Fraction = NOTHING
    # key of a due -> what is still open of it, and what may stay open
    rests: dict[Hashable, Fraction] = field(default_factory=dict)
    tolerances: dict[Hashable, Fraction] = field(default_factory=dict)
    tolerance: Fraction = NOTHING
    worth: Fraction = NOTHING
    # key of a due -> what was kept back of it for paying early
    discounts: dict[Hashable, Fraction] = field(default_factory=dict)

    @property
    def open(self) -> Fraction:
        """What is still asked for, by all documents together."""
        return sum(self.rests.values(), NOTHING)

    @property
    def is_settled(self) -> bool:
        return self.open <= self.tolerance

    def is_closed(self, key: Hashable) -> bool:
        """Tell whether nothing of a document is open, or of the whole sale."""
        return self.is_settled or self.rests[key] <= self.tolerances[key]


def get_paid(
    dues: Iterable[Due],
    kin: Iterable[tuple[Hashable, Hashable]] = (),
    payments: Iterable[Payment] = (),
    matches: Iterable[Match] = (),
) -> dict[Hashable, Paid]:
    """Return how far the sale of each due is paid.

    :param kin: pairs of keys of one sale; keys of nothing that is due are passed over.
    :param payments: only what is in force, and no differences of exchange.
    """
    dues = {due.key: due for due in dues}
    roots = join(dues, kin)
    pools = _get_pools(dues, roots, payments, matches)
    shares = _Shares(pools, roots)
    hopes = _Shares(pools, roots, with_open=True).of_pool
    settled = _get_settled(pools, roots, shares)
    days = _get_days(pools, roots, shares)
    kept_back = _get_kept_back(dues, pools)
    return {
        key: Paid(
            shares.of_pool[root],
            settled[root],
            days[root],
            kept_back.get(key, NOTHING),
            EVERYTHING - hopes[root],
        )
        for key, root in roots.items()
    }


def join(keys: Iterable[Hashable], kin: Iterable[tuple[Hashable, Hashable]]):
    """Return each key -> the key that stands for all that are kin to it.

    :param kin: pairs of keys; others are passed over.
    """
    roots = {key: key for key in keys}

    def find(key):
        while roots[key] != key:
            key = roots[key]
        return key

    for key, other in kin:
        if key in roots and other in roots:
            roots[find(key)] = find(other)
    return {key: find(key) for key in roots}


def _get_pools(dues, roots, payments, matches):
    """Return key of the pool -> pool, with what is known before any share is."""
    pools = defaultdict(_Pool)
    for due in dues.values():
        pool = pools[roots[due.key]]
        pool.dues.append(due)
        pool.rests[due.key] = due.amount
        pool.tolerances[due.key] = NOTHING
    for payment in payments:
        if payment.due in roots:
            pool = pools[roots[payment.due]]
            pool.payments.append(payment)
            _settle(pool, dues[payment.due], payment.amount)
    for match in matches:
        _add_match(pools, dues, roots, match)
    for pool in pools.values():
        _measure(pool)
    return dict(pools)


def _add_match(pools, dues, roots, match):
    """Enter a match at both ends; inside a pool no money flows."""
    invoice, note = roots.get(match.invoice), roots.get(match.note)
    if match.invoice in roots:
        _settle(pools[invoice], dues[match.invoice], match.amount)
        if invoice != note:
            pools[invoice].inflows.append((match, note))
    if match.note in roots:
        _settle(pools[note], dues[match.note], -match.taken)
        if invoice != note:
            pools[note].outflow += match.taken


def _settle(pool, due, amount):
    """Lower what is open of a due; each time a coin may be missing."""
    pool.rests[due.key] -= amount
    pool.tolerances[due.key] += due.rounding


def _measure(pool):
    """Fill what a pool is worth and what may stay open of it."""
    claimed = sum((due.amount for due in pool.dues), NOTHING)
    deducted = sum(
        (amount for due in pool.dues for _key, amount in due.deductions), NOTHING
    )
    pool.discounts = _get_discounts(pool)
    discount = sum(pool.discounts.values(), NOTHING)
    pool.worth = claimed + deducted - discount
    pool.tolerance = sum(pool.tolerances.values(), NOTHING)


def _get_discounts(pool):
    """Return what was kept back for paying early: a lower price, not a loss."""
    discounts = {}
    for due in pool.dues:
        allowed = due.discount
        for payment in pool.payments:
            in_time = due.discount_until and payment.day <= due.discount_until
            if payment.due == due.key and in_time:
                used = min(allowed, max(NOTHING, payment.amount * payment.lost))
                discounts[due.key] = discounts.get(due.key, NOTHING) + used
                allowed -= used
    return discounts


def _get_kept_back(dues, pools):
    """Return key of a due -> what was kept back of it, in whole coins.

    Rates of exchange leave a rest that nobody kept.
    """
    own = {
        key: round(amount / dues[key].rounding) * dues[key].rounding
        for pool in pools.values()
        for key, amount in pool.discounts.items()
    }
    if not own:
        return own
    kept_back = dict(own)
    for due in dues.values():
        for key, amount in due.deductions:
            if own.get(key):
                part = own[key] * amount / dues[key].amount
                kept_back[due.key] = kept_back.get(due.key, NOTHING) + part
    return kept_back


class _Shares:
    """The share of each pool that is paid, grown from nothing.

    :param with_open: as if everything that is open had been paid
    """

    def __init__(self, pools, roots, with_open=False):
        self.pools, self.roots = pools, roots
        self.with_open = with_open
        self.of_pool = dict.fromkeys(pools, NOTHING)
        # of what notes of a pool settle elsewhere: how much of it is money
        self.flows = dict.fromkeys(pools, NOTHING)
        for _round in range(ROUNDS):
            before = (dict(self.of_pool), dict(self.flows))
            self._grow()
            if before == (self.of_pool, self.flows):
                break

    def _grow(self):
        received = {
            key: self.get_advance(pool, self.of_pool) + self.get_own(pool)
            for key, pool in self.pools.items()
        }
        for key, pool in self.pools.items():
            self.of_pool[key] = _get_share(pool, received[key])
            # a note without the invoice it credits is no money
            surplus = max(NOTHING, received[key] - max(NOTHING, pool.worth))
            if pool.outflow:
                self.flows[key] = min(EVERYTHING, surplus / pool.outflow)

    def get_own(self, pool):
        """Return the money paid for a pool itself, or left over from other sales."""
        still = max(NOTHING, pool.open) if self.with_open else NOTHING
        return sum((money for _key, money in self._get_receipts(pool)), still)

    def get_closed(self, pool):
        """Return the same without what was paid for documents that are still open.

        What was paid out counts at once.
        """
        return sum(
            (
                money
                for key, money in self._get_receipts(pool)
                if money < 0 or pool.is_closed(key)
            ),
            NOTHING,
        )

    def _get_receipts(self, pool):
        """Return (key of a due, money received for it) of a pool."""
        for payment in pool.payments:
            yield payment.due, self.get_value(payment)
        for match, note in pool.inflows:
            yield match.invoice, match.amount * self.get_flow(note)

    def get_advance(self, pool, shares):
        """Return the money paid in advance that the dues of a pool deducted.

        :param shares: key of a pool -> share of it that counts as paid.
        """
        return sum(
            (
                amount * shares.get(self.roots.get(key), NOTHING)
                for due in pool.dues
                for key, amount in due.deductions
            ),
            NOTHING,
        )

    def get_value(self, payment):
        """Return the money behind a payment."""
        moved_to = self.roots.get(payment.moved_to)
        moved = payment.moved * self.of_pool.get(moved_to, NOTHING)
        return payment.amount * min(EVERYTHING, payment.money + moved)

    def get_flow(self, note):
        """Return how much of what a pool's notes settle elsewhere is money."""
        return self.flows.get(note, NOTHING)


def _get_share(pool, received):
    """Return which share of a pool's worth an amount is."""
    if pool.worth <= 0:
        # free goods are paid; what was credited in full is worth nothing
        is_free = not any(due.amount or due.deductions for due in pool.dues)
        return EVERYTHING if is_free else NOTHING
    if received >= pool.worth - pool.tolerance:
        return EVERYTHING
    return max(NOTHING, received / pool.worth)


def _get_settled(pools, roots, shares):
    """Return key of the pool -> share, where open invoices have brought nothing."""
    settled = dict.fromkeys(pools, NOTHING)
    for _round in range(ROUNDS):
        before = dict(settled)
        for key, pool in pools.items():
            received = shares.get_advance(pool, settled) + shares.get_closed(pool)
            settled[key] = min(_get_share(pool, received), shares.of_pool[key])
        if settled == before:
            break
    return settled


def _get_days(pools, roots, shares):
    """Return key of the pool -> the day on which it was paid as far as it is."""
    days = dict.fromkeys(pools)
    for _round in range(len(pools) + 1):
        before = dict(days)
        for key, pool in pools.items():
            days[key] = _get_day(pool, shares, roots, days)
        if days == before:
            break
    return days


def _get_day(pool, shares, roots, days):
    """Return the day on which money reached what a pool is worth, or all there is."""
    steps = []
    for payment in pool.payments:
        if payment.amount > 0:
            there = days.get(roots.get(payment.moved_to)) or payment.day
            steps.append((max(payment.day, there), shares.get_value(payment)))
    for match, note in pool.inflows:
        day = max(match.day, days.get(note) or match.day)
        steps.append((day, match.amount * shares.get_flow(note)))
    for due in pool.dues:
        for key, amount in due.deductions:
            day = days.get(roots.get(key))
            if day:
                steps.append((day, amount * shares.of_pool[roots[key]]))
    reached, last = NOTHING, None
    for day, amount in sorted(steps):
        if reached >= pool.worth - pool.tolerance and last:
            break
        reached, last = reached + amount, day
    return last
