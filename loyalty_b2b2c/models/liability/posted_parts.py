"""Which program the rows of our entries belong to.

The general ledger knows accounts, not programs.  What a run posted is known of each of
its lines; an entry that stands as it was posted, or was reversed as a whole, is read
back row by row.  Only what somebody changed of it by hand is spread.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ...engine.liability import spread
from .ledger_rows import read_runs

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """What a line of a run posted in one pair of rows.

    :param key: ids of the line's unit, program and account
    """

    key: tuple
    amount: Decimal
    amount_currency: Decimal
    is_revaluation: bool = False


def read_posted(env, company, account_ids, day, step):
    """Return what stands of the runs of a company at the end of a day.

    :param step: the smallest amount of the company's currency
    :return: dict key of a line -> ``(amount, the same in the unit's currency)``
    """
    found = read_runs(env, company, account_ids, day)
    parts = defaultdict(list)
    runs = {run_id for run_id, *_rest in found}
    lines = env["b2b2c.liability.line"].search([("run_id", "in", list(runs))])
    for line in lines:
        account = line.run_id.id, line.liability_account_id.id
        parts[account] += line._get_parts()
    posted = defaultdict(lambda: [ZERO, ZERO])
    for run_id, account_id, sign, amounts in found:
        own = parts[run_id, account_id] or [
            Part((line.unit_id.id, line.program_id.id or None, account_id), ZERO, ZERO)
            for line in lines
            if line.run_id.id == run_id
        ]
        for part, amount, amount_currency in _match(own, sign, amounts, step):
            posted[part.key][0] += amount
            posted[part.key][1] += amount_currency
    return {key: tuple(amounts) for key, amounts in posted.items()}


def _match(parts, sign, amounts, step):
    """Yield ``(part, amount, amount in its currency)`` of the rows of an entry.

    Rows of one amount are each other's equals; what is left is spread.
    """
    left = list(amounts)
    for part in parts:
        if sign * part.amount in left:
            left.remove(sign * part.amount)
            yield part, sign * part.amount, sign * part.amount_currency
    weights = [abs(part.amount) for part in parts]
    shares = spread(sum(left, ZERO), weights, step)
    for part, share in zip(parts, shares, strict=True):
        if share:
            yield part, share, ZERO
