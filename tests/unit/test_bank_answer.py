"""What banks answer: read by the number that stands in it, never guessed."""

from decimal import Decimal

import pytest
from engine import bank_answer
from engine.bank_answer import Answer, AnswerError
from hypothesis import given
from hypothesis import strategies as st

STATUS = """
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">
  <CstmrPmtStsRpt>
    <GrpHdr><MsgId>X</MsgId></GrpHdr>
    <OrgnlGrpInfAndSts><OrgnlMsgId>PB1</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>
    <OrgnlPmtInfAndSts>{rows}</OrgnlPmtInfAndSts>
  </CstmrPmtStsRpt>
</Document>"""
ROW = """<TxInfAndSts><OrgnlEndToEndId>{0}</OrgnlEndToEndId><TxSts>{1}</TxSts>
  <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>{2}</StsRsnInf></TxInfAndSts>"""
ENTRY = """
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}">
  <BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry>
    <Amt Ccy="EUR">{total}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}
    <NtryDtls>{rows}</NtryDtls>
  </Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn>
</Document>"""
DETAILS = """<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs>{1}</TxDtls>"""


def status(*rows, group="", version="03"):
    text = STATUS.format(version=version, group=group, rows="".join(rows))
    return bank_answer.read_xml(text.encode())


def entry(*rows, side="DBIT", booked="<Sts><Cd>BOOK</Cd></Sts>", version="08"):
    text = ENTRY.format(
        version=version, side=side, status=booked, rows="".join(rows), total="7.50"
    )
    return bank_answer.read_xml(text.encode())


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("ACSC", "paid"), ("ACCC", "paid"), ("RJCT", "returned"), ("CANC", "returned"),
     ("ACSP", "open"), ("ACTC", "open"), ("PDNG", "open"), ("", "open"), ("x", "open")],
)  # fmt: skip
def test_status(code, verdict):
    for version in ("03", "10"):
        [answer] = status(ROW.format("PY1", code, ""), version=version)
        assert answer == Answer("PY1", verdict, "AC04")


def test_the_words_of_the_bank_come_before_its_code():
    words = "<AddtlInf>Account  closed</AddtlInf><AddtlInf>since 2025</AddtlInf>"
    [answer] = status(ROW.format("PY1", "RJCT", words))
    assert answer.reason == "Account closed since 2025"


def test_a_file_that_was_refused_as_a_whole():
    [answer] = status(group="<GrpSts>RJCT</GrpSts>")
    assert answer == Answer("", "returned", batch="PB1")
    [answer] = status(group="<GrpSts>ACTC</GrpSts>")
    assert answer.verdict == "open"
    # where payments have a status of their own, that of the whole says nothing
    [answer] = status(ROW.format("PY1", "ACSC", ""), group="<GrpSts>RJCT</GrpSts>")
    assert answer.verdict == "paid"


def test_what_left_the_account_and_what_came_back():
    assert entry(DETAILS.format("PY1", "")) == [
        Answer("PY1", "paid", amount=Decimal("7.50"))
    ]
    back = "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>"
    assert entry(DETAILS.format("PY1", back), side="CRDT") == [
        Answer("PY1", "returned", "AC01", Decimal("7.50"))
    ]


def test_several_payments_of_one_entry_have_their_own_amounts():
    amount = "<AmtDtls><TxAmt><Amt Ccy='EUR'>5.00</Amt></TxAmt></AmtDtls>"
    rows = DETAILS.format("PY1", amount), DETAILS.format("PY2", "")
    assert [(a.reference, a.amount) for a in entry(*rows)] == [
        ("PY1", Decimal(5)),
        ("PY2", None),
    ]


def test_what_is_not_booked_says_nothing():
    row = DETAILS.format("PY1", "")
    assert entry(row, booked="<Sts>PDNG</Sts>") == []
    assert len(entry(row, booked="<Sts>BOOK</Sts>", version="02")) == 1
    assert entry("<TxDtls><Refs/></TxDtls>") == []


@pytest.mark.parametrize(
    "content",
    [b"", b"<", b"<a/>", b"PY1;paid", b"\xff\xfe", b"<Document><x></Document>"],
)
def test_what_is_no_answer(content):
    with pytest.raises(AnswerError):
        bank_answer.read_xml(content)


def test_nothing_outside_the_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("PY1")
    text = STATUS.format(version="03", group="", rows=ROW.format("&x;", "ACSC", ""))
    content = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{text}'
    [answer] = bank_answer.read_xml(content.encode())
    assert answer.reference == ""


@given(st.binary(max_size=200))
def test_garbage(content):
    try:
        bank_answer.read_xml(content)
    except AnswerError:
        pass


# === TABLES ===


def test_rows():
    assert bank_answer.read_rows(
        [
            ["Number", "Status", "Reason"],
            ["PY1", "paid", ""],
            [" PY2 ", "RETURNED", "closed"],
            ["PY3", "maybe", None],
            ["", "paid", ""],
            ["PY4"],
        ]
    ) == [
        Answer("PY1", "paid"),
        Answer("PY2", "returned", "closed"),
        Answer("PY3", "open"),
        Answer("PY4", "open"),
    ]


def test_columns_that_are_missing():
    with pytest.raises(AnswerError) as refused:
        bank_answer.read_rows([["number", "state"], ["PY1", "paid"]])
    assert refused.value.code == "columns"
