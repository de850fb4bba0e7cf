"""What a bank answers to a bank file: which payments were made, which came back.

Reads ISO 20022 (the status report pain.002; the account reports camt.052, 053 and 054)
and a plain table.  Nothing is guessed: an answer is about the number that stands in it.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

PAID, RETURNED, OPEN = "paid", "returned", "open"
#: Status of a payment in a status report -> what it means; the others say nothing yet.
_STATUS = {"ACSC": PAID, "ACCC": PAID, "RJCT": RETURNED, "CANC": RETURNED}
_REASON_LENGTH = 200


class AnswerError(Exception):
    """The file is no answer of a bank.

    :param str code: ``"unreadable"`` or ``"columns"``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a payment.

    :param reference: our number of it; empty when it is about a whole file
    :param verdict: :data:`PAID`, :data:`RETURNED` or :data:`OPEN`
    :param reason: the bank's words or code
    :param amount: what the bank paid, ``None`` where it does not say
    :param batch: number of the file that was refused as a whole
    """

    reference: str
    verdict: str
    reason: str = ""
    amount: Decimal | None = None
    batch: str = ""


def is_xml(content):
    """Tell whether a file is meant to be XML."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read_xml(content):
    """Return the answers in an ISO 20022 message.

    :param bytes content: of the file
    :return: list of :class:`Answer`
    :raise AnswerError: it is no XML, or none of these messages
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise AnswerError("unreadable") from None
    if root.find(".//{*}CstmrPmtStsRpt") is not None:
        return _read_status(root)
    if root.find(".//{*}Ntry") is not None:
        return _read_entries(root)
    raise AnswerError("unreadable")


def _read_status(root):
    """Return the answers of a status report."""
    answers = []
    for row in root.iterfind(".//{*}TxInfAndSts"):
        reference = _text(row, "OrgnlEndToEndId")
        verdict = _STATUS.get(_text(row, "TxSts"), OPEN)
        answers.append(Answer(reference, verdict, _reason(row)))
    group = root.find(".//{*}OrgnlGrpInfAndSts")
    if not answers and group is not None:
        batch = _text(group, "OrgnlMsgId")
        verdict = _STATUS.get(_text(group, "GrpSts"), OPEN)
        answers.append(Answer("", verdict, _reason(group), batch=batch))
    return answers


def _read_entries(root):
    """Return the answers of an account report: what left the account, what came back
    to it."""
    answers = []
    for entry in root.iterfind(".//{*}Ntry"):
        status = _text(entry, "Sts/{*}Cd") or _text(entry, "Sts")
        if status != "BOOK":
            continue
        is_debit = _text(entry, "CdtDbtInd") == "DBIT"
        details = entry.findall(".//{*}TxDtls")
        for row in details:
            reference = _text(row, "Refs/{*}EndToEndId")
            if not reference:
                continue
            amount = _amount(row)
            if amount is None and len(details) == 1:
                amount = _amount(entry)
            verdict = PAID if is_debit else RETURNED
            answers.append(Answer(reference, verdict, _return_reason(row), amount))
    return answers


def _amount(row):
    """Return what an entry says it moved, ``None`` where it is no number."""
    for path in ("Amt", "AmtDtls/{*}TxAmt/{*}Amt"):
        try:
            return Decimal(_text(row, path))
        except InvalidOperation:
            continue
    return None


def _reason(row):
    """Return why a payment was refused: the bank's words, else its code."""
    words = [node.text or "" for node in row.iterfind(".//{*}StsRsnInf/{*}AddtlInf")]
    return _shorten(" ".join(words)) or _text(row, "StsRsnInf/{*}Rsn/{*}Cd")


def _return_reason(row):
    """Return why money came back."""
    words = [node.text or "" for node in row.iterfind(".//{*}RtrInf/{*}AddtlInf")]
    return _shorten(" ".join(words)) or _text(row, "RtrInf/{*}Rsn/{*}Cd")


def _text(node, path):
    """Return the text of what is below a node, empty when there is none."""
    found = node.find("{*}" + path)
    return (found.text or "").strip() if found is not None else ""


def _shorten(text):
    return " ".join(text.split())[:_REASON_LENGTH]


def read_rows(rows):
    """Return the answers in a table with the columns number, status and reason.

    :param rows: lists of cells, headings first
    :return: list of :class:`Answer`; a status that is neither *paid* nor *returned* is
        :data:`OPEN`
    :raise AnswerError: a column is missing
    """
    heads = [str(cell or "").strip().casefold() for cell in rows[0]]
    if "number" not in heads or "status" not in heads:
        raise AnswerError("columns")
    answers = []
    for row in rows[1:]:
        cells = dict(zip(heads, row, strict=False))
        reference = str(cells.get("number") or "").strip()
        if not reference:
            continue
        status = str(cells.get("status") or "").strip().casefold()
        reason = _shorten(str(cells.get("reason") or ""))
        verdict = status if status in (PAID, RETURNED) else OPEN
        answers.append(Answer(reference, verdict, reason))
    return answers
