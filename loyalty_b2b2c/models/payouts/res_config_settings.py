from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_payout_least = fields.Monetary(
        related="company_id.b2b2c_payout_least", readonly=False
    )
    b2b2c_payout_month = fields.Monetary(
        related="company_id.b2b2c_payout_month", readonly=False
    )
    b2b2c_payout_officer_day = fields.Monetary(
        related="company_id.b2b2c_payout_officer_day", readonly=False
    )
    b2b2c_payout_proof_above = fields.Monetary(
        related="company_id.b2b2c_payout_proof_above", readonly=False
    )
    b2b2c_payout_trusted = fields.Boolean(
        related="company_id.b2b2c_payout_trusted", readonly=False
    )
    b2b2c_payout_tax_country_ids = fields.Many2many(
        related="company_id.b2b2c_payout_tax_country_ids", readonly=False
    )
    b2b2c_payout_new_days = fields.Integer(
        related="company_id.b2b2c_payout_new_days", readonly=False
    )
    b2b2c_payout_document = fields.Selection(
        related="company_id.b2b2c_payout_document", readonly=False
    )
    b2b2c_payout_journal_id = fields.Many2one(
        related="company_id.b2b2c_payout_journal_id", readonly=False
    )
    b2b2c_payout_account_id = fields.Many2one(
        related="company_id.b2b2c_payout_account_id", readonly=False
    )
    b2b2c_payout_tax_ids = fields.Many2many(
        related="company_id.b2b2c_payout_tax_ids", readonly=False
    )
    b2b2c_payout_bank_journal_id = fields.Many2one(
        related="company_id.b2b2c_payout_bank_journal_id", readonly=False
    )
