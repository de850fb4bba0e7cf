from odoo import fields, models

from .b2b2c_invitation import APPROVALS


class ResCompany(models.Model):
    """Who agrees to joining, and what new invitations begin with."""

    _inherit = "res.company"

    b2b2c_join_approval = fields.Selection(
        APPROVALS,
        required=True,
        default="owner",
        string="Joining Counts",
        help="What new invitations begin with. “After a loyalty officer agreed” holds "
        "for every invitation, also for those that are out already.",
    )
