from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_settlement_bill_journal_id = fields.Many2one(
        related="company_id.b2b2c_settlement_bill_journal_id", readonly=False
    )
    b2b2c_settlement_invoice_journal_id = fields.Many2one(
        related="company_id.b2b2c_settlement_invoice_journal_id", readonly=False
    )
    b2b2c_settlement_earned_product_id = fields.Many2one(
        related="company_id.b2b2c_settlement_earned_product_id", readonly=False
    )
    b2b2c_settlement_spent_product_id = fields.Many2one(
        related="company_id.b2b2c_settlement_spent_product_id", readonly=False
    )
    b2b2c_settlement_silence_days = fields.Integer(
        related="company_id.b2b2c_settlement_silence_days", readonly=False
    )
    b2b2c_settlement_monthly = fields.Boolean(
        related="company_id.b2b2c_settlement_monthly", readonly=False
    )
