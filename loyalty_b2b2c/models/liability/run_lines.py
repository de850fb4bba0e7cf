"""The lines of a run: what is owed, what explains it already, what is to be posted."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.tools import SQL

from ...engine import to_decimal
from ...engine.liability import get_amount, get_rate, round_to, spread
from ...values import shown
from ..figures.point_values import get_point_values
from .ledger_rows import read_explained
from .owed_points import ZERO, Owed, read_owed


@dataclass(slots=True)
class Line:
    """A line in the making; amounts are positive when the company owes more.

    :param unit: ``b2b2c.unit`` record, in the company of the run
    :param program: ``b2b2c.program`` record, empty for points of no program
    :param account: where the liability stands, empty when nobody said so
    :param owed: points, none on an account that the program has left
    :param recorded: what earlier runs posted, also in the unit's currency
    """

    unit: object
    program: object
    account: object
    owed: Owed = field(default_factory=Owed)
    value: Decimal = ZERO
    expected_expiry: Decimal = ZERO
    currency: object = None
    recorded: Decimal = ZERO
    recorded_currency: Decimal = ZERO
    runs: Decimal = ZERO
    documents: Decimal = ZERO
    documents_currency: Decimal = ZERO
    gross: Decimal = ZERO
    target: Decimal = ZERO
    target_currency: Decimal = ZERO
    revaluation: Decimal = ZERO

    @property
    def rate(self):
        """What a point is owed at."""
        return get_rate(self.value, self.expected_expiry)

    @property
    def amount(self):
        """What is to be posted: target less what explains it."""
        return self.target - self.runs - self.documents

    @property
    def amount_currency(self):
        """What is to be posted in the unit's currency."""
        recorded = self.recorded_currency
        if self.recorded:  # as much of it stands as of the company's own amount
            recorded = round_to(recorded * self.runs / self.recorded, self.step)
        return self.target_currency - recorded - self.documents_currency

    @property
    def step(self):
        """The smallest amount of the unit's currency."""
        return get_step(self.currency)

    @property
    def has_figures(self):
        """Whether there is anything to say."""
        return any((self.owed.points, self.target, self.runs, self.documents))


