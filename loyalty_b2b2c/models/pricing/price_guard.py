"""The price of a managed dealer: what a line must cost, and who may set it.

A dealer is managed when his ladder runs and gives a price.  What is checked are values,
in whatever way they were written: there is no context key, group or screen that passes.
What our own code does on a dealer's behalf is marked by a context *variable*, which no
client can set.
"""

import contextlib
from contextvars import ContextVar
from typing import NamedTuple

from odoo import SUPERUSER_ID, fields
from odoo.tools import SQL

#: Our own code: assigns pricelists, settles prices of confirmed orders.
LADDER = "ladder"
#: Core prices an order anew; its lines are checked when it is done.
REPRICE = "reprice"
#: Core's promotions write their reward lines.
REWARD = "reward"
#: Core passes the costs of a vendor's bill or an expense on to a customer's order.
EXPENSE = "expense"
#: A till invoices what was paid there; it is compared, never refused.
TILL = "till"

#: A price may differ by so much of itself: Odoo keeps discounts with two decimals.
TOLERANCE = 0.0001

_marks = ContextVar("b2b2c_price_marks", default=frozenset())


@contextlib.contextmanager
def marked(mark):
    """Do something as our own code, for the block."""
    token = _marks.set(_marks.get() | {mark})
    try:
        yield
    finally:
        _marks.reset(token)


def is_marked(mark):
    """Tell whether our own code is at work."""
    return mark in _marks.get()


class Dealer(NamedTuple):
    """What the guard needs to know of a managed dealer."""

    standing_id: int
    pricelist_id: int
    flags: bool  # quotations are flagged, not priced anew
    rewards: bool  # promotions lower prices further
    is_due: bool  # time has passed that may change the tier


def find_dealers(env, pairs):
    """Return the managed dealers among companies and partners.

    :param pairs: iterable of (company id, id of a commercial partner)
    :return: dict (company id, partner id) -> :class:`Dealer`
    """
    ladders = env["b2b2c.ladder"]
    pairs = {pair for pair in pairs if all(pair) and ladders._get_running(pair[0])}
    if not pairs:
        return {}
    env["b2b2c.ladder.standing"].flush_model(
        ["active", "partner_id", "company_id", "tier_id", "head_id", "next_look_at"]
    )
    companies, partners = zip(*pairs, strict=True)
    rows = env.execute_query(
        SQL(
            """
            SELECT s.company_id, s.partner_id, s.id, t.pricelist_id,
                   l.reprice = 'flag', l.allow_rewards,
                   coalesce(coalesce(h.next_look_at, s.next_look_at) <= %(now)s, FALSE)
              FROM b2b2c_ladder_standing s
              JOIN b2b2c_ladder l ON l.id = s.ladder_id
              JOIN b2b2c_ladder_tier t ON t.id = s.tier_id
         LEFT JOIN b2b2c_ladder_standing h ON h.id = s.head_id
             WHERE s.active AND l.state = 'running' AND l.benefit <> 'bonus'
               AND s.company_id = ANY(%(companies)s)
               AND s.partner_id = ANY(%(partners)s)
            """,
            now=fields.Datetime.now(),
            companies=list(set(companies)),
            partners=list(set(partners)),
        )
    )
    return {
        (company, partner): Dealer(*values)
        for company, partner, *values in rows
        if (company, partner) in pairs
    }


def is_customer(env):
    """Tell whether a customer acts, or nobody: the web shop, a payment, a cron."""
    return env.uid == SUPERUSER_ID or not env.user._is_internal()


def plain(records):
    """Return records as the guard looks at them.

    Without the client's context: keys of it change what core computes as a price.
    """
    return records.with_env(records.env(su=True, context={}))


def without_defaults(records, names):
    """Return records whose context fills none of these fields."""
    keys = {f"default_{name}" for name in names}
    if keys.isdisjoint(records.env.context):
        return records
    context = {k: v for k, v in records.env.context.items() if k not in keys}
    return records.with_env(records.env(context=context))


class LinePrice(NamedTuple):
    """What a line must cost: as core shows it, and what is left of it."""

    price_unit: float
    discount: float
    net: float

    def matches(self, net):
        """Tell whether a net price is this one."""
        shown = self.price_unit * (1 - self.discount / 100)
        return is_same(net, self.net) or is_same(net, shown)


def is_same(one, other):
    """Tell whether two prices are the same but for the rounding of a discount."""
    return abs(one - other) <= TOLERANCE * abs(other)


def net_price(line):
    """Return what a unit of a line of an order or invoice costs."""
    return line.price_unit * (1 - (line.discount or 0) / 100)


def price_taxes(taxes):
    """Return those of these taxes that make a price another one: in it, or negative."""
    return taxes.flatten_taxes_hierarchy().filtered(
        lambda tax: tax.price_include or tax.amount < 0
    )


def price_line(line):
    """Return the :class:`LinePrice` of an order line by the order's pricelist.

    The same methods of core that price the line, on what the line is now.

    :param line: one ``sale.order.line`` in a :func:`plain` environment
    """
    line = line.with_company(line.company_id)
    if line.pricelist_item_id.pricelist_id != line.order_id.pricelist_id:
        # found before the order got another pricelist
        line.invalidate_recordset(["pricelist_item_id"], flush=False)
    price = line._get_display_price()
    price_unit = line.product_id._get_tax_included_unit_price_from_price(
        price,
        product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
            line.company_id
        ),
        fiscal_position=line.order_id.fiscal_position_id,
    )
    share = _discount_share(line)
    digits = line.env["decimal.precision"].precision_get("Discount")
    return LinePrice(price_unit, round(share * 100, digits), price_unit * (1 - share))


def _discount_share(line):
    """Return the part of the displayed price that core gives as a discount."""
    enabled = line.env["product.pricelist.item"]._is_discount_feature_enabled()
    if not enabled or not line.order_id.pricelist_id:
        return 0
    if line.combo_item_id:
        linked = line._get_linked_line()
        return _discount_share(linked.with_company(line.company_id)) if linked else 0
    if not line.pricelist_item_id._show_discount():
        return 0
    base = line._get_pricelist_price_before_discount()
    share = (base - line._get_pricelist_price()) / base if base else 0
    return share if share * base > 0 else 0
