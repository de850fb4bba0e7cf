from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """Who is told about the seals of the ledger."""

    _inherit = "res.company"

    b2b2c_auditor_ids = fields.Many2many(
        "res.partner",
        "b2b2c_company_auditor_rel",
        "company_id",
        "partner_id",
        string="Auditors",
        help="They get the hash of the last seal every night, by e-mail.",
        groups=STAFF,
    )
