from odoo import fields, models


class ResCompany(models.Model):
    """Whether sellers see each other's points."""

    _inherit = "res.company"

    b2b2c_share_places = fields.Boolean(
        string="Sellers See Each Other",
        help="At a till each seller sees names and points of this month of the shop. "
        "Otherwise everybody sees the own place only.",
    )
