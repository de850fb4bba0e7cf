from odoo import api, fields, models

from ...const import SELLERS_AND_STAFF
from ..dealers.dealer_lookup import of_dealer_companies
from .marks import REPRICE, marked
from .open_orders import update_prices
from .order_guard import OrderGuard


class SaleOrder(models.Model):
    """What people see, and may ask for, on an order that a ladder prices."""

    _inherit = "sale.order"

    b2b2c_exception_count = fields.Integer(
        compute="_compute_b2b2c_exception_count", groups=SELLERS_AND_STAFF
    )
    b2b2c_is_managed = fields.Boolean(
        compute="_compute_b2b2c_is_managed",
        string="Priced by a Ladder",
        help="Prices follow from the tier of the dealer.",
    )

    def _compute_b2b2c_exception_count(self):
        orders = of_dealer_companies(self, or_former=True).sudo()
        counts = {}
        if orders:
            exceptions = self.env["b2b2c.price.exception"].sudo()
            domain = [("order_id", "in", orders.ids)]
            counts.update(exceptions._read_group(domain, ["order_id"], ["__count"]))
        for order in self:
            order.b2b2c_exception_count = counts.get(order, 0)

    @api.depends("partner_id", "company_id")
    def _compute_b2b2c_is_managed(self):
        dealers = OrderGuard(self).dealers
        former = of_dealer_companies(self, or_former=True)
        for order in self:
            order.b2b2c_is_managed = order in dealers or (
                order in former
                and order.state == "sale"
                and bool(order.sudo().b2b2c_standing_id)
            )

    @api.onchange("partner_id", "pricelist_id")
    def _onchange_b2b2c_prices(self):
        """Show a dealer's prices at once when the customer of a form changes."""
        if OrderGuard(self).dealers and self.order_line:
            lines = self._get_update_prices_lines()
            lines.invalidate_recordset(["pricelist_item_id"])
            with marked(REPRICE):
                lines.with_context(force_price_recomputation=True)._compute_price_unit()
                lines.discount = 0
                lines._compute_discount()

    # === ACTIONS === #

    def action_b2b2c_update_prices(self):
        """Give a quotation the prices of the tier in force."""
        for order in self:
            update_prices(order)
        return True
