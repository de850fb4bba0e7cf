from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_join_approval = fields.Selection(
        related="company_id.b2b2c_join_approval", readonly=False
    )
