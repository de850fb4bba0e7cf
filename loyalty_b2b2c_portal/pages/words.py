"""Days, quantities and points as a participant reads them."""

from datetime import timedelta

from odoo import fields
from odoo.tools.misc import formatLang

from odoo.addons.loyalty_b2b2c.engine import local_day
from odoo.addons.loyalty_b2b2c.models.base.days import word_day, word_moment
from odoo.addons.loyalty_b2b2c.models.base.numbers import word_number
from odoo.addons.loyalty_b2b2c.values import aware


def day(env, instant):
    """Return an instant (naive UTC) as a day in the reader's zone and language."""
    return word_day(env, instant)


def moment(env, instant):
    """Return an instant (naive UTC) as day and time in the reader's zone and language;
    nothing for none."""
    return word_moment(env, instant)


def today(env):
    """Return the day it is in the reader's zone."""
    return fields.Datetime.context_timestamp(env.user, fields.Datetime.now()).date()


def quantity(env, number, uom):
    """Return ``"10 Units"`` in the reader's language, no needless zeros.

    :param number: how much, in ``uom``
    :param uom: unit of measure, may be empty
    """
    is_whole = number == int(number)
    text = formatLang(env, number, digits=0 if is_whole else 2)
    return f"{text} {uom.name}" if uom else text


def price(env, value, currency):
    """Return what one of something is worth, to the last digit: "$ 0.015"."""
    text, symbol = word_number(env, value), currency.symbol
    return f"{symbol} {text}" if currency.position == "before" else f"{text} {symbol}"


def points_or_nothing(unit, points):
    """Return points with their unit, nothing when there are none."""
    return unit._format(points) if points > 0 else ""


def signed(unit, points, plus="+"):
    """Return points with their unit and their sign.

    :param str plus: the sign of what is more than nothing
    """
    sign = plus if points > 0 else "−" if points < 0 else ""
    return sign + unit._format(abs(points))


def last_day(moment, zone):
    """Return the last day before a moment (naive UTC) in a time zone, by its name."""
    return local_day(aware(moment - timedelta(seconds=1)), zone or "UTC")
