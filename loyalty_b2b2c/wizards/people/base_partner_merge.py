from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge memberships before Odoo rewrites the contacts by SQL.

        Odoo would delete or refuse the row of a person enrolled twice in one role; the
        points move to the surviving membership by transfer entries instead.
        """
        self._merge_loyalty_members(src_partners, dst_partner)
        self._merge_loyalty_dealers(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Count the documents again of dealers whose companies or contacts merged."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        companies = partners.commercial_partner_id
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        companies = (companies | partners.exists().commercial_partner_id).exists()
        standings = self._find_loyalty_dealers(companies)
        standings._after_merge()
        standings._count_again()
        return result

    def _find_loyalty_dealers(self, partners):
        standings = self.env["b2b2c.ladder.standing"].sudo()
        return standings.search([("partner_id", "in", partners.ids)], order="id")

    def _merge_loyalty_dealers(self, src_partners, dst_partner):
        """Leave one dealer of companies that become one; its volume is that of all."""
        standings = self._find_loyalty_dealers(src_partners | dst_partner)
        if standings and dst_partner.commercial_partner_id != dst_partner:
            raise UserError(
                self.env._(
                    "%s is a dealer and cannot become a contact of a company. Let the "
                    "dealer go first.",
                    standings[0].partner_id.name,
                )
            )
        for rivals in standings.grouped("company_id").values():
            kept = rivals.filtered(lambda one: one.partner_id == dst_partner)
            kept = kept or rivals[0]
            if len(rivals.ladder_id) > 1:
                raise UserError(
                    self.env._(
                        "%s are dealers of different ladders. Let one go first.",
                        ", ".join(rivals.partner_id.mapped("name")),
                    )
                )
            others = rivals - kept
            if not others:
                continue
            head = kept.head_id or kept
            if head in others:
                kept.head_id = False
                head = kept
            (others.group_ids - rivals).head_id = head
            others.head_id = False
            others._end()

    def _merge_loyalty_members(self, src_partners, dst_partner):
        """Join memberships that would become the same person, role and employer."""
        partners = src_partners | dst_partner
        self._check_loyalty_persons(partners)
        self._check_loyalty_reports(partners)
        members = (
            self.env["b2b2c.member"]
            .sudo()
            .search(
                [
                    ("state", "in", ("enrolled", "suspended")),
                    "|",
                    ("partner_id", "in", partners.ids),
                    ("employer_id", "in", partners.ids),
                ],
                order="enrolled_at, id",
            )
        )
        survivors = {}
        for member in members:
            key = tuple(
                dst_partner.id if partner in src_partners else partner.id
                for partner in (member.partner_id, member.employer_id)
            ) + (member.role, member.company_id.id)
            survivor = survivors.setdefault(key, member)
            if survivor != member:
                member._merge_into(survivor)

    def _check_loyalty_reports(self, partners):
        """Refuse to merge reporters that used the same number for different documents.

        A number is recorded once per reporter; after the merge it would be twice.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(reference) FROM b2b2c_external_document
                 WHERE reporter_id = ANY(%s)
              GROUP BY company_id, document_type, lower(reference)
                HAVING count(*) > 1
              ORDER BY 1 LIMIT 1
                """,
                partners.ids,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "Both contacts reported a document with the number %s; they cannot "
                    "be merged.",
                    rows[0][0],
                )
            )

    def _check_loyalty_persons(self, partners):
        """Refuse to turn a participant into a company's contact.

        On the portal it would see all orders and invoices of the company.
        """
        persons = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        if partners.parent_id and persons.search_count(
            [("partner_id", "in", partners.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "A participant is a private contact and cannot be merged with a "
                    "contact of a company."
                )
            )
