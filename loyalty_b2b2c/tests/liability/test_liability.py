"""What is owed, in the general ledger: figures that can be checked by hand."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from .liability_common import LiabilityCommon, last_day

LOGGER = "odoo.addons.loyalty_b2b2c.models.liability.b2b2c_liability_run_posting"


@tagged("post_install", "-at_install")
@freeze_time("2026-07-01 08:00:00")
class TestLiability(LiabilityCommon):
    """A point costs 0.10."""

    def test_a_month_that_earned(self):
        """1 234 points are 123.40: owed, and a cost."""
        self._earn(1234, "2026-03-10")
        run = self._post("2026-03-31")
        self.assertEqual(self._lines(run), {("Club", "280001"): (1234, 123.4, 123.4)})
        self.assertEqual(run.journal_entry_id.date, date(2026, 3, 31))
        self.assertEqual(run.posted_on, date(2026, 3, 31))
        self.assertEqual(self._balance(), 123.4)
        self.assertEqual(self._balance(self.cost), -123.4)
        self.assertReconciled(run)

    def test_spent_reserved_and_lapsed(self):
        """1 000 earned, 300 spent: 70.00, the 200 that are reserved too.

        Then what is not reserved lapses, 500, and 20.00 are left.
        """
        self.account._earn(
            1000,
            source_key="earn",
            program_id=self.club.id,
            effective_at="2026-06-01 12:00:00",
            expires_at="2026-07-15 00:00:00",
        )
        self._redeem(300, "2026-06-20")
        self.account._reserve(
            200, source_key="hold", effective_at="2026-06-21 12:00:00"
        )
        run = self._post("2026-06-30")
        self.assertEqual(run.line_ids.points_reserved, 200)
        self.assertEqual(self._balance(), 70)
        with freeze_time("2026-08-01 08:00:00"):
            self.account._expire()
            run = self._post("2026-07-31")
        self.assertEqual(run.amount, -50)
        self.assertEqual(self._balance(), 20)
        self.assertReconciled(run)

    def test_pending_points_are_not_owed_yet(self):
        entry = self.account._earn(
            50, source_key="p", pending=True, effective_at="2026-03-01 12:00:00"
        )
        self.assertFalse(self._look("2026-03-31").line_ids)
        self.account._confirm(entry, effective_at="2026-04-01 12:00:00")
        self.assertEqual(self._look("2026-04-30").target, 5)

    def test_what_came_late_belongs_to_the_next_run(self):
        """100 points of March are booked after its run: March stays, April has them."""
        self._earn(500, "2026-03-10")
        march = self._post("2026-03-31")
        self._earn(100, "2026-03-11")
        self.assertReconciled(march)
        april = self._post("2026-04-30")
        self.assertEqual(april.amount, 10)
        self.assertEqual(april.journal_entry_id.date, date(2026, 4, 30))
        self.assertReconciled(april)
        with self.assertRaisesRegex(UserError, "posted already"):
            self._look("2026-03-31")

    def test_the_same_position_tells_the_same_for_ever(self):
        """A preview keeps what was final then; computed again it sees the rest."""
        self._earn(500, "2026-03-10")
        run = self._look("2026-03-31")
        self.assertEqual(run.target, 50)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT min(feed_position) FROM b2b2c_ledger_entry WHERE company_id = %s",
            [self.company.id],
        )
        [position] = self.env.cr.fetchone()
        run.sudo()._look(position)  # as it was before anything was final
        self.assertFalse(run.line_ids)
        run.sudo()._look(position + 1)
        self.assertEqual(run.target, 50)

    def test_what_is_not_final_yet_is_told(self):
        """Two entries of March came after the position of the preview, one of April.

        Without a position all three of the last month's run are missing: it waits.
        """
        self._earn(500, "2026-03-10")
        self._earn(500, "2026-03-31")
        self._earn(500, "2026-04-01")
        run = self._look("2026-03-31")
        self.assertFalse(run.notice)
        run.sudo().watermark = "0"
        self.assertIn("2 entries", run.notice)
        with (
            patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 0),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            self.runs._post_months(self.company)
        self.assertIn("3 entries", logs.output[0])
        self.assertFalse(self.runs._get_last(self.company))

    def test_a_new_value_is_a_revaluation(self):
        """1 000 points at 0.10, then 500 more and a value of 0.12: 180.00.

        Of the 80.00 that are posted 20.00 revalue the old points, and 60.00 are the
        new ones.
        """
        self._earn(1000, "2026-03-10")
        self._post("2026-03-31")
        self._earn(500, "2026-04-10")
        self.unit.point_value = 0.12
        run = self._post("2026-04-30")
        self.assertEqual((run.target, run.amount), (180, 80))
        self.assertEqual(run.line_ids.revaluation, 20)
        owed = run.journal_entry_id.line_ids.filtered(
            lambda row: row.account_id == self.owed
        )
        self.assertEqual(owed.mapped("credit"), [60, 20])
        self.assertIn("revaluation", owed[1].name)
        self.assertReconciled(run)

    def test_what_is_expected_to_lapse_is_not_shown(self):
        """1 000 points, a fifth lapses: 80.00. Then a tenth: 10.00 are revalued."""
        self.club.expected_expiry = 20
        self._earn(1000, "2026-03-10")
        march = self._post("2026-03-31")
        self.assertEqual((march.line_ids.gross, march.target), (100, 80))
        self.club.expected_expiry = 10
        april = self._post("2026-04-30")
        self.assertEqual((april.amount, april.line_ids.revaluation), (10, 10))
        with self.assertRaisesRegex(ValidationError, "Between 0 and 100"):
            self.club.expected_expiry = 101

    def test_rounded_once_for_a_program(self):
        """At 0.0333 a point, 100 and 50 points are 3.33 and 1.67 (1.665), not 1.66."""
        self.unit.point_value = 0.0333
        self._earn(100, "2026-03-10")
        self._earn(50, "2026-03-10", self.shop)
        run = self._post("2026-03-31")
        self.assertEqual(run.line_ids.mapped("target"), [3.33, 1.67])
        self.assertEqual(self._balance(), 5)

    def test_points_of_no_program(self):
        """Given by hand, and taken out of no program's lots: on the default account."""
        self.account._adjust(
            70, source_key="a", reason="Sorry", effective_at="2026-03-01 12:00:00"
        )
        run = self._post("2026-03-31")
        self.assertEqual(self._lines(run), {("", "280001"): (70, 7, 7)})

    # === ACCOUNTS === #

    def test_programs_with_accounts_of_their_own(self):
        """300 points of the club and 200 of the shop; 350 spent: the club's first."""
        self.shop.liability_account_id = self._create_account(
            "liability_current", "280002"
        )
        self.shop.liability_cost_account_id = self._create_account("expense", "680002")
        self._earn(300, "2026-03-10")
        self._earn(200, "2026-03-11", self.shop)
        self._redeem(350, "2026-03-12")
        run = self._post("2026-03-31")
        self.assertEqual(self._lines(run), {("Shop", "280002"): (150, 15, 15)})
        self.assertEqual(self._balance(self.shop.liability_cost_account_id), -15)
        self.assertReconciled(run)

    def test_a_program_that_moves_to_another_account(self):
        """What stood on the old account moves; costs stay what they were."""
        self._earn(300, "2026-03-10")
        self._post("2026-03-31")
        other = self._create_account("liability_current", "280002")
        self.club.liability_account_id = other
        run = self._post("2026-04-30")
        self.assertEqual(
            self._lines(run),
            {("Club", "280001"): (0, 0, -30), ("Club", "280002"): (300, 30, 30)},
        )
        balances = [self._balance(one) for one in (self.owed, other, self.cost)]
        self.assertEqual(balances, [0, 30, -30])
        self.assertReconciled(run)

    def test_nothing_is_posted_without_accounts(self):
        self._earn(300, "2026-03-10")
        self.company.b2b2c_liability_account_id = False
        run = self._look("2026-03-31")
        self.assertEqual(run.target, 30)
        self.assertIn("account of points owed", run.problem)
        with self.assertRaisesRegex(UserError, "account of points owed"):
            run.action_post_run()
        self.company.b2b2c_liability_account_id = self.owed
        run.action_compute()
        run.action_post_run()
        self.assertReconciled(run)

    def test_a_unit_without_a_value_is_noticed(self):
        self.unit.point_value = 0
        self._earn(300, "2026-03-10")
        run = self._look("2026-03-31")
        self.assertEqual(run.target, 0)
        self.assertIn("Stars", run.notice)

    def test_the_journal_is_its_own(self):
        """The first run makes it, the next ones use it; its code is free."""
        self.env["account.journal"].create(
            {"name": "Petty", "type": "general", "code": "PTS"}
        )
        self._earn(300, "2026-03-10")
        first = self._post("2026-03-31")
        self._earn(300, "2026-04-10")
        second = self._post("2026-04-30")
        self.assertEqual(
            first.journal_entry_id.journal_id, second.journal_entry_id.journal_id
        )
        self.assertEqual(first.journal_entry_id.journal_id.code, "PTS2")
        self.assertEqual(
            self.company.b2b2c_liability_journal_id, first.journal_entry_id.journal_id
        )

    # === DOCUMENTS AND OTHERS === #

    def test_what_a_document_posted_is_not_posted_again(self):
        """100.00 owed; a payout of 400 points posts 40.00 by itself: nothing is left
        to post, and 60.00 stand on the account."""
        self._name_payouts()
        self._earn(1000, "2026-03-10")
        self._post("2026-03-31")
        self._redeem(400, "2026-04-10")
        self._book(40, "2026-04-10", ref="PAYOUT/1")
        run = self._post("2026-04-30")
        self.assertEqual(run.line_ids.by_documents, -40)
        self.assertEqual((run.amount, run.journal_entry_id.id), (0, False))
        self.assertEqual(self._balance(), 60)
        self.assertReconciled(run)

    def test_a_document_is_spread_over_the_programs_it_spent(self):
        """100 of the club and 300 of the shop are spent, and 40.00 paid: 10 and 30."""
        self._name_payouts()
        self.club.liability_cost_account_id = self._create_account("expense", "680002")
        self._earn(100, "2026-03-10")
        self._earn(500, "2026-03-11", self.shop)
        self._redeem(400, "2026-03-12")
        self._book(40, "2026-03-12", ref="PAYOUT/1")
        run = self._post("2026-03-31")
        self.assertEqual(
            [(line.by_documents, line.amount) for line in run.line_ids],
            [(-10, 10), (-30, 50)],
        )
        self.assertEqual(self._balance(), 20)
        # what each program gave is its cost, whoever paid it out
        self.assertEqual(self._balance(self.club.liability_cost_account_id), -10)
        self.assertEqual(self._balance(self.cost), -50)

    def test_a_payout_that_is_booked_before_its_points_are_spent(self):
        """Paid in March, captured in April: the run of April takes back what the one
        of March posted."""
        self._name_payouts()
        self._earn(1000, "2026-03-10")
        self._book(40, "2026-03-31", ref="PAYOUT/1")
        march = self._post("2026-03-31")
        self.assertEqual((march.amount, self._balance()), (140, 100))
        self._redeem(400, "2026-04-01")
        april = self._post("2026-04-30")
        self.assertEqual((april.amount, self._balance()), (-40, 60))
        self.assertReconciled(april)

    def test_a_document_of_a_unit_without_points(self):
        """A payout of points that nobody has any more: it is explained, too."""
        self._name_payouts()
        self._book(40, "2026-03-31", ref="PAYOUT/1")
        run = self._post("2026-03-31")
        self.assertEqual(self._lines(run), {("", "280001"): (0, 0, 40)})
        self.assertReconciled(run)

    def test_entries_of_others_are_red_and_stay(self):
        """Somebody books 15.00 on the account: no run hides it."""
        self._earn(1000, "2026-03-10")
        self._post("2026-03-31")
        stray = self._book(15, "2026-04-02", ref="Oops")
        run = self._post("2026-04-30")
        self.assertFalse(run.journal_entry_id)
        self.assertReconciled(run, **{"280001": -15})
        action = run.check_ids.action_open_others()
        rows = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(rows.move_id, stray)
        self.assertFalse(
            self.env["account.move.line"].search(
                run.check_ids.action_open_documents()["domain"]
            )
        )
        stray.button_draft()
        self.assertReconciled(run)

    # === WHAT IS UNDONE === #

    def test_a_run_that_was_reversed_is_repaired_by_the_next(self):
        self._earn(1000, "2026-03-10")
        self._earn(500, "2026-03-10", self.shop)
        march = self._post("2026-03-31")
        undone = march.journal_entry_id._reverse_moves(
            [{"date": "2026-04-02"}], cancel=True
        )
        self.assertEqual((undone.state, self._balance()), ("posted", 0))
        self.assertReconciled(march)  # it was right at the end of March
        april = self._post("2026-04-30")
        self.assertEqual(
            [(line.by_runs, line.amount) for line in april.line_ids],
            [(0, 100), (0, 50)],
        )
        self.assertEqual(self._balance(), 150)
        self.assertReconciled(april)

    def test_an_entry_that_was_set_back_is_repaired_by_the_next(self):
        self._earn(1000, "2026-03-10")
        march = self._post("2026-03-31")
        march.journal_entry_id.button_draft()
        self.env.invalidate_all()
        self.assertEqual(march.check_ids.difference, -100)
        april = self._post("2026-04-30")
        self.assertEqual((april.amount, self._balance()), (100, 100))
        self.assertReconciled(april)

    def test_a_reversed_entry_whose_programs_outweigh_each_other(self):
        """In April 20.00 less of the club and 20.00 more of the shop: a sum of zero.

        Reversed, each comes back to its own program.
        """
        self._earn(1000, "2026-03-10")
        self._post("2026-03-31")
        self._redeem(200, "2026-04-10")
        self._earn(200, "2026-04-11", self.shop)
        april = self._post("2026-04-30")
        self.assertEqual([line.amount for line in april.line_ids], [-20, 20])
        april.journal_entry_id._reverse_moves([{"date": "2026-05-02"}], cancel=True)
        may = self._post("2026-05-31")
        self.assertEqual(
            [(line.by_runs, line.amount) for line in may.line_ids],
            [(100, -20), (0, 20)],
        )
        self.assertReconciled(may)

    def test_an_entry_that_somebody_changed(self):
        """Of 100.00 and 50.00 somebody makes 97.00 and 50.00: 3.00 are missing."""
        self._earn(1000, "2026-03-10")
        self._earn(500, "2026-03-10", self.shop)
        entry = self._post("2026-03-31").journal_entry_id
        entry.button_draft()
        rows = entry.line_ids.filtered(lambda row: abs(row.balance) == 100)
        entry.line_ids = [
            Command.update(row.id, {"balance": 97 if row.balance > 0 else -97})
            for row in rows
        ]
        entry.action_post()
        april = self._post("2026-04-30")
        self.assertEqual((april.amount, self._balance()), (3, 150))
        self.assertReconciled(april)

    def test_a_copy_of_an_entry_is_of_others(self):
        self._earn(1000, "2026-03-10")
        march = self._post("2026-03-31")
        march.journal_entry_id.copy({"date": "2026-03-31"}).action_post()
        self.assertReconciled(march, **{"280001": 100})

    # === LOCKED MONTHS === #

    def test_a_locked_month_dates_the_entry_later_and_says_so(self):
        """March is locked until 15 April: the entry is dated after it, the run keeps
        its day and is right at it."""
        self._earn(1000, "2026-03-10")
        self.company.fiscalyear_lock_date = "2026-04-15"
        march = self._post("2026-03-31")
        self.assertGreater(march.posted_on, date(2026, 4, 15))
        self.assertEqual(march.posted_on, march.journal_entry_id.date)
        self.assertEqual(march.journal_entry_id.state, "posted")
        self.assertReconciled(march)
        april = self._post("2026-04-30")
        self.assertFalse(april.journal_entry_id)
        self.assertReconciled(april)

    def test_a_hard_lock_as_well(self):
        self._earn(1000, "2026-03-10")
        self.company.hard_lock_date = "2026-03-31"
        run = self._post("2026-03-31")
        self.assertGreater(run.posted_on, date(2026, 3, 31))
        self.assertReconciled(run)

    def test_a_hashed_journal(self):
        """Entries that nobody sets back any more: differences do not need to."""
        self._earn(1000, "2026-03-10")
        self._post("2026-03-31")
        self.company.b2b2c_liability_journal_id.restrict_mode_hash_table = True
        self._redeem(400, "2026-04-10")
        run = self._post("2026-04-30")
        with self.assertRaises(UserError):
            run.journal_entry_id.button_draft()
        self.assertEqual(self._balance(), 60)
        self.assertReconciled(run)

    def test_a_company_that_books_below_zero(self):
        """Storno accounting: what falls is a credit below zero, the sum the same."""
        self.company.account_storno = True
        self._earn(1000, "2026-03-10")
        march = self._post("2026-03-31")
        march.journal_entry_id._reverse_moves([{"date": "2026-04-02"}], cancel=True)
        self._redeem(400, "2026-04-10")
        april = self._post("2026-04-30")
        self.assertEqual(self._balance(), 60)
        self.assertReconciled(april)

    # === MONEY === #

    def _use_money(self, code):
        """Count in money of a currency; a dollar is 2 of a foreign one, then 4."""
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", code)])
        currency.active = True
        if currency != self.company.currency_id:
            self.env["res.currency.rate"].create(
                [
                    {
                        "currency_id": currency.id,
                        "name": day,
                        "rate": rate,
                        "company_id": self.company.id,
                    }
                    for day, rate in (("2026-01-01", 2), ("2026-04-15", 4))
                ]
            )
        unit = self.env["b2b2c.unit"].create(
            {
                "name": "Money",
                "symbol": code,
                "kind": "money",
                "currency_id": currency.id,
                "decimals": 2,
            }
        )
        return self.member._get_account(unit)

    def test_money_is_worth_its_amount(self):
        account = self._use_money("USD")
        account._adjust(
            12.34, source_key="m", reason="Test", effective_at="2026-03-01 12:00:00"
        )
        run = self._post("2026-03-31")
        self.assertEqual((run.target, self._balance()), (12.34, 12.34))

    def test_money_of_another_currency(self):
        """100 of it are 50.00, later 25.00: a loss of the exchange, apart.

        In April 20 more: 120 are 30.00; 5.00 for the 20 new ones, -25.00 revalued.
        """
        account = self._use_money("CHF")
        account._adjust(
            100, source_key="m1", reason="Test", effective_at="2026-03-01 12:00:00"
        )
        march = self._post("2026-03-31")
        self.assertEqual((march.target, march.line_ids.amount_currency), (50, 100))
        account._adjust(
            20, source_key="m2", reason="Test", effective_at="2026-04-20 12:00:00"
        )
        april = self._post("2026-04-30")
        line = april.line_ids
        self.assertEqual((april.target, april.amount), (30, -20))
        self.assertEqual((line.amount_currency, line.revaluation), (20, -25))
        rows = (march | april).journal_entry_id.line_ids.filtered(
            lambda row: row.account_id == self.owed
        )
        self.assertEqual(-sum(rows.mapped("amount_currency")), 120)
        self.assertEqual(self._balance(), 30)
        self.assertReconciled(april)

    # === LOOKING AND POSTING === #

    def test_many_months_of_one_value_revalue_nothing(self):
        """Rounding is no revaluation: 7 points more a month at 0.0333."""
        self.unit.point_value = 0.0333
        for month in range(1, 7):
            self._earn(7, f"2026-0{month}-10")
            run = self._post(str(last_day(2026, month)))
            self.assertEqual(run.line_ids.revaluation, 0)
        self.assertEqual(self._balance(), 1.40)  # 42 × 0.0333 = 1.3986

    def test_looking_posts_nothing(self):
        self._earn(1000, "2026-03-10")
        before = self.env["account.move"].search_count([])
        run = self._look("2026-03-31")
        self.assertEqual((run.state, run.amount), ("draft", 100))
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self._look("2026-03-31"), run)  # the one that is there
        run.action_discard()
        self.assertFalse(run.exists())

    def test_posted_is_what_was_looked_at(self):
        """Another value since: nobody saw that figure."""
        self._earn(1000, "2026-03-10")
        run = self._look("2026-03-31")
        self.unit.point_value = 0.2
        with self.assertRaisesRegex(UserError, "changed since"):
            run.action_post_run()
        run.action_compute()
        run.action_post_run()
        self.assertEqual(self._balance(), 200)

    def test_a_run_is_posted_once(self):
        self._earn(1000, "2026-03-10")
        run = self._post("2026-03-31")
        for again in (run.action_post_run, run.action_compute, run.action_discard):
            with self.assertRaises(UserError):
                again()
        self.assertEqual(self._balance(), 100)

    def test_runs_are_posted_in_the_order_of_time(self):
        self._earn(1000, "2026-03-10")
        early, late = self._look("2026-03-31"), self._look("2026-04-30")
        late.action_post_run()
        self.assertIn("later day", early.problem)
        with self.assertRaisesRegex(UserError, "later day"):
            early.action_post_run()
        self.assertEqual(self._balance(), 100)

    def test_a_day_to_come(self):
        with self.assertRaisesRegex(UserError, "not over"):
            self._look("2026-07-02")

    def test_the_dialog_suggests_the_last_month(self):
        self._earn(1000, "2026-03-10")
        with Form(self.env["b2b2c.liability.new"]) as form:
            self.assertEqual(form.cut_day, date(2026, 6, 30))
        dialog = form.save()
        run = self.runs.browse(dialog.action_look()["res_id"])
        run.action_post_run()
        following = self.env["b2b2c.liability.new"].create({})
        self.assertEqual(following.cut_day, date(2026, 7, 1))

    # === EVERY MONTH === #

    def test_off_by_default(self):
        self._earn(1000, "2026-03-10")
        self.runs._cron_post()
        self.assertFalse(self.runs.search([("company_id", "=", self.company.id)]))

    def test_every_month_that_is_over(self):
        """The first time the last month; later every month since, in order."""
        self._earn(1000, "2026-05-10")
        self.company.b2b2c_liability_monthly = True
        self.runs._post_months(self.company)
        self.runs._post_months(self.company)
        with freeze_time("2026-09-01 04:00:00"):
            self._redeem(300, "2026-07-10")
            self.runs._post_months(self.company)
        runs = self.runs.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            [(str(run.cut_day), run.amount) for run in runs],
            [("2026-08-31", 0), ("2026-07-31", -30), ("2026-06-30", 100)],
        )
        self.assertEqual(set(runs.mapped("state")), {"posted"})

    def test_a_month_that_cannot_be_posted_waits(self):
        self._earn(1000, "2026-05-10")
        self.company.b2b2c_liability_cost_account_id = False
        with self.assertLogs(LOGGER, "WARNING") as logs:
            self.runs._post_months(self.company)
        self.assertIn("is not posted", logs.output[0])
        run = self.runs.search([("company_id", "=", self.company.id)])
        self.assertEqual((run.state, run.target), ("draft", 100))

    # === RIGHTS === #

    def test_who_posts_needs_both_rights(self):
        """A loyalty manager looks; to post, he has to be an accountant, too."""
        self._earn(1000, "2026-03-10")
        manager = self._create_user("m", "loyalty_b2b2c.group_manager")
        accountant = self._create_user("a", "account.group_account_manager")
        auditor = self._create_user("u", "loyalty_b2b2c.group_auditor")
        both = self._create_user(
            "b", "loyalty_b2b2c.group_manager", "account.group_account_invoice"
        )
        dialog = (
            self.env["b2b2c.liability.new"]
            .with_user(manager)
            .create({"company_id": self.company.id, "cut_day": "2026-03-31"})
        )
        run = self.runs.browse(dialog.action_look()["res_id"])
        for user in (manager, accountant, auditor):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                run.with_user(user).action_post_run()
        run.with_user(auditor).read(["target", "problem"])
        with self.assertRaises(UserError):
            run.with_user(auditor).action_compute()
        with self.assertRaises(UserError):
            run.with_user(both).write({"state": "posted"})
        run.with_user(both).action_post_run()
        self.assertEqual(self._balance(), 100)
        self.assertEqual(run.journal_entry_id.create_uid, both)
        run.check_ids.with_user(auditor).read(["difference", "account_id"])

    def test_two_companies_owe_apart(self):
        """What another company owes is none of this one's runs."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_member(
            name="Bo", email="bo@example.com", company_id=other.id
        )
        stranger._get_account(self.unit)._earn(
            999, source_key="o", effective_at="2026-03-10 12:00:00"
        )
        self._earn(1000, "2026-03-10")
        self.assertEqual(self._post("2026-03-31").target, 100)
        theirs = self.runs._prepare(other, date(2026, 3, 31))
        self.assertEqual(theirs.line_ids.points, 999)
        self.assertEqual(theirs.target, 0)  # their points have no value yet

    # === WHAT WE OWE === #

    def _ages(self):
        """Return (program, age, expires) -> (available, reserved, worth, owed)."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["b2b2c.liability.age"].search([("unit_id", "=", self.unit.id)])
        return {
            (row.program_id.name, row.age, str(row.lapses_on or "")): (
                row.available,
                row.reserved,
                row.gross,
                row.target,
            )
            for row in rows
        }

    def _days_ago(self, days):
        """Return a moment by the clock of the database, which says how old points are,
        on a 15th."""
        self.env.cr.execute(
            "SELECT date_trunc('month', now() AT TIME ZONE 'UTC' - %s * interval '1 d')"
            " + interval '14 days'",
            [days],
        )
        return self.env.cr.fetchone()[0]

    def test_age_and_expiry_of_what_is_owed(self):
        """100 points of this quarter that lapse, 300 of a year and a half ago that
        never do: of the old ones 50 are spent and 30 reserved, a tenth lapses."""
        self.shop.expected_expiry = 10
        recent, old = self._days_ago(45), self._days_ago(550)
        self.account._earn(
            300, source_key="1", program_id=self.shop.id, effective_at=old
        )
        self.account._redeem(50, source_key="2")
        reservation = self.account._reserve(40, source_key="3")
        self.account._capture(reservation, 10)
        self.account._earn(
            100,
            source_key="4",
            program_id=self.club.id,
            effective_at=recent,
            expires_at="2099-07-15 00:00:00",
        )
        self.assertEqual(
            self._ages(),
            {
                ("Club", "1", "2099-07-01"): (100, 0, 10, 10),
                ("Shop", "4", ""): (210, 30, 24, 21.6),
            },
        )
        self.account._release(reservation)
        self.assertEqual(self._ages()["Shop", "4", ""], (240, 0, 24, 21.6))

    def test_points_reserved_out_of_two_programs(self):
        """50 of the club and 20 of the shop are set aside, 60 of them spent."""
        self._earn(50, "2026-03-01")
        self._earn(40, "2026-03-02", self.shop)
        reservation = self.account._reserve(70, source_key="hold")
        self.account._capture(reservation, 60)
        reserved = {key[0]: value[:2] for key, value in self._ages().items()}
        self.assertEqual(reserved, {"Shop": (20, 10)})
