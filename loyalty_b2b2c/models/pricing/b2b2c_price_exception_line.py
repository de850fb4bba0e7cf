from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ...const import POINTS
from .closed_fields import refuse_closed
from .confirmed_prices import keep_prices
from .marks import LADDER, REPRICE, is_marked, marked
from .prices import plain, price_line

#: Follows from the line of the order; no client writes it.
_CLOSED = {"product_id", "product_uom_id", "quantity", "expected"}


class B2b2cPriceExceptionLine(models.Model):
    """The price of one line of an order, as it is asked for."""

    _name = "b2b2c.price.exception.line"
    _description = "Line of a Price Exception"
    _order = "exception_id, id"

    exception_id = fields.Many2one(
        "b2b2c.price.exception", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="exception_id.order_id")
    state = fields.Selection(related="exception_id.state", string="Status")
    order_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        ondelete="set null",
        domain="[('order_id', '=', order_id), ('display_type', '=', False),"
        " ('is_downpayment', '=', False)]",
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    product_uom_id = fields.Many2one(
        "uom.uom", readonly=True, ondelete="restrict", string="Unit"
    )
    quantity = fields.Float(**POINTS, readonly=True)
    currency_id = fields.Many2one(related="exception_id.currency_id")
    expected = fields.Float(
        **POINTS, readonly=True, string="By the Tier", help="Price of a unit."
    )
    price = fields.Float(**POINTS, required=True, string="Wanted Price")
    discount = fields.Float(
        digits="Discount",
        compute="_compute_discount",
        inverse="_inverse_discount",
        string="Below the Tier (%)",
    )
    cost = fields.Float(**POINTS, compute="_compute_cost", store=True)

    _price_range = models.Constraint(
        "CHECK (price >= 0)", "A price is zero or more; goods come back by a return."
    )

    @api.depends("price", "expected")
    def _compute_discount(self):
        for line in self:
            line.discount = line._get_discount()

    def _get_discount(self):
        """Return how much the price is below that of the tier, in percent."""
        return 100 * (1 - self.price / self.expected) if self.expected else 0

    @api.onchange("discount")
    def _inverse_discount(self):
        # a line that was not measured yet has its price
        digits = self._fields["discount"].get_digits(self.env)[1]
        for line in self.filtered("expected"):
            if not float_compare(line.discount, line._get_discount(), digits):
                continue  # it is that of the price: rounding does not move it
            line.price = line.expected * (1 - line.discount / 100)

    @api.depends("price", "expected", "quantity")
    def _compute_cost(self):
        for line in self:
            line.cost = (line.expected - line.price) * line.quantity

    @api.constrains("order_line_id", "exception_id")
    def _check_order(self):
        for line in self.filtered("order_line_id"):
            if line.order_line_id.order_id != line.exception_id.order_id:
                raise ValidationError(
                    self.env._("A price exception is for the lines of one order.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            refuse_closed(self.env, vals_list, _CLOSED)
        lines = super().create(vals_list)
        lines._check_draft()
        with marked(LADDER):
            plain(lines)._measure()
        return lines

    def write(self, vals):
        self.check_access("write")
        if not is_marked(LADDER):
            self._check_draft()
            if vals.keys() & (_CLOSED | {"cost", "exception_id"}):
                raise UserError(self.env._("What a line costs follows from the order."))
        result = super().write(vals)
        if "order_line_id" in vals and not is_marked(LADDER):
            with marked(LADDER):
                plain(self)._measure()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()

    def _check_draft(self):
        if not is_marked(LADDER) and any(line.state != "draft" for line in self):
            raise UserError(self.env._("Only a draft can be edited."))

    def _measure(self):
        """Fill in what follows from the order line."""
        for line in self:
            item = line.order_line_id
            if not item or item.display_type or item.is_downpayment:
                raise UserError(self.env._("Choose a line of the order with a price."))
            line.write(
                {
                    "product_id": item.product_id.id,
                    "product_uom_id": item.product_uom_id.id,
                    "quantity": item.product_uom_qty,
                    "expected": price_line(item).net,
                    "cost": 0,  # recomputed, whatever a client stored
                }
            )
        self.env.add_to_compute(self._fields["cost"], self)

    def _apply(self):
        """Put approved prices on the order; the guard lets these values pass."""
        for line in self:
            with marked(LADDER), marked(REPRICE):
                line.order_line_id.write(
                    {
                        "price_unit": line.price,
                        "discount": 0,
                        "b2b2c_exception_line_id": line.id,
                    }
                )
        items = self.order_line_id
        items._check_b2b2c_price()
        confirmed = items.filtered(lambda item: item.order_id.state == "sale")
        keep_prices(confirmed.order_id, confirmed)
