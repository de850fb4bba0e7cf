from odoo import fields, models


class B2b2cSupplyLine(models.Model):
    """Goods of an owner's order; figures are kept as they were when it was sent."""

    _name = "b2b2c.supply.line"
    _description = "Line of an Owner's Order"
    _order = "order_id, id"

    order_id = fields.Many2one(
        "b2b2c.supply.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Integer("Ordered", required=True, readonly=True)
    price_unit = fields.Float(
        "Price", digits="Product Price", required=True, readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True)
    amount_points = fields.Monetary(
        "Paid with Points", required=True, readonly=True, help="Worth of the points."
    )
    amount_owed = fields.Monetary(
        "Compensation",
        required=True,
        readonly=True,
        help="What we owe the distributor when all of it was shipped.",
    )
    shipped = fields.Float(
        digits="Product Unit",
        readonly=True,
        default=0,
        help="In total, less what came back, as the distributor says.",
    )
    shipped_at_end = fields.Float(digits="Product Unit", readonly=True, default=0)
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    compensation_ids = fields.One2many("b2b2c.compensation", "line_id")

    _one_of_a_product = models.UniqueIndex(
        "(order_id, product_id)", "A product is on an order once."
    )
    _some_pieces = models.Constraint(
        "CHECK (quantity > 0 AND shipped >= 0)", "A line is for some pieces."
    )
