"""Reads a reported document: plain JSON values in, checked plain values out.

Nothing here knows the database; :mod:`.intake_lookup` looks the names up.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal

from ...const import REPORTED_TYPES
from ...engine import TRIGGERS, AmbiguousNumber, InvalidNumber, read_number
from ...engine.typed_date import read_iso
from ...values import UTC

TYPES = tuple(document_type for document_type, _label in REPORTED_TYPES)
#: How far a document has come when nobody says.
USUAL_STATUS = {"sale": "paid", "shipment": "delivered", "event": "paid"}
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
    :param field_path: of the value, ``"lines.3.product"``
    :param params: what the message names, see :mod:`.intake_words`
    """

    def __init__(self, code, field_path, **params):
        super().__init__(code)
        self.code, self.field, self.params = code, field_path, params


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line, checked; its names are not looked up yet."""

    path: str
    product: object = None
    uom: object = None
    name: str = ""
    quantity: Decimal = Decimal(1)
    amount_untaxed: Decimal = Decimal(0)
    amount_total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DocumentValues:
    """A whole document, checked; its names are not looked up yet.

    :param occurred_at: naive UTC, never later than now; ``None`` when not reported.
    :param stated_at: the moment as it was stated, which does not depend on when it is
        read: a repeated document has the same.
    :param partner: dict of names of the company or shop: ``id``, ``vat``, ``ref``,
        ``email``; so are ``member`` and ``seller``: ``id``, ``code``, ``phone``,
        ``email``.
    :param further: key -> value of what packages read besides, where it is stated
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
    further: dict = field(default_factory=dict)


def read(values, now, zone=UTC, further=None):
    """Return reported values as :class:`DocumentValues`.

    :param values: dict of JSON values
    :param now: naive UTC
    :param zone: ``tzinfo`` of days that are stated without a time
    :param dict further: keys that packages read besides -> ``"text"`` or ``"person"``
    :raise BadValue: something is missing, of the wrong type or out of range
    """
    if not isinstance(values, dict):
        raise BadValue("invalid_value", "")
    further = further or {}
    _check_keys(values, _KEYS | further.keys(), "")
    document_type = _choice(values, "type", TYPES, None, code="unknown_type")
    stated = _moment(values)
    return DocumentValues(
        document_type=document_type,
        reference=_text(values, "reference", required=True),
        status=_choice(values, "status", TRIGGERS, USUAL_STATUS[document_type]),
        occurred_at=_not_later(stated, now, zone),
        stated_at=str(stated or ""),
        currency=_text(values, "currency").upper(),
        partner=_identity(values, "partner", {"id", "vat", "ref", "email"}),
        member=_person(values, "member"),
        seller=_person(values, "seller"),
        event_code=_text(values, "event_code", required=document_type == "event"),
        note=_text(values, "note", limit=MAX_NOTE),
        lines=_lines(values, document_type),
        further={
            key: _FURTHER[kind](values, key)
            for key, kind in further.items()
            if values.get(key)
        },
    )


def _check_keys(values, known, path):
    """Refuse keys that are not known."""
    for key in values:
        if key not in known:
            raise BadValue("invalid_value", _join(path, str(key)[:MAX_TEXT]))


def _join(path, key):
    return f"{path}.{key}" if path else key


def _text(values, key, *, required=False, limit=MAX_TEXT, path=""):
    """Return a text with single spaces, ``""`` when there is none.

    :param limit: characters at most
    :param path: of ``values``
    """
    value = values.get(key)
    path = _join(path, key)
    if value is None or value == "":
        if required:
            raise BadValue("missing_value", path)
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # spreadsheets read numbers where people mean names
    if not isinstance(value, str):
        raise BadValue("invalid_value", path)
    value = " ".join(value.split())
    if len(value) > limit or not value.isprintable():
        raise BadValue("invalid_value", path)
    if required and not value:
        raise BadValue("missing_value", path)
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


def _moment(values):
    """Return when it happened, as stated: naive UTC, a date, or ``None``.

    ISO 8601 with dashes; a time without a zone is UTC.
    """
    text = values.get("occurred_at")
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise BadValue("invalid_value", "occurred_at")
    try:
        moment = read_iso(text)
        if isinstance(moment, datetime) and moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise BadValue("invalid_value", "occurred_at", text=text) from None
    if moment.year < 2000:
        raise BadValue("invalid_value", "occurred_at", text=text)
    return moment


def _not_later(stated, now, zone):
    """Return a stated moment as naive UTC, at most ``now``.

    A date stands for its noon in the zone.

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
    """Return the names of a person, company or product: ``{"phone": "…"}``.

    :param known: names that are allowed
    """
    value = values.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict) or not value:
        raise BadValue("invalid_value", key)
    _check_keys(value, known, key)
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


def _person(values, key):
    """Return the names of a participant."""
    return _identity(values, key, {"id", "code", "phone", "email"})


#: How values are read that packages ask for.
_FURTHER = {"text": _text, "person": _person}


def _lines(values, document_type):
    lines = values.get("lines")
    has_amount = any(
        values.get(name) is not None
        for name in ("amount", "amount_untaxed", "amount_total")
    )
    if lines is None or lines == []:
        if not has_amount and document_type != "event":
            raise BadValue("missing_value", "lines")
        return (_amount_line(values),)
    if has_amount:
        raise BadValue("invalid_value", "amount")  # the lines say the amount
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
    _check_keys(line, _LINE_KEYS, path)
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
    """Return the amounts without and with tax; a single figure is both."""
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
    """Return a number from 0 up to ``limit``, rounded to six decimals.

    :param value: a number, or a text as a person wrote it
    :param code: of a number that is out of range
    """
    try:
        number = read_number(value)
    except AmbiguousNumber as error:
        raise BadValue(
            "ambiguous_number", path, text=error.text, readings=error.spellings
        ) from None
    except InvalidNumber as error:
        if "too large" in str(error):
            raise BadValue(code, path) from None
        raise BadValue("invalid_value", path, text=value) from None
    if not 0 <= number < limit:
        raise BadValue(code, path)
    return round(number, _DECIMALS)
