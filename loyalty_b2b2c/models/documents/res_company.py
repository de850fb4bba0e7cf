from odoo import fields, models


class ResCompany(models.Model):
    """Which accounts count as money when a payment is booked, and which do not."""

    _inherit = "res.company"

    b2b2c_money_account_ids = fields.Many2many(
        "account.account",
        "b2b2c_company_money_account_rel",
        "company_id",
        "account_id",
        string="Counts as Money",
        help="Amounts that a payment books to these accounts, as bank charges, were "
        "paid by the customer. Other income and expense accounts do not count.",
    )
    b2b2c_loss_account_ids = fields.Many2many(
        "account.account",
        "b2b2c_company_loss_account_rel",
        "company_id",
        "account_id",
        string="Does Not Count as Money",
        help="Amounts that a payment books to these accounts, as an allowance for "
        "doubtful debts, were not paid. Other balance sheet accounts count.",
    )
