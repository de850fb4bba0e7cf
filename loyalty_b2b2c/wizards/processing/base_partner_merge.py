from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Who bought is written down before contacts of two companies become one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep who bought: Odoo rewrites the contacts by SQL, and calls no hook.

        Two companies that are merged stay as they are: what one bought, both did.
        """
        partners = src_partners | dst_partner
        moved = partners.filtered(
            lambda partner: partner.commercial_partner_id != partner
        )
        if moved and len(partners.commercial_partner_id) > 1:
            self.env["b2b2c.source"].sudo()._keep_before_move(partners)
        return super()._update_foreign_keys(src_partners, dst_partner)
