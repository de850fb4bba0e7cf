from odoo import models

from ..mechanics.mechanic import NextStep


class B2b2cProgram(models.Model):
    """People may also come to a program by themselves, with a link."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        roles = self._get_rewarded_roles()
        steps = super()._get_next_steps()
        return [*steps, self._get_invitation_step(roles)] if roles else steps

    def _get_invitation_step(self, roles):
        invitations = self.env["b2b2c.invitation"].search(
            [("company_id", "=", self.company_id.id), ("role", "in", roles)]
        )
        valid = invitations.filtered(lambda one: one.state == "active")
        is_joined = (
            self.env["b2b2c.member"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("role", "in", roles),
                    ("state", "=", "enrolled"),
                ],
                limit=1,
            )
        )
        return NextStep(
            code="invitation",
            order=35,
            label=self.env._("Invite people with a link or a poster"),
            note=self.env._("Links to join with: %s", len(valid)),
            is_done=bool(valid or is_joined),
            button=self.env._("Make a Link"),
            act=lambda: self._open_in_dialog(
                "b2b2c.invitation",
                self.env._("New Invitation"),
                default_role=roles[0],
                default_company_id=self.company_id.id,
                default_approval=self._get_approval(roles[0]),
            ),
        )

    def _get_approval(self, role):
        """Return who agrees when people join in a role: an owner only for his staff."""
        approval = self.company_id.b2b2c_join_approval
        is_staff = role in self.env["b2b2c.role"]._get_role_codes("is_staff")
        return approval if is_staff or approval != "owner" else "manager"
