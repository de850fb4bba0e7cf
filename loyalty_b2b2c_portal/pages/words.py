"""Days, quantities and points as a participant reads them."""

from odoo import fields
from odoo.tools import format_date
from odoo.tools.misc import formatLang


def day(env, instant):
    """Return an instant (naive UTC) as a day in the reader's zone and language."""
    local = fields.Datetime.context_timestamp(env.user, instant)
    return format_date(env, local.date(), date_format="medium")


def quantity(env, number, uom):
    """Return ``"10 Units"`` in the reader's language, no needless zeros.

    :param number: how much, in ``uom``
    :param uom: unit of measure, may be empty
    """
    is_whole = number == int(number)
    text = formatLang(env, number, digits=0 if is_whole else 2)
    return f"{text} {uom.name}" if uom else text


def points_or_nothing(unit, points):
    """Return points with their unit, nothing when there are none."""
    return unit._format(points) if points > 0 else ""
