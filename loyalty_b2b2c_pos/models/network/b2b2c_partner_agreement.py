from odoo import models


class B2b2cPartnerAgreement(models.Model):
    """A company of this database comes in by its own tills."""

    _inherit = "b2b2c.partner.agreement"

    def _has_way_in(self):
        if self.way != "company":
            return super()._has_way_in()
        tills = self.env["pos.config"].sudo()
        company = self.sudo().partner_company_id
        return bool(
            company and tills.search_count([("company_id", "=", company.id)], limit=1)
        )
