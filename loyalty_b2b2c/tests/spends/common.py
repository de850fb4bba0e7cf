from decimal import Decimal

from ...models.spends.spend_request import SpendRequest
from ..common import LoyaltyCommon


class SpendCommon(LoyaltyCommon):
    """A participant with 1,000 points, each worth 0.05 of the company's money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.with_company(cls.company).face_value = 0.05
        cls.company.b2b2c_spend_proof_above = 0
        cls.account = cls.member._get_account(cls.unit)
        cls.account._earn(1000, source_key="spend-test/start")
        cls.spends = cls.env["b2b2c.spend"]
        cls.nowhere = cls.env["res.partner"]

    def _ask(self, amount, key="till:1", **values):
        """Return a request to pay an amount with points."""
        return SpendRequest(
            **{
                "member": self.member,
                "unit": self.unit,
                "amount": Decimal(str(amount)),
                "currency": self.company.currency_id,
                "key": key,
                "name": f"Receipt {key}",
                "place": self.nowhere,
                **values,
            }
        )

    def _hold(self, amount, key="till:1", **values):
        """Reserve the points of a payment."""
        return self.spends._hold(self._ask(amount, key, **values))

    def _get_points(self):
        """Return what the participant has: available, reserved, debt."""
        self.account.invalidate_recordset()
        return (
            self.account.balance_available,
            self.account.balance_held,
            self.account.balance_debt,
        )
