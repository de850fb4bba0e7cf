"""What tax offices put into codes: reading addresses, days, times and amounts.

None of these raises: what can not be read is ``None``.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A receipt by its code.

    :param scheme: which tax office's form
    :param number: fiscal number of the receipt
    :param register: number of the cash register, or of the seller
    """

    scheme: str
    number: str | None = None
    register: str | None = None
    issued_on: date | None = None
    time: str | None = None
    total: Decimal | None = None


def address(text):
    """Return an address of the web with a host."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        address = urlsplit(text)
        return address if address.hostname else None
    except ValueError:
        return None


def query(text):
    """Return the parameters of a query, each once: ``{name: value}``."""
    try:
        parameters = parse_qs(text, max_num_fields=30)
    except ValueError:
        return {}
    return {name: values[0] for name, values in parameters.items()}


def query_at(text, host):
    """Return the parameters of an address, ``None`` when it is of another host.

    :param str host: regular expression of its whole name
    """
    place = address(text)
    if not place or not re.fullmatch(host, place.hostname):
        return None
    return query(place.query)


def number(text):
    """Return a number in capitals and without gaps."""
    text = re.sub(r"\s", "", text or "").upper()
    return text if re.fullmatch(r"[\w./:-]{1,64}", text) else None


def day(text):
    """Return the date a text of the form ``2026-03-02`` or ``20260302`` begins with."""
    match = re.match(r"(20\d\d)-?(\d\d)-?(\d\d)", text or "")
    return calendar_day(*match.groups()) if match else None


def european_day(text):
    """Return the date a text of the form ``02-03-2026`` or ``02/03/26`` begins with."""
    match = re.match(r"(\d\d)[-./]?(\d\d)[-./]?(20\d\d|\d\d)", text or "")
    return calendar_day(*reversed(match.groups())) if match else None


def calendar_day(year, month, day_of_month):
    """Return the date of texts of digits; a year may have two of them."""
    try:
        return date(int(year) + 2000 * (len(year) == 2), int(month), int(day_of_month))
    except ValueError:
        return None


def time(text):
    """Return ``"HH:MM"`` of a text that begins with a time of the day."""
    match = re.match(r"([01]\d|2[0-3]):?([0-5]\d)", text or "")
    return f"{match[1]}:{match[2]}" if match else None


def money(text):
    """Return an amount of a tax office's address, which parts no thousands."""
    try:
        value = Decimal((text or "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < 10**10 else None


def binary(text):
    """Return the bytes of base64, of either alphabet and without its padding."""
    text = re.sub(r"\s", "+", (text or "").strip()).rstrip("=")
    text = text.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def json_object(text):
    """Return a JSON object, its keys and values as texts."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(key).lower(): str(value) for key, value in found.items()}


def json_of_base64(text):
    """Return a JSON object in base64, as :func:`json_object` does."""
    data = binary(text)
    return json_object(data.decode("utf-8", "replace")) if data else None


def starred(text):
    """Return the values of ``A:123*B:456``, by name."""
    pairs = (part.partition(":") for part in text.split("*"))
    return {name: value for name, _colon, value in pairs}


def elevens(digits, weights):
    """Return the sum of digits by weights that repeat from the right."""
    numbers = zip(
        reversed(digits), weights * (len(digits) // len(weights) + 1), strict=False
    )
    return sum(int(digit) * weight for digit, weight in numbers)
