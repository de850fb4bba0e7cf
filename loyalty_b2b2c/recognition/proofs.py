"""How a total proves itself, in any language: five kinds of arithmetic.

* ``lines``: the lines above it make it, with discounts, charges, tax, rounding between;
* ``tax``: a net amount and its tax make it, by one rate or by several;
* ``share``: a tax stands beside its rate and is that share of it, which is exact up to
  rounding only: it tells the total from other amounts, and not from a misread one;
* ``paid``: what was handed over, less the change, is it;
* ``twice``: it stands on another row again, below it.

Words say which figure plays which part where they are known.  Where no word is known,
only what the figures say themselves is taken: signs, percentages, the order of rows.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from .rows import PAYMENTS

KINDS = ("lines", "tax", "share", "paid", "twice")
#: Those that a misread figure does not pass.
EXACT = frozenset(("lines", "tax", "paid", "twice"))
#: What such a row says is no total.
NEVER = frozenset(
    ("tax", "change", "count", "saved", "discount", "rounding", "tip", "number",
     "fiscal", "register", "cashier", "date", "until", "service", "deposit")
)  # fmt: skip
_STEPS = 10  # rows between the last line and the total
_SUMS = 128
# beside so few of the smallest unit any rate fits any total
_TELLING = 100
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that make a total.

    :param first: position among the items of the first line
    :param last: position of the last one
    :param base: their sum
    """

    first: int
    last: int
    base: Decimal

    @property
    def length(self):
        """How many rows they are."""
        return self.last - self.first + 1


