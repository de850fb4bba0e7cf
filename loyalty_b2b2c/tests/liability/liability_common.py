"""A company that shows what it owes, and documents that spend points by themselves."""

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ...models.liability.b2b2c_liability_run import B2b2cLiabilityRun
from ..common import LoyaltyCommon


class LiabilityCommon(LoyaltyCommon):
    """A point costs 0.10; Club and Shop are programs of one unit.

    What a fake payout spends, it posts itself: its reference begins with PAYOUT.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what a running transaction booked is not final: here it has to be
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)
        cls.company = cls.env["res.company"].create({"name": "Owing"})
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.company, install_demo=False
        )
        cls.company = cls.env["res.company"].browse(cls.company.id)
        cls.company.b2b2c_timezone = "UTC"
        cls.unit = cls.env["b2b2c.unit"].create(
            {"name": "Stars", "symbol": "stars", "point_value": 0.1}
        )
        cls.member = cls._create_member(name="Ann", email="ann@example.com")
        cls.account = cls.member._get_account(cls.unit)
        cls.club = cls._create_program(name="Club")
        cls.shop = cls._create_program(name="Shop")
        cls.owed = cls._create_account("liability_current", "280001")
        cls.cost = cls._create_account("expense", "680001")
        cls.company.b2b2c_liability_account_id = cls.owed
        cls.company.b2b2c_liability_cost_account_id = cls.cost
        cls.bank = cls._create_account("asset_current", "180001")
        cls.runs = cls.env["b2b2c.liability.run"]

    @classmethod
    def _create_account(cls, account_type, code):
        return cls.env["account.account"].create(
            {"name": f"Account {code}", "account_type": account_type, "code": code}
        )

    # === THE LOYALTY LEDGER === #

    def _earn(self, points, day, program=None, key=None, account=None):
        """Earn points for a program on a day at noon."""
        account = account or self.account
        return account._earn(
            points,
            source_key=key or f"earn/{self._count()}",
            program_id=(program or self.club).id,
            effective_at=_noon(day),
        )

    def _redeem(self, points, day, account=None):
        account = account or self.account
        return account._redeem(
            points, source_key=f"redeem/{self._count()}", effective_at=_noon(day)
        )

    def _count(self):
        self.counted = getattr(self, "counted", 0) + 1
        return self.counted

    # === THE GENERAL LEDGER === #

    def _book(self, amount, day, *, ref, account=None, other=None):
        """Post an entry that lowers what stands on the account by an amount."""
        move = self.env["account.move"].create(
            {
                "ref": ref,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": (account or self.owed).id, "balance": amount}
                    ),
                    Command.create(
                        {"account_id": (other or self.bank).id, "balance": -amount}
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def _name_payouts(self):
        """Let entries whose reference begins with PAYOUT be documents of ours."""
        unit = self.unit

        def get_documents(run):
            query = SQL(
                "SELECT l.id AS line_id, %s AS unit_id FROM account_move_line l"
                " JOIN account_move m ON m.id = l.move_id WHERE m.ref LIKE 'PAYOUT%%'",
                unit.id,
            )
            return {"fake": ("Payouts", query)}

        documents = patch.object(
            B2b2cLiabilityRun, "_get_liability_documents", get_documents
        )
        self.startPatcher(documents)

    def _balance(self, account=None):
        """Return what stands on an account, positive when it is owed."""
        self.env.flush_all()
        [(balance,)] = self.env.execute_query(
            SQL(
                "SELECT coalesce(-sum(balance), 0) FROM account_move_line"
                " WHERE account_id = %s AND parent_state = 'posted'",
                (account or self.owed).id,
            )
        )
        return float(balance)

    # === RUNS === #

    def _look(self, day):
        return self.runs._prepare(self.company, date.fromisoformat(day))

    def _post(self, day):
        run = self._look(day)
        run.action_post_run()
        return run

    def _lines(self, run):
        """Return (program, account) -> (points, owed, to post) of a run."""
        return {
            (
                line.program_id.name or "",
                line.liability_account_id.code,
            ): (line.points, line.target, line.amount)
            for line in run.line_ids
        }

    def assertReconciled(self, run, **others):
        """The general ledger shows what is owed, but for what others posted."""
        self.env.flush_all()
        self.env.invalidate_all()
        checks = self.env["b2b2c.liability.check"].search([("run_id", "=", run.id)])
        self.assertTrue(checks)
        for check in checks:
            expected = others.get(check.account_id.code, 0)
            self.assertEqual(check.difference, expected, check.account_id.code)
            self.assertEqual(check.by_others, expected)


def _noon(day):
    return datetime.combine(date.fromisoformat(str(day)), time(12))


def last_day(year, month):
    """Return the last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
