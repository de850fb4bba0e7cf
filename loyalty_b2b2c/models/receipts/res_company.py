from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """Which receipts a person looks at, and how long photos are kept."""

    _inherit = "res.company"

    b2b2c_receipt_auto = fields.Selection(
        [
            ("never", "None: a person looks at every receipt"),
            ("agreed", "When two readings agree on everything"),
            ("code", "Also when only the QR code of the tax office was read"),
        ],
        string="Receipts Credited Without a Person",
        required=True,
        default="agreed",
        groups=STAFF,
    )
    b2b2c_receipt_limit = fields.Monetary(
        string="Two People Above",
        currency_field="currency_id",
        help="Receipts over a larger total are looked at by two people; 0: no limit.",
        groups=STAFF,
    )
    b2b2c_receipt_audit = fields.Integer(
        string="Looked At by Chance",
        default=5,
        help="So many of a hundred receipts a person looks at, though all agrees.",
        groups=STAFF,
    )
    b2b2c_receipt_days = fields.Integer(
        string="Oldest Receipt",
        default=60,
        help="Receipts of more days ago are refused; 0: no limit.",
        groups=STAFF,
    )
    b2b2c_receipt_day_limit = fields.Integer(
        string="Receipts per Participant and Day",
        default=50,
        help="0: no limit.",
        groups=STAFF,
    )
    b2b2c_receipt_whole = fields.Boolean(
        string="Count Unknown Products",
        help="Lines whose product is not in the catalogue count by their amount.",
        groups=STAFF,
    )
    b2b2c_receipt_keep_days = fields.Integer(
        string="Keep Photos",
        default=365,
        help="Photos are deleted so many days after the decision, what was read "
        "stays; 0: they are kept.",
        groups=STAFF,
    )

    _receipt_audit = models.Constraint(
        "CHECK (b2b2c_receipt_audit BETWEEN 0 AND 100)",
        "The share of receipts looked at by chance is between 0 and 100.",
    )
