from odoo import fields, models

from ...const import STAFF

#: What a payout is in the books.
DOCUMENTS = [
    ("in_receipt", "A purchase receipt"),
    ("in_invoice", "A vendor bill"),
    ("entry", "A journal entry"),
]


class ResCompany(models.Model):
    """How payouts are booked, and from where they are paid."""

    _inherit = "res.company"

    b2b2c_payout_document = fields.Selection(
        DOCUMENTS,
        string="A Payout Is Booked As",
        required=True,
        default="in_receipt",
        groups=STAFF,
    )
    b2b2c_payout_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Payouts",
        groups=STAFF,
        help="One for purchases, also for self-billing, or a miscellaneous one for "
        "journal entries. Empty: the first that fits.",
    )
    b2b2c_payout_account_id = fields.Many2one(
        "account.account",
        string="Account of Payouts",
        groups=STAFF,
        help="What payouts are booked to: an expense, or what you owe participants. "
        "Empty: the account of the journal.",
    )
    b2b2c_payout_tax_ids = fields.Many2many(
        "account.tax",
        "b2b2c_payout_tax_rel",
        string="Taxes of Payouts",
        groups=STAFF,
        help="On the line of the bill or receipt; a tax that is withheld on payment "
        "lowers what arrives.",
    )
    b2b2c_payout_bank_journal_id = fields.Many2one(
        "account.journal",
        string="Paid From",
        groups=STAFF,
        help="The bank account of payouts. Empty: your first one.",
    )
