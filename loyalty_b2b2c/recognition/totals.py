"""Which of all the amounts on a receipt is its total: arithmetic first, words second.

Every amount is tried.  A figure that a word calls the total needs one proof of
:mod:`.proofs` to be sure; one that no word names needs two of different kinds, and
nothing on the receipt that contradicts it.  Else nothing is claimed.
"""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from . import goods
from .amounts import Style, styles
from .proofs import EXACT, NEVER, Run, Sheet
from .rows import PAYMENTS, Row, build

_WEIGHTS = {"paid": 3, "lines": 3, "tax": 2, "share": 1, "twice": 1}
_NAMED = 3
_MAX_CANDIDATES = 150


@dataclass(slots=True)
class Candidate:
    """An amount that may be the total.

    :param row: where it stands first
    :param named: whether a word calls it so
    :param proofs: which of :data:`.proofs.KINDS` hold
    :param partial: whether a word calls it a part of the total
    :param torn: whether it may be the end of a longer figure, as ``2 150.00``
    :param run: the lines that make it
    :param handed: what was paid, where that proves it
    """

    value: Decimal
    row: int
    rows: list[int]
    named: bool = False
    partial: bool = False
    torn: bool = False
    proofs: frozenset = frozenset()
    run: Run | None = None
    handed: frozenset = frozenset()

    @property
    def score(self):
        """How much speaks for it."""
        proven = sum(_WEIGHTS[kind] for kind in self.proofs)
        return proven + _NAMED * self.named - 2 * self.partial


@dataclass(slots=True)
class Found:
    """What arithmetic says about a receipt.

    :param total: ``None`` when nothing is sure enough
    :param proofs: which of :data:`.proofs.KINDS` hold
    :param differs: whether the receipt names another total, or another payment
    :param paid: amounts that were paid
    :param lines: list of :class:`.goods.Line`
    :param sure: whether they are enough: one where a word names it, else two
    :param fits: whether the lines, with deposits and services, make it up to a few
        cents of rounding
    :param several: whether another total has other lines: two receipts on a photo
    :param rows: the rows as they were understood, in the style that proves most
    """

    total: Decimal | None = None
    proofs: frozenset = frozenset()
    differs: bool = False
    paid: list[Decimal] = field(default_factory=list)
    lines: list = field(default_factory=list)
    sure: bool = False
    fits: bool = False
    several: bool = False
    rows: list[Row] = field(default_factory=list)


def find(texts, words, decimals=None):
    """Return what the rows of a receipt add up to.

    :param texts: list of rows, see :func:`.rows.prepare`
    :param words: :class:`.words.Words`
    :param decimals: of the currency expected, when known
    :return: :class:`Found`
    """
    best = None
    for style in styles(texts, decimals) or [Style()]:
        rows = build(texts, style, words)
        sheet = Sheet(rows, goods.items(rows, style), style)
        found, score = _judge(sheet, style)
        # of two styles that prove the same: the one in which more lines multiply
        score = score, sum(line.proven for line in found.lines)
        if best is None or score > best[1]:
            best = (found, score)
    return best[0]


def _judge(sheet, style):
    """Return ``(found, how much speaks for it)`` for one style of amounts."""
    candidates = _candidates(sheet, style)
    for candidate in candidates:
        _prove(sheet, candidate)
    chosen = _choose(sheet, candidates)
    found = Found(paid=_payments(sheet), rows=sheet.rows)
    if chosen:
        found.total, found.proofs = chosen.value, chosen.proofs
        found.differs = _contradicted(sheet, chosen, candidates)
        enough = chosen.named or len(chosen.proofs) > 1
        found.sure = enough and bool(EXACT & chosen.proofs)
        found.several = _other_receipt(sheet, chosen, candidates)
    found.lines = _lines(sheet, chosen)
    if chosen and chosen.run:
        made = sum(line.amount for line in found.lines) + _extras(sheet, chosen.run)
        found.fits = abs(made - chosen.value) <= 9 * style.unit
    return found, chosen.score if chosen else 0


# === CANDIDATES === #


