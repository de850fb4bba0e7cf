from odoo import api, models
from odoo.fields import Domain

from ...engine import MemberFact
from ...values import UTC

#: What a document or a scan asks of its people, and not all the other columns.
FACT_FIELDS = (
    "active",
    "company_id",
    "name",
    "role",
    "program_scope",
    "partner_id",
    "employer_id",
    "contact_id",
    "enrolled_at",
    "left_at",
    "suspended_at",
    "archived_at",
    "state",
    "merged_into_id",
    "has_merged",
)


class B2b2cMember(models.Model):
    """Who a document may benefit, as data for the engine."""

    _inherit = "b2b2c.member"

    @api.model
    def _get_candidates(self, company, partners):
        """Return the members that documents of ``partners`` may benefit.

        Members that left stay candidates: whether they were enrolled at the
        document's date is for the engine to say.

        :param company: ``res.company`` record
        :param partners: ``res.partner`` records: contacts, and the companies they
            bought for
        """
        return self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id)
            & (
                Domain("employer_id", "in", partners.ids)
                | Domain("contact_id", "in", partners.ids)
            ),
            FACT_FIELDS,
            order="enrolled_at, id",
        )

    @api.model
    def _get_of_people(self, company, partners):
        """Return the memberships of persons, wherever they work.

        :param partners: ``res.partner`` records: the persons, or their contacts
        """
        return self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id)
            & (
                Domain("partner_id", "in", partners.ids)
                | Domain("contact_id", "in", partners.ids)
            ),
            FACT_FIELDS,
            order="enrolled_at, id",
        )

    def _to_fact(self, contact):
        """Return this member as engine data for a document.

        :param contact: the ``res.partner`` named on the document
        """
        self.ensure_one()
        ends = (self.left_at, self.suspended_at, self.archived_at)
        left_at = min(filter(None, ends), default=None)
        return MemberFact(
            member_id=self.id,
            role=self.role,
            employer_id=self.employer_id.id,
            enrolled_at=self.enrolled_at.replace(tzinfo=UTC),
            left_at=left_at.replace(tzinfo=UTC) if left_at else None,
            is_contact=bool(contact) and contact in self._get_contacts(),
            program_ids=frozenset(self.program_scope or ()),
            name=self.name or "",
        )

    def _get_contacts(self):
        """Return who stands for this member on documents, merged members' included."""
        self.ensure_one()
        own = self.partner_id | self.contact_id
        if not self.has_merged:
            return own
        return own.union(*(member._get_contacts() for member in self.merged_from_ids))
