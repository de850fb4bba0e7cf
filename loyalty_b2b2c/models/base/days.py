"""Days of a company, by the server's clock."""

from odoo import fields
from odoo.tools import format_date

from ...engine import local_day
from ...values import aware


def get_today(company):
    """Return the day it is for a company, whoever asks and from where."""
    return local_day(aware(fields.Datetime.now()), company.b2b2c_timezone or "UTC")


def word_day(env, day):
    """Return a day as people read it on every screen: "Nov 29, 2026"."""
    return format_date(env, day, date_format="medium")
