from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.typed_text import is_formula


class ResPartner(models.Model):
    """The links with which people join at a company or shop, and what strangers call
    themselves."""

    _inherit = "res.partner"

    b2b2c_invitation_count = fields.Integer(
        compute="_compute_b2b2c_invitation_count", groups="loyalty_b2b2c.group_user"
    )

    @api.constrains("name")
    def _check_b2b2c_name(self):
        """Let no stranger call himself a formula: names stand in spreadsheets."""
        if self.env.user.share and any(is_formula(p.name or "") for p in self):
            raise ValidationError(
                self.env._("A name begins with a letter, and not with =, +, - or @.")
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
