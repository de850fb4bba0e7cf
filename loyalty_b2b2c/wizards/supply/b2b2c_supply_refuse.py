from odoo import fields, models

from ...models.people.authority import decides


class B2b2cSupplyRefuse(models.TransientModel):
    """Asks why an owner's order is refused: the owner reads it."""

    _name = "b2b2c.supply.refuse"
    _description = "Refuse an Owner's Order"
    _inherit = "b2b2c.dialog"

    order_id = fields.Many2one("b2b2c.supply.order", required=True, ondelete="cascade")
    note = fields.Char("Reason", required=True, help="The owner reads it.")

    @decides("order_id.member_id")
    def action_refuse(self):
        """Refuse the order and free the points."""
        self.ensure_one()
        self.order_id._check_officer()._refuse(self.env.user, self.note)
        return {"type": "ir.actions.act_window_close"}