class RunLines:
    """Makes the lines of a run.

    :param run: ``b2b2c.liability.run`` record, with its company's rights and settings
    """

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.company = run.company_id
        self.step = get_step(self.company.currency_id)
        self.lines = {}

    def make(self):
        """Return the lines as values of ``b2b2c.liability.line``, none for nothing."""
        self._add_owed()
        self._add_recorded()
        self._explain()
        for line in self.lines.values():
            self._value(line)
        return [
            self._get_values(line) for line in self.lines.values() if line.has_figures
        ]

    # === WHICH LINES === #

    def _add_owed(self):
        """Add a line for what each program owes."""
        watermark = int(self.run.watermark)
        owed = read_owed(self.env, self.company, self.run.cut_day, watermark)
        for (unit_id, program_id), points in sorted(owed.items(), key=_get_place):
            if points != Owed():
                program = self.env["b2b2c.program"].browse(program_id or ())
                account = self._get_account(program)
                self._get_line(unit_id, program_id, account.id).owed = points

    def _add_recorded(self):
        """Add what earlier runs posted, also on accounts a program has left."""
        earlier = self.env["b2b2c.liability.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
                ("cut_day", "<", self.run.cut_day),
            ],
            ["unit_id", "program_id", "liability_account_id"],
            ["amount:sum", "amount_currency:sum"],
        )
        for unit, program, account, amount, amount_currency in earlier:
            recorded = self._to_money(amount, self.company.currency_id)
            in_currency = self._to_money(
                amount_currency, unit.currency_id or self.company.currency_id
            )
            key = unit.id, program.id or None, account.id
            if recorded or in_currency or key in self.lines:
                line = self._get_line(*key)
                line.recorded, line.recorded_currency = recorded, in_currency

    def _get_line(self, unit_id, program_id, account_id):
        """Return the line of a program on an account, a new one if there is none."""
        key = unit_id, program_id or None, account_id
        if key not in self.lines:
            self.lines[key] = Line(
                self.env["b2b2c.unit"].browse(unit_id),
                self.env["b2b2c.program"].browse(program_id or ()),
                self.env["account.account"].browse(account_id or ()),
            )
        return self.lines[key]

    def _get_account(self, program):
        """Return where what a program owes stands."""
        return program.liability_account_id or self.company.b2b2c_liability_account_id

    # === WHAT EXPLAINS THEM === #

    def _explain(self):
        """Spread what stands on each account over its lines.

        What runs posted is known of each line; only what somebody changed of it, by a
        reversal for instance, is spread.  A document knows its unit: it is spread over
        the programs of the unit by the points of each that were spent.
        """
        accounts = {line.account.id for line in self.lines.values()} - {False}
        accounts |= set(self.run._get_accounts().ids)
        runs, documents = read_explained(
            self.env, self.company, accounts, self.run.cut_day
        )
        for (account_id, unit_id), amounts in documents.items():
            self._spread_documents(account_id, unit_id, *amounts)
        by_account = defaultdict(list)
        for line in self.lines.values():
            by_account[line.account.id].append(line)
        for account_id, lines in by_account.items():
            self._spread_runs(lines, runs[account_id])

    def _spread_documents(self, account_id, unit_id, amount, amount_currency):
        lines = [
            line
            for line in self.lines.values()
            if (line.account.id, line.unit.id) == (account_id, unit_id)
        ] or [self._get_line(unit_id, None, account_id)]
        weights = [max(line.owed.spent, ZERO) for line in lines]
        parts = spread(amount, weights, self.step)
        in_currency = spread(
            amount_currency, weights, get_step(lines[0].unit.currency_id) or self.step
        )
        for line, part, part_currency in zip(lines, parts, in_currency, strict=True):
            line.documents, line.documents_currency = part, part_currency

    def _spread_runs(self, lines, amount):
        changed = amount - sum(line.recorded for line in lines)
        weights = [abs(line.recorded) for line in lines]
        for line, part in zip(lines, spread(changed, weights, self.step), strict=True):
            line.runs = line.recorded + part

    # === WHAT THEY ARE WORTH === #

    def _value(self, line):
        """Say what a line is worth, and how much of its change is a revaluation."""
        line.value, line.currency = self._get_values_of_points()[line.unit.id]
        line.expected_expiry = to_decimal(line.program.expected_expiry)
        line.gross = get_amount(line.owed.points, line.value, line.step)
        line.target_currency = get_amount(line.owed.points, line.rate, line.step)
        if line.currency == self.company.currency_id:
            line.target = line.target_currency
            line.revaluation = self._get_revaluation(line)
        else:
            line.gross = self._convert(line.gross, line.currency)
            line.target = self._convert(line.target_currency, line.currency)
            moved = self._convert(line.amount_currency, line.currency)
            line.revaluation = line.amount - moved

    def _get_revaluation(self, line):
        """Return what the points of the run before are worth more by now."""
        before = self.run._get_before().line_ids.filtered(
            lambda other: (
                (other.unit_id, other.program_id, other.liability_account_id)
                == (line.unit, line.program, line.account)
            )
        )
        if not before or not line.owed.points:
            return ZERO
        rate = get_rate(
            to_decimal(before.point_value), to_decimal(before.expected_expiry)
        )
        return round_to(to_decimal(before.points) * (line.rate - rate), self.step)

    def _get_values_of_points(self):
        """Return unit id -> (what a point costs, its currency)."""
        rows = self.env.execute_query(
            SQL(
                "SELECT unit_id, value::text, unit_currency_id FROM (%s) v"
                " WHERE company_id = %s",
                get_point_values(),
                self.company.id,
            )
        )
        currencies = self.env["res.currency"]
        return {
            unit_id: (Decimal(value), currencies.browse(currency_id))
            for unit_id, value, currency_id in rows
        }

    def _convert(self, amount, currency):
        """Return an amount in the company's currency at the rate of the run's day."""
        own = self.company.currency_id
        converted = currency._convert(
            shown(amount), own, self.company, self.run.cut_day
        )
        return self._to_money(converted, own)

    def _to_money(self, amount, currency):
        """Return an amount that Odoo stored, exact."""
        return round_to(to_decimal(amount or 0), get_step(currency))

    # === VALUES === #

    def _get_values(self, line):
        own = line.currency == self.company.currency_id
        return {
            "unit_id": line.unit.id,
            "program_id": line.program.id or False,
            "liability_account_id": line.account.id or False,
            "cost_account_id": (
                line.program.liability_cost_account_id
                or self.company.b2b2c_liability_cost_account_id
            ).id,
            "unit_currency_id": line.currency.id,
            "points": shown(line.owed.points),
            "points_reserved": shown(line.owed.reserved),
            "point_value": shown(line.value),
            "expected_expiry": shown(line.expected_expiry),
            "gross": shown(line.gross),
            "target": shown(line.target),
            "by_runs": shown(line.runs),
            "by_documents": shown(line.documents),
            "amount": shown(line.amount),
            "amount_currency": shown(line.amount if own else line.amount_currency),
            "revaluation": shown(line.revaluation),
        }


def get_step(currency):
    """Return the smallest amount of a currency; ``None`` for no currency."""
    return to_decimal(currency.rounding) if currency else None


def _get_place(item):
    """Return where a program's points stand: by unit, those of no program first."""
    (unit_id, program_id), _owed = item
    return unit_id, program_id or 0
