from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_money_account_ids = fields.Many2many(
        related="company_id.b2b2c_money_account_ids", readonly=False
    )
    b2b2c_loss_account_ids = fields.Many2many(
        related="company_id.b2b2c_loss_account_ids", readonly=False
    )
