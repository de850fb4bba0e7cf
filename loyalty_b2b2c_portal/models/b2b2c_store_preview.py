from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import addresses


class B2b2cStorePreview(models.TransientModel):
    """Asks as whom somebody of the office wants to see the storefront."""

    _name = "b2b2c.store.preview"
    _description = "See the Storefront As"
    _inherit = "b2b2c.dialog"

    role = fields.Selection(
        selection=lambda self: self.env["b2b2c.role"]._get_role_selection(),
        help="Somebody in this role is taken as an example.",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        compute="_compute_member_id",
        store=True,
        readonly=False,
        domain="[('state', '=', 'enrolled'), ('role', '=?', role)]",
        help="Balance, limits and favourites are this person's.",
    )

    @api.depends("role")
    def _compute_member_id(self):
        """Take who enrolled last in the role as the example."""
        for preview in self:
            if preview.role and preview.member_id.role != preview.role:
                preview.member_id = self.env["b2b2c.member"].search(
                    [("role", "=", preview.role), ("state", "=", "enrolled")],
                    order="enrolled_at desc, id desc",
                    limit=1,
                )

    def action_open_store(self):
        """Open the storefront as the participant sees it."""
        self.ensure_one()
        if not self.member_id:
            raise UserError(
                self.env._("Choose a participant: nobody takes part in this role yet.")
                if self.role
                else self.env._("Choose a role or a participant.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": addresses.path("preview", member=self.member_id.id),
            "target": "new",
        }
