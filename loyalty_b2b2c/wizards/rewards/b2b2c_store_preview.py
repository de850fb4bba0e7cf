from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cStorePreview(models.TransientModel):
    """Asks as whom somebody of the office wants to see the storefront."""

    _name = "b2b2c.store.preview"
    _description = "See the Storefront As"
    _inherit = "b2b2c.dialog"

    role = fields.Selection(
        selection=lambda self: self.env["b2b2c.role"]._get_role_selection(),
        help="Somebody in this role is taken as an example; if there is nobody, you "
        "see what somebody new would see.",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        ondelete="cascade",
        domain="[('state', '=', 'enrolled'), ('role', '=?', role)]",
        help="Balance, limits and favourites are this person's.",
    )

    @api.onchange("role")
    def _onchange_role(self):
        """Propose somebody in the role, unless the person chosen is."""
        if self.role and self.member_id.role != self.role:
            self.member_id = self._find_example()

    def _find_example(self):
        """Return who enrolled last in the role, empty when nobody takes part in it."""
        return self.env["b2b2c.member"].search(
            [("role", "=", self.role), ("state", "=", "enrolled")],
            order="enrolled_at desc, id desc",
            limit=1,
        )

    def action_open_store(self):
        """Open the storefront as the participant sees it."""
        self.ensure_one()
        member = self.member_id
        if not member and not self.role:
            raise UserError(self.env._("Choose a role or a participant."))
        member = member or self._find_example()
        if member:
            url = member.company_id._get_rewards_path("preview", member=member.id)
        else:
            url = self.env.company._get_rewards_path("preview_role", role=self.role)
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
