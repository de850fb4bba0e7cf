from odoo import fields, models

from ...models.people.authority import decides


class B2b2cRedemptionRefuse(models.TransientModel):
    """Asks why a request is refused: the participant reads it."""

    _name = "b2b2c.redemption.refuse"
    _description = "Refuse a Reward Request"

    redemption_id = fields.Many2one(
        "b2b2c.redemption", required=True, ondelete="cascade"
    )
    note = fields.Char("Reason", required=True, help="The participant reads it.")

    @decides("redemption_id.member_id")
    def action_refuse(self):
        """Refuse the request and free the points."""
        self.ensure_one()
        self.redemption_id._check_officer()._refuse(self.env.user, self.note)
        return {"type": "ir.actions.act_window_close"}
