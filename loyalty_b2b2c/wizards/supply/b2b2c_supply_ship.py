from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cSupplyShip(models.TransientModel):
    """Asks how much of an owner's order a distributor outside has shipped so far."""

    _name = "b2b2c.supply.ship"
    _description = "Shipped Goods of an Owner's Order"
    _inherit = "b2b2c.dialog"

    order_id = fields.Many2one("b2b2c.supply.order", required=True, ondelete="cascade")
    reference = fields.Char("Distributor's Number")
    line_ids = fields.One2many("b2b2c.supply.ship.line", "ship_id")

    @api.model
    def default_get(self, fields_list):
        """Propose that the whole order was shipped."""
        values = super().default_get(fields_list)
        order = self.env["b2b2c.supply.order"].browse(values.get("order_id")).exists()
        order.check_access("read")
        if "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create({"line_id": line.id, "shipped": line.quantity})
                for line in order.line_ids
            ]
        return values

    @decides("order_id.member_id")
    def action_ship(self):
        """Book what was shipped."""
        self.ensure_one()
        order = self.order_id._check_officer()
        if self.line_ids.line_id.order_id - order:
            raise UserError(self.env._("These goods are of another order."))
        shipped = {row.line_id.sudo(): row.shipped for row in self.line_ids}
        order._ship(shipped, self.env.user, self.reference or None)
        return {"type": "ir.actions.act_window_close"}


class B2b2cSupplyShipLine(models.TransientModel):
    """How much of one line was shipped so far, less what came back."""

    _name = "b2b2c.supply.ship.line"
    _description = "Shipped Goods of a Line"
    _inherit = "b2b2c.dialog"

    ship_id = fields.Many2one("b2b2c.supply.ship", ondelete="cascade")
    line_id = fields.Many2one("b2b2c.supply.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id")
    quantity = fields.Integer(related="line_id.quantity")
    shipped = fields.Float("Shipped in Total", digits="Product Unit")

    _some_pieces = models.Constraint(
        "CHECK (shipped >= 0)", "Fewer than no pieces cannot be shipped."
    )
