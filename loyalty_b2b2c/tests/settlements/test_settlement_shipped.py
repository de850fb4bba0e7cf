from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..supply.common import SupplyCommon


@tagged("post_install", "-at_install")
class TestSettlementShipped(SupplyCommon):
    """A distributor who is a partner: what it shipped is billed once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": cls.north.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    (0, 0, {"unit_id": cls.unit.id, "point_value": 0.1}),
                ],
            }
        )
        cls.agreement.action_activate()
        cls.accountant = cls._create_user(
            "billing", "loyalty_b2b2c.group_user", "account.group_account_invoice"
        )

    def _ship_one(self, pieces=10):
        order = self._send()
        self._ship(order, pieces)
        order.invalidate_recordset()
        return order.compensation_ids

    def _settle(self, day):
        with patch(
            "odoo.addons.loyalty_b2b2c.models.settlements"
            ".b2b2c_settlement_drafting.get_today",
            lambda company: day + timedelta(days=1),
        ):
            return self.env["b2b2c.settlement"]._draft(
                self.agreement.sudo(), day.replace(day=1), day
            )

    def test_goods_are_in_a_settlement_and_in_no_bill_of_their_own(self):
        rows = self._ship_one()
        settlement = self._settle(rows.owed_on)
        self.assertEqual(settlement.shipped_amount, 80)
        self.assertEqual(settlement.net_amount, -80)
        rows.invalidate_recordset()
        self.assertEqual(rows.state, "settled")
        found = rows.search([("state", "=", "settled")])
        self.assertEqual(found & rows, rows)
        self.assertFalse(rows & rows.search([("state", "=", "open")]))
        with self.assertRaisesRegex(UserError, "billed already"):
            rows.with_user(self.accountant).action_bill()
        with self.assertRaisesRegex(UserError, "just billed some"):
            rows._bill(self.company, self.distributor)  # who looked before
        settlement.action_discard()
        rows.invalidate_recordset()
        self.assertEqual(rows.state, "open")

    def test_goods_with_a_bill_of_their_own_are_in_no_settlement(self):
        rows = self._ship_one()
        rows.with_user(self.accountant).action_bill()
        self.env.flush_all()
        self.assertFalse(self._settle(rows.owed_on))
        rows.bill_id.button_cancel()
        self.env.flush_all()
        self.assertEqual(self._settle(rows.owed_on).shipped_amount, 80)
