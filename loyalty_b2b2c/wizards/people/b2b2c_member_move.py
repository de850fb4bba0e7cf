from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cMemberMove(models.TransientModel):
    """A person changes to another company or shop (managers).

    The membership here ends and one there begins, because what was earned belongs to
    the person in this role at this employer; the points go along or stay.
    """

    _name = "b2b2c.member.move"
    _description = "Move to Another Company"

    member_id = fields.Many2one(
        "b2b2c.member",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="member_id.company_id")
    old_employer_id = fields.Many2one(related="member_id.employer_id", string="From")
    employer_id = fields.Many2one("res.partner", string="To", required=True)
    contact_id = fields.Many2one("res.partner", string="Contact on Documents")
    moved_at = fields.Datetime(string="On", required=True, default=fields.Datetime.now)
    employer_consent = fields.Boolean(string="The new employer agrees")

    @api.onchange("employer_id")
    def _onchange_employer_id(self):
        self.contact_id = False

    @decides("member_id", "employer_id")
    def action_move(self):
        """End the membership, begin the new one, and open it."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may move participants."))
        self.member_id.check_access("write")
        moved = self.member_id.sudo()._move(
            self.employer_id.commercial_partner_id, **self._prepare_move()
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.member",
            "res_id": moved.id,
            "views": [(False, "form")],
        }

    def _prepare_move(self):
        """Return what is asked of the move, each package adds its own."""
        return {
            "moved_at": self.moved_at,
            "contact_id": self.contact_id.id,
            "employer_consent": self.employer_consent,
        }
