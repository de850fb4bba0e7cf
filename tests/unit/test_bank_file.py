"""Bank files: what a bank takes, to the cent and to the letter."""

import doctest
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from engine import bank_file
from engine.bank_file import BankFileError, PaymentOrder, Transfer, to_bank_text
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

LVIV = Transfer(
    "PY00001",
    Decimal("50.00"),
    "EUR",
    "Олена Коваленко",
    "DE89370400440532013000",
    "Винагорода PY00001",
)
ODESA = replace(LVIV, reference="PY00002", amount=Decimal("0.05"), name="Søren Ærø")
ORDER = PaymentOrder(
    reference="PB00001",
    written_at=datetime(2026, 3, 2, 10, 30, 15, 999),
    day=date(2026, 3, 3),
    name="Office Supplier GmbH",
    iban="DE02120300000000202051",
    transfers=(LVIV, ODESA),
    bic="BYLADEM1001",
)
TAKEN = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")


def read(content):
    """Return path -> texts of a message, without its name space."""
    root = etree.fromstring(content)
    found = {}
    for node in root.iter():
        names = [etree.QName(parent).localname for parent in node.iterancestors()]
        path = "/".join([*reversed(names[:-1]), etree.QName(node).localname])
        if node.text and node.text.strip():
            found.setdefault(path, []).append(node.text)
    return found


def ends(found, tail):
    """Return the texts of all elements whose path ends so."""
    return [t for path, texts in found.items() if path.endswith(tail) for t in texts]


def test_the_examples_in_the_text():
    assert doctest.testmod(bank_file).failed == 0


# === LETTERS ===


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Олена Коваленко", "Olena Kovalenko"),
        ("Юрій Яцьків", "Yurii Yatskiv"),
        ("Щербань-Згурська", "Shcherban-Zghurska"),
        ("Мар’яна", "Mariana"),
        ("O'Neill", "ONeill"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Müller & Söhne", "Muller Sohne"),
        ("Großmann", "Grossmann"),
        ("=1+1", "1+1"),
        ("//drop//", "drop"),
        ("a\nb\tc", "a b c"),
        ("№ 12", "No 12"),
        ("", ""),
        (None, ""),
    ],
)
def test_letters(text, taken):
    assert to_bank_text(text) == taken


@pytest.mark.parametrize("text", ["李雷", "علي", "Ωmega"])
def test_what_cannot_be_spelled_is_refused(text):
    with pytest.raises(BankFileError):
        to_bank_text(text)


@given(st.text(max_size=200), st.integers(1, 150))
def test_whatever_is_written_can_be_taken(text, length):
    try:
        taken = to_bank_text(text, length)
    except BankFileError:
        return
    assert TAKEN.fullmatch(taken)
    assert len(taken) <= length
    assert "//" not in taken
    assert taken == taken.strip()


# === MESSAGES ===


@pytest.mark.parametrize("version", ["pain03", "pain09"])
def test_totals_are_those_of_the_payments(version):
    found = read(bank_file.write_pain(ORDER, version))
    assert ends(found, "NbOfTxs") == ["2", "2"]
    assert ends(found, "CtrlSum") == ["50.05", "50.05"]
    assert ends(found, "InstdAmt") == ["50.00", "0.05"]
    assert ends(found, "EndToEndId") == ["PY00001", "PY00002"]
    assert ends(found, "Cdtr/Nm") == ["Olena Kovalenko", "Soren Aero"]
    assert ends(found, "CdtrAcct/Id/IBAN") == [LVIV.iban, ODESA.iban]
    assert ends(found, "Ustrd") == ["Vynahoroda PY00001"] * 2
    assert ends(found, "GrpHdr/MsgId") == ["PB00001"]
    assert ends(found, "CreDtTm") == ["2026-03-02T10:30:15"]
    assert ends(found, "ChrgBr") == ["SLEV"]


def test_what_the_versions_call_otherwise():
    old = read(bank_file.write_pain(ORDER, "pain03"))
    new = read(bank_file.write_pain(ORDER, "pain09"))
    assert ends(old, "ReqdExctnDt") == ends(new, "ReqdExctnDt/Dt") == ["2026-03-03"]
    assert ends(old, "FinInstnId/BIC") == ends(new, "BICFI") == ["BYLADEM1001"]


def test_a_bank_without_bic():
    found = read(bank_file.write_pain(replace(ORDER, bic=""), "pain03"))
    assert ends(found, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_each_currency_is_a_block():
    hryvnia = replace(LVIV, reference="PY3", currency="UAH", amount=Decimal(1000))
    order = replace(ORDER, transfers=(LVIV, hryvnia, ODESA))
    found = read(bank_file.write_pain(order, "pain09"))
    assert ends(found, "PmtInfId") == ["PB00001-EUR", "PB00001-UAH"]
    assert ends(found, "CtrlSum") == ["1050.05", "50.05", "1000.00"]
    assert ends(found, "ChrgBr") == ["SLEV", "SHAR"]
    assert ends(found, "SvcLvl/Cd") == ["SEPA"]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal("-1")}),
        ("amount", {"amount": Decimal("0.001")}),
        ("amount", {"amount": Decimal("1000000000")}),
        ("amount", {"amount": Decimal("NaN")}),
        ("account", {"iban": "DE89 3704"}),
        ("account", {"iban": ""}),
        ("name", {"name": "&&"}),
        ("name", {"name": "李雷"}),
        ("name", {"text": "李雷"}),
        ("reference", {"reference": "PY00002"}),
        ("reference", {"reference": "x" * 36}),
        ("reference", {"reference": "/x"}),
        ("reference", {"reference": ""}),
    ],
)
def test_what_a_bank_would_refuse(code, change):
    order = replace(ORDER, transfers=(replace(LVIV, **change), ODESA))
    for write in (lambda: bank_file.write_pain(order, "pain03"),
                  lambda: bank_file.get_table(order)):  # fmt: skip
        with pytest.raises(BankFileError) as refused:
            write()
        assert refused.value.code == code


def test_nothing_to_pay_and_nobody_who_pays():
    for code, change in (("empty", {"transfers": ()}), ("account", {"iban": ""}),
                         ("account", {"name": "&"})):  # fmt: skip
        with pytest.raises(BankFileError) as refused:
            bank_file.check_order(replace(ORDER, **change))
        assert refused.value.code == code


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_control_sum(cents):
    transfers = tuple(
        replace(LVIV, reference=f"PY{n}", amount=Decimal(c) / 100)
        for n, c in enumerate(cents)
    )
    found = read(bank_file.write_pain(replace(ORDER, transfers=transfers), "pain03"))
    total = sum(Decimal(text) for text in ends(found, "InstdAmt"))
    assert {Decimal(text) for text in ends(found, "CtrlSum")} == {total}
    assert total == Decimal(sum(cents)) / 100


def test_the_table():
    heads, first, _second = bank_file.get_table(ORDER)
    assert dict(zip(heads, first, strict=True)) == {
        "number": "PY00001",
        "name": "Олена Коваленко",
        "iban": LVIV.iban,
        "amount": "50.00",
        "currency": "EUR",
        "text": "Винагорода PY00001",
        "day": "2026-03-03",
    }
