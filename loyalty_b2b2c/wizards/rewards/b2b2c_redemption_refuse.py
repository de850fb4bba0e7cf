from odoo import fields, models

from ...models.people.authority import decides


class B2b2cRedemptionRefuse(models.TransientModel):
    """Asks why requests are refused: the participants read it."""

    _name = "b2b2c.redemption.refuse"
    _description = "Refuse a Reward Request"
    _inherit = "b2b2c.dialog"

    redemption_ids = fields.Many2many("b2b2c.redemption", required=True)
    note = fields.Char("Reason", required=True, help="The participant reads it.")

    @decides("redemption_ids.member_id")
    def action_refuse(self):
        """Refuse the requests and free their points."""
        self.ensure_one()
        requests = self.redemption_ids._check_officer()._in_one_order()
        for request in requests:
            request._refuse(self.env.user, self.note)
        return {"type": "ir.actions.act_window_close"}
