"""What a person typed into a form of a page."""

from datetime import datetime
from zoneinfo import ZoneInfo

from odoo.addons.loyalty_b2b2c.values import UTC, naive


def get_zone(env):
    """Return the time zone in which the person reads and types."""
    return ZoneInfo(env.user.tz or "UTC")


def read_moment(env, text):
    """Return a local date and time as naive UTC, ``None`` for what is none."""
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=get_zone(env))
        return naive(local.astimezone(UTC).replace(microsecond=0))
    except (ValueError, OverflowError, KeyError):
        return None
