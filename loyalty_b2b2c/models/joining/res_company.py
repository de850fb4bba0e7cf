from odoo import fields, models

from ..codes.public_address import PROBLEMS, find_problem
from .b2b2c_invitation import APPROVALS


class ResCompany(models.Model):
    """Who agrees to joining, what new invitations begin with, and whether anybody
    outside could open their links."""

    _inherit = "res.company"

    b2b2c_join_approval = fields.Selection(
        APPROVALS,
        required=True,
        default="owner",
        string="Joining Counts",
        help="What new invitations begin with. “After a loyalty officer agreed” holds "
        "for every invitation, also for those that are out already.",
    )

    b2b2c_address_problem = fields.Selection(
        PROBLEMS, compute="_compute_b2b2c_address_problem", string="Public Address"
    )

    def _compute_b2b2c_address_problem(self):
        """Say what keeps phones outside from opening what is printed."""
        for company in self:
            url = company.get_base_url()
            company.b2b2c_address_problem = find_problem(url) or False
