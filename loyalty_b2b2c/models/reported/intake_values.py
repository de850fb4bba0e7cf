"""Reading what was reported: plain JSON values in, checked plain values out.

Nothing here knows the database; ``b2b2c.intake`` looks the names up.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ...const import REPORTED_TYPES
from ...engine import TRIGGERS, InvalidNumber, to_decimal
from ...values import UTC

TYPES = tuple(document_type for document_type, _label in REPORTED_TYPES)
_DEFAULT_STATUS = {"sale": "paid", "shipment": "delivered", "event": "paid"}
MAX_LINES = 1000
MAX_TEXT = 64
MAX_NOTE = 250
#: Larger figures are typing errors; a float still shows them to the cent.
QUANTITY_LIMIT = Decimal(10) ** 9
AMOUNT_LIMIT = Decimal(10) ** 10
_DECIMALS = 6
#: Clocks of other systems may be ahead by this much.
CLOCK_SKEW = timedelta(minutes=10)
_KEYS = {
    "type",
    "reference",
    "occurred_at",
    "status",
    "currency",
    "partner",
    "member",
    "seller",
    "event_code",
    "note",
    "lines",
    "amount",
    "amount_untaxed",
    "amount_total",
}
_LINE_KEYS = {
    "product",
    "quantity",
    "uom",
    "amount",
    "amount_untaxed",
    "amount_total",
    "name",
}


class BadValue(Exception):
    """A value that cannot be used.

    :param code: see ``b2b2c.intake``
    :param params: what a message needs to name
    """

    def __init__(self, code, field_path, **params):
        super().__init__(code)
        self.code, self.field, self.params = code, field_path, params


@dataclass(frozen=True, slots=True)
class LineValues:
    """One line, checked; names are not looked up yet."""

    path: str
    product: object = None
    uom: object = None
    name: str = ""
    quantity: Decimal = Decimal(1)
    amount_untaxed: Decimal = Decimal(0)
    amount_total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DocumentValues:
    """A whole report, checked.

    :param occurred_at: naive UTC, never later than now; ``None`` when not reported.
    :param stated_at: the same as it was stated, whenever it is read: tells a repeated
        report from another one.
    """

    document_type: str
    reference: str
    status: str
    occurred_at: datetime | None = None
    stated_at: str = ""
    currency: str = ""
    partner: dict = field(default_factory=dict)
    member: dict = field(default_factory=dict)
    seller: dict = field(default_factory=dict)
    event_code: str = ""
    note: str = ""
    lines: tuple[LineValues, ...] = ()


def read(values, now, zone=UTC):
    """Return ``values`` as :class:`DocumentValues`.

    :param values: dict of JSON values, as reported
    :param now: naive UTC
    :param zone: ``tzinfo`` of the days that are reported without a time
    :raise BadValue: something is missing, of the wrong type or out of range
    """
    if not isinstance(values, dict):
        raise BadValue("invalid_value", "")
    _no_others(values, _KEYS, "")
    kind = _choice(values, "type", TYPES, None, code="unknown_type")
    stated = _moment(values, zone)
    return DocumentValues(
        document_type=kind,
        reference=_text(values, "reference", required=True),
        status=_choice(values, "status", TRIGGERS, _DEFAULT_STATUS[kind]),
        occurred_at=_not_later(stated, now, zone),
        stated_at=str(stated or ""),
        currency=_text(values, "currency").upper(),
        partner=_identity(values, "partner", {"id", "vat", "ref", "email"}),
        member=_identity(values, "member", {"id", "code", "phone", "email"}),
        seller=_identity(values, "seller", {"id", "code", "phone", "email"}),
        event_code=_text(values, "event_code", required=kind == "event"),
        note=_text(values, "note", limit=MAX_NOTE),
        lines=_lines(values, kind),
    )


def _no_others(values, known, path):
    for key in values:
        if key not in known:
            raise BadValue("invalid_value", _join(path, str(key)[:MAX_TEXT]))


def _join(path, key):
    return f"{path}.{key}" if path else key


def _text(values, key, *, required=False, limit=MAX_TEXT, path=""):
    value = values.get(key)
    place = _join(path, key)
    if value is None or value == "":
        if required:
            raise BadValue("missing_value", place)
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # spreadsheets read numbers where people mean names
    if not isinstance(value, str):
        raise BadValue("invalid_value", place)
    value = " ".join(value.split())
    if len(value) > limit or not value.isprintable():
        raise BadValue("invalid_value", place)
    if required and not value:
        raise BadValue("missing_value", place)
    return value


def _choice(values, key, options, default, code="invalid_value"):
    value = values.get(key)
    if value is None and default:
        return default
    if value is None:
        raise BadValue("missing_value", key)
    if not isinstance(value, str) or value not in options:
        raise BadValue(code, key, options=", ".join(options))
    return value


def _moment(values, zone):
    """Return what was stated: a naive UTC moment, a day alone, or ``None``.

    A time without a zone is UTC.
    """
    text = values.get("occurred_at")
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise BadValue("invalid_value", "occurred_at")
    text = text.strip()
    try:
        if len(text) == len("2026-03-02"):
            moment = date.fromisoformat(text)
        else:
            # Python 3.10 does not read the "Z" of ISO 8601
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            moment = moment.replace(microsecond=0)
    except (ValueError, OverflowError):
        raise BadValue("invalid_value", "occurred_at") from None
    if moment.year < 2000:
        raise BadValue("invalid_value", "occurred_at")
    return moment


def _not_later(stated, now, zone):
    """Return a stated moment as naive UTC, at most ``now``; a day is its noon.

    :raise BadValue: it lies in the future
    """
    if stated is None:
        return None
    if not isinstance(stated, datetime):
        if stated > now.replace(tzinfo=UTC).astimezone(zone).date():
            raise BadValue("future_date", "occurred_at")
        noon = datetime.combine(stated, time(12), tzinfo=UTC)
        # pytz zones find their offset this way, whatever the season
        stated = noon.replace(tzinfo=None) - noon.astimezone(zone).utcoffset()
    elif stated > now + CLOCK_SKEW:
        raise BadValue("future_date", "occurred_at")
    return min(stated, now)


def _identity(values, key, known):
    """Return how a person or company is named: ``{"phone": "…"}``."""
    value = values.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict) or not value:
        raise BadValue("invalid_value", key)
    _no_others(value, known, key)
    names = {}
    for name in sorted(value):
        if name == "id":
            number = value[name]
            if isinstance(number, bool) or not isinstance(number, int):
                raise BadValue("invalid_value", f"{key}.id")
            if not 0 < number < 2**31:
                raise BadValue("invalid_value", f"{key}.id")
            names[name] = number
        else:
            text = _text(value, name, path=key)
            if text:
                names[name] = text
    if not names:
        raise BadValue("missing_value", key)
    return names


def _lines(values, kind):
    lines = values.get("lines")
    has_amount = any(
        values.get(name) is not None
        for name in ("amount", "amount_untaxed", "amount_total")
    )
    if lines is None or lines == []:
        if not has_amount and kind != "event":
            raise BadValue("missing_value", "lines")
        return (_amount_line(values),)
    if has_amount:
        raise BadValue("invalid_value", "amount")  # the sum of the lines, or a line
    if not isinstance(lines, list):
        raise BadValue("invalid_value", "lines")
    if len(lines) > MAX_LINES:
        raise BadValue("too_many_lines", "lines", limit=MAX_LINES)
    return tuple(_line(line, f"lines.{index}") for index, line in enumerate(lines))


def _amount_line(values):
    untaxed, total = _amounts(values, "")
    return LineValues("", amount_untaxed=untaxed, amount_total=total)


def _line(line, path):
    if not isinstance(line, dict):
        raise BadValue("invalid_value", path)
    _no_others(line, _LINE_KEYS, path)
    quantity = line.get("quantity")
    quantity = (
        Decimal(1)
        if quantity is None
        else _number(
            quantity, f"{path}.quantity", QUANTITY_LIMIT, "quantity_out_of_range"
        )
    )
    if not quantity:
        raise BadValue("quantity_out_of_range", f"{path}.quantity")
    untaxed, total = _amounts(line, path)
    product = line.get("product")
    if product is not None and not isinstance(product, str | dict):
        raise BadValue("invalid_value", f"{path}.product")
    if isinstance(product, str):
        product = _text(line, "product", path=path)
    if isinstance(product, dict):
        product = _identity(line, "product", {"id", "sku", "barcode"})
    return LineValues(
        path,
        product=product or None,
        uom=line.get("uom"),
        name=_text(line, "name", limit=MAX_NOTE, path=path),
        quantity=quantity,
        amount_untaxed=untaxed,
        amount_total=total,
    )


def _amounts(values, path):
    """Return ``(without tax, with tax)``; who says one figure means both."""
    figures = {
        name: _number(
            values[name], _join(path, name), AMOUNT_LIMIT, "amount_out_of_range"
        )
        for name in ("amount", "amount_untaxed", "amount_total")
        if values.get(name) is not None
    }
    whole = figures.get("amount", Decimal(0))
    untaxed = figures.get("amount_untaxed", figures.get("amount_total", whole))
    total = figures.get("amount_total", figures.get("amount_untaxed", whole))
    return untaxed, total


def _number(value, path, limit, code):
    """Return a number that is not negative, below ``limit``, with few decimals."""
    try:
        number = to_decimal(value)
    except InvalidNumber as error:
        too_large = "too large" in str(error)
        raise BadValue(code if too_large else "invalid_value", path) from None
    if not 0 <= number < limit:
        raise BadValue(code, path)
    return round(number, _DECIMALS)
