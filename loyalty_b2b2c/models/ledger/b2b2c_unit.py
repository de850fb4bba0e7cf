from odoo import models


class B2b2cUnit(models.Model):
    """A unit of accounts keeps its meaning."""

    _inherit = "b2b2c.unit"

    def _is_used(self):
        return super()._is_used() or bool(
            self.env["b2b2c.account"]
            .sudo()
            .search_count([("unit_id", "=", self.id)], limit=1)
        )
