"""The price guard of orders: a dealer's order has the price list of the tier.

An order is managed when the ladder of its dealer runs and gives a price.  Checked are
values, in whatever way they were written.  The guard is asked before and after an order
is written; it reads nothing where the company has no dealer.
"""

from datetime import timedelta
from hashlib import sha256

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError, ValidationError

from ..dealers.dealer_lookup import (
    find_dealers,
    find_dealers_of,
    get_dealer_key,
    of_dealer_companies,
)
from .confirmed_prices import keep_prices, keep_prices_of_before, keep_volume
from .line_guard import LineGuard
from .marks import LADDER, REPRICE, is_marked, marked
from .prices import get_deviation, is_same, net_price, plain, price_by_list, price_line
from .terms import TERMS, record_order_terms

OPEN = ("draft", "sent")
#: Written by our own code only.
CLOSED = {
    "b2b2c_standing_id",
    "b2b2c_kept_pricelist_id",
    "b2b2c_volume_seen",
    "b2b2c_was_free",
}
#: Computed by core; a client that writes them makes an order say something else.
RESULTS = {"amount_untaxed", "amount_tax", "amount_total", "currency_rate"}
_ADDRESSES = {"partner_id", "partner_invoice_id", "company_id"}
#: What decides for whom and at which prices an order is.
_WATCHED = {
    "pricelist_id",
    "currency_id",
    "state",
    "date_order",
    *_ADDRESSES,
    *RESULTS,
    *TERMS,
}
#: A confirmed order keeps them.
_TERMS = ("pricelist_id", "currency_id", "company_id")


def look_at_due(env, vals_list):
    """Look at the dealers of new orders whose tier time may have changed.

    :param vals_list: of ``sale.order``
    """
    companies = env["b2b2c.ladder.standing"]._get_dealer_companies()
    partners = env["res.partner"].sudo()
    keys = set()
    for vals in vals_list:
        company = vals.get("company_id") or env.company.id
        if companies.get(company) and vals.get("partner_id"):
            partner = partners.browse(vals["partner_id"])
            keys.add((company, partner.commercial_partner_id.id))
    refresh_due(env, find_dealers(env, keys).values())


def refresh_due(env, dealers):
    """Look at those of these dealers whose tier time may have changed.

    :return: whether there was one
    """
    due = [dealer.standing_id for dealer in dealers if dealer.is_due]
    if due:
        env["b2b2c.ladder.standing"].sudo().browse(due)._refresh()
    return bool(due)


def is_customer(env):
    """Tell whether a customer acts, or nobody: the web shop, a payment, a cron."""
    return env.uid == SUPERUSER_ID or not env.user._is_internal()


