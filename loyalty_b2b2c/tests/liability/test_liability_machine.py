"""Whatever happens in a month, the general ledger shows what is owed at its end.

Hypothesis plays months of earning, spending, expiry and all that is undone, with other
values, estimates, accounts and locked months.  The oracle adds up the entries of the
loyalty ledger and the rows of the general ledger, and knows nothing of runs.

More examples: ``LOYALTY_EXAMPLES=1000``.
"""

import os
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...exceptions import InsufficientPoints
from ...models.liability.b2b2c_liability_run import B2b2cLiabilityRun
from ..processing.machine_kit import play_stories
from .liability_common import LiabilityCommon

START = datetime(2026, 1, 5, 9)
CENT = Decimal("0.01")

_pick = st.integers(0, 7)
_points = st.integers(1, 400)
_days = st.integers(0, 40)  # how late something is booked


def _at(things, pick):
    return things[pick % len(things)]


class Machine(RuleBasedStateMachine):
    """One story; everything it does is undone at its end."""

    test = None  # the running test case, set by a subclass

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.test.clock.move_to(START)
        self.accounts = self.test.accounts
        self.programs = [self.test.club, self.test.shop]
        self.entries, self.reservations, self.posted = [], [], []
        self.others = Decimal(0)
        self.number = 0

    def teardown(self):
        try:
            self.end_month()
            self.test.clock.tick(timedelta(days=40))
            run = self.post()  # nothing happened since
            self.test.assertFalse(run.journal_entry_id)
            self.test.assertBooksRight()
        finally:
            self.savepoint.rollback()
            self.savepoint.close()
            self.test.env.invalidate_all()

    def _details(self, days=0):
        self.number += 1
        return {
            "source_key": f"story/{self.number}",
            "effective_at": datetime.now() - timedelta(days=days),
        }

    # --- points --- #

    @initialize(points=st.integers(500, 2000))
    def begin(self, points):
        for account in self.accounts:
            account._earn(points, program_id=self.programs[0].id, **self._details())

    @rule(account=_pick, program=_pick, points=_points, days=_days, lapse=_days)
    def earn(self, account, program, points, days, lapse):
        program = _at([*self.programs, None], program)
        details = self._details(days)
        if lapse:
            details["expires_at"] = datetime.now() + timedelta(days=lapse)
        self.entries.append(
            _at(self.accounts, account)._earn(
                points, program_id=program and program.id, **details
            )
        )

    @rule(account=_pick, points=_points, days=_days)
    def spend(self, account, points, days):
        with suppress(InsufficientPoints):
            self.entries.append(
                _at(self.accounts, account)._redeem(points, **self._details(days))
            )

    @rule(account=_pick, points=_points)
    def reserve(self, account, points):
        account = _at(self.accounts, account)
        with suppress(InsufficientPoints):
            self.reservations.append(
                (account, account._reserve(points, **self._details()))
            )

    @precondition(lambda self: self.reservations)
    @rule(pick=_pick, share=st.sampled_from([2, 3, None]), capture=st.booleans())
    def settle(self, pick, share, capture):
        account, reservation = _at(self.reservations, pick)
        points = share and reservation.points_held // share
        method = account._capture if capture else account._release
        with suppress(UserError):  # nothing is left of it
            self.entries.append(method(reservation, points or None))

    @precondition(lambda self: self.entries)
    @rule(pick=_pick)
    def take_back(self, pick):
        entry = _at(self.entries, pick)
        with suppress(UserError):  # taken back already
            entry.account_id._reverse(entry, reason="Story")

    @rule()
    def lapse(self):
        for account in self.accounts:
            account._expire()

    # --- the general ledger --- #

    @rule(account=_pick, points=_points)
    def pay_out(self, account, points):
        """Points are spent, and the bill lowers what is owed by itself."""
        account = _at(self.accounts, account)
        try:
            account._redeem(points, **self._details())
        except InsufficientPoints:
            return
        if account.unit_id == self.test.unit:
            amount = round(points * self.test.unit.point_value, 2)
            self.test._book(amount, datetime.now().date(), ref="PAYOUT")

    @rule(cents=st.integers(1, 5000))
    def somebody_books(self, cents):
        self.test._book(cents / 100, datetime.now().date(), ref="Oops")
        self.others -= cents * CENT

    @precondition(lambda self: self.posted)
    @rule(pick=_pick)
    def undo_a_run(self, pick):
        move = _at(self.posted, pick).journal_entry_id
        if move and not move.reversal_move_ids:
            move._reverse_moves([{"date": datetime.now().date()}], cancel=True)

    @rule()
    def lock(self):
        """Lock all months but this one."""
        today = datetime.now().date()
        self.test.company.fiscalyear_lock_date = today.replace(day=1) - timedelta(1)

    # --- what changes --- #

    @rule(value=st.sampled_from([0.1, 0.12, 0.0333, 0]))
    def change_value(self, value):
        self.test.unit.point_value = value

    @rule(program=_pick, percent=st.sampled_from([0, 5, 12.5, 100]))
    def change_estimate(self, program, percent):
        _at(self.programs, program).expected_expiry = percent

    @rule(program=_pick, pick=_pick)
    def change_account(self, program, pick):
        accounts = [self.test.owed, self.test.second]
        _at(self.programs, program).liability_account_id = _at(accounts, pick)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days):
        self.test.clock.tick(timedelta(days=days))

    @rule()
    def end_month(self):
        now = datetime.now()
        self.test.clock.move_to(
            (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=9)
        )
        self.post()

    # --- the oracle --- #

    def post(self):
        """Post the last month and compare."""
        day = datetime.now().date().replace(day=1) - timedelta(days=1)
        run = self.test._post(str(day))
        self.posted.append(run)
        self.test.env.flush_all()
        self.test.env.invalidate_all()
        self._compare_points(run)
        self._compare_ledger(run)
        self._compare_ages()
        return run

    def _compare_points(self, run):
        """Points are those of the entries, and worth what they are worth."""
        told = defaultdict(Decimal)
        for line in run.line_ids:
            told[line.unit_id.id] += Decimal(str(line.points))
            value = Decimal(str(line.unit_id.point_value))
            kept = 100 - Decimal(str(line.program_id.expected_expiry))
            worth = Decimal(str(line.points)) * value * kept / 100
            rounded = worth.quantize(CENT, ROUND_HALF_UP)
            self.test.assertEqual(Decimal(str(line.target)), rounded)
        rows = self.test.env.execute_query(
            SQL(
                "SELECT unit_id, sum(points)::text FROM b2b2c_ledger_entry"
                " WHERE company_id = %s AND effective_at < %s GROUP BY unit_id",
                self.test.company.id,
                run.cut_day + timedelta(days=1),
            )
        )
        self.test.assertEqual(
            {unit: points for unit, points in told.items() if points},
            {unit: Decimal(points) for unit, points in rows if Decimal(points)},
        )

    def _compare_ledger(self, run):
        """On the accounts stands what is owed, and what others booked."""
        others = {self.test.owed.id: self.others}
        owed = defaultdict(float)
        for line in run.line_ids:
            owed[line.liability_account_id.id] += line.target
        for account in (self.test.owed, self.test.second):
            expected = owed[account.id] + float(others.get(account.id, 0))
            self.test.assertAlmostEqual(
                self.test._balance(account), expected, 6, account.code
            )
        for check in run.check_ids:
            expected = float(others.get(check.account_id.id, 0))
            self.test.assertEqual(check.difference, expected)
            self.test.assertEqual(check.by_others, expected)

    def _compare_ages(self):
        """The lots add up to what the figures call owed."""
        company = [("company_id", "=", self.test.company.id)]
        by = ["unit_id", "program_id"]
        figures = self.test.env["b2b2c.report.day"]._read_group(
            company, by, ["outstanding:sum", "reserved:sum"]
        )
        ages = self.test.env["b2b2c.liability.age"]._read_group(
            company, by, ["points:sum", "reserved:sum"]
        )
        self.test.assertEqual(
            {row[:2]: row[2] for row in ages if row[2]},
            {row[:2]: row[2] for row in figures if row[2]},
        )
        self.test.assertEqual(sum(row[3] for row in ages), sum(r[3] for r in figures))


