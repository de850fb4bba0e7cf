from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_activity_keep_days = fields.Integer(
        related="company_id.b2b2c_activity_keep_days", readonly=False
    )
    b2b2c_activity_day_megabytes = fields.Integer(
        related="company_id.b2b2c_activity_day_megabytes", readonly=False
    )
