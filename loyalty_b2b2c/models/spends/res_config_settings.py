from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_spend_proof_above = fields.Monetary(
        related="company_id.b2b2c_spend_proof_above", readonly=False
    )
