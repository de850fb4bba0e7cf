"""Tills of a company of this database that is the partner of another one."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .spend_common import TillSpendCommon


@tagged("post_install", "-at_install")
class TestPosPartner(TillSpendCommon):
    """The tills are those of the shop; the points are those of the factory.

    The factory's program gives 1 % of what is sold; the participant has 1,000 points of
    the factory, each worth 0.10.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factory = cls.env["res.company"].create(
            {"name": "Factory", "currency_id": cls.company.currency_id.id}
        )
        cls.unit.with_company(cls.factory).write({"face_value": 0.1})
        cls.buyer = cls._create_member(
            partner_id=cls.member.partner_id.id,
            contact_id=cls.contact.id,
            company_id=cls.factory.id,
        )
        cls.theirs = cls.buyer._get_account(cls.unit)
        cls.theirs._earn(1000, source_key="pos-partner/start")
        cls.program = cls._create_program(
            {"value": 1}, name="Factory Club", company_id=cls.factory.id
        )

    def _agree(self, **values):
        agreement = self.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": self.company.partner_id.id,
                "company_id": self.factory.id,
                "way": "company",
                "starts_on": "2020-01-01",
                "program_ids": [Command.set(self.program.ids)],
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": self.unit.id,
                            "valid_from": "2020-01-01",
                            "point_value": 0.1,
                        }
                    )
                ],
                **values,
            }
        )
        agreement.action_activate()
        return agreement

    def test_what_its_tills_sell_earns_at_the_factory(self):
        """1 % of 1,000.00, and back when the goods come back."""
        agreement = self._agree()
        self.assertIn(self.company, self.program.source_company_ids)
        order = self._sell()
        self._process()
        self.assertEqual(self._points_of(self.theirs), (1010, 0))
        visit = self.env["b2b2c.partner.visit"].search(
            [("agreement_id", "=", agreement.id)]
        )
        self.assertEqual((visit.document_model, visit.document_id),
                         ("pos.order", order.id))  # fmt: skip
        agreement.action_end()
        self._bring_back(order)
        self._process()
        self.assertEqual(self._points_of(self.theirs), (1000, 0))

    def test_without_an_agreement_it_is_kept_and_seen(self):
        agreement = self._agree()
        agreement.action_pause()
        order = self._sell()
        self._process()
        self.assertEqual(self._points_of(self.theirs), (1000, 0))
        incident = self.env["b2b2c.spend.incident"].search(
            [("document_id", "=", order.id), ("kind", "=", "unagreed")]
        )
        self.assertEqual((incident.state, incident.company_id), ("open", self.factory))
        agreement.action_activate()
        self._process()
        self.assertEqual(self._points_of(self.theirs), (1010, 0))

    def test_its_tills_take_points_of_the_factory(self):
        _uuid, answer = self._hold(30, token=self.buyer.code)
        self.assertIn("Nobody who takes part", answer["refused"])
        agreement = self._agree()
        uuid = self._held(30, token=self.buyer.code)
        self.assertEqual(self._points_of(self.theirs), (1000, 300))
        self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual(self._points_of(self.theirs), (700, 0))
        spend = self.env["b2b2c.spend"].search([("agreement_id", "=", agreement.id)])
        self.assertEqual(
            (spend.company_id, spend.place_id),
            (self.factory, self.company.partner_id),
        )
        agreement.can_spend = False
        _uuid, answer = self._hold(30, token=self.buyer.code)
        self.assertIn("cannot be spent in this shop", answer["refused"])

    def test_a_till_that_does_not_know_that_it_ended_yesterday(self):
        """300 points were reserved while it was in force: they pay the ticket. The sale
        of today earns nothing, and a manager sees it."""
        agreement = self._agree()
        uuid = self._held(30, token=self.buyer.code)
        yesterday = fields.Date.context_today(agreement) - timedelta(days=1)
        agreement.ends_on = yesterday
        order = self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._points_of(self.theirs), (700, 0))
        sold = self._sell()
        self._process()
        self.assertEqual(sold.state, "paid")
        self.assertEqual(self._points_of(self.theirs), (700, 0))
        seen = self.env["b2b2c.spend.incident"].search(
            [("document_id", "=", sold.id), ("kind", "=", "unagreed")]
        )
        self.assertEqual(seen.state, "open")
        _uuid, answer = self._hold(30, token=self.buyer.code)
        self.assertIn("cannot be spent in this shop", answer["refused"])

    def test_the_account_of_what_is_owed_is_proposed(self):
        owes = self.env["account.account"].create(
            {"name": "Owed", "account_type": "asset_current", "code": "113377"}
        )
        wizards = self.env["b2b2c.till.points"]
        self.assertEqual(wizards.new().account_id, self.owed)
        self._agree(receivable_account_id=owes.id)
        self.assertEqual(wizards.new().account_id, owes)
