from odoo import models


class B2b2cPartnerAgreement(models.Model):
    """A partner with a system of its own comes in by a key."""

    _inherit = "b2b2c.partner.agreement"

    def _has_way_in(self):
        if self.way not in ("odoo", "api"):
            return super()._has_way_in()
        keys = self.env["b2b2c.api.key"].sudo()
        return any(
            key.state == "active"
            for key in keys.search(
                [
                    ("company_id", "=", self.company_id.id),
                    *self._get_places_domain("reporter_id"),
                ]
            )
        )
