from odoo import models


class B2b2cProgram(models.Model):
    """Systems report by API, with a key each."""

    _inherit = "b2b2c.program"

    def _get_reporting_ways(self):
        ways = super()._get_reporting_ways()
        keys = self.env["b2b2c.api.key"].sudo()
        count = keys.search_count(
            [("company_id", "=", self.company_id.id), ("revoked_at", "=", False)]
        )
        return [*ways, self.env._("Keys of systems: %s.", count)] if count else ways
