from dataclasses import replace

from odoo import fields, models

from ...engine import local_day
from ...exceptions import FactError
from ...values import aware
from ..processing.judge import Judge


class B2b2cSource(models.AbstractModel):
    """What is sold at a partner earns under the partner's agreement."""

    _inherit = "b2b2c.source"

    def _get_barred(self, documents, company):
        """Bar programs of the network where nothing is agreed about them.

        What was noted under an agreement stays: an agreement that is paused, ended or
        changed later takes nothing back.
        """
        barred = dict(super()._get_barred(documents, company))
        programs = self.env["b2b2c.program"]._get_network_ids(company.id)
        if not programs:
            return barred
        visits = self.env["b2b2c.partner.visit"]._get_agreements(documents, company)
        for document in documents:
            place = self._get_place(document)
            if self._is_own_place(document, place, company):
                continue
            agreement = visits.get(document.id) or self._get_agreement(
                document, company, place
            )
            missing = programs - agreement._get_program_ids(programs)
            barred[document.id] = barred.get(document.id, frozenset()) | missing
        return barred

    def _is_own_place(self, document, place, company):
        """Tell whether a document happened at the company itself, or at a branch."""
        theirs = document.company_id.sudo().parent_ids
        if company not in theirs:
            theirs = company.sudo()
        return place.commercial_partner_id in theirs.partner_id.commercial_partner_id

    def _get_agreement(self, document, company, place):
        """Return the agreement under which people earn by a document (sudo), empty
        without one."""
        agreements = self.env["b2b2c.partner.agreement"]
        day = self._get_day(document, company)
        agreement = agreements._get_in_force(company, place, day)
        told_at = document._origin.create_date or fields.Datetime.now()
        told_on = local_day(aware(told_at), company.b2b2c_timezone or "UTC")
        if agreement.can_earn and agreement._is_in_time(told_on):
            return agreement
        return agreements.sudo()

    def _get_day(self, document, company):
        """Return the day of a document in the time zone of a company."""
        occurred_at = aware(self._get_occurred_at(document))
        return local_day(occurred_at, company.b2b2c_timezone or "UTC")

    # === WRITING DOWN WHERE === #

    def _after_processing(self, document_ids, judged=None):
        if self.env["b2b2c.partner.agreement"]._has_network():
            documents = self.env[self._document_model].browse(document_ids)
            for document in documents.exists():
                if self._is_sale(document):
                    self._note_place(document)
        return super()._after_processing(document_ids, judged)

    def _is_sale(self, document):
        """Tell whether a document happened, and something in it can earn."""
        if self._is_hypothetical(document):
            return False
        return any(self._can_earn(line) for line in document[self._lines_field])

    def _note_place(self, document):
        """Note at which partner a document happened, or that nothing is agreed."""
        place = self._get_place(document)
        programs = self.env["b2b2c.program"]
        companies = programs._get_awarding_companies(document.company_id.id)
        for company in self.env["res.company"].browse(companies):
            if self._is_own_place(document, place, company):
                continue
            agreement = self._get_agreement(document, company, place)
            if agreement:
                self.env["b2b2c.partner.visit"]._note(
                    document,
                    company,
                    place,
                    self._get_day(document, company),
                    self._get_ticket(document),
                )
            self._note_barred(document, company, place)

    def _get_ticket(self, document):
        """Return the number that the shop knows a document by."""
        return document[document._rec_name or "display_name"]

    def _note_barred(self, document, company, place):
        """Let a manager see what would have been given with an agreement."""
        incidents = self.env["b2b2c.spend.incident"]
        programs = self._get_barred(document, company).get(document.id)
        points = programs and self._get_missed(document, company)
        if points:
            incidents._report_unagreed(
                document, company, place, self._get_day(document, company), points
            )
        else:
            incidents._settle_unagreed(document, company)

    def _get_missed(self, document, company):
        """Return what a document would earn if nothing was barred, in words."""
        judge = Judge(self.env, with_refusals=False)
        missed = {}
        booked = judge._get_booked(document)
        for verdict in judge.ask(document, booked=booked)[document.id]:
            if verdict.company != company:
                continue
            try:
                fact = verdict.fact
            except FactError:
                return ""
            barred = set(fact.barred)
            fact = replace(fact, barred=frozenset())
            free = judge.decide(fact, verdict.programs, booked[document.id])
            for award in free.awards:
                if award.program_id in barred:
                    missed.setdefault(award.unit_id, 0)
                    missed[award.unit_id] += award.points_total
        units = self.env["b2b2c.unit"]
        return " + ".join(
            units.browse(unit_id)._format(points)
            for unit_id, points in sorted(missed.items())
            if points
        )