def _candidates(sheet, style):
    found = {}
    for place, row in enumerate(sheet.rows):
        if not row.amounts or not sheet.may_be_total(row):
            continue
        values = row.values if row.is_("total") else [row.last]
        for value in values:
            if value <= 0:
                continue
            one = found.setdefault(value, Candidate(value, place, []))
            one.rows.append(place)
            one.torn |= not style.spaced and _is_torn(row, value)
            one.named |= row.is_("total") and value == row.last
    kept = []
    for one in found.values():
        roles = {sheet.rows[place].role for place in one.rows}
        if roles <= PAYMENTS:
            continue  # handed over, and printed nowhere as what was to be paid
        one.partial = not one.named and bool(roles & {"subtotal", "net"})
        if one.named:
            named = (place for place in one.rows if sheet.rows[place].is_("total"))
            one.row = next(named)
        kept.append(one)
    # the named ones first, then from the bottom, where totals are
    kept.sort(key=lambda one: (not one.named, -max(one.rows)))
    return kept[:_MAX_CANDIDATES]


def _is_torn(row, value):
    """Tell whether figures and a space stand before an amount of three figures."""
    return any(
        amount.value == value
        and 100 <= value < 1000
        and re.search(r"(?<![\d.,])\d{1,3}\s$", row.text[: amount.start])
        for amount in row.amounts
    )


def _prove(sheet, one):
    least = 1 if one.named else 2
    places = dict.fromkeys([one.row, *one.rows])
    runs = [run for place in places if (run := sheet.lines(one.value, place, least))]
    if not runs and not one.named:
        runs = _single(sheet, one, places)
    one.run = max(runs, key=lambda run: run.length, default=None)
    kinds = {"lines"} if one.run else set()
    if one.run and not one.named:
        # where it is printed as a total, not as one of the lines it is made of
        end = sheet.items[one.run.last].index
        one.row = min((place for place in one.rows if place > end), default=one.row)
    handed = sheet.paid(one.value, one.row)
    one.handed = frozenset(handed)
    kinds |= {"paid"} if handed else set()
    kinds |= {"tax"} if sheet.tax(one.value) else set()
    kinds |= {"share"} if sheet.share(one.value) else set()
    kinds |= {"twice"} if sheet.twice(one.value, one.row) else set()
    one.proofs = frozenset(kinds)


def _single(sheet, one, places):
    """Return the run of one line that is the total, if quantity and price prove it."""
    runs = [run for place in places if (run := sheet.lines(one.value, place))]
    lines = [sheet.items[run.last].line for run in runs]
    return [
        run
        for run, line in zip(runs, lines, strict=True)
        if run.base == one.value and line and line.proven
    ]


# === CHOICE === #


def _choose(sheet, candidates):
    """Return the candidate that is the total, ``None`` when nothing is sure."""
    able = [one for one in candidates if one.named or _stands_alone(sheet, one)]
    able = [one for one in able if not _is_tipped(sheet, one, able)]
    able = [one for one in able if not _goes_on(sheet, one, able)]
    if not able:
        return None
    return max(able, key=lambda one: (one.score, one.named, max(one.rows)))


def _stands_alone(sheet, one):
    """Tell whether an amount that no word names is proven without one."""
    if one.partial or one.torn:
        return False
    if len(one.proofs) < 2:
        return _ends_the_list(sheet, one)
    if not {"lines", "paid", "tax", "share"} & one.proofs:
        return False
    larger = [
        row.last
        for row in sheet.rows[one.row + 1 :]
        if row.amounts and row.last > one.value and row.role not in NEVER
    ]
    if any(value not in one.handed for value in larger):
        return False
    return not _grows(sheet, one)


def _ends_the_list(sheet, one):
    """Tell whether an amount is the sum of everything above it, and the last one."""
    if one.proofs != {"lines"} or sheet.items[-1].index != max(one.rows):
        return False
    return one.run.first == 0 and sheet.items[one.run.last + 1].index == one.row


