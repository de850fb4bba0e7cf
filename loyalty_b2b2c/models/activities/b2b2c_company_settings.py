from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_activity_keep_days = fields.Integer(
        related="company_id.b2b2c_activity_keep_days", readonly=False
    )
    b2b2c_activity_day_megabytes = fields.Integer(
        related="company_id.b2b2c_activity_day_megabytes", readonly=False
    )
