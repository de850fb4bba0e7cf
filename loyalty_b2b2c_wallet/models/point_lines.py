"""The lines of an order that say what is paid in points.

A line counts points: so many, at what a point pays.  So an invoice, or a credit note,
of a part of the goods takes a whole number of them.  A discount has a line for each
set of taxes; all of them count the same points.
"""

from decimal import Decimal
from fractions import Fraction

from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.engine import to_decimal, to_fraction
from odoo.addons.loyalty_b2b2c.engine.part_payment import share
from odoo.addons.loyalty_b2b2c.values import shown

from .marks import ASKING, CORE, marked

ZERO = Decimal(0)

#: What a client may not write on a line of points: it follows from what was chosen.
DERIVED = {
    "coupon_id", "discount", "display_type", "is_downpayment", "order_id",
    "points_cost", "price_unit", "product_id", "product_uom_id", "product_uom_qty",
    "reward_id", "reward_identifier_code", "technical_price_unit",
}  # fmt: skip

#: What changes how much the goods of an order cost.
PRICED = {"product_uom_qty", "price_unit", "discount", "tax_ids"}


def is_point_line(line):
    """Tell whether a line of an order or invoice says what is paid in points."""
    return bool(line.coupon_id and line.coupon_id.sudo().program_id.b2b2c_wallet)


def of_points(lines):
    """Return the lines of points among lines of orders."""
    return lines.filtered(is_point_line).sorted("id")


def get_goods(order):
    """Return the lines of an order that cost something: goods, delivery, discounts."""
    return order.order_line.filtered(
        lambda line: (
            not (line.display_type or line.is_downpayment or is_point_line(line))
        )
    )


def get_total(order):
    """Return what the goods of an order cost, with taxes, whatever pays them."""
    return sum(map(_get_price, get_goods(order)), Fraction(0))


def get_payable(order, kind):
    """Return how much of an order points may pay before any limit.

    :param str kind: ``payment``, or ``discount``, which lowers no delivery cost
    """
    paid = sum(map(_get_price, of_points(order.order_line)), Fraction(0))
    total = to_fraction(order.amount_total) - paid
    if kind == "payment":
        return max(total, Fraction(0))
    delivery = order._get_no_effect_on_threshold_lines()
    return max(total - sum(map(_get_price, delivery), Fraction(0)), Fraction(0))


def get_invoiceable_points(line):
    """Return how many points of a line belong to the goods that are to be invoiced.

    :param line: a line of points of a confirmed order
    :return: Decimal, with those that were invoiced already
    """
    goods = get_goods(line.order_id)
    due = sum(map(_get_due_price, goods), Fraction(0))
    points = to_fraction(line.product_uom_qty)
    return share(points, due, get_total(line.order_id), get_decimals(line))


def get_decimals(line):
    """Return how many decimals of a point a line can count."""
    precision = line.env["decimal.precision"].precision_get("Product Unit")
    card = line.coupon_id.sudo()
    return min(card.b2b2c_account_id.unit_id.decimals, precision)


def _get_price(line):
    return to_fraction(line.price_total)


def _get_due_price(line):
    """Return what a line costs as far as it can be invoiced by now."""
    if line.product_id.invoice_policy != "delivery" or not line.product_uom_qty:
        return _get_price(line)
    done = to_fraction(line.qty_delivered) / to_fraction(line.product_uom_qty)
    return _get_price(line) * done


# === INVOICES === #


def get_sign(item):
    """Return what a line of an invoice counts: 1, or -1 on a credit note."""
    return -1 if item.move_id.move_type == "out_refund" else 1


def get_posted_points(line):
    """Return how many points of a line were invoiced, and credited.

    :param line: a line of points, or none
    :return: ``(Decimal, Decimal)``
    """
    totals = {1: ZERO, -1: ZERO}
    for item in line.sudo().invoice_lines:
        if item.parent_state == "posted":
            totals[get_sign(item)] += to_decimal(item.quantity)
    return totals[1], totals[-1]


def get_invoiced_points(line, move):
    """Return how many points of a line are invoiced, less what is credited.

    :param move: a draft that counts already
    """
    billed, credited = get_posted_points(line)
    drafts = line.sudo().invoice_lines.filtered(
        lambda item: item.move_id == move and item.parent_state != "posted"
    )
    return (
        billed
        - credited
        + sum((get_sign(item) * to_decimal(item.quantity) for item in drafts), ZERO)
    )


# === WRITING === #


def write_lines(order, card, points, terms):
    """Let the lines of an order that is not confirmed pay with so many points.

    Core says how the price spreads over taxes; how much of it is ours.

    :param card: ``loyalty.card`` of the wallet, empty when nothing is paid in points
    :param points: Decimal
    :param terms: :class:`~engine.part_payment.Terms`
    """
    values = _get_values(order, card, points, terms) if points else []
    lines = of_points(order.order_line)
    if values or lines:
        with marked(CORE):
            order._write_vals_from_reward_vals(values, lines)
            for line, vals in zip(of_points(order.order_line), values, strict=True):
                line.name = vals["name"]  # core keeps the name of a line it reuses


def _get_values(order, card, points, terms):
    """Return the values of the lines that pay with so many points."""
    reward = card.program_id.reward_ids
    try:
        with marked(ASKING):
            values = order._get_reward_line_values(reward, card)
    except UserError:  # nothing to pay
        return []
    discountable, _per_tax = order._discountable_order(reward)
    whole = min(to_fraction(order.amount_total), to_fraction(discountable))
    each = terms.worth(points) / whole / Fraction(points)
    unit = card.b2b2c_account_id.unit_id.with_context(lang=order._get_lang())
    for place, vals in enumerate(values):
        vals["product_uom_qty"] = shown(points)
        vals["price_unit"] = shown(to_fraction(vals["price_unit"]) * each)
        vals["points_cost"] = 0 if place else shown(points)
        vals["name"] = _word_line(order, unit, vals["name"], len(values) > 1)
    return values


def _word_line(order, unit, name, is_one_of_many):
    """Return what a line of points is called on documents."""
    if is_one_of_many:  # core names the taxes
        return name
    env = order.with_context(lang=order._get_lang()).env
    return env._("Paid with points (%s)", unit.name)


def lower_lines(order, points):
    """Let fewer points pay for a confirmed order: it has fewer goods by now."""
    lines = of_points(order.order_line)
    with marked(CORE):
        lines.write({"product_uom_qty": shown(points)})
        lines[:1].points_cost = shown(points)
