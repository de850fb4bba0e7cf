from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS
from .price_guard import (
    EXPENSE,
    LADDER,
    REPRICE,
    REWARD,
    is_marked,
    is_same,
    net_price,
    plain,
    price_line,
    price_taxes,
    without_defaults,
)

#: Fields that say, or change, what a line costs; of modules that may be there.
_PRICING = (
    "order_id",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "discount",
    "tax_ids",
    "display_type",
    "is_downpayment",
    "is_delivery",
    "is_expense",
    "reward_id",
    "combo_item_id",
    "linked_line_id",
    "extra_tax_data",
    "product_no_variant_attribute_value_ids",
)
#: Computed by core; a client that writes them makes an order say something else.
_RESULTS = {"price_subtotal", "price_tax", "price_total", "price_reduce_taxexcl"}
#: Written by our own code only.
_CLOSED = {"b2b2c_net_price", "b2b2c_net_quantity", "b2b2c_exception_line_id"}


class SaleOrderLine(models.Model):
    """Price guard: a managed dealer's line costs what the order's pricelist says."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
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

    b2b2c_exception_line_id = fields.Many2one(
        "b2b2c.price.exception.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        string="Price Exception",
    )

    # === COMPUTE METHODS === #

    def _compute_discount(self):
        """Leave what was approved: it does not follow the quantity."""
        return super(
            SaleOrderLine, self.filtered(lambda one: not one.b2b2c_exception_line_id)
        )._compute_discount()

    # === CONSTRAINT METHODS === #

    @api.constrains(lambda self: [n for n in _PRICING if n in self._fields])
    def _check_b2b2c_price(self):
        if is_marked(REPRICE):
            return
        problems = self._b2b2c_price_problems()
        if problems:
            raise ValidationError("\n".join(problems.values()))

    def _b2b2c_price_problems(self, written=True):
        """Return ``{line: text}`` for lines that must not cost what they cost.

        :param written: they are being written; what core adds was checked before
        """
        ladders = self.env["b2b2c.ladder"]
        lines = plain(
            self.filtered(
                lambda line: (
                    not line.display_type
                    and line.order_id.state != "cancel"
                    and ladders._get_running(line.order_id.company_id.id)
                )
            )
        )
        dealers = lines.order_id._b2b2c_dealers() if lines else {}
        found = {}
        for line in lines:
            order = line.order_id
            dealer = dealers.get(order)
            if not (order.b2b2c_standing_id if order.state == "sale" else dealer):
                continue
            problem = line._b2b2c_price_problem(dealer, written)
            if problem:
                found[line] = problem
        return found

    def _b2b2c_price_problem(self, dealer, written):
        """Return why this line of a dealer must not cost what it costs, or nothing."""
        if self.product_uom_qty < 0:
            return self.env._(
                "%s: a dealer's order has no negative quantities. Take goods back by "
                "a return, or ask for a price exception.",
                self.name,
            )
        if self.is_downpayment:
            # it has no quantity: it counts on invoices only
            is_right = not (self.product_uom_qty or self.discount)
            is_right = is_right and self.price_unit >= 0
        elif self.extra_tax_data:
            is_right = False
        elif "reward_id" in self._fields and self.reward_id:
            is_right = bool(dealer and dealer.rewards)
            is_right = is_right and (is_marked(REWARD) or not written)
        elif self.is_expense:
            is_right = is_marked(EXPENSE) or not written
        elif "is_delivery" in self._fields and self.is_delivery:
            is_right = self._b2b2c_is_delivery()
        else:
            return self._b2b2c_product_problem()
        return None if is_right else self._b2b2c_refused()

    def _b2b2c_refused(self):
        return self.env._(
            "%(line)s: prices of %(dealer)s follow from its tier; nothing else lowers "
            "them. Ask for a price exception.",
            line=self.name or "",
            dealer=self.order_id.partner_id.commercial_partner_id.name,
        )

    def _b2b2c_is_delivery(self):
        """Tell whether this is the fee of a carrier, which is never negative."""
        carriers = self.env["delivery.carrier"].with_context(active_test=False)
        return (
            self.product_id.type == "service"
            and net_price(self) >= 0
            and bool(carriers.search_count([("product_id", "=", self.product_id.id)]))
        )

    def _b2b2c_product_problem(self):
        """Compare with the pricelist, or with what was confirmed."""
        net = net_price(self)
        if problem := self._b2b2c_tax_problem():
            return problem
        if self._b2b2c_is_approved(net):
            return None
        expected = price_line(self)
        if expected.matches(net) or self._b2b2c_keeps_price(net):
            return None
        return self.env._(
            "%(line)s costs %(dealer)s %(expected)s, not %(actual)s: prices follow "
            "from its tier (%(pricelist)s). Update the prices, or ask for a price "
            "exception.",
            line=self.name,
            dealer=self.order_id.partner_id.commercial_partner_id.name,
            expected=self._b2b2c_format(expected.net),
            actual=self._b2b2c_format(net),
            pricelist=self.order_id.pricelist_id.name or "",
        )

    def _b2b2c_is_approved(self, net):
        """Tell whether another person approved this price, for this quantity."""
        line = self.b2b2c_exception_line_id
        return (
            bool(line)
            and line.state == "approved"
            and line.order_id == self.order_id
            and line.product_id == self.product_id
            and self.product_uom_qty <= line.quantity
            and is_same(net, line.price)
        )

    def _b2b2c_keeps_price(self, net):
        """Tell whether a price was confirmed with the order, for this quantity."""
        if not self.b2b2c_net_quantity or not is_same(net, self.b2b2c_net_price):
            return False
        if self.order_id.state != "sale" and not self.qty_invoiced:
            return False
        if self.product_uom_qty >= self.b2b2c_net_quantity or not self.product_uom_qty:
            return True
        # a price for many is none for a few
        pricelist = self.order_id.pricelist_id
        return is_same(
            self._b2b2c_price_of(pricelist),
            self._b2b2c_price_of(pricelist, self.b2b2c_net_quantity),
        )

    def _b2b2c_price_of(self, pricelist, quantity=None):
        """Return what a unit costs by a price list, before taxes are mapped."""
        return pricelist._get_product_price(
            self.product_id.with_context(**self._get_product_price_context()),
            quantity or self.product_uom_qty or 1,
            currency=self.currency_id,
            uom=self.product_uom_id,
            date=self.order_id.date_order,
        )

    def _b2b2c_deviation(self, expected):
        """Return this line for ``b2b2c.price.deviation``."""
        return {
            "key": self.id,
            "name": self.name,
            "product": self.product_id,
            "quantity": self.product_uom_qty,
            "expected": expected,
            "actual": net_price(self),
            "currency": self.currency_id,
        }

    def _b2b2c_tax_problem(self):
        """Refuse taxes that make the price another one: in it, or negative."""
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        taxes = self.order_id.fiscal_position_id.map_tax(taxes)
        if self.tax_ids == taxes or set(self.tax_ids) == set(taxes):
            return None
        if price_taxes(self.tax_ids) == price_taxes(taxes):
            return None
        return self.env._(
            "%(line)s: with these taxes %(dealer)s pays another price.",
            line=self.name,
            dealer=self.order_id.partner_id.commercial_partner_id.name,
        )

    def _b2b2c_format(self, price):
        """Return a unit price for people."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return f"{price:.{digits}f} {self.currency_id.name}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            self = without_closed(self, vals_list, _CLOSED)
            vals_list = [_without_rule(vals) for vals in vals_list]
        orders = {vals.get("order_id") for vals in vals_list} - {None, False}
        self.env["sale.order"].browse(orders)._b2b2c_settle_confirmed()
        lines = super().create(vals_list)
        added = lines.sudo().filtered(lambda line: line.order_id.state == "sale")
        added.order_id._b2b2c_snapshot(added)
        return lines

    def write(self, vals):
        if not is_marked(LADDER):
            if not _CLOSED.isdisjoint(vals):
                raise UserError(self.env._("Confirmed prices are kept by themselves."))
            vals = _without_rule(vals)
            if vals.keys() & _RESULTS and not self.env.su:
                self._b2b2c_refuse_results()
        if not vals.keys().isdisjoint(_PRICING):
            self.order_id._b2b2c_settle_confirmed()
        return super().write(vals)

    def _b2b2c_refuse_results(self):
        """Refuse that a client writes what core computes for a managed dealer."""
        orders = plain(self.order_id)
        if orders._b2b2c_dealers() or orders.b2b2c_standing_id:
            raise UserError(self.env._("Totals follow from prices and quantities."))


def without_closed(records, vals_list, closed):
    """Return records to create with, whose context fills no closed field.

    :raise UserError: the values do
    """
    if any(vals.get(name) for vals in vals_list for name in closed):
        raise UserError(records.env._("These values follow from what happens."))
    return without_defaults(records, closed)


def _without_rule(vals):
    """Return values without the pricelist's rule: core finds it, no client."""
    return {k: v for k, v in vals.items() if k != "pricelist_item_id"}
