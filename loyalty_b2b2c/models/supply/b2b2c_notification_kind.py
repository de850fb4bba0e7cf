from odoo import api, models
from odoo.tools import format_amount
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_order(message):
    """Return what a distributor has to know to ship an order."""
    order = message._get_record()
    if not order:
        return []
    shop, env = order.shop_id, message.env
    address = ", ".join(shop._display_address(without_company=True).split("\n"))
    return [
        order._word_goods(env.lang),
        env._("Ship to %(shop)s, %(address)s.", shop=shop.name, address=address),
        env._(
            "Price %(total)s without taxes; the shop pays you %(money)s, %(company)s "
            "compensates you for the rest.",
            total=format_amount(env, order.amount_total, order.currency_id),
            money=format_amount(env, order.amount_money, order.currency_id),
            company=order.company_id.name,
        ),
    ]


def _word_refused(message):
    order = message._get_record()
    free = message.env._("The points are yours to use again.")
    return [*([order.note] if order and order.note else []), free]


def _word_goods(message):
    order = message._get_record()
    return [order._word_goods(message.env.lang)] if order else []


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "supply_order": Kind(
        label=_lt("Order of a shop's owner"),
        headline=lambda message: message.env._(
            "New order %s, paid with points", message.document_name
        ),
        sentences=_word_order,
        is_digested=False,
        channels=("email",),  # nobody ships what he did not hear of
    ),
    "supply_accepted": Kind(
        label=_lt("Order accepted"),
        headline=lambda message: message.env._(
            "Your order was accepted: %s", message.document_name
        ),
        sentences=_word_goods,
        topic="rewards",
        tone="good",
    ),
    "supply_done": Kind(
        label=_lt("Order shipped"),
        headline=lambda message: message.env._(
            "Your order is complete: %s", message.document_name
        ),
        sentences=_word_goods,
        topic="rewards",
        tone="good",
    ),
    "supply_refused": Kind(
        label=_lt("Order refused"),
        headline=lambda message: message.env._(
            "Your order was refused: %s", message.document_name
        ),
        sentences=_word_refused,
        topic="rewards",
        tone="bad",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What owners and distributors hear about orders paid with points."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
