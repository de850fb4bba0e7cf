from odoo import api, fields, models

from ..dealers.dealer_lookup import of_dealer_companies
from .closed_fields import refuse_closed
from .line_guard import LineGuard
from .marks import LADDER, REPRICE, REWARD, is_marked, marked
from .open_orders import price_copies_anew
from .order_guard import CLOSED, OrderGuard, look_at_due


class SaleOrder(models.Model):
    """Price guard: a managed dealer's order has the price list of its tier."""

    _inherit = "sale.order"

    b2b2c_standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        string="Dealer",
        groups="loyalty_b2b2c.group_user",
        help="The dealer whose tier prices this order.",
    )
    b2b2c_was_free = fields.Boolean(
        "Sold Before", readonly=True, copy=False, groups="loyalty_b2b2c.group_user"
    )
    b2b2c_volume_seen = fields.Integer(
        readonly=True,
        copy=False,
        string="Last Volume",
        groups="loyalty_b2b2c.group_user",
        help="The last entry of dealers' volumes when the order was confirmed.",
    )
    b2b2c_kept_pricelist_id = fields.Many2one(
        "product.pricelist",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Prices of Before",
        help="The tier of the dealer changed since this quotation was priced.",
        groups="base.group_user",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            refuse_closed(self.env, vals_list, CLOSED)
        look_at_due(self.env, vals_list)
        orders = super().create(vals_list)
        OrderGuard(orders).check(set().union(*vals_list))
        return orders

    def write(self, vals):
        guard = OrderGuard(self)
        guard.before(vals)
        result = super().write(vals)
        guard.after(vals)
        return result

    def copy_data(self, default=None):
        """Price copies of a dealer's orders anew."""
        vals_list = super().copy_data(default=default)
        price_copies_anew(self, vals_list)
        return vals_list

    # === PRICING ANEW === #

    def _recompute_prices(self):
        """Check when all is priced: on the way a line has half a new price."""
        with marked(REPRICE):
            result = super()._recompute_prices()
        if not is_marked(REPRICE):
            LineGuard(of_dealer_companies(self).order_line).check()
        return result

    def _get_update_prices_lines(self):
        """Leave what was approved for this order."""
        lines = super()._get_update_prices_lines()
        return lines - of_dealer_companies(lines).filtered("b2b2c_exception_line_id")

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        """Let core's promotions write their lines (``sale_loyalty``)."""
        with marked(REWARD):
            return super()._write_vals_from_reward_vals(
                reward_vals, old_lines, delete=delete
            )

    def _b2b2c_is_flagged_only(self, standing):
        """Hook: tell whether an open quotation keeps its prices until a person updates
        them.

        :param standing: the dealer, whose tier changed
        """
        return standing.ladder_id.reprice == "flag"
