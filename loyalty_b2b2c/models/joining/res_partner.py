from odoo import fields, models


class ResPartner(models.Model):
    """The links with which people join at a company or shop."""

    _inherit = "res.partner"

    b2b2c_invitation_count = fields.Integer(
        compute="_compute_b2b2c_invitation_count", groups="loyalty_b2b2c.group_user"
    )

    def _compute_b2b2c_invitation_count(self):
        Invitation = self.env["b2b2c.invitation"].sudo()
        for partner in self:
            partner.b2b2c_invitation_count = Invitation.search_count(
                partner._get_loyalty_invitation_domain()
            )

    def _get_loyalty_invitation_domain(self):
        """Return the domain of the invitations to join at this company or shop."""
        return [
            ("employer_id", "=", self.id),
            ("company_id", "in", self.env.companies.ids),
        ]

    def action_b2b2c_invitations(self):
        """Open the invitations to join at this company or shop."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_invitation_action"
        )
        return dict(
            action,
            domain=self._get_loyalty_invitation_domain(),
            context={"default_employer_id": self.id},
        )
