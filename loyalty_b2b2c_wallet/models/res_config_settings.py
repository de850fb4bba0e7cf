from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_wallet_unit_id = fields.Many2one(
        related="company_id.b2b2c_wallet_unit_id", readonly=False
    )
    b2b2c_wallet_kind = fields.Selection(
        related="company_id.b2b2c_wallet_kind", readonly=False
    )
    b2b2c_wallet_limit = fields.Float(
        related="company_id.b2b2c_wallet_limit", readonly=False
    )
    b2b2c_wallet_account_id = fields.Many2one(
        related="company_id.b2b2c_wallet_account_id", readonly=False
    )