class OrderGuard:
    """What ladders say of orders, for one write of them.

    :param orders: ``sale.order`` in the environment of who writes
    """

    def __init__(self, orders):
        self.env = plain(orders).env
        self._is_client = not orders.env.su
        self._all = orders
        self._confirmed = orders.browse()

    @property
    def orders(self):
        """The orders of companies with dealers, as the guard looks at them."""
        return plain(of_dealer_companies(self._all))

    @property
    def dealers(self):
        """``{order: Dealer}`` of the orders that a ladder prices now."""
        return find_dealers_of(self.orders)

    def is_managed(self):
        """Tell whether a ladder prices one of the orders, or did when it was sold."""
        orders = plain(of_dealer_companies(self._all, or_former=True))
        return bool(orders.b2b2c_standing_id or self.dealers)

    # === WRITING === #

    def before(self, vals):
        """Prepare orders for a write of ``vals``, or refuse it.

        :raise UserError: with what to do instead
        """
        if is_marked(LADDER):
            return
        if not CLOSED.isdisjoint(vals):
            raise UserError(self.env._("The dealer of an order follows from it."))
        if _WATCHED.isdisjoint(vals):
            return
        orders = self.orders
        keep_prices_of_before(orders)
        self._confirmed = orders.filtered(lambda order: order.state == "sale")
        for order in self._confirmed:
            if problem := self.get_moving_problem(order, vals):
                raise UserError(problem)
        if vals.get("state") == "sale":
            self._confirm(orders - self._confirmed)

    def after(self, vals):
        """Check orders after ``vals`` were written, and bring them in line.

        :raise UserError: with what to do instead
        """
        if is_marked(LADDER) or _WATCHED.isdisjoint(vals):
            return
        if vals.get("state") == "sale":
            keep_prices(self.orders - self._confirmed)
            confirmed = self.orders - self._confirmed
            keep_volume(confirmed.filtered("b2b2c_standing_id"))
        self.check(vals)
        if vals.get("state") == "sale" or not TERMS.isdisjoint(vals):
            record_order_terms(self.orders)

    def check(self, names):
        """Check orders of which the fields ``names`` were written.

        :raise UserError: with what to do instead
        """
        if is_marked(LADDER):
            return
        names, dealers = set(names), self.dealers
        if names & _ADDRESSES:
            self._check_invoice_address(dealers)
        for order, dealer in dealers.items():
            if self._is_client:
                self._check_written(order, names)
            if order.state in OPEN:
                self._follow(order, dealer, names)

    def get_moving_problem(self, order, vals):
        """Return why ``vals`` must not be written to a confirmed order, or nothing.

        A dealer's confirmed order does not go to another customer or price list, and
        nobody's goes to a dealer.
        """
        managed = order.b2b2c_standing_id
        partner = self.env["res.partner"].browse(vals.get("partner_id") or [])
        key = (order.company_id.id, partner.commercial_partner_id.id)
        moves = partner and key != get_dealer_key(order)
        if moves and (managed or find_dealers(self.env, [key])):
            return self.env._(
                "%s is confirmed: it stays with its customer. Cancel it, and make "
                "another order.",
                order.name,
            )
        if managed and any(
            name in vals and order[name].id != (vals[name] or False) for name in _TERMS
        ):
            return self.env._("%s is confirmed: it keeps its price list.", order.name)
        return None

    def _check_written(self, order, names):
        """Refuse what no client decides: dates, totals."""
        if names & RESULTS:
            raise UserError(self.env._("Totals follow from prices and quantities."))
        if "date_order" not in names:
            return
        # confirming writes its own moment; a form was perhaps opened yesterday
        leeway = timedelta(minutes=5) if order.state == "sale" else timedelta(days=1)
        if abs(order.date_order - fields.Datetime.now()) > leeway:
            raise ValidationError(
                self.env._(
                    "%s: an order of a dealer has the date on which it is made.",
                    order.name,
                )
            )

    def _check_invoice_address(self, dealers):
        """Refuse to invoice one customer's order to another one, if one is a dealer."""
        payers = {
            order: order.partner_invoice_id.commercial_partner_id
            for order in self.orders
        }
        keys = {
            order: (order.company_id.id, payer.id)
            for order, payer in payers.items()
            if payer != order.partner_id.commercial_partner_id
        }
        invoiced = find_dealers(self.env, keys.values())
        for order, key in keys.items():
            dealer, payer = dealers.get(order), invoiced.get(key)
            if (dealer or payer) and not self._count_together(dealer, payer):
                raise ValidationError(
                    self.env._(
                        "%(order)s is of %(customer)s and cannot be invoiced to "
                        "%(other)s: a dealer pays for its own orders.",
                        order=order.name,
                        customer=order.partner_id.commercial_partner_id.name,
                        other=payers[order].name,
                    )
                )

    def _count_together(self, dealer, other):
        """Tell whether two are dealers whose volume is added up."""
        if not dealer or not other:
            return False
        standing = self.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
        return other.standing_id in standing._get_group().ids

    # === THE TIER === #

    def _follow(self, order, dealer, names):
        """Bring an open order in line with the dealer's tier, or refuse it."""
        moved = order.b2b2c_standing_id.id != dealer.standing_id
        kept_id = order.b2b2c_kept_pricelist_id.id
        if "pricelist_id" in names and not is_customer(self.env):
            if order.pricelist_id.id not in {dealer.pricelist_id, kept_id} - {False}:
                raise ValidationError(self._get_list_problem(order, dealer))
        if moved:
            forget_exceptions(order)
        values = get_tier_values(order, dealer)
        if values:
            with marked(LADDER):
                order.write(values)
        if order.currency_id != order.pricelist_id.currency_id:
            raise ValidationError(self._get_list_problem(order, dealer))
        again = "state" in names and order.state == "draft"
        if order.order_line and (moved or again or "pricelist_id" in values):
            reprice(order, moved)

    def _get_list_problem(self, order, dealer):
        """Return the words that refuse another price list or currency."""
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        return self.env._(
            "%(dealer)s buys at “%(pricelist)s”: the price list follows from the tier. "
            "Ask for a price exception.",
            dealer=order.partner_id.commercial_partner_id.name,
            pricelist=pricelist.name,
        )

    # === CONFIRMING === #

    def _confirm(self, orders):
        """Let orders be confirmed at the prices of the tier in force now."""
        dealers = find_dealers_of(orders)
        if refresh_due(self.env, dealers.values()):
            dealers = find_dealers_of(orders)
        for order in orders:
            dealer = dealers.get(order)
            if dealer:
                self._confirm_order(order, dealer)
            elif order.b2b2c_standing_id:
                with marked(LADDER):
                    order.b2b2c_standing_id = False
            if order.b2b2c_was_free:
                with marked(LADDER):
                    order.b2b2c_was_free = False

    def _confirm_order(self, order, dealer):
        """Check one order that is being confirmed.

        A customer who confirms online keeps the price that was offered; the deviation
        is recorded.  An employee updates the prices first.
        """
        moved = order.b2b2c_standing_id.id != dealer.standing_id
        stale = order.pricelist_id.id != dealer.pricelist_id
        if is_customer(self.env) and not moved:
            self._record_online(order, dealer)
            return
        if moved or stale and not dealer.flags:
            self._follow(order, dealer, {"state"})
            order.message_post(
                body=self.env._("Priced anew by the tier of the dealer in force.")
            )
        elif stale:
            raise UserError(
                self.env._(
                    "The tier of %(dealer)s changed since %(order)s was priced. Update "
                    "its prices first.",
                    dealer=order.partner_id.commercial_partner_id.name,
                    order=order.name,
                )
            )
        LineGuard(order.order_line).check(written=False)

    def _record_online(self, order, dealer):
        """Record what a customer, who keeps the offered price, pays less or more."""
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        deviations = []
        for line in order.order_line:
            if line.display_type or line.is_downpayment or line.b2b2c_exception_line_id:
                continue
            if line._b2b2c_is_payment():
                continue
            if order.pricelist_id == pricelist:
                expected = price_line(line).net
            else:
                expected = price_by_list(line, pricelist)
            if not is_same(net_price(line), expected):
                deviations.append(get_deviation(line, expected))
        if deviations:
            standing = self.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
            self.env["b2b2c.price.deviation"]._record(
                order, standing, "online", deviations
            )


