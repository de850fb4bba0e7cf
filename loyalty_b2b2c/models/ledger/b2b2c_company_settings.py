from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_adjust_limit = fields.Float(
        related="company_id.b2b2c_adjust_limit", readonly=False
    )
