from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cRedemptionHandover(models.TransientModel):
    """The desk where rewards are collected: scan a code, see who and what, give it."""

    _name = "b2b2c.redemption.handover"
    _description = "Hand Over a Reward"
    _inherit = "b2b2c.dialog"

    code = fields.Char(help="Scan the code on the participant's phone, or type it.")
    redemption_id = fields.Many2one(
        "b2b2c.redemption", compute="_compute_redemption", string="Request"
    )
    is_unknown = fields.Boolean(compute="_compute_redemption")
    member_id = fields.Many2one(related="redemption_id.member_id")
    avatar_128 = fields.Image(related="redemption_id.member_id.avatar_128")
    image_128 = fields.Image(related="redemption_id.image_128")
    reward_id = fields.Many2one(related="redemption_id.reward_id")
    quantity_waiting = fields.Integer(
        related="redemption_id.quantity_waiting", string="Pieces"
    )
    points = fields.Float(related="redemption_id.points")
    symbol = fields.Char(related="redemption_id.symbol")
    state = fields.Selection(related="redemption_id.state")
    note = fields.Char(related="redemption_id.note")
    deadline = fields.Date(related="redemption_id.deadline")

    @api.depends("code")
    def _compute_redemption(self):
        requests = self.env["b2b2c.redemption"]
        for dialog in self:
            found = requests.browse()
            if self.env.user.has_group("loyalty_b2b2c.group_officer"):
                found = requests._find_to_hand_over(dialog.code).with_env(self.env)
            dialog.redemption_id = found
            dialog.is_unknown = bool(dialog.code) and not found

    @decides("redemption_id.member_id")
    def action_hand_over(self):
        """Give the person everything that waits; then the next one comes."""
        self.ensure_one()
        if not self.redemption_id:
            raise UserError(self.env._("There is no request with this code."))
        request = self.redemption_id._check_officer()
        if request.state != "requested":
            raise UserError(self.env._("%s was decided already.", request.display_name))
        request._hand_over(self.env.user)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(reward)s was handed over to %(person)s.",
                    reward=request.display_name,
                    person=request.member_id.name,
                ),
                "next": self._open_desk(),
            },
        }

    @api.model
    def _open_desk(self):
        """Return the action that opens the desk for the next one."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_redemption_handover_action"
        )
