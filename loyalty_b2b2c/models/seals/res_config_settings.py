from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_auditor_ids = fields.Many2many(
        related="company_id.b2b2c_auditor_ids", readonly=False
    )
