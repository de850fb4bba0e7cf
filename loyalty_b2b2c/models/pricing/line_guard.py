"""The price guard of order lines: a line costs what its order's price list says."""

from odoo.exceptions import UserError, ValidationError

from ..dealers.dealer_lookup import find_dealers_of, of_dealer_companies
from .combos import is_complete
from .confirmed_prices import CONFIRMED, keep_prices_of_before
from .marks import EXPENSE, LADDER, REWARD, is_marked
from .prices import (
    TOLERANCE,
    get_product_taxes,
    is_same,
    net_price,
    plain,
    price_by_list,
    price_line,
    price_taxes,
    price_today,
)
from .units import get_ratio, is_more

#: Fields that say, or change, what a line costs; of modules that may be there.
PRICING = (
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
#: Written by our own code only.
CLOSED = {*CONFIRMED, "b2b2c_exception_line_id"}
#: Computed by core; a client that writes them makes an order say something else.
_RESULTS = {
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_reduce_taxexcl",
    "qty_delivered_method",
    "qty_invoiced",
}


def without_rule(vals):
    """Return values without the price list's rule: core finds it, no client."""
    return {name: value for name, value in vals.items() if name != "pricelist_item_id"}


class LineGuard:
    """What ladders say of the prices of order lines.

    :param lines: ``sale.order.line`` in the environment of who writes
    """

    def __init__(self, lines):
        self.env = plain(lines).env
        self._is_client = not lines.env.su
        self._lines = lines

    def before(self, vals):
        """Prepare lines for a write of ``vals``, or refuse it.

        :raise UserError: a client writes what follows from prices and quantities
        """
        if not is_marked(LADDER):
            if not CLOSED.isdisjoint(vals):
                raise UserError(self.env._("Confirmed prices are kept by themselves."))
            if self._is_client and self._has_results(vals):
                self._refuse_results()
        if "order_id" in vals:
            self._check_order(vals["order_id"])
        if not vals.keys().isdisjoint(PRICING):
            keep_prices_of_before(plain(of_dealer_companies(self._lines)).order_id)

    def _check_order(self, order_id):
        """Refuse to take what was confirmed at a price to another order."""
        for line in plain(of_dealer_companies(self._lines)):
            if line.order_id.id != order_id and line.b2b2c_net_quantity:
                raise UserError(
                    self.env._(
                        "%s was confirmed: a line stays with its order.", line.name
                    )
                )

    def _has_results(self, vals):
        """Tell whether values are some that core computes: what was delivered is
        written for services only, of goods stock says it."""
        if "qty_delivered" in vals:
            methods = plain(of_dealer_companies(self._lines)).mapped(
                "qty_delivered_method"
            )
            if set(methods) - {"manual"}:
                return True
        return not _RESULTS.isdisjoint(vals)

    def _refuse_results(self):
        """Refuse that a client writes what core computes for a managed dealer."""
        orders = plain(of_dealer_companies(self._lines, or_former=True)).order_id
        if orders.b2b2c_standing_id or find_dealers_of(orders):
            raise UserError(self.env._("Totals follow from prices and quantities."))

    def check(self, written=True):
        """Check that lines cost what they must.

        :param written: see :meth:`problems`
        :raise ValidationError: one costs something else
        """
        problems = self.problems(written)
        if problems:
            raise ValidationError("\n".join(problems.values()))

    def problems(self, written=True):
        """Return ``{line: text}`` for lines that must not cost what they cost.

        :param written: they are being written; what core adds was checked before
        """
        lines = plain(of_dealer_companies(self._lines)).filtered(
            lambda line: not line.display_type and line.order_id.state != "cancel"
        )
        dealers = find_dealers_of(lines.order_id)
        problems = {}
        for line in lines:
            order = line.order_id
            dealer = dealers.get(order)
            if order.b2b2c_standing_id if order.state == "sale" else dealer:
                if problem := self._get_problem(line, dealer, written):
                    problems[line] = problem
        return problems

    def _get_problem(self, line, dealer, written):
        """Return why a line of a dealer must not cost what it costs, or nothing."""
        if line.product_uom_qty < 0:
            return self.env._(
                "%s: a dealer's order has no negative quantities. Take goods back by "
                "a return, or ask for a price exception.",
                line.name,
            )
        allowed = is_allowed_beside(line, dealer, written)
        if allowed is None and (written or is_whole(line)):
            return self._get_product_problem(line, dealer)
        if allowed:
            return None
        return self.env._(
            "%(line)s: prices of %(dealer)s follow from its tier; nothing else lowers "
            "them. Ask for a price exception.",
            line=line.name or "",
            dealer=line.order_id.partner_id.commercial_partner_id.name,
        )

    def _get_product_problem(self, line, dealer):
        """Compare with the price list, or with what was confirmed."""
        if not has_own_taxes(line):
            return self.env._(
                "%(line)s: with these taxes %(dealer)s pays another price.",
                line=line.name,
                dealer=line.order_id.partner_id.commercial_partner_id.name,
            )
        net = net_price(line)
        if is_approved(line, net):
            return None
        if was_confirmed(line, net):
            return None
        expected = price_line(line)
        today = get_price_of_change(line, dealer)
        if today is not None and net < today * (1 - TOLERANCE):
            return self.env._(
                "%(line)s costs %(dealer)s %(expected)s today: what is added to a "
                "confirmed order, or is more than was confirmed, has the price of "
                "today. Order it anew, or ask for a price exception.",
                line=line.name,
                dealer=line.order_id.partner_id.commercial_partner_id.name,
                expected=self._format(line, today),
            )
        if expected.matches(net) or (today is not None and is_same(net, today)):
            return None
        return self.env._(
            "%(line)s costs %(dealer)s %(expected)s, not %(actual)s: prices follow "
            "from its tier (%(pricelist)s). Update the prices, or ask for a price "
            "exception.",
            line=line.name,
            dealer=line.order_id.partner_id.commercial_partner_id.name,
            expected=self._format(line, expected.net),
            actual=self._format(line, net),
            pricelist=line.order_id.pricelist_id.name or "",
        )

    def _format(self, line, price):
        """Return a unit price for people."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return f"{price:.{digits}f} {line.currency_id.name}"


# === WHAT IS RIGHT === #


def is_allowed_beside(line, dealer, written):
    """Tell whether a line that is no sale of a product may be there as it is.

    :param dealer: of the order, ``None`` for nobody's
    :param written: see :meth:`LineGuard.problems`
    :return: ``None`` for a product, whose price is compared
    """
    if line._b2b2c_is_payment():
        return True
    if line.is_downpayment:
        return is_advance(line)
    if line.extra_tax_data:
        return False
    if "reward_id" in line._fields and line.reward_id:
        is_given = is_marked(REWARD) or not written
        return bool(dealer and dealer.rewards) and is_given
    if line.is_expense:
        return is_marked(EXPENSE) or not written
    if "is_delivery" in line._fields and line.is_delivery:
        return is_delivery_fee(line)
    return None


def is_advance(line):
    """Tell whether a line is an advance and nothing else: it names nothing that is
    sold, and has no quantity, as it counts on invoices only."""
    names_goods = line.product_id or line.b2b2c_net_quantity
    has_figures = line.product_uom_qty or line.discount
    return not (names_goods or has_figures) and line.price_unit >= 0


def is_whole(line):
    """Tell whether a line is no part of a combination, or the other parts are there."""
    return not line.combo_item_id or is_complete(line)


def is_delivery_fee(line):
    """Tell whether a line is the fee of a carrier, which is never negative."""
    carriers = line.env["delivery.carrier"].with_context(active_test=False)
    return (
        line.product_id.type == "service"
        and net_price(line) >= 0
        and bool(carriers.search_count([("product_id", "=", line.product_id.id)]))
    )


def has_own_taxes(line):
    """Tell whether the taxes of a line leave its price what it is.

    Taxes in the price and negative ones make it another price.
    """
    taxes = line.order_id.fiscal_position_id.map_tax(get_product_taxes(line))
    if set(line.tax_ids) == set(taxes):
        return True
    return price_taxes(line.tax_ids) == price_taxes(taxes)


def is_approved(line, net):
    """Tell whether another person approved this price, for this quantity."""
    approved = line.b2b2c_exception_line_id
    if not (
        approved
        and approved.state == "approved"
        and approved.order_id == line.order_id
        and approved.product_id == line.product_id
    ):
        return False
    ratio = get_ratio(line.product_uom_id, line.product_id)
    unit = get_ratio(approved.product_uom_id, line.product_id)
    return not is_more(
        line.product_uom_qty * ratio, approved.quantity * unit
    ) and is_same(net / ratio, approved.price / unit)


def was_confirmed(line, net):
    """Tell whether a price was confirmed with the order: for this product, and at most
    so much of it, whatever unit either is written in."""
    kept = line.b2b2c_net_quantity
    if not kept or line.product_id != line.b2b2c_net_product_id:
        return False
    if line.order_id.state != "sale" and not line.qty_invoiced:
        return False
    ratio = get_ratio(line.product_uom_id, line.product_id)
    unit = get_ratio(line.b2b2c_net_uom_id, line.product_id)
    if not is_same(net / ratio, line.b2b2c_net_price / unit):
        return False
    quantity, kept = line.product_uom_qty * ratio, kept * unit
    if is_more(quantity, kept):
        return False
    if not quantity or not is_more(kept, quantity):
        return True
    # a price for many is none for a few
    pricelist = line.order_id.pricelist_id
    return is_same(
        price_by_list(line, pricelist),
        price_by_list(line, pricelist, kept / ratio),
    )


def get_price_of_change(line, dealer):
    """Return what costs today what is new on a confirmed order.

    :param dealer: of the order, ``None`` for nobody's any more
    :return: ``None`` where the price list of the order is the one of today
    """
    order = line.order_id
    if order.state != "sale":
        return None
    if dealer:
        pricelist = line.env["product.pricelist"].browse(dealer.pricelist_id)
    else:
        partner = order.partner_id.with_company(order.company_id)
        pricelist = partner.property_product_pricelist
    return None if pricelist == order.pricelist_id else price_today(line, pricelist)
