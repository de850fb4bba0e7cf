from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Contacts that become one were brought once, by who came first."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Leave one of what a person has once, before Odoo rewrites the contacts."""
        partners = src_partners | dst_partner
        self.env["b2b2c.referral.person"].sudo()._join(partners, dst_partner)
        self.env["b2b2c.referral.use"].sudo()._forget_numbers(src_partners)
        self.env["b2b2c.referral"].sudo()._keep_oldest(partners)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Judge again who brought whom: perhaps it is one person now."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        self.env["b2b2c.referral"].sudo()._judge_people(partners.exists())
        return result