class Sheet:
    """A receipt prepared for arithmetic.

    :param rows: list of :class:`.rows.Row`
    :param items: list of :class:`.goods.Item`
    :param style: :class:`.amounts.Style`
    """

    def __init__(self, rows, items, style):
        self.rows, self.items, self.unit = rows, items, style.unit
        self.decimals = style.decimals

    def may_be_total(self, row):
        """Tell whether the last amount of a row may be the total: no word denies it."""
        if row.is_("rounding") and abs(row.last) > self._coin:
            return True  # rounded, not what it was rounded by
        return not (row.role in NEVER and row.firm)

    def is_tax_of(self, total, row, value):
        """Tell whether an amount beside a rate is the tax in a total, or on it."""
        return any(
            self._is_within(value, total, rate) or self._is_share(value, total, rate)
            for rate in row.rates
        )

    def parts(self, total, row):
        """Tell whether a row parts a total into net and tax, up to its rounding."""
        coins = {abs(v) for one in self.rows if one.is_("rounding") for v in one.values}
        coins = {Decimal(0), *(coin for coin in coins if coin <= self._coin)}
        sums = (one + other for one, other in combinations(row.values, 2))
        return any(abs(made - total) in coins for made in sums)

    # === SUMS OF LINES === #

    def lines(self, total, row, least=1):
        """Return the longest :class:`Run` of lines above a row that makes a total.

        :param int least: so many lines at least
        """
        best, sums = None, {Decimal(0)}
        place = self._above(row)
        for step in range(place, max(-1, place - _STEPS), -1):
            run = self._run(total, step, sums)
            if (
                run
                and run.length >= least
                and (best is None or run.length > best.length)
            ):
                best = run
            options = self._options(self.items[step], total)
            if not options:
                break
            sums = {one + other for one in sums for other in options}
            if len(sums) > _SUMS:
                break
        return best

    def leads(self, lower, lower_row, upper, upper_row):
        """Tell whether one amount becomes another below it by what stands between."""
        sums, changed = {Decimal(0)}, False
        place = self._above(upper_row)
        while place >= 0 and self.items[place].index > lower_row:
            options = self._options(self.items[place], upper)
            if not options:
                return False
            changed = changed or any(options)
            sums = {one + other for one in sums for other in options}
            if len(sums) > _SUMS:
                return False
            place -= 1
        return changed and lower != upper and upper - lower in sums

    def _above(self, row):
        """Return the position of the last item above a row."""
        return max(
            (place for place, item in enumerate(self.items) if item.index < row),
            default=-1,
        )

    def _run(self, total, last, sums):
        """Return the longest run of lines that ends here and makes the total."""
        found, base = None, Decimal(0)
        for place in range(last, -1, -1):
            item = self.items[place]
            value = self._in_lines(item)
            if value is None:
                break
            base += value
            if item.line and total - base in sums and base > 0:
                found = Run(place, last, base)
        return found

    def _in_lines(self, item):
        """Return what a row adds to the lines above a total, ``None``: it ends them."""
        row = self.rows[item.index]
        if row.is_("discount") or (item.value < 0 and not row.is_("rounding")):
            return -abs(item.value)
        if row.is_("deposit", "service") and row.firm:
            return item.value
        return item.value if item.line else None

    def _options(self, item, total):
        """Return what a row between lines and total may add: set of Decimal."""
        row, value = self.rows[item.index], item.value
        zero = Decimal(0)
        if row.is_("tax", "service", "deposit"):
            # a summary says the same again, row by row
            return {zero, value} if abs(value) < total else {zero}
        if row.is_("rounding"):
            return {value, -value, zero} if abs(value) <= self._coin else set()
        if row.is_("discount"):
            return {zero, -abs(value)}
        if row.role is not None and row.firm:
            return {zero}
        return self._wordless(row, value, total)

    def _wordless(self, row, value, total):
        zero = Decimal(0)
        if value < 0:
            return {value}
        if value in (total, 0):
            return {zero}
        if any(self._is_share(value, total - value, rate) for rate in row.rates):
            return {value}
        if any(self._is_within(value, total, rate) for rate in row.rates):
            return {zero}
        if self.decimals and value <= self.unit * 9:
            return {value, -value}
        return set()

    @property
    def _coin(self):
        """The most that rounding changes."""
        return Decimal(1) if self.decimals else Decimal(1000)

    # === TAX === #

    def tax(self, total):
        """Tell whether net and tax make a total."""
        return self._net_and_tax(total) or self._table(total)

    def share(self, total):
        """Tell whether a rate and an amount on one row are the tax in a total."""
        for row in self.rows:
            for rate in row.rates:
                for value in row.values:
                    if value < self.unit * _TELLING or value >= total:
                        continue
                    if self._is_within(value, total, rate):
                        return True
        return False

    def _net_and_tax(self, total):
        """A net amount and a tax that stand in rows of such names, or in one row."""
        taxes = {v for row in self.rows if row.is_("tax") for v in row.values}
        nets = {v for row in self.rows if row.is_("net", "subtotal", "tax")
                for v in row.values}  # fmt: skip
        if any(total - tax in nets and 0 < tax < total - tax for tax in taxes):
            return True
        for row in self.rows:
            values = set(row.values)
            if total in values and len(values) >= 3:
                rest = values - {total}
                if any(one + other == total for one, other in combinations(rest, 2)):
                    return True
        return False

    def _table(self, total):
        """Several rates, each with its net amount and its tax, make the total."""
        parts, free = [], []
        for row in self.rows:
            part = self._part(row)
            if part:
                parts.append(part)
            elif Decimal(0) in row.values and len(row.values) > 1:
                free.append(max(row.values))
        parts = list(dict.fromkeys(parts))
        if not parts or len(parts) + len(free) < 2:
            return False
        made = sum(net + tax for net, tax in parts)
        return total in (made, made + sum(free))

    def _part(self, row):
        """Return ``(net, tax)`` of a row of a table of taxes."""
        values = row.values
        for rate in row.rates:
            for net, tax in combinations(values, 2):
                for one, other in ((net, tax), (tax, net)):
                    if other >= self.unit * 5 and self._is_share(other, one, rate):
                        return one, other
                    if self._is_within(other, one, rate) and other >= self.unit * 5:
                        return one - other, other
        return None

    def _is_share(self, tax, net, rate):
        return abs(tax - net * rate / _HUNDRED) <= self.unit * Decimal("1.01")

    def _is_within(self, tax, gross, rate):
        exact = gross * rate / (_HUNDRED + rate)
        return abs(tax - exact) <= self.unit * Decimal("1.01")

    # === PAYMENT === #

    def paid(self, total, row):
        """Tell whether what was paid, less the change, is a total that stands there.

        :return: set of the amounts that were handed over, empty: nothing proves it
        """
        handed, changes, loose = self._money(row)
        tips = [v for one in self.rows if one.is_("tip") for v in one.values]
        coins = [v for one in self.rows if one.is_("rounding") for v in one.values]
        wanted = {total, *(total + tip for tip in tips)}
        wanted |= {total + sign * coin for coin in coins for sign in (1, -1)
                   if abs(coin) <= self._coin}  # fmt: skip
        for amount in self._sums(handed):
            if amount in wanted or any(amount - back in wanted for back in changes):
                return set(handed) | {amount}
        known = handed + [amount for _place, amount in loose]
        for amount in known:
            if any(amount - back == total for back in changes):
                return {amount}
            if amount in handed and self._given_back(amount, total, loose):
                return {amount}
        return self._unnamed(total, loose)

    def _money(self, row):
        """Return payments, changes, and figures without a word below a row."""
        handed, changes, loose = [], [], []
        for place, one in enumerate(self.rows):
            if not one.amounts or (place <= row and not one.firm):
                continue
            if one.role in PAYMENTS:
                handed.append(abs(one.last))
            elif one.is_("change"):
                changes.append(abs(one.last))
            elif one.role is None and place > row:
                loose.append((place, one.last))
        return handed, [back for back in changes if back > 0], loose

    def _sums(self, handed):
        """Return each payment, and all of them together."""
        return {*handed, sum(handed)} if handed else set()

    def _given_back(self, amount, total, loose):
        return any(back > 0 and amount - back == total for _place, back in loose)

    def _unnamed(self, total, loose):
        """Two figures below the total, the first larger by just the second."""
        for (above, more), (below, back) in combinations(loose, 2):
            if above < below and back > 0 and more - back == total:
                return {more, back}
        return set()

    def twice(self, total, row):
        """Tell whether a total stands again below a row, as nothing else."""
        return any(
            one.role in (None, "total", "subtotal") and total in one.values
            for one in self.rows[row + 1 :]
        )  # fmt: skip
