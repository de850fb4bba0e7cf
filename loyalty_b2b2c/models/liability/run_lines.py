"""The lines of a run: what is owed, what explains it already, what is to be posted."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.tools import SQL

from ...engine import to_decimal
from ...engine.liability import get_amount, get_rate, round_to, spread
from ...values import shown
from ..figures.point_values import get_point_values
from .ledger_rows import read_documents
from .owed_points import ZERO, Owed, read_owed
from .posted_parts import read_posted


@dataclass(slots=True)
class Line:
    """A line in the making; amounts are positive when the company owes more.

    :param unit: ``b2b2c.unit`` record, in the company of the run
    :param program: ``b2b2c.program`` record, empty for points of no program
    :param account: where the liability stands, empty when nobody said so
    :param owed: points, none on an account that the program has left
    :param runs: what earlier runs posted, also in the unit's currency
    """

    unit: object
    program: object
    account: object
    owed: Owed = field(default_factory=Owed)
    value: Decimal = ZERO
    expected_expiry: Decimal = ZERO
    currency: object = None
    runs: Decimal = ZERO
    runs_currency: Decimal = ZERO
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
        return self.target_currency - self.runs_currency - self.documents_currency

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
        self.env.flush_all()  # both ledgers, values and accounts are read by SQL
        self.values = self._read_values()
        self.before = {
            (line.unit_id, line.program_id, line.liability_account_id): line
            for line in run._get_before().line_ids
        }
        self.lines = {}

    def make(self):
        """Return the lines as values of ``b2b2c.liability.line``, none for nothing."""
        self._add_owed()
        self._explain()
        for line in self.lines.values():
            self._value(line)
        return [
            self._get_values(line) for line in self.lines.values() if line.has_figures
        ]

    def _read_values(self):
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
        """Say what explains each line: runs before, also on accounts that a program
        has left, and documents.

        A document knows its unit: it is spread over the programs of the unit by the
        points of each that were spent.
        """
        accounts = set(self.run._get_accounts().ids)
        arguments = self.env, self.company, accounts, self.run.cut_day
        for key, posted in read_posted(*arguments, self.step).items():
            line = self._get_line(*key)
            line.runs, line.runs_currency = posted
        for (account_id, unit_id), amounts in read_documents(*arguments).items():
            self._spread_documents(account_id, unit_id, *amounts)

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

    # === WHAT THEY ARE WORTH === #

    def _value(self, line):
        """Say what a line is worth, and how much of its change is a revaluation."""
        line.value, line.currency = self.values[line.unit.id]
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
        before = self.before.get((line.unit, line.program, line.account))
        if not before or not line.owed.points:
            return ZERO
        rate = get_rate(
            to_decimal(before.point_value), to_decimal(before.expected_expiry)
        )
        return round_to(to_decimal(before.points) * (line.rate - rate), self.step)

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
