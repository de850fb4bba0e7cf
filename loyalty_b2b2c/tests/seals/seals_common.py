"""A book with seals, and the means of its database's owner."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import SQL

from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ..common import LoyaltyCommon

#: Tables whose rows never change, as long as their triggers stand.
TABLES = (
    "b2b2c_ledger_entry", "b2b2c_ledger_allocation", "b2b2c_seal", "b2b2c_seal_head",
)  # fmt: skip


class SealsCommon(LoyaltyCommon):
    """30 and 5 points earned, 10 spent, 7 earned: four entries, two to a block."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what a running transaction booked is not final: here it has to be
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)
        cls.seals = cls.env["b2b2c.seal"]
        while cls.seals._seal(cls.company):
            pass  # what other tests of this database may have left
        cls.before = cls.seals.search_count([("company_id", "=", cls.company.id)])
        account = cls.member._get_account(cls.unit)
        cls.first = account._earn(30, source_key="fact/1")
        cls.second = account._earn(5, source_key="fact/2")
        cls.spent = account._redeem(10, source_key="redeem/1")
        cls.fourth = account._earn(7, source_key="fact/3")
        cls.sealed = [cls.seals._seal(cls.company, limit=2) for _time in range(3)]

    def _numbers(self):
        """Return the blocks of this test: the first and the second."""
        return self.before + 1, self.before + 2

    def _block(self, number):
        return self.seals.search(
            [("company_id", "=", self.company.id), ("number", "=", number)]
        )

    @contextmanager
    def _without_triggers(self):
        """Let rows be changed, as the owner of the database can."""
        for action in ("DISABLE", "ENABLE"):
            for table in TABLES:
                self.env.cr.execute(
                    SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table),
                        SQL(action))
                )  # fmt: skip
            if action == "DISABLE":
                yield
        self.env.invalidate_all()

    def _tamper(self, *queries):
        """Execute statements with the triggers off."""
        with self._without_triggers():
            for query in queries:
                self.env.cr.execute(query)

    def _problems(self):
        """Return what the proof of history says: (check, model, id)."""
        return [
            (problem.check, problem.model, problem.record_id)
            for problem in self.env["b2b2c.account"]._verify_seals()
        ]

    def _fault(self, number, kind, record):
        return (
            f"seal {number} of company {self.company.id}: {kind}",
            record._name,
            record.id,
        )
