from odoo import models


class B2b2cPartnerAgreement(models.Model):
    """A shop with a phone comes in by the terminal."""

    _inherit = "b2b2c.partner.agreement"

    def _has_way_in(self):
        if self.way != "terminal":
            return super()._has_way_in()
        users = self.env["res.users"].sudo()
        domain = self._get_places_domain("b2b2c_terminal_partner_id")
        return bool(users.search_count(domain, limit=1))
