from odoo import models
from odoo.exceptions import UserError

from ...models.dealers.contact_moves import get_moves, may_move, report


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Dealers become one with their companies."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Leave one dealer before Odoo rewrites the contacts by SQL."""
        self._report_loyalty_moves(src_partners, dst_partner)
        self._merge_loyalty_dealers(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Count the documents again of dealers whose companies or contacts merged."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        companies = partners.commercial_partner_id
        self._check_loyalty_moves(partners)
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        companies = (companies | partners.exists().commercial_partner_id).exists()
        standings = self._find_loyalty_dealers(companies)
        standings._after_merge()
        standings._count_again()
        return result

    def _check_loyalty_moves(self, partners):
        """Refuse merges across companies, one of them a dealer, without the right.

        A merge of contacts moves one of them; a merge of companies makes all their
        documents those of both, and gives one the prices of the other.

        :raise UserError: a dealer itself is merged, or there are documents; with what
            to do instead
        """
        dealers = self._find_loyalty_dealers(partners.commercial_partner_id)
        if not dealers or len(partners.commercial_partner_id) < 2:
            return
        if may_move(self.env):
            return
        is_merged = dealers.partner_id & partners
        if is_merged or self.env["b2b2c.source"].sudo()._get_documents_of(partners):
            raise UserError(
                self.env._(
                    "%(dealer)s is a dealer of “%(ladder)s”: a merge moves what was "
                    "bought, and prices. Let a loyalty manager merge them.",
                    dealer=dealers[0].partner_id.name,
                    ladder=dealers[0].ladder_id.name,
                )
            )

    def _report_loyalty_moves(self, src_partners, dst_partner):
        """Tell the manager which contacts become those of another company."""
        company = dst_partner.commercial_partner_id
        belongings = [
            (contact, contact.commercial_partner_id, company)
            for contact in src_partners.sudo()
            if contact.commercial_partner_id != contact
        ]
        report(self.env, get_moves(self.env, belongings))

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
            survivor = rivals.filtered(
                lambda standing: standing.partner_id == dst_partner
            )
            survivor = survivor or rivals[0]
            if len(rivals.ladder_id) > 1:
                raise UserError(
                    self.env._(
                        "%s are dealers of different ladders. Let one go first.",
                        ", ".join(rivals.partner_id.mapped("name")),
                    )
                )
            others = rivals - survivor
            if not others:
                continue
            head = survivor.head_id or survivor
            if head in others:
                survivor.head_id = False
                head = survivor
            (others.group_ids - rivals).head_id = head
            others.head_id = False
            others._end()
