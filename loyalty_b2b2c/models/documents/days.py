"""Days of accounting as moments: invoices and payments know no time."""

from datetime import datetime, time

import pytz

from ...values import UTC


def at_day(day, company):
    """Return a day of accounting as an instant: now for today, else its noon.

    Accounting knows days only; noon in the company's zone is inside that day in every
    program's zone that is less than half a day away.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    if now.astimezone(get_zone(company)).date() == day:
        return now
    return at_noon(day, company)


def at_noon(day, company):
    """Return the noon of a day in a company's zone."""
    noon = datetime.combine(day, time(12))
    return get_zone(company).localize(noon).astimezone(UTC)


def is_earlier_day(at, kept, company):
    """Tell whether an instant is on an earlier day than another one of a company.

    :param at, kept: aware
    """
    zone = get_zone(company)
    return at.astimezone(zone).date() < kept.astimezone(zone).date()


def get_zone(company):
    """Return the time zone of a company."""
    partner = company.partner_id
    if partner.id not in partner._fields["tz"]._get_cache(partner.env):
        partner.fetch(("tz",))  # and not the rest of the contact; asked for each line
    name = partner.tz
    name = name or company.env["res.users"].context_get().get("tz")  # cached by Odoo
    return pytz.timezone(name or "UTC")
