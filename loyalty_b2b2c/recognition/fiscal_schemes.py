"""The forms of codes on receipts that tax offices have published, a function each.

A function takes a text and returns a :class:`Fiscal`, or ``None`` when the text is not
of its form.  Samples: ``tests/unit/test_recognition_fiscal.py``.
"""

import re
import struct
from datetime import UTC, datetime
from decimal import Decimal

from .fiscal_pieces import (
    Fiscal,
    address,
    binary,
    calendar_day,
    day,
    elevens,
    european_day,
    json_object,
    json_of_base64,
    money,
    number,
    query,
    query_at,
    starred,
    time,
)


def _ukraine(text):
    """``https://cabinet.tax.gov.ua/cashregs/check?id=…&fn=…&sm=…&date=…&time=…``"""
    values = query_at(text, r"cabinet\.tax\.gov\.ua")
    if not values or not values.get("id"):
        return None
    return Fiscal(
        scheme="ua",
        number=number(values["id"]),
        register=number(values.get("fn")),
        issued_on=day(values.get("date")),
        time=time(values.get("time")),
        total=money(values.get("sm")),
    )


def _key_values(text):
    """``t=20260302T1230&s=100.00&fn=…&i=…&fp=…``, by itself or in an address."""
    place = address(text)
    values = query(place.query if place else text)
    total, moment = values.get("s"), values.get("t") or ""
    if not (total and values.get("i") and re.match(r"\d{8}T\d{4}", moment)):
        return None
    return Fiscal(
        scheme="ts",
        number=number(values["i"]),
        register=number(values.get("fn") or values.get("f")),
        issued_on=day(moment[:8]),
        time=time(moment[9:]),
        total=money(total),
    )


def _portugal(text):
    """``A:123456789*B:…*F:20260302*G:FT A/35*…*O:148.02*…``"""
    if not re.match(r"A:\d{9}\*", text):
        return None
    values = starred(text)
    return Fiscal(
        scheme="pt",
        number=number(values.get("H")) or number(values.get("G")),
        register=values.get("A"),
        issued_on=day(values.get("F")),
        total=money(values.get("O")),
    )


def _austria(text):
    """``_R1-AT1_box_83469_2026-03-02T12:30:00_20,00_0,00_0,00_0,00_0,00_…``"""
    parts = text.split("_")
    if len(parts) < 10 or not re.match(r"R\d-AT\d", parts[1]):
        return None
    amounts = [money(part) for part in parts[5:10]]
    return Fiscal(
        scheme="at",
        number=number(parts[3]),
        register=number(parts[2]),
        issued_on=day(parts[4][:10]),
        time=time(parts[4][11:16]),
        total=sum(amounts) if None not in amounts else None,
    )


def _germany(text):
    """``V0;till;Kassenbeleg-V1;Beleg^10.00_0.00_…^10.00:Bar;12;9;start;end;…``"""
    parts = text.split(";")
    if len(parts) < 8 or parts[0] != "V0" or not parts[2].startswith("Kassenbeleg"):
        return None
    sections = parts[3].split("^")
    amounts = (
        [money(amount) for amount in sections[1].split("_")] if sections[1:] else []
    )
    return Fiscal(
        scheme="de",
        number=number(parts[4]),
        register=number(parts[1]),
        issued_on=day(parts[7][:10]),
        time=time(parts[7][11:16]),
        total=sum(amounts) if amounts and None not in amounts else None,
    )


def _spain_basque(text):
    """TicketBAI: ``https://batuz.eus/QRTBAI/?id=TBAI-…-251019-…&s=T&nf=27174&i=4.70``"""
    place = address(text)
    values = query(place.query) if place else {}
    match = re.match(r"TBAI-([0-9A-Z]{9})-(\d{6})-", values.get("id", ""))
    if not match or not values.get("nf"):
        return None
    return Fiscal(
        scheme="es-tbai",
        number=number(values.get("s", "") + values["nf"]),
        register=match[1],
        issued_on=european_day(match[2]),
        total=money(values.get("i")),
    )


def _spain(text):
    """VeriFactu: ``…/ValidarQR?nif=…&numserie=…&fecha=01-09-2024&importe=…``"""
    place = address(text)
    if not place or not place.path.lower().startswith("/wlpl/tike-cont/validarqr"):
        return None
    values = query(place.query)
    return Fiscal(
        scheme="es",
        number=number(values.get("numserie")),
        register=number(values.get("nif")),
        issued_on=european_day(values.get("fecha")),
        total=money(values.get("importe")),
    )


def _croatia(text):
    """``https://porezna.gov.hr/rn?jir=…&datv=20260302_1230&izn=12,50``"""
    values = query_at(text, r"porezna\.gov\.hr")
    if values is None:
        return None
    moment = values.get("datv", "")
    return Fiscal(
        scheme="hr",
        number=number(values.get("jir") or values.get("zki")),
        issued_on=day(moment),
        time=time(moment[9:]),
        total=money(values.get("izn")),
    )


