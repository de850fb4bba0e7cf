"""What the QR codes that tax offices put on receipts say.

Each parser takes a text and returns a :class:`Fiscal` or ``None``; none of them raises.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A receipt by its QR code.

    :param scheme: which tax office's form
    :param number: fiscal number of the receipt
    :param register: number of the cash register
    """

    scheme: str
    number: str | None = None
    register: str | None = None
    issued_on: date | None = None
    time: str | None = None
    total: Decimal | None = None


def parse(text):
    """Return what a QR code says about a receipt, ``None`` when it is none."""
    text = (text or "").strip()
    if not text or len(text) > MAX_TEXT:
        return None
    for parser in (_ukraine, _key_values, _portugal, _austria, _germany):
        payload = parser(text)
        if payload:
            return payload
    return None


def _ukraine(text):
    """``https://cabinet.tax.gov.ua/cashregs/check?id=…&fn=…&sm=…&date=…&time=…``"""
    address = _address(text)
    if not address or address.hostname != "cabinet.tax.gov.ua":
        return None
    values = _query(address.query)
    if not values.get("id"):
        return None
    return Fiscal(
        scheme="ua",
        number=_number(values["id"]),
        register=_number(values.get("fn")),
        issued_on=_day(values.get("date")),
        time=_time(values.get("time")),
        total=_money(values.get("sm")),
    )


def _key_values(text):
    """``t=20260302T1230&s=100.00&fn=…&i=…&fp=…``, by itself or in an address."""
    address = _address(text)
    values = _query(address.query if address else text)
    total, moment = values.get("s"), values.get("t") or ""
    number = values.get("i")
    if not (total and number and re.match(r"\d{8}T\d{4}", moment)):
        return None
    return Fiscal(
        scheme="ts",
        number=_number(number),
        register=_number(values.get("fn") or values.get("f")),
        issued_on=_day(moment[:8]),
        time=_time(moment[9:]),
        total=_money(total),
    )


def _portugal(text):
    """``A:123456789*B:…*F:20260302*G:FT A/35*…*O:148.02*…``"""
    if not re.match(r"A:\d{9}\*", text):
        return None
    pairs = (part.partition(":") for part in text.split("*"))
    values = {name: value for name, _colon, value in pairs}
    return Fiscal(
        scheme="pt",
        number=_number(values.get("H")) or _number(values.get("G")),
        register=values.get("A"),
        issued_on=_day(values.get("F")),
        total=_money(values.get("O")),
    )


def _austria(text):
    """``_R1-AT1_box_83469_2026-03-02T12:30:00_20,00_0,00_0,00_0,00_0,00_…``"""
    parts = text.split("_")
    if len(parts) < 10 or not re.match(r"R\d-AT\d", parts[1]):
        return None
    amounts = [_money(part) for part in parts[5:10]]
    return Fiscal(
        scheme="at",
        number=_number(parts[3]),
        register=_number(parts[2]),
        issued_on=_day(parts[4][:10]),
        time=_time(parts[4][11:16]),
        total=sum(amounts) if None not in amounts else None,
    )


def _germany(text):
    """``V0;till;Kassenbeleg-V1;Beleg^10.00_0.00_…^10.00:Bar;12;9;start;end;…``"""
    parts = text.split(";")
    if len(parts) < 8 or parts[0] != "V0" or not parts[2].startswith("Kassenbeleg"):
        return None
    sections = parts[3].split("^")
    amounts = (
        [_money(amount) for amount in sections[1].split("_")] if sections[1:] else []
    )
    return Fiscal(
        scheme="de",
        number=_number(parts[4]),
        register=_number(parts[1]),
        issued_on=_day(parts[7][:10]),
        time=_time(parts[7][11:16]),
        total=sum(amounts) if amounts and None not in amounts else None,
    )


# === PIECES === #


def _address(text):
    if not re.match(r"https?://", text, re.IGNORECASE):
        return None
    try:
        address = urlsplit(text)
        return address if address.hostname else None
    except ValueError:
        return None


def _query(text):
    try:
        parameters = parse_qs(text, max_num_fields=30)
    except ValueError:
        return {}
    return {name: values[0] for name, values in parameters.items()}


def _number(text):
    text = re.sub(r"\s", "", text or "").upper()
    return text if re.fullmatch(r"[\w./:-]{1,64}", text) else None


def _day(text):
    match = re.match(r"(20\d\d)-?(\d\d)-?(\d\d)", text or "")
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _time(text):
    match = re.match(r"([01]\d|2[0-3]):?([0-5]\d)", text or "")
    return f"{match[1]}:{match[2]}" if match else None


def _money(text):
    """Return an amount of a tax office's address, which parts no thousands."""
    try:
        value = Decimal((text or "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < 10**10 else None
