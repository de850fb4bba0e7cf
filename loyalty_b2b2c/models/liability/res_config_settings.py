from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_liability_journal_id = fields.Many2one(
        related="company_id.b2b2c_liability_journal_id",
        readonly=False,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
    )
    b2b2c_liability_account_id = fields.Many2one(
        related="company_id.b2b2c_liability_account_id", readonly=False
    )
    b2b2c_liability_cost_account_id = fields.Many2one(
        related="company_id.b2b2c_liability_cost_account_id", readonly=False
    )
    b2b2c_liability_monthly = fields.Boolean(
        related="company_id.b2b2c_liability_monthly", readonly=False
    )
