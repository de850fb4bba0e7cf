"""Days of a company, by the server's clock; how days and moments are written.

They are written the same everywhere, and the month is a word: ``03/04`` is a day in
March here and in April there.
"""

from datetime import datetime

from babel.dates import format_skeleton

from odoo import fields
from odoo.tools import format_date, format_time
from odoo.tools.misc import babel_locale_parse, get_lang

from ...engine import local_day
from ...values import aware

_LENGTH = "medium"


def get_today(company):
    """Return the day it is for a company, whoever asks and from where."""
    return get_today_in(company.b2b2c_timezone)


def get_today_in(zone):
    """Return the day it is in a time zone.

    :param zone: name of it; UTC when empty
    """
    return local_day(aware(fields.Datetime.now()), zone or "UTC")


def word_day(env, value):
    """Return a day in the reader's language: "Nov 29, 2026"; nothing for none.

    :param value: a date, or a moment (naive UTC), of which the day in the reader's time
        zone is meant
    """
    if not value:
        return ""
    return format_date(env, _get_day(env, value), date_format=_LENGTH)


def word_day_of_year(env, value):
    """Return a day of a year that is understood: "Nov 29"; see :func:`word_day`."""
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton("MMMd", _get_day(env, value), locale=locale)


def word_moment(env, value):
    """Return a moment (naive UTC) in the reader's language and time zone, without
    seconds: "Nov 29, 2026, 10:20 AM"; nothing for none."""
    if not value:
        return ""
    local = fields.Datetime.context_timestamp(env.user, value)
    clock = format_time(env, local.time(), time_format="short")
    return f"{word_day(env, local.date())}, {clock}"


def _get_day(env, value):
    """Return the day of a date or of a moment in the reader's time zone."""
    if isinstance(value, datetime):
        return fields.Datetime.context_timestamp(env.user, value).date()
    return value
