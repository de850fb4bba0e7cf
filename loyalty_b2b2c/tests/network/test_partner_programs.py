"""What partners sell earns under an agreement that names the program."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestPartnerPrograms(NetworkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"role": "customer"}, is_network=True)
        cls.member = cls._create_member(
            name="Iryna Buyer", email="iryna@example.com", phone="+380 50 111 22 33",
            role="customer",
        )  # fmt: skip

    def _sell(self, reference="R-1", at="2026-09-15T10:00:00Z", **values):
        """Report a sale of 10 × 100.00 by the jeweller's system: 50 points."""
        document, _new = self.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": reference,
                "member": {"id": self.member.id},
                "occurred_at": at,
                "amount": 1000,
                **values,
            },
            company=self.company,
            channel="api",
            reporter=self.jeweller,
        )
        self._process()
        return document

    def _get_given(self, document):
        rows = self.env["b2b2c.intake"]._results(document)[document.id]
        return sum(row["points"] for row in rows)

    def _get_incident(self, document):
        return self.env["b2b2c.spend.incident"].search(
            [("document_id", "=", document.id), ("kind", "=", "unagreed")]
        )

    def test_under_an_agreement_a_sale_earns_and_is_noted(self):
        agreement = self._create_agreement()
        sale = self._sell()
        self.assertEqual(self._get_given(sale), 50)
        visit = self.env["b2b2c.partner.visit"].search([("document_id", "=", sale.id)])
        self.assertEqual(visit.agreement_id, agreement)
        self.assertEqual(visit.ticket, "R-1")
        self.assertFalse(self._get_incident(sale))

    def test_without_one_it_is_kept_and_a_manager_sees_it(self):
        sale = self._sell()
        self.assertEqual(sale.state, "recorded")
        self.assertEqual(self._get_given(sale), 0)
        incident = self._get_incident(sale)
        self.assertEqual(incident.state, "open")
        self.assertIn("would give 50", incident.sentence)
        reasons = {
            row["reason"] for row in self.env["b2b2c.intake"]._explain(sale)["refusals"]
        }
        self.assertIn(
            "With the partner who sold it nothing is agreed about this program for "
            "that day.",
            reasons,
        )

    def test_what_is_agreed_after_all_is_booked_once(self):
        agreement = self._create_agreement(ends_on="2026-09-14", late_days=1000)
        sale = self._sell()
        self.assertEqual(self._get_given(sale), 0)
        agreement.ends_on = "2026-09-15"
        self._process()
        self.assertEqual(self._get_given(sale), 50)
        self.assertEqual(self._get_incident(sale).state, "settled")
        agreement.action_look_again()
        self._process()
        self.assertEqual(self._get_given(sale), 50)

    def test_a_pause_takes_nothing_back(self):
        agreement = self._create_agreement()
        sale = self._sell()
        agreement.action_pause()
        self.env["b2b2c.event"].sudo()._record(sale)
        self._process()
        self.assertEqual(self._get_given(sale), 50)
        later = self._sell("R-2")
        self.assertEqual(self._get_given(later), 0)
        agreement.action_activate()
        self._process()
        self.assertEqual(self._get_given(later), 50)

    def test_a_cancelled_sale_is_taken_back_also_after_the_end(self):
        agreement = self._create_agreement()
        sale = self._sell()
        agreement.action_end()
        self.env["b2b2c.intake"]._cancel(sale, reason="Returned")
        self._process()
        self.assertEqual(self._get_given(sale), 0)

    def test_a_clock_that_is_late_earns_for_some_days_only(self):
        self._create_agreement(ends_on="2026-09-15", late_days=0)
        sale = self._sell()  # told today, long after
        self.assertEqual(self._get_given(sale), 0)

    def test_an_agreement_that_names_another_program_gives_nothing_here(self):
        other = self._create_program({"role": "customer", "value": 1}, name="Another")
        agreement = self._create_agreement(program_ids=other.ids)
        self.assertTrue(other.is_network)
        sale = self._sell()
        self.assertEqual(self._get_given(sale), 10)
        agreement.program_ids |= self.program
        self._process()
        self.assertEqual(self._get_given(sale), 60)

    def test_our_own_sales_ask_for_no_agreement(self):
        document, _new = self.env["b2b2c.intake"]._record(
            {
                "type": "sale", "reference": "OWN", "amount": 1000,
                "member": {"id": self.member.id},
            },
            company=self.company,
            channel="terminal",
        )  # fmt: skip
        self._process()
        self.assertEqual(self._get_given(document), 50)

    def test_a_preview_says_the_same_as_the_booking(self):
        """Nothing is written by asking."""
        before = self.env["b2b2c.spend.incident"].search_count([])
        answer = self.env["b2b2c.intake"]._preview(
            {
                "type": "sale", "reference": "P", "amount": 1000,
                "member": {"code": self.member.code},
            },
            company=self.company,
            channel="api",
            reporter=self.jeweller,
        )  # fmt: skip
        self.assertFalse(answer["awards"])
        self.assertEqual(self.env["b2b2c.spend.incident"].search_count([]), before)

    def test_rates_that_something_was_sold_at_stay(self):
        agreement = self._create_agreement()
        old, new = agreement.rate_ids.sorted("valid_from")
        self._sell(at="2026-09-15T10:00:00Z")
        old.earned_percent = 40  # nothing was sold at it
        for change in (
            lambda: new.write({"earned_percent": 10}),
            new.unlink,
            lambda: new.copy({"valid_from": "2026-09-01"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        rate = new.copy({"valid_from": "2026-09-16", "earned_percent": 10})
        day = fields.Date.to_date("2026-09-15")
        self.assertEqual(agreement._get_rate(self.unit, day), new)
        self.assertEqual(agreement._get_rate(self.unit, rate.valid_from), rate)

    def test_the_partner_hears_when_it_begins_and_ends(self):
        agreement = self._create_agreement()
        agreement.action_pause()
        agreement.action_activate()
        agreement.action_end()
        told = self.env["b2b2c.notification"].search(
            [("contact_id", "=", self.jeweller.id)], order="id"
        )
        self.assertEqual(
            told.mapped("kind"),
            ["agreement_active", "agreement_paused", "agreement_active",
             "agreement_ended"],
        )  # fmt: skip

    def test_partner_company_and_currency_stay(self):
        agreement = self._create_agreement()
        with self.assertRaisesRegex(UserError, "keeps its partner"):
            agreement.partner_id = self.client
        with self.assertRaisesRegex(UserError, "ended, not deleted"):
            agreement.unlink()
