from datetime import date, datetime
from unittest.mock import patch

from odoo import Command

from ..spends.common import SpendCommon

#: The day it is in these tests.
TODAY = date(2026, 11, 10)


class SettlementCommon(SpendCommon):
    """A jeweller with two shops: pays half of points given there, at 0.05 a point, 60 %
    since October the 15th; gets 90 % of what people pay there with points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.b2b2c_timezone = "UTC"
        partners = cls.env["res.partner"]
        cls.jeweller = partners.create(
            {
                "name": "Jeweller",
                "is_company": True,
                "email": "books@jeweller.example.com",
            }
        )
        cls.shop, cls.other_shop = partners.create(
            [
                {"name": name, "parent_id": cls.jeweller.id, "type": "delivery"}
                for name in ("North", "South")
            ]
        )
        cls.agreement = cls._create_agreement(cls.jeweller)
        cls.settlements = cls.env["b2b2c.settlement"]
        cls.maker = cls._create_user("maker", "loyalty_b2b2c.group_officer")
        cls.officer = cls._create_user("second", "loyalty_b2b2c.group_officer")
        cls._freeze_today()

    @classmethod
    def _freeze_today(cls):
        """Let it be the same day for whoever settles."""
        for name in ("drafting", "booking", "netting"):
            patcher = patch(
                "odoo.addons.loyalty_b2b2c.models.settlements"
                f".b2b2c_settlement_{name}.get_today",
                lambda company: TODAY,
            )
            cls.startClassPatcher(patcher)

    @classmethod
    def _create_user(cls, login, *groups):
        return cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "email": f"{login}@office.example.com",
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
            }
        )

    @classmethod
    def _create_agreement(cls, partner, **values):
        agreement = cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": partner.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": cls.unit.id,
                            "valid_from": day,
                            "point_value": 0.05,
                            "earned_percent": percent,
                            "spent_percent": 90,
                        }
                    )
                    for day, percent in (("2020-01-01", 50), ("2026-10-15", 60))
                ],
                **values,
            }
        )
        agreement.action_activate()
        return agreement

    def _sell(self, points, day, place=None, **details):
        """Let a sale at a partner give points.

        :return: the entry
        """
        number = self.env["ir.sequence"].next_by_code("b2b2c.redemption")
        document = self.env["res.partner.category"].create({"name": number})
        self.env["b2b2c.partner.visit"]._note(
            document, self.company, place or self.shop, day, number
        )
        return self.account._earn(
            points,
            source_key=f"sale/{number}",
            document_model=document._name,
            document_id=document.id,
            effective_at=datetime.fromisoformat(f"{day} 12:00:00"),
            **details,
        )

    def _take_back(self, entry, points, day):
        """Take points of a sale back, on another day."""
        return self.account._reverse(
            entry,
            points,
            reason="came back",
            effective_at=datetime.fromisoformat(f"{day} 12:00:00"),
        )

    def _pay(self, amount, day, place=None, key=None):
        """Pay with points at a partner, on a day.

        :return: the payment
        """
        key = key or self.env["ir.sequence"].next_by_code("b2b2c.redemption")
        with self._on(day):
            spend = self._hold(amount, key, place=place or self.shop)
            spend._capture()
        return spend

    def _give_back(self, spend, amount, day, key):
        with self._on(day):
            back = spend._give_back(amount, key)
        self.env.cr.execute(
            "UPDATE b2b2c_spend_back SET create_date = %s WHERE spend_id = %s"
            " AND key = %s",
            (f"{day} 12:00:00", spend.id, key),
        )
        return back

    def _on(self, day):
        """Let the ledger believe that it is noon of a day."""
        noon = datetime.fromisoformat(f"{day} 12:00:00+00:00")

        class Noon(datetime):
            @classmethod
            def now(cls, tz=None):
                return noon

        door = "odoo.addons.loyalty_b2b2c.models.ledger.ledger_door"
        return patch(f"{door}.datetime", Noon)

    def _settle(self, month=10, agreement=None, user=None):
        """Draft a month of 2026."""
        date_from = date(2026, month, 1)
        date_to = date(2026, month, 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30)
        settlement = self.settlements.with_user(user or self.maker)
        return settlement._draft(
            (agreement or self.agreement).sudo(), date_from, date_to
        )

    def _send(self, settlement):
        settlement.with_user(self.maker).action_send()
        return settlement

    def _agree(self, settlement):
        settlement.with_user(self.officer).action_agree()
        return settlement

    def _get_sides(self, settlement):
        """Return what a settlement says: points given, paid with points, shipped."""
        return (
            settlement.earned_amount,
            settlement.spent_amount,
            settlement.shipped_amount,
        )

    def _later(self):
        """Let November be over."""
        return patch(
            "odoo.addons.loyalty_b2b2c.models.settlements"
            ".b2b2c_settlement_drafting.get_today",
            lambda company: date(2026, 12, 5),
        )