def _serbia(text):
    """``https://suf.purs.gov.rs/v/?vl=…``: a record of fixed length, see TaxCore."""
    values = query_at(text, r".*\.purs\.gov\.rs")
    data = binary(values.get("vl")) if values else None
    if not data or len(data) < 44:
        return None
    asked, signed, count, _same, amount = struct.unpack("<8s8siiQ", data[1:33])
    (moment,) = struct.unpack(">Q", data[33:41])
    names = [part.decode("ascii", "replace") for part in (asked, signed)]
    when = _moment(moment / 1000)
    return Fiscal(
        scheme="rs",
        number=number("-".join([*names, str(count)])),
        register=number(names[0]),
        issued_on=when and when.date(),
        total=Decimal(amount) / 10000 if amount < 10**15 else None,
    )


def _moment(seconds):
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _slovenia(text):
    """60 digits: the issuer's mark, his tax number, day and time, a check digit."""
    if not re.fullmatch(r"\d{60}", text) or sum(map(int, text[:59])) % 10 != int(
        text[59]
    ):
        return None
    return Fiscal(
        scheme="si",
        number=text[:39],
        register=text[39:47],
        issued_on=calendar_day(text[47:49], text[49:51], text[51:53]),
        time=time(text[53:57]),
    )


def _czechia(text):
    """An invoice's descriptor: ``SID*1.0*ID:2001401154*DD:20140404*AM:61189.00*…``"""
    if not text.startswith("SID*"):
        return None
    values = starred(text)
    return Fiscal(
        scheme="cz",
        number=number(values.get("ID")),
        register=number(values.get("INI")),
        issued_on=day(values.get("DD")),
        total=money(values.get("AM")),
    )


def _slovakia(text):
    """eKasa: an id, ``O-7DBC…``; offline ``code:register:moment:number:total``."""
    if re.fullmatch(r"O-[0-9A-F]{32}", text):
        return Fiscal(scheme="sk", number=text)
    parts = text.split(":")
    if len(parts) != 5 or not re.fullmatch(r"[0-9A-F]{8}(?:-[0-9A-F]{8}){4}", parts[0]):
        return None
    moment = parts[2]
    return Fiscal(
        scheme="sk",
        number=number(parts[3]),
        register=number(parts[1]),
        issued_on=calendar_day(moment[:2], moment[2:4], moment[4:6])
        if re.fullmatch(r"\d{12}", moment)
        else None,
        time=time(moment[6:10]),
        total=money(parts[4]),
    )


def _bulgaria(text):
    """``44123456*0001234*2026-03-02*12:34:56*2.50``"""
    parts = text.split("*")
    if (
        len(parts) != 5
        or not re.fullmatch(r"[A-Z0-9]{8}", parts[0])
        or not day(parts[2])
    ):
        return None
    return Fiscal(
        scheme="bg",
        number=number(parts[1]),
        register=number(parts[0]),
        issued_on=day(parts[2]),
        time=time(parts[3]),
        total=money(parts[4]),
    )


def _poland(text):
    """KSeF: ``https://qr.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/hash``"""
    place = address(text)
    if not place or not re.fullmatch(
        r"(?:qr|qr-\w+|ksef|ksef-\w+)\.(?:ksef\.)?mf\.gov\.pl", place.hostname
    ):
        return None
    parts = place.path.strip("/").split("/")
    if len(parts) != 4 or parts[0] != "invoice":
        return None
    return Fiscal(
        scheme="pl",
        number=number(parts[3]),
        register=number(parts[1]),
        issued_on=european_day(parts[2]),
    )


def _turkey(text):
    """e-Arşiv: ``{"vkntckn": …, "tarih": "2026-03-02", "no": …, "odenecek": "118"}``"""
    values = json_object(text) if text.startswith("{") else None
    if not values or not values.get("ettn") or "odenecek" not in values:
        return None
    return Fiscal(
        scheme="tr",
        number=number(values.get("no")),
        register=number(values.get("vkntckn")),
        issued_on=day(values.get("tarih")),
        total=money(values["odenecek"]),
    )


def _brazil(text):
    """NFC-e: ``…?p=<44 digits>|2|1|1|hash``; issued offline also day and total."""
    place = address(text)
    values = query(place.query) if place else {}
    parts = (values.get("p") or values.get("chNFe") or "").split("|")
    key = parts[0]
    if not re.fullmatch(r"\d{44}", key) or not _is_brazilian(key):
        return None
    total = money(parts[4]) if len(parts) == 8 else money(values.get("vNF"))
    return Fiscal(
        scheme="br",
        number=str(int(key[25:34])),
        register=key[6:20],
        issued_on=calendar_day(key[2:4], key[4:6], parts[3])
        if len(parts) == 8
        else None,
        total=total,
    )


def _is_brazilian(key):
    rest = elevens(key[:43], [2, 3, 4, 5, 6, 7, 8, 9]) % 11
    return int(key[43]) == (0 if rest < 2 else 11 - rest)


def _mexico(text):
    """CFDI: ``https://verificacfdi.facturaelectronica.sat.gob.mx/…?id=…&re=…&tt=…``"""
    values = query_at(text, r".*\.sat\.gob\.mx")
    if values is None:
        return None
    return Fiscal(
        scheme="mx",
        number=number(values.get("id")),
        register=number(values.get("re")),
        total=money(values.get("tt")),
    )


