from odoo import Command

from ..spends.common import SpendCommon


class NetworkCommon(SpendCommon):
    """A jeweller with the shop North, who takes part since 2020.

    Our program gives 5 % of what is sold, at partners by agreement only; the product
    costs 100.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.jeweller = partners.create(
            {
                "name": "Jeweller",
                "is_company": True,
                "email": "office@jeweller.example.com",
            }
        )
        cls.shop = partners.create(
            {"name": "North", "parent_id": cls.jeweller.id, "type": "delivery"}
        )

    @classmethod
    def _create_agreement(cls, is_active=True, **values):
        """Create an agreement in force since 2020, at two rates."""
        agreement = cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": cls.jeweller.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": cls.unit.id,
                            "valid_from": day,
                            "point_value": 0.05,
                            "earned_percent": percent,
                        }
                    )
                    for day, percent in (("2020-01-01", 50), ("2026-07-01", 60))
                ],
                **values,
            }
        )
        if is_active:
            agreement.action_activate()
        return agreement
