from odoo import fields, models

from ...models.people.authority import decides


class B2b2cPayoutReason(models.TransientModel):
    """Asks why a payout is refused, or why its money came back: the participant reads
    it."""

    _name = "b2b2c.payout.reason"
    _description = "Refuse or Return a Payout"
    _inherit = "b2b2c.dialog"

    payout_id = fields.Many2one("b2b2c.payout", required=True, ondelete="cascade")
    step = fields.Selection(
        [("refuse", "Refuse"), ("return", "Came back")], required=True
    )
    note = fields.Char("Reason", required=True, help="The participant reads it.")

    @decides("payout_id.member_id")
    def action_refuse(self):
        """Refuse the payout and free the points."""
        self.ensure_one()
        payout = self.payout_id._check_officer()
        payout.redemption_id._refuse(self.env.user, self.note)
        return {"type": "ir.actions.act_window_close"}

    @decides("payout_id.member_id")
    def action_return(self):
        """Undo the payment and give the points back."""
        self.ensure_one()
        self.payout_id._check_manager()._come_back(self.env.user, self.note)
        return {"type": "ir.actions.act_window_close"}