def _grows(sheet, one):
    """Tell whether something without a word is added to it, and the sum printed.

    A tax that was not called one, or a tip: nobody knows.
    """
    added = None
    for row in sheet.rows[one.row + 1 :]:
        if row.amounts and added is not None and row.last == one.value + added > added:
            return True
        added = row.last if row.amounts and row.role is None else None
    return False


def _is_tipped(sheet, one, others):
    """Tell whether an amount is another one and a tip."""
    tips = [value for row in sheet.rows if row.is_("tip") for value in row.values]
    values = {other.value for other in others}
    return any(tip > 0 and one.value - tip in values for tip in tips)


def _goes_on(sheet, one, others):
    """Tell whether an amount becomes another, proven one by tax, discount, coins."""
    return any(
        other is not one
        and {"lines", "paid", "tax"} & other.proofs
        and any(
            upper > lower and sheet.leads(one.value, lower, other.value, upper)
            for lower in one.rows
            for upper in other.rows
        )
        and not _pays_better(one, other)
        for other in others
    )


def _pays_better(one, other):
    """Tell whether the payment says that the first of two amounts was the total."""
    return "paid" in one.proofs and "paid" not in other.proofs


def _contradicted(sheet, chosen, candidates):
    """Tell whether the receipt names another total, which nothing explains."""
    known = {chosen.value, *chosen.handed}
    if chosen.run:
        known.add(chosen.run.base)
    steps = {
        abs(value)
        for row in sheet.rows
        if row.role in ("tax", "discount", "rounding", "service", "tip", "change",
                        "deposit", "net", "saved")
        for value in row.values
    }  # fmt: skip
    for one in candidates:
        if not one.named or one.value in known:
            continue
        if abs(one.value - chosen.value) not in steps and not any(
            sheet.is_tax_of(chosen.value, sheet.rows[place], one.value)
            or sheet.parts(chosen.value, sheet.rows[place])
            for place in one.rows
        ):
            return True
    firm = [v for row in sheet.rows if row.role in PAYMENTS and row.firm
            for v in row.values]  # fmt: skip
    return bool(firm) and not {"paid", "lines"} & chosen.proofs


def _other_receipt(sheet, chosen, candidates):
    """Tell whether another named total is made by lines the chosen one has not."""
    return any(
        other.named
        and other.run
        and chosen.run
        and other.value != chosen.value
        and (other.run.first > chosen.run.last or other.run.last < chosen.run.first)
        and other.row != chosen.row
        and abs(other.row - chosen.row) > 2
        for other in candidates
    )


# === THE REST === #


def _payments(sheet):
    return [
        value
        for row in sheet.rows
        if row.role in PAYMENTS
        for value in row.values
        if value >= 0
    ]


def _extras(sheet, run):
    """Return what stands among the lines and is no product: deposits, services."""
    return sum(
        item.value
        for item in sheet.items[run.first : run.last + 1]
        if item.line is None and sheet.rows[item.index].is_("deposit", "service")
    )


def _lines(sheet, chosen):
    """Return the lines: those that make the total, else all above it."""
    if chosen and chosen.run:
        made = sheet.items[chosen.run.first : chosen.run.last + 1]
    else:
        end = _first_closing(sheet, chosen)
        made = [item for item in sheet.items if item.index < end]
    lines = []
    for item, after in zip(made, [*made[1:], None], strict=False):
        less = item.value < 0 or sheet.rows[item.index].is_("discount")
        if less and lines and after and after.line:
            lines[-1] = _lowered(lines[-1], abs(item.value))
        elif item.line and not less:
            lines.append(item.line)
    return lines[: goods.MAX_LINES]


def _lowered(line, discount):
    """Return a line less the discount that stands below it, before the next line."""
    if discount >= line.amount:
        return line
    return replace(line, amount=line.amount - discount, less=line.less + discount)


def _first_closing(sheet, chosen):
    """Return the row where the lines end: a sum, or how it was paid."""
    ends = [
        place
        for place, row in enumerate(sheet.rows)
        if row.amounts and row.firm and row.role in ("total", "subtotal", *PAYMENTS)
    ]
    if chosen:
        ends.append(chosen.row)
    return min(ends, default=len(sheet.rows))