# === OPEN ORDERS === #


def get_tier_values(order, dealer):
    """Return the values that bring an open order in line with the dealer's tier.

    The price list of before stays where a quotation is flagged for it.

    :param order: one ``sale.order``
    :param dealer: :class:`~..dealers.dealer_lookup.Dealer`
    """
    values = {}
    kept_id = order.b2b2c_kept_pricelist_id.id
    if order.b2b2c_standing_id.id != dealer.standing_id:
        values.update(
            b2b2c_standing_id=dealer.standing_id, b2b2c_kept_pricelist_id=False
        )
        kept_id = False
    if order.pricelist_id.id == dealer.pricelist_id:
        if order.b2b2c_kept_pricelist_id:
            values["b2b2c_kept_pricelist_id"] = False
    elif not kept_id or order.pricelist_id.id != kept_id:
        values["pricelist_id"] = dealer.pricelist_id
    return values


def reprice(order, moved=False):
    """Price an open order anew by its price list.

    :param moved: it was not this dealer's order until now
    """
    if moved and "reward_id" in order.order_line._fields:
        # promotions of a stranger; core adds what the dealer may have
        rewards = order.order_line.filtered("reward_id")
        rewards.filtered(lambda line: not line._b2b2c_is_payment()).unlink()
    if LineGuard(order.order_line).problems(written=moved):
        order._recompute_prices()


def forget_exceptions(order):
    """Forget prices that were approved for another dealer."""
    lines = order.order_line.filtered("b2b2c_exception_line_id")
    if lines:
        with marked(LADDER), marked(REPRICE):
            lines.write({"b2b2c_exception_line_id": False})


def get_digest(order):
    """Return a text that changes when what is ordered, or by whom, changes."""
    parts = [order.partner_id.id, order.pricelist_id.id, order.currency_id.id]
    for line in order.order_line.sorted("id"):
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