def _chile(text):
    """The stamp of a boleta: ``<TED …><DD><RE>…</RE><F>60</F><FE>…<MNT>…``"""
    if not text.startswith("<TED"):
        return None
    values = dict(re.findall(r"<(RE|F|FE|MNT)>([^<]{1,40})</", text))
    return Fiscal(
        scheme="cl",
        number=number(values.get("F")),
        register=number(values.get("RE")),
        issued_on=day(values.get("FE")),
        total=money(values.get("MNT")),
    )


def _argentina(text):
    """``https://www.afip.gob.ar/fe/qr/?p=`` and a JSON object in base64"""
    parameters = query_at(text, r"(?:.*\.)?(?:afip|arca)\.gob\.ar")
    values = json_of_base64(parameters.get("p")) if parameters else None
    if not values:
        return None
    return Fiscal(
        scheme="ar",
        number=number(f"{values.get('ptovta', '')}-{values.get('nrocmp', '')}"),
        register=number(values.get("cuit")),
        issued_on=day(values.get("fecha")),
        total=money(values.get("importe")),
    )


def _peru(text):
    """``20100066603|03|B001|123|18.00|118.00|2026-03-02|…``"""
    parts = text.split("|")
    if len(parts) < 7 or not re.fullmatch(r"(?:10|15|17|20)\d{9}", parts[0]):
        return None
    return Fiscal(
        scheme="pe",
        number=number(f"{parts[2]}-{parts[3]}".replace(" ", "")),
        register=parts[0],
        issued_on=day(parts[6]) or european_day(parts[6]),
        total=money(parts[5]),
    )


def _india(text):
    """An e-invoice, signed; or what a buyer pays by phone: ``upi://pay?am=…&tr=…``"""
    if text.lower().startswith("upi://pay?"):
        values = query(text.partition("?")[2])
        if not values.get("invoiceNo"):
            return None  # asks for a payment, and names no sale
        return Fiscal(
            scheme="in-upi",
            number=number(values["invoiceNo"]),
            register=number(values.get("gstIn")),
            issued_on=day(values.get("invoiceDate")),
            total=money(values.get("am")),
        )
    match = re.fullmatch(r"[\w-]{10,}\.([\w-]{20,})\.[\w-]{10,}", text)
    values = json_of_base64(match[1]) if match else None
    inner = json_object(values.get("data", "")) if values else None
    if not inner or not inner.get("docno"):
        return None
    return Fiscal(
        scheme="in",
        number=number(inner["docno"]),
        register=number(inner.get("sellergstin")),
        issued_on=european_day(inner.get("docdt")),
        total=money(inner.get("totinvval")),
    )


def _saudi_arabia(text):
    """ZATCA: tags, lengths and values in base64; seller, his number, moment, total."""
    data = binary(text) if re.fullmatch(r"[A-Za-z0-9+/=\s]{40,}", text) else None
    values, place = {}, 0
    while data and place + 2 <= len(data):
        tag, length = data[place], data[place + 1]
        values[tag] = data[place + 2 : place + 2 + length].decode("utf-8", "replace")
        place += 2 + length
    if not data or place != len(data) or not {1, 2, 3, 4, 5} <= values.keys():
        return None
    if not re.fullmatch(r"3\d{13}3", values[2]):
        return None
    return Fiscal(
        scheme="sa",
        register=number(values[2]),
        issued_on=day(values[3]),
        time=time(values[3][11:16]),
        total=money(values[4]),
    )


def _montenegro(text):
    """Montenegro, Albania: ``…/verify?iic=…&tin=…&crtd=2026-03-02T12:30:00…&prc=…``"""
    place = address(text)
    if not place or not re.search(
        r"\.(?:tax\.gov\.me|tatime\.gov\.al)$", place.hostname
    ):
        return None
    values = query(place.query or place.fragment.partition("?")[2])
    moment = values.get("crtd", "")
    return Fiscal(
        scheme="me",
        number=number(values.get("iic")),
        register=number(values.get("tin")),
        issued_on=day(moment),
        time=time(moment[11:16]),
        total=money(values.get("prc")),
    )


def _uzbekistan(text):
    """``https://ofd.soliq.uz/check?t=UZ…&r=123&c=20260302123000&s=…``"""
    values = query_at(text, r"ofd\.soliq\.uz")
    if values is None:
        return None
    moment = values.get("c", "")
    return Fiscal(
        scheme="uz",
        number=number(values.get("s")),
        register=number(values.get("t")),
        issued_on=day(moment),
        time=time(moment[8:12]),
    )


#: Parsers in the order in which they are asked; each knows its own form only.
PARSERS = (
    _ukraine, _key_values, _portugal, _austria, _germany, _spain_basque, _spain,
    _croatia, _serbia, _slovenia, _czechia, _slovakia, _bulgaria, _poland, _turkey,
    _brazil, _mexico, _chile, _argentina, _peru, _india, _montenegro, _uzbekistan,
    _saudi_arabia,
)  # fmt: skip
