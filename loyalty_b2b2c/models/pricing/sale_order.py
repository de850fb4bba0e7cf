from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .price_guard import (
    LADDER,
    REPRICE,
    REWARD,
    find_dealers,
    is_customer,
    is_marked,
    is_same,
    marked,
    net_price,
    plain,
    price_line,
)
from .sale_order_line import without_closed

_OPEN = ("draft", "sent")
#: Written by our own code only.
_CLOSED = {"b2b2c_standing_id", "b2b2c_kept_pricelist_id"}
#: Computed by core; a client that writes them makes an order say something else.
_RESULTS = {"amount_untaxed", "amount_tax", "amount_total", "currency_rate"}
#: What decides for whom and at which prices an order is.
_WATCHED = {
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "pricelist_id",
    "currency_id",
    "state",
    "date_order",
    *_RESULTS,
}


class SaleOrder(models.Model):
    """Price guard: a managed dealer's order has the pricelist of its tier."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
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
    b2b2c_kept_pricelist_id = fields.Many2one(
        "product.pricelist",
        readonly=True,
        copy=False,
        ondelete="restrict",
        string="Prices of Before",
        help="The tier of the dealer changed since this quotation was priced.",
    )

    b2b2c_exception_count = fields.Integer(compute="_compute_b2b2c_exception_count")
    b2b2c_is_managed = fields.Boolean(
        compute="_compute_b2b2c_is_managed",
        string="Priced by a Ladder",
        help="Prices follow from the tier of the dealer.",
    )

    def _compute_b2b2c_exception_count(self):
        counts = dict(
            self.env["b2b2c.price.exception"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.b2b2c_exception_count = counts.get(order.sudo(), 0)

    @api.depends("partner_id", "company_id")
    def _compute_b2b2c_is_managed(self):
        dealers = plain(self)._b2b2c_dealers()
        for order in self:
            order.b2b2c_is_managed = order in dealers or (
                order.state == "sale" and bool(order.sudo().b2b2c_standing_id)
            )

    # === WHO === #

    def _b2b2c_dealers(self):
        """Return ``{order: Dealer}`` of the orders that a ladder prices now."""
        keys = {
            order: (order.company_id.id, order.partner_id.commercial_partner_id.id)
            for order in self.sudo()
        }
        found = find_dealers(self.env, keys.values())
        return {
            order.with_env(self.env): found[key]
            for order, key in keys.items()
            if key in found
        }

    def _b2b2c_look(self, vals_list):
        """Look at the dealers of new orders whose tier time may have changed."""
        partners = self.env["res.partner"].sudo()
        pairs = {
            (
                vals.get("company_id") or self.env.company.id,
                partners.browse(vals["partner_id"]).commercial_partner_id.id,
            )
            for vals in vals_list
            if vals.get("partner_id")
        }
        due = [one for one in find_dealers(self.env, pairs).values() if one.is_due]
        standings = self.env["b2b2c.ladder.standing"].sudo()
        standings.browse([one.standing_id for one in due])._refresh()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            self = without_closed(self, vals_list, _CLOSED)
        self._b2b2c_look(vals_list)
        orders = super().create(vals_list)
        orders._b2b2c_guard(set().union(*vals_list))
        return orders

    def write(self, vals):
        if not is_marked(LADDER) and not _CLOSED.isdisjoint(vals):
            raise UserError(self.env._("The dealer of an order follows from it."))
        if _WATCHED.isdisjoint(vals):
            return super().write(vals)
        orders = plain(self)
        orders._b2b2c_settle_confirmed()
        confirmed = orders.filtered(lambda order: order.state == "sale")
        confirmed._b2b2c_refuse_moving(vals)
        if vals.get("state") == "sale":
            (orders - confirmed)._b2b2c_confirm()
        result = super().write(vals)
        if vals.get("state") == "sale":
            orders = plain(self)
            (orders - confirmed)._b2b2c_snapshot()
        self._b2b2c_guard(vals.keys())
        return result

    def _b2b2c_refuse_moving(self, vals):
        """Refuse that confirmed orders go to other customers or other prices."""
        partner = self.env["res.partner"].browse(vals.get("partner_id") or [])
        for order in self:
            key = (order.company_id.id, partner.commercial_partner_id.id)
            moves = partner and key[1] != order.partner_id.commercial_partner_id.id
            managed = order.b2b2c_standing_id
            if moves and (managed or find_dealers(self.env, [key])):
                raise UserError(
                    self.env._(
                        "%s is confirmed: it stays with its customer. Cancel it, and "
                        "make another order.",
                        order.name,
                    )
                )
            if managed and any(
                name in vals and order[name].id != (vals[name] or False)
                for name in ("pricelist_id", "currency_id", "company_id")
            ):
                raise UserError(
                    self.env._("%s is confirmed: it keeps its price list.", order.name)
                )

    # === GUARD === #

    def _b2b2c_guard(self, names):
        """Check orders after the fields ``names`` of them were written."""
        names = set(names)
        orders = plain(self)
        dealers = orders._b2b2c_dealers()
        if names & {"partner_id", "partner_invoice_id", "company_id"}:
            orders._b2b2c_check_invoice_address(dealers)
        for order, dealer in dealers.items():
            if not self.env.su:
                order._b2b2c_check_written(names)
            if order.state in _OPEN and not is_marked(LADDER):
                order._b2b2c_follow(dealer, names)

    def _b2b2c_check_written(self, names):
        """Refuse what no client decides: dates, totals."""
        if names & _RESULTS:
            raise UserError(self.env._("Totals follow from prices and quantities."))
        if "date_order" not in names:
            return
        # confirming writes its own moment; a form was perhaps opened yesterday
        leeway = timedelta(minutes=5) if self.state == "sale" else timedelta(days=1)
        if abs(self.date_order - fields.Datetime.now()) > leeway:
            raise ValidationError(
                self.env._(
                    "%s: an order of a dealer has the date on which it is made.",
                    self.name,
                )
            )

    def _b2b2c_follow(self, dealer, names):
        """Bring an open order in line with the dealer's tier, or refuse it."""
        tier_list = dealer.pricelist_id
        allowed = {tier_list, self.b2b2c_kept_pricelist_id.id} - {False}
        standing = self.b2b2c_standing_id.id
        moved = standing != dealer.standing_id
        if (
            "pricelist_id" in names
            and self.pricelist_id.id not in allowed
            and not is_customer(self.env)
        ):
            self._b2b2c_refuse_pricelist(dealer)
        values = {}
        if moved:
            self._b2b2c_forget_exceptions()
            values["b2b2c_standing_id"] = dealer.standing_id
            values["b2b2c_kept_pricelist_id"] = False
            allowed = {tier_list}
        if self.pricelist_id.id not in allowed:
            values["pricelist_id"] = tier_list
        if self.pricelist_id.id == tier_list and self.b2b2c_kept_pricelist_id:
            values["b2b2c_kept_pricelist_id"] = False
        if values:
            with marked(LADDER):
                self.write(values)
        if self.currency_id != self.pricelist_id.currency_id:
            self._b2b2c_refuse_pricelist(dealer)
        again = "state" in names and self.state == "draft"
        if self.order_line and (moved or again or "pricelist_id" in values):
            self._b2b2c_reprice(moved)

    def _b2b2c_flag(self, standing):
        """Keep the prices of before, and say so, until a person updates them."""
        with marked(LADDER):
            self.write(
                {
                    "b2b2c_kept_pricelist_id": self.pricelist_id.id,
                    "b2b2c_standing_id": standing.id,
                }
            )

    def _b2b2c_forget_exceptions(self):
        """Forget prices that were approved for another dealer."""
        lines = self.order_line.filtered("b2b2c_exception_line_id")
        if lines:
            with marked(LADDER), marked(REPRICE):
                lines.write({"b2b2c_exception_line_id": False})

    def _b2b2c_digest(self):
        """Return a text that changes when what is ordered, or by whom, changes."""
        self.ensure_one()
        parts = [self.partner_id.id, self.pricelist_id.id, self.currency_id.id]
        for line in self.order_line.sorted("id"):
            if not line.display_type:
                parts += [
                    line.id,
                    line.product_id.id,
                    line.product_uom_id.id,
                    line.product_uom_qty,
                    line.price_unit,
                    line.discount,
                ]
        return sha256(repr(parts).encode()).hexdigest()

    def _b2b2c_refuse_pricelist(self, dealer):
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        raise ValidationError(
            self.env._(
                "%(dealer)s buys at “%(pricelist)s”: the price list follows from the "
                "tier. Ask for a price exception.",
                dealer=self.partner_id.commercial_partner_id.name,
                pricelist=pricelist.name,
            )
        )

    def _b2b2c_reprice(self, moved=False):
        """Price an open order anew by its pricelist.

        :param moved: it was not this dealer's order until now
        """
        if moved and "reward_id" in self.order_line._fields:
            # promotions of a stranger; core adds what the dealer may have
            self.order_line.filtered("reward_id").unlink()
        if self.order_line._b2b2c_price_problems(written=moved):
            self._recompute_prices()

    def _b2b2c_check_invoice_address(self, dealers):
        """Refuse to invoice one customer's order to another one, if one is a dealer."""
        strangers = {
            order: (
                order.company_id.id,
                order.partner_invoice_id.commercial_partner_id.id,
            )
            for order in self
            if order.partner_invoice_id.commercial_partner_id
            != order.partner_id.commercial_partner_id
        }
        if not strangers:
            return
        invoiced = find_dealers(self.env, strangers.values())
        standings = self.env["b2b2c.ladder.standing"]
        for order, key in strangers.items():
            dealer, other = dealers.get(order), invoiced.get(key)
            if not dealer and not other:
                continue
            group = dealer and standings.browse(dealer.standing_id)._get_group()
            if not group or not other or other.standing_id not in group.ids:
                raise ValidationError(
                    self.env._(
                        "%(order)s is of %(customer)s and cannot be invoiced to "
                        "%(other)s: a dealer pays for its own orders.",
                        order=order.name,
                        customer=order.partner_id.commercial_partner_id.name,
                        other=order.partner_invoice_id.commercial_partner_id.name,
                    )
                )

    # === ANOTHER TIER === #

    @api.model
    def _b2b2c_follow_tier(self, standing):
        """Price a dealer's open quotations by the tier in force, or flag them.

        :param standing: the dealer
        """
        if standing.ladder_id.benefit == "bonus":
            return
        orders = self.search(
            [
                ("partner_id", "child_of", standing.partner_id.ids),
                ("company_id", "=", standing.company_id.id),
                ("state", "in", ("draft", "sent")),
            ]
        )
        pricelist = standing.partner_id.with_company(
            standing.company_id
        ).property_product_pricelist
        for order in orders.filtered(lambda one: one.pricelist_id != pricelist):
            if order._b2b2c_is_being_paid():
                continue
            if order._b2b2c_is_flagged_only(standing):
                order._b2b2c_flag(standing)
            else:
                order.pricelist_id = pricelist
                order._recompute_prices()

    def _b2b2c_is_flagged_only(self, standing):
        """Tell whether an open quotation keeps its prices until a person updates it.

        :param standing: the dealer, whose tier changed
        """
        return standing.ladder_id.reprice == "flag"

    def _b2b2c_is_being_paid(self):
        """Tell whether the customer pays, or paid, this price online."""
        return any(
            transaction.state in ("pending", "authorized", "done")
            for transaction in self.sudo().transaction_ids
        )

    # === CONFIRMING === #

    def _b2b2c_confirm(self):
        """Let orders be confirmed at the prices of the tier in force now."""
        dealers = self._b2b2c_dealers()
        standings = self.env["b2b2c.ladder.standing"]
        due = [one.standing_id for one in dealers.values() if one.is_due]
        if due:
            standings.browse(due)._refresh()
            dealers = self._b2b2c_dealers()
        for order in self:
            dealer = dealers.get(order)
            if dealer:
                order._b2b2c_confirm_one(dealer)
            elif order.b2b2c_standing_id:
                with marked(LADDER):
                    order.b2b2c_standing_id = False

    def _b2b2c_confirm_one(self, dealer):
        """Check one order that is being confirmed.

        A customer who confirms online keeps the price that was offered; the deviation
        is recorded.  An employee updates the prices first.
        """
        moved = self.b2b2c_standing_id.id != dealer.standing_id
        is_stale = self.pricelist_id.id != dealer.pricelist_id
        if is_customer(self.env) and not moved:
            self._b2b2c_record_online(dealer)
            return
        if moved or is_stale and not dealer.flags:
            self._b2b2c_follow(dealer, {"state"})
            self.message_post(
                body=self.env._("Priced anew by the tier of the dealer in force.")
            )
            is_stale = False
        if is_stale:
            raise UserError(
                self.env._(
                    "The tier of %(dealer)s changed since %(order)s was priced. Update "
                    "its prices first.",
                    dealer=self.partner_id.commercial_partner_id.name,
                    order=self.name,
                )
            )
        problems = self.order_line._b2b2c_price_problems(written=False)
        if problems:
            raise ValidationError("\n".join(problems.values()))

    def _b2b2c_record_online(self, dealer):
        """Record what a customer, who keeps the offered price, pays less or more."""
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        lines = []
        for line in self.order_line:
            if line.display_type or line.is_downpayment or line.b2b2c_exception_line_id:
                continue
            if self.pricelist_id == pricelist:
                expected = price_line(line).net
            else:
                expected = line._b2b2c_price_of(pricelist)
            if not is_same(net_price(line), expected):
                lines.append(line._b2b2c_deviation(expected))
        if lines:
            standing = self.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
            self.env["b2b2c.price.deviation"]._record(self, standing, "online", lines)

    def _b2b2c_settle_confirmed(self):
        """Keep the prices of orders that were confirmed before there was a dealer."""
        ladders = self.env["b2b2c.ladder"]
        orders = plain(self).filtered(
            lambda order: (
                order.state == "sale"
                and not order.b2b2c_standing_id
                and ladders._get_running(order.company_id.id)
            )
        )
        if orders:
            orders._b2b2c_snapshot()

    def _b2b2c_snapshot(self, lines=None):
        """Keep what confirmed orders of dealers cost.

        :param lines: those of them that are new; all by default
        """
        dealers = self._b2b2c_dealers()
        for order, dealer in dealers.items():
            if not order.sudo().b2b2c_standing_id:
                with marked(LADDER):
                    order.sudo().b2b2c_standing_id = dealer.standing_id
        orders = self.sudo().filtered("b2b2c_standing_id")
        kept = (lines if lines is not None else orders.order_line).filtered(
            lambda line: line.order_id in orders
        )
        if not kept:
            return
        kept.flush_recordset(["price_unit", "discount", "product_uom_qty"])
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET"
                " b2b2c_net_price ="
                " price_unit::numeric * (1 - coalesce(discount, 0)::numeric / 100),"
                " b2b2c_net_quantity = product_uom_qty"
                " WHERE id = ANY(%s) AND display_type IS NULL",
                kept.ids,
            )
        )
        kept.invalidate_recordset(
            ["b2b2c_net_price", "b2b2c_net_quantity"], flush=False
        )

    # === PRICING ANEW === #

    def _recompute_prices(self):
        """Check when all is priced: on the way a line has half a new price."""
        with marked(REPRICE):
            result = super()._recompute_prices()
        if not is_marked(REPRICE):
            self.order_line._check_b2b2c_price()
        return result

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        """Let core's promotions write their lines (``sale_loyalty``)."""
        with marked(REWARD):
            return super()._write_vals_from_reward_vals(
                reward_vals, old_lines, delete=delete
            )

    @api.onchange("partner_id", "pricelist_id")
    def _onchange_b2b2c_prices(self):
        """Show a dealer's prices at once when the customer of a form changes."""
        if self.order_line and plain(self)._b2b2c_dealers():
            lines = self._get_update_prices_lines()
            lines.invalidate_recordset(["pricelist_item_id"])
            with marked(REPRICE):
                lines.with_context(force_price_recomputation=True)._compute_price_unit()
                lines.discount = 0
                lines._compute_discount()

    def _get_update_prices_lines(self):
        """Leave what was approved for this order."""
        lines = super()._get_update_prices_lines()
        return lines.filtered(lambda line: not line.b2b2c_exception_line_id)

    def action_b2b2c_exception(self):
        """Ask for another price: open a draft with the lines of this order."""
        self.ensure_one()
        self.check_access("write")
        if not (plain(self)._b2b2c_dealers() or self.sudo().b2b2c_standing_id):
            raise UserError(
                self.env._(
                    "%s is no order of a dealer: its prices are free.", self.name
                )
            )
        values = self.env["b2b2c.price.exception"]._get_draft(self)
        exception = self.env["b2b2c.price.exception"].create(values)
        return dict(self._b2b2c_open_exceptions(), res_id=exception.id)

    def action_b2b2c_exceptions(self):
        """Open what was asked for on this order."""
        self.ensure_one()
        self.check_access("read")
        return dict(
            self._b2b2c_open_exceptions(),
            views=[(False, "list"), (False, "form")],
            domain=[("order_id", "=", self.id)],
        )

    def _b2b2c_open_exceptions(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Price Exceptions"),
            "res_model": "b2b2c.price.exception",
            "views": [(False, "form")],
        }

    def action_b2b2c_update_prices(self):
        """Give a quotation the prices of the tier in force."""
        for order in self:
            order.check_access("write")
            dealer = plain(order)._b2b2c_dealers().get(order)
            if dealer and order.state in _OPEN:
                with marked(LADDER):
                    plain(order).write(
                        {
                            "pricelist_id": dealer.pricelist_id,
                            "b2b2c_kept_pricelist_id": False,
                        }
                    )
                order.action_update_prices()
        return True

    def copy_data(self, default=None):
        """Price copies of a dealer's orders anew."""
        result = super().copy_data(default=default)
        dealers = plain(self)._b2b2c_dealers()
        for order, values in zip(self, result, strict=True):
            if order not in dealers:
                continue
            values.pop("pricelist_id", None)
            for command in values.get("order_line", ()):
                for name in ("price_unit", "technical_price_unit", "discount"):
                    command[2].pop(name, None)
        return result
