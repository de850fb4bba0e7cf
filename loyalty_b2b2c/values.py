"""Between Odoo's values and the engine's: instants and points."""

import json
from datetime import timezone
from decimal import Decimal

UTC = timezone.utc  # ``datetime.UTC`` is newer than Python 3.10


def aware(instant):
    """Return Odoo's naive UTC datetime as an aware one (nothing: ``None``)."""
    return instant.replace(tzinfo=UTC) if instant else None


def naive(instant):
    """Return an aware UTC datetime as Odoo's naive one (``None`` stays)."""
    return instant.replace(tzinfo=None) if instant else None


def shown(points):
    """Return exact points as the float that Odoo's fields show.

    For display only: nothing is ever computed or booked from it.
    """
    return float(points)  # float: what Odoo's Float fields hold, for display


def to_json(payload):
    """Return a value as JSON text for other systems; whole numbers have no decimal
    point."""
    return json.dumps(payload, default=_to_plain, separators=(",", ":"))


def _to_plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else shown(value)
    raise TypeError(f"{type(value)} in an answer")
