from odoo import fields, models

from ...const import STAFF

#: Where what is owed stands, and what it is the cost of.
LIABILITY_TYPES = ("liability_current", "liability_non_current")
COST_GROUPS = ("expense", "income")


class ResCompany(models.Model):
    """Where the general ledger shows what is owed for points."""

    _inherit = "res.company"

    b2b2c_liability_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Points Owed",
        domain=[("type", "=", "general")],
        check_company=True,
        ondelete="restrict",
        help="Only runs post here. Empty: a journal is created by the first one.",
        groups=STAFF,
    )
    b2b2c_liability_account_id = fields.Many2one(
        "account.account",
        string="Points Owed",
        domain=[("account_type", "in", LIABILITY_TYPES)],
        check_company=True,
        ondelete="restrict",
        help="The account of what is owed to participants. Nothing but runs, and "
        "documents that spend points by themselves, should move it.",
        groups=STAFF,
    )
    b2b2c_liability_cost_account_id = fields.Many2one(
        "account.account",
        string="Cost of Points",
        domain=[("internal_group", "in", COST_GROUPS)],
        check_company=True,
        ondelete="restrict",
        help="The account of the cost of points, or of the revenue that they defer.",
        groups=STAFF,
    )
    b2b2c_liability_monthly = fields.Boolean(
        string="Post What Is Owed Every Month",
        help="Every first day of a month, for the end of the month before.",
        groups=STAFF,
    )
