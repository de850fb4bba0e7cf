"""Points that lapse: warned of once, expired once, told once."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestExpiry(LoyaltyCommon):
    """Now is 1 March, noon."""

    NOW = datetime(2026, 3, 1, 12)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.member._get_account(cls.unit)

    def setUp(self):
        super().setUp()
        clock = freeze_time(self.NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _earn(self, points, days, account=None, **details):
        """Give points that expire in ``days`` days."""
        account = account or self.account
        number = self.env["b2b2c.ledger.entry"].search_count([])
        return account._earn(
            points,
            source_key=f"gift/{number}",
            expires_at=self.NOW + timedelta(days=days),
            **details,
        )

    def _run(self, name, after=0, **options):
        """Run a scheduled action ``after`` days."""
        with freeze_time(self.NOW + timedelta(days=after)):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                env = api.Environment(cr, self.env.ref("base.user_root").id, {})
                getattr(env["b2b2c.account"], name)(**options)
        self.env.invalidate_all()

    def _messages(self, kind, account=None):
        return self.env["b2b2c.notification"].search(
            [("account_id", "=", (account or self.account).id), ("kind", "=", kind)],
            order="id",
        )

    # === EXPIRE === #

    def test_due_lots_lapse_once_and_are_told_once(self):
        self._earn(10, 5)
        self._earn(20, 6)
        self._earn(40, 7)
        for _repeat in range(3):
            self._run("_cron_expire", after=6)
        self.assertEqual(self.account.balance_available, 40)
        self.assertRecordValues(
            self._messages("expired"), [{"points": -30, "headline": "30 pts expired"}]
        )

    def test_it_wakes_when_the_next_points_lapse(self):
        action = self.env.ref("loyalty_b2b2c.cron_expire")
        wakings = self.env["ir.cron.trigger"].sudo()
        known = wakings.search([("cron_id", "=", action.id)])
        for hours in (0.5, 0.75, 30):
            self._earn(10, hours / 24)
        self._run("_cron_expire")
        woken = wakings.search([("cron_id", "=", action.id)]) - known
        self.assertEqual(woken.mapped("call_at"), [self.NOW + timedelta(minutes=30)])
        self._run("_cron_expire", after=0.5 / 24)
        woken = wakings.search([("cron_id", "=", action.id)], order="id") - known
        self.assertEqual(woken[-1].call_at, self.NOW + timedelta(minutes=45))
        self.env.invalidate_all()
        self.assertEqual(self.account.balance_available, 20)

    def test_many_accounts_in_small_batches(self):
        accounts = [
            self._create_member(name=f"M {n}", email=f"m{n}@example.com")._get_account(
                self.unit
            )
            for n in range(7)
        ]
        for account in accounts:
            self._earn(10, 1, account)
            self._earn(5, 2, account)
        self._run("_cron_expire", after=2, batch=3)
        self.assertEqual([a.balance_available for a in accounts], [0] * 7)
        self.assertFalse(self.env["b2b2c.account"]._get_due_accounts(10))

    def test_an_account_that_fails_stops_no_other(self):
        other = self._create_member(name="Petro", email="p@example.com")
        other_account = other._get_account(self.unit)
        self._earn(10, 1)
        self._earn(10, 2, other_account)
        model = type(self.account)
        original = model._expire

        def expire(accounts, now=None):
            if accounts.id == self.account.id:
                raise ValueError("Broken")
            return original(accounts, now)

        logger = "odoo.addons.loyalty_b2b2c.models.ledger.b2b2c_account_expiry"
        with patch.object(model, "_expire", expire), mute_logger(logger):
            self._run("_cron_expire", after=2, batch=1)
        self.assertEqual(self.account.balance_available, 10)
        self.assertEqual(other_account.balance_available, 0)

    def test_silent_program(self):
        program = self._create_program(notify=False)
        self._earn(10, 5, program_id=program.id)
        self._run("_cron_warn")
        self._run("_cron_expire", after=5)
        self.assertEqual(self.account.balance_available, 0)
        self.assertFalse(self._messages("expiring") + self._messages("expired"))

    # === WARN === #

    def test_warned_fourteen_days_before(self):
        self._earn(10, 20)
        self._run("_cron_warn", after=5)
        self.assertFalse(self._messages("expiring"))
        self._run("_cron_warn", after=6)
        message = self._messages("expiring")
        self.assertEqual(message.headline, "10 pts expire soon")
        self.assertEqual(
            message.sentences, ["10 pts can be used until the end of Mar 21, 2026."]
        )

    def test_one_message_names_all_days_of_the_next_weeks(self):
        self._earn(10, 14)
        self._earn(5, 14)
        self._earn(20, 18)
        self._earn(40, 30)
        for _repeat in range(3):
            self._run("_cron_warn")
        self.assertEqual(
            self._messages("expiring").mapped("details"),
            [
                [
                    {"points": "15", "day": "2026-03-15"},
                    {"points": "20", "day": "2026-03-19"},
                ]
            ],
        )
        self._run("_cron_warn", after=5)
        self.assertEqual(len(self._messages("expiring")), 1)
        self._run("_cron_warn", after=16)
        self.assertEqual(self._messages("expiring").mapped("points"), [35, 40])

    def test_day_is_the_last_one_on_the_programs_clock(self):
        program = self._create_program(timezone="Europe/Kyiv")
        # the first instant of 11 March in Kyiv: 10 March is the last day
        self._earn(10, 9 + 10 / 24, program_id=program.id)
        self._run("_cron_warn")
        self.assertEqual(self._messages("expiring").details[0]["day"], "2026-03-10")

    def test_spent_points_are_not_warned_of(self):
        self._earn(10, 5)
        self.account._redeem(10, source_key="spend/1")
        self._run("_cron_warn")
        self.assertFalse(self._messages("expiring"))

    def test_days_of_the_unit(self):
        self._earn(10, 20)
        self.unit.warning_days = 30
        self._run("_cron_warn")
        self.assertEqual(len(self._messages("expiring")), 1)

    def test_zero_days_never_warn(self):
        self._earn(10, 1)
        self.unit.warning_days = 0
        self._run("_cron_warn")
        self.assertFalse(self._messages("expiring"))

    def test_in_small_batches(self):
        accounts = [
            self._create_member(name=f"M {n}", email=f"m{n}@example.com")._get_account(
                self.unit
            )
            for n in range(5)
        ]
        for account in accounts:
            self._earn(10, 5, account)
        self._run("_cron_warn", batch=2)
        self.assertEqual(
            [len(self._messages("expiring", account)) for account in accounts], [1] * 5
        )
