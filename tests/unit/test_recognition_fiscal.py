"""Codes of tax offices: samples of their own papers, or built by what these say.

Printed by the offices, or by the makers of the standard: Austria, Spain (both),
Mexico, Saudi Arabia, Argentina, the Czech descriptor.  The others are built here by the
published order of their parts.
"""

import base64
import json
import struct
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recognition import fiscal
from recognition.fiscal_schemes import PARSERS


def coded(value):
    """Return a JSON value in base64."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def serbian():
    """Return the record of a receipt of 1,250.50 dinars, on 2 March 2026, 11:30 UTC."""
    head = struct.pack("<B8s8siiQ", 3, b"7RUW3RJH", b"7RUW3RJH", 5321, 5300, 12505000)
    moment = struct.pack(">Q", 1772451000000)
    record = head + moment + b"\x00\x00\x00" + b"\x07" * 16
    return base64.b64encode(record).decode().replace("+", "%2B")


def slovenian():
    """Return 60 digits: mark, tax number, moment, and the last digit of their sum."""
    body = "223175087923687075112234402528973166755" + "12345678" + "150810143335"
    return body + str(sum(map(int, body)) % 10)


def brazilian():
    """Return a key of 44 digits, the last one by modulo 11."""
    body = (
        "35" + "2603" + "11222333000181" + "65" + "001" + "000012345" + "1" + "12345678"
    )
    weights = [2 + place % 8 for place in range(len(body))]
    rest = sum(int(d) * w for d, w in zip(reversed(body), weights, strict=True)) % 11
    return body + str(0 if rest < 2 else 11 - rest)


SAMPLES = {
    "kz": (
        "https://consumer.oofd.kz?i=1234567890&f=010101234567&s=99.00&t=20260302T123000",
        ("1234567890", "010101234567", date(2026, 3, 2), "12:30", "99.00"),
    ),
    "at": (
        "_R1-AT0_DEMO-CASH-BOX817_83469_2015-11-25T19:20:10_20,00_1,50_0,00_0,00_0,00_x_y_z",
        ("83469", "DEMO-CASH-BOX817", date(2015, 11, 25), "19:20", "21.50"),
    ),
    "es-tbai": (
        "https://batuz.eus/QRTBAI/?id=TBAI-00000006Y-251019-btFpwP8dcLGAF-237&s=T"
        "&nf=27174&i=4.70&cr=007",
        ("T27174", "00000006Y", date(2019, 10, 25), None, "4.70"),
    ),
    "es": (
        "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=89890001K"
        "&numserie=12345678-G33&fecha=01-09-2024&importe=241.4",
        ("12345678-G33", "89890001K", date(2024, 9, 1), None, "241.4"),
    ),
    "hr": (
        "https://porezna.gov.hr/rn?jir=0c9f2c0f-5dbb-4d6e-8a3e-1f2b7f3a5a11"
        "&datv=20260302_1230&izn=1250,50",
        ("0C9F2C0F-5DBB-4D6E-8A3E-1F2B7F3A5A11", None, date(2026, 3, 2), "12:30",
         "1250.50"),
    ),
    "rs": (
        f"https://suf.purs.gov.rs/v/?vl={serbian()}",
        ("7RUW3RJH-7RUW3RJH-5321", "7RUW3RJH", date(2026, 3, 2), None, "1250.50"),
    ),
    "si": (
        slovenian(),
        ("223175087923687075112234402528973166755", "12345678", date(2015, 8, 10),
         "14:33", None),
    ),
    "cz": (
        "SID*1.0*ID:2001401154*DD:20140404*AM:61189.00*VII:CZ60194383*INI:60194383",
        ("2001401154", "60194383", date(2014, 4, 4), None, "61189.00"),
    ),
    "sk online": (
        "O-7DBCDA8A56EE426DBCDA8A56EE426D1A",
        ("O-7DBCDA8A56EE426DBCDA8A56EE426D1A", None, None, None, None),
    ),
    "sk offline": (
        "54B5B1D4-3A8B6E3D-8D9C3C6C-1B0A2F3D-1F2E3D4C:99920202020200001:260302123005"
        ":17:12.50",
        ("17", "99920202020200001", date(2026, 3, 2), "12:30", "12.50"),
    ),
    "bg": (
        "44123456*0001234*2026-03-02*12:34:56*2.50",
        ("0001234", "44123456", date(2026, 3, 2), "12:34", "2.50"),
    ),
    "pl": (
        "https://qr.ksef.mf.gov.pl/invoice/1111111111/02-03-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js",
        ("UTQP9GPC51Y-U3XAPZJIJGKPZ01JS", "1111111111", date(2026, 3, 2), None, None),
    ),
    "tr": (
        json.dumps({"vkntckn": "1234567890", "senaryo": "EARSIVFATURA",
                    "tarih": "2026-03-02", "no": "GIB2026000000001", "ettn": "a-b",
                    "parabirimi": "TRY", "odenecek": "118.00"}),
        ("GIB2026000000001", "1234567890", date(2026, 3, 2), None, "118.00"),
    ),
    "br online": (
        f"https://www.nfce.fazenda.sp.gov.br/qrcode?p={brazilian()}|2|1|1|ABCDEF",
        ("12345", "11222333000181", None, None, None),
    ),
    "br offline": (
        f"https://www.nfce.fazenda.sp.gov.br/qrcode?p={brazilian()}|2|1|02|118.00|6F|1|AB",
        ("12345", "11222333000181", date(2026, 3, 2), None, "118.00"),
    ),
    "mx": (
        "https://verificacfdi.facturaelectronica.sat.gob.mx/default.aspx"
        "?id=ad662d33-6934-459c-a128-bdf0393e0f44&re=XOJI740919U48&rr=CACX7605101P8"
        "&tt=0000000123.123000&fe=MjgxMQ==",
        ("AD662D33-6934-459C-A128-BDF0393E0F44", "XOJI740919U48", None, None,
         "123.123"),
    ),
    "cl": (
        '<TED version="1.0"><DD><RE>97975000-5</RE><TD>39</TD><F>60</F>'
        "<FE>2026-03-02</FE><RR>66666666-6</RR><MNT>119000</MNT></DD></TED>",
        ("60", "97975000-5", date(2026, 3, 2), None, "119000"),
    ),
    "ar": (
        "https://www.afip.gob.ar/fe/qr/?p="
        + coded({"ver": 1, "fecha": "2020-10-13", "cuit": 30000000007, "ptoVta": 10,
                 "tipoCmp": 1, "nroCmp": 94, "importe": 12100, "moneda": "DOL"}),
        ("10-94", "30000000007", date(2020, 10, 13), None, "12100"),
    ),
    "pe": (
        "20100066603|03|B001|123|18.00|118.00|2026-03-02|1|12345678|hash",
        ("B001-123", "20100066603", date(2026, 3, 2), None, "118.00"),
    ),
    "in": (
        "eyJhbGciOiJSUzI1NiJ9."
        + coded({"data": json.dumps({"SellerGstin": "29AABCT1332L000", "DocNo": "S/17",
                                     "DocDt": "02/03/2026", "TotInvVal": 118.5})})
        .rstrip("=") + ".c2lnbmF0dXJlIG9mIHRoZSBvZmZpY2U",
        ("S/17", "29AABCT1332L000", date(2026, 3, 2), None, "118.5"),
    ),
    "in by phone": (
        "upi://pay?pa=shop@bank&pn=Shop&tr=77&am=118.00&cu=INR&invoiceNo=S17"
        "&invoiceDate=2026-03-02T13:21:50%2B05:30&gstIn=29AABCT1332L000",
        ("S17", "29AABCT1332L000", date(2026, 3, 2), None, "118.00"),
    ),
    "sa": (
        "AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEw"
        "MDAuMDAFBjE1MC4wMA==",
        (None, "310122393500003", date(2022, 4, 25), "15:30", "1000.00"),
    ),
    "me": (
        "https://mapr.tax.gov.me/ic/#/verify?iic=4AD5A2&tin=02012345"
        "&crtd=2026-03-02T12:30:00+01:00&ord=12&bu=ab&cr=cd&sw=ef&prc=12.50",
        ("4AD5A2", "02012345", date(2026, 3, 2), "12:30", "12.50"),
    ),
    "uz": (
        "https://ofd.soliq.uz/check?t=UZ191211501012&r=123&c=20260302123000&s=745223489",
        ("745223489", "UZ191211501012", date(2026, 3, 2), "12:30", None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_samples(name):
    text, (number, register, day, time, total) = SAMPLES[name]
    found = fiscal.parse(text)
    assert (found.number, found.register) == (number, register)
    assert (found.issued_on, found.time) == (day, time)
    assert found.total == (Decimal(total) if total else None)


@pytest.mark.parametrize("name", SAMPLES)
def test_one_parser_knows_a_form_and_the_others_leave_it_alone(name):
    text = SAMPLES[name][0]
    assert [parser.__name__ for parser in PARSERS if parser(text)] != []
    assert len([parser for parser in PARSERS if parser(text)]) == 1


@pytest.mark.parametrize(
    "text",
    [
        # another host, or a host that only ends like it
        SAMPLES["rs"][0].replace("suf.purs", "suf.evilpurs"),
        SAMPLES["hr"][0].replace("porezna.gov.hr", "porezna.gov.hr.example"),
        SAMPLES["mx"][0].replace("sat.gob.mx", "sat.gob.mx.example"),
        # a check digit that is wrong
        slovenian()[:-1] + str((int(slovenian()[-1]) + 1) % 10),
        SAMPLES["br online"][0].replace("000012345", "000012346"),
        # asks for a payment, names no sale
        "upi://pay?pa=shop@bank&pn=Shop&am=118.00&cu=INR",
        # base64 of something else
        base64.b64encode(b"a text of forty bytes, and of no tax office").decode(),
    ],
)
def test_what_only_looks_like_one(text):
    assert fiscal.parse(text) is None


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_no_damage_breaks_a_parser(name, data):
    text = SAMPLES[name][0]
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 12))
    fiscal.parse(text[:place] + data.draw(st.text(max_size=4)) + text[place + length :])
