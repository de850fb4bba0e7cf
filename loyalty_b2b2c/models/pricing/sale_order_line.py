from odoo import api, fields, models

from ...const import POINTS
from ..dealers.dealer_lookup import of_dealer_companies
from .closed_fields import refuse_closed
from .confirmed_prices import keep_prices, keep_prices_of_before
from .line_guard import CLOSED, PRICING, LineGuard, without_rule
from .marks import LADDER, REPRICE, is_marked
from .terms import record_order_terms


class SaleOrderLine(models.Model):
    """Price guard: a managed dealer's line costs what the order's price list says."""

    _inherit = "sale.order.line"

    b2b2c_net_price = fields.Float(
        **POINTS,
        readonly=True,
        copy=False,
        string="Confirmed Price",
        help="What a unit of the confirmed order costs; it stays.",
    )
    b2b2c_net_quantity = fields.Float(
        **POINTS, readonly=True, copy=False, string="Confirmed Quantity"
    )
    b2b2c_net_uom_id = fields.Many2one(
        "uom.uom",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Confirmed Unit",
        help="What the confirmed price and quantity are of.",
    )
    b2b2c_net_product_id = fields.Many2one(
        "product.product",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Confirmed Product",
    )
    b2b2c_exception_line_id = fields.Many2one(
        "b2b2c.price.exception.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        string="Price Exception",
        groups="base.group_user",
    )

    def _b2b2c_is_payment(self):
        """Hook: tell whether a line pays a part of the order, and is no price.

        Who adds such lines decides what they may be, and keeps others from them.
        """
        self.ensure_one()
        return False

    # === COMPUTE AND CONSTRAINT METHODS === #

    def _compute_discount(self):
        """Leave what was approved: it does not follow the quantity."""
        approved = of_dealer_companies(self).filtered("b2b2c_exception_line_id")
        return super(SaleOrderLine, self - approved)._compute_discount()

    @api.constrains(lambda self: [n for n in PRICING if n in self._fields])
    def _check_b2b2c_price(self):
        if not is_marked(REPRICE):
            LineGuard(self).check()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            refuse_closed(self.env, vals_list, CLOSED)
            vals_list = [without_rule(vals) for vals in vals_list]
        orders = {vals.get("order_id") for vals in vals_list} - {None, False}
        keep_prices_of_before(self.env["sale.order"].browse(orders))
        lines = super().create(vals_list)
        added = of_dealer_companies(lines).sudo()
        added = added.filtered(lambda line: line.order_id.state == "sale")
        keep_prices(added.order_id, added)
        record_order_terms(added.order_id)
        return lines

    def write(self, vals):
        LineGuard(self).before(vals)
        result = super().write(vals if is_marked(LADDER) else without_rule(vals))
        if not vals.keys().isdisjoint(PRICING):
            record_order_terms(of_dealer_companies(self).order_id)
        return result
