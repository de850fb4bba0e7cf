from odoo import models


class ResCompany(models.Model):
    """Figures are counted by days of the company's time zone."""

    _inherit = "res.company"

    def write(self, vals):
        """Days change with the time zone: count them again."""
        changed = "b2b2c_timezone" in vals and any(
            company.b2b2c_timezone != vals["b2b2c_timezone"] for company in self
        )
        result = super().write(vals)
        if changed:
            self.env["b2b2c.stat.range"].sudo()._restart()
        return result
