"""A payout that is booked on the account of points owed is a document of ours there."""

from odoo.tests import tagged

from .payout_kit import PayoutCommon


@tagged("post_install", "-at_install")
class TestPayoutLiability(PayoutCommon):
    """200 points are 20.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owed = cls.env["account.account"].create(
            {"name": "Points", "account_type": "liability_current", "code": "280009"}
        )
        cls.company.b2b2c_payout_account_id = cls.owed

    def _named(self):
        """Return (amount, unit) of the rows on the account that payouts name."""
        self.env.flush_all()
        documents = self.env["b2b2c.liability.run"]._get_liability_documents()
        _label, query = documents["payout"]
        rows = dict(self.env.execute_query(query))
        lines = self.env["account.move.line"].browse(rows)
        return [
            (line.balance, rows[line.id])
            for line in lines.sorted("id")
            if line.account_id == self.owed
        ]

    def test_what_pays_out_is_named_and_what_comes_back(self):
        self.assertEqual(self._named(), [])
        payout = self._get_ordered()
        self.assertEqual(self._named(), [(20, self.unit.id)])
        payout.with_user(self.manager).action_confirm()
        self._give_reason(payout, "return")
        self.assertEqual(self._named(), [(20, self.unit.id), (-20, self.unit.id)])

    def test_entries_of_others_are_not(self):
        self._get_ordered()
        stray = self.env["account.move"].create(
            {
                "line_ids": [
                    (0, 0, {"account_id": self.owed.id, "balance": 15}),
                    (
                        0,
                        0,
                        {
                            "account_id": self.journal.default_account_id.id,
                            "balance": -15,
                        },
                    ),
                ]
            }
        )
        stray.action_post()
        self.assertEqual(self._named(), [(20, self.unit.id)])
