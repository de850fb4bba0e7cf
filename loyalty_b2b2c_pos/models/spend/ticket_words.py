"""What a manager reads about points on a ticket that do not fit."""

from odoo.tools import format_amount

from odoo.addons.loyalty_b2b2c.values import shown


def _not_reserved(env, params):
    return env._(
        "%(order)s (%(cashier)s) says that %(amount)s were paid in points, and nobody "
        "reserved them: no points were taken.",
        **params,
    )


def _more(env, params):
    return env._(
        "%(order)s (%(cashier)s) says %(amount)s more in points than were reserved: "
        "only what was reserved was taken.",
        **params,
    )


def _back(env, params):
    return env._(
        "%(order)s (%(cashier)s) gave back %(amount)s more in points than the goods "
        "were paid with: these points were not given.",
        **params,
    )


def _money_back(env, params):
    return env._(
        "%(order)s (%(cashier)s) gave back %(amount)s in money that were paid in "
        "points.",
        **params,
    )


def _change(env, params):
    return env._(
        "%(order)s (%(cashier)s) was paid with %(amount)s more in points than the "
        "goods cost: the rest was paid out, or is a tip.",
        **params,
    )


def _other(env, params):
    return env._(
        "%(order)s (%(cashier)s): %(amount)s were paid with points of another "
        "participant than the one whose code the ticket names.",
        **params,
    )


WORDS = {
    "till_not_reserved": _not_reserved,
    "till_more": _more,
    "till_back": _back,
    "till_money_back": _money_back,
    "till_change": _change,
    "till_other": _other,
}


def word(kind, order, amount):
    """Return what happened, in a sentence for a manager.

    :param str kind: a key of :data:`WORDS`
    :param order: ``pos.order`` it happened on
    :param amount: in the currency of the order
    """
    params = {
        "order": order.name or order.pos_reference,
        "cashier": order.user_id.name,
        "amount": format_amount(order.env, shown(amount), order.currency_id),
    }
    return WORDS[kind](order.env, params)
