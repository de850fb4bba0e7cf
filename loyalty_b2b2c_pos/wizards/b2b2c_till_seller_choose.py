from odoo import fields, models

from odoo.addons.loyalty_b2b2c.models.people.authority import decides


class B2b2cTillSellerChoose(models.TransientModel):
    """Say which participant an employee or user is, who sells at tills."""

    _name = "b2b2c.till.seller.choose"
    _description = "Which Participant Sells"
    _inherit = "b2b2c.dialog"

    seller_id = fields.Many2one("b2b2c.till.seller", required=True, readonly=True)
    waiting_count = fields.Integer(related="seller_id.waiting_count")
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        domain="[('state', '=', 'enrolled')]",
    )

    @decides("member_id")
    def action_choose(self):
        """Keep it, and credit the sales of the last days."""
        self.ensure_one()
        self.seller_id._choose(self.member_id)
        return {"type": "ir.actions.act_window_close"}