@tagged("post_install", "-at_install")
class TestLiabilityMachine(LiabilityCommon):
    """Two participants, two units, two programs, two accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_account("liability_current", "280002")
        other = cls._create_member(name="Bo", email="bo@example.com")
        gems = cls.env["b2b2c.unit"].create(
            {"name": "Gems", "symbol": "gems", "point_value": 0.5}
        )
        cls.accounts = [
            cls.account,
            other._get_account(cls.unit),
            cls.member._get_account(gems),
        ]

    def setUp(self):
        super().setUp()
        frozen = freeze_time(START)
        self.clock = frozen.start()
        self.addCleanup(frozen.stop)
        self._name_payouts()

    def test_stories(self):
        class Told(Machine):
            test = self

        play_stories(Told, int(os.environ.get("LOYALTY_EXAMPLES", 8)), 30)

    def test_control_a_document_that_nobody_names(self):
        """The oracle notices: a payout that is not told of is posted once more."""

        class Told(Machine):
            test = self

        self.startPatcher(
            patch.object(B2b2cLiabilityRun, "_get_liability_documents", lambda run: {})
        )
        story = Told()
        self.addCleanup(story.savepoint.close)
        story.begin(points=1000)
        story.pay_out(account=0, points=400)
        with self.assertRaises(AssertionError):
            story.end_month()
