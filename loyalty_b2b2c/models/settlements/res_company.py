from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import STAFF


class ResCompany(models.Model):
    """How settlements with partners are booked, and when silence agrees."""

    _inherit = "res.company"

    b2b2c_settlement_bill_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of What You Owe",
        groups=STAFF,
        domain="[('type', '=', 'purchase')]",
        help="Of the vendor bills, also one for self-billing. Empty: the first one.",
    )
    b2b2c_settlement_invoice_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of What Partners Owe",
        groups=STAFF,
        domain="[('type', '=', 'sale')]",
        help="Of the customer invoices. Empty: the first one.",
    )
    b2b2c_settlement_earned_product_id = fields.Many2one(
        "product.product",
        string="Product for Points Given",
        groups=STAFF,
        help="Its account and taxes are on the customer invoice. Empty: ours, without "
        "taxes.",
    )
    b2b2c_settlement_spent_product_id = fields.Many2one(
        "product.product",
        string="Product for Points Spent",
        groups=STAFF,
        help="Its account and taxes are on the vendor bill. Empty: ours, without "
        "taxes.",
    )
    b2b2c_settlement_silence_days = fields.Integer(
        string="Silence Agrees After",
        groups=STAFF,
        help="So many days after it was sent, a settlement that nobody answered is "
        "agreed. 0: never.",
    )
    b2b2c_settlement_monthly = fields.Boolean(
        string="Draft Settlements Monthly",
        groups=STAFF,
        help="Drafts of the last month, when a month begins.",
    )

    @api.constrains("b2b2c_settlement_silence_days")
    def _check_settlement_silence(self):
        for company in self:
            if company.b2b2c_settlement_silence_days < 0:
                raise ValidationError(self.env._("Days of silence cannot be negative."))
