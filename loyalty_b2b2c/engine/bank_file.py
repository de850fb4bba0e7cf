"""Files that tell a bank to pay: ISO 20022 (pain.001) and a plain table.

Banks refuse a whole file for one wrong letter, so a file is checked as it is written:
every text is in the letters banks take, every amount is one that exists, and the totals
are those of the payments.  Plain functions, without a database.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

#: Format -> name space of the message.
PAIN = {
    "pain03": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03",
    "pain09": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
}
NAME_LENGTH = 70
TEXT_LENGTH = 140
REFERENCE_LENGTH = 35
_MOST = Decimal("999999999.99")
_REFERENCE = re.compile(r"[A-Za-z0-9?:().,'+ -](?:[A-Za-z0-9/?:().,'+ -]*)")
_NOT_TAKEN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
#: Letters that do not come apart into a Latin letter and a mark.
_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
    "ю": "iu", "я": "ia", "ё": "e", "ъ": "", "ы": "y", "э": "e", "ў": "u",
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d",
    "þ": "th", "ı": "i",
}  # fmt: skip
#: The same at the beginning of a word, as passports of Ukraine write it.
_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
#: An apostrophe within a word is a sign of writing, no letter.
_MARKS = "'\u2019\u02bc`\u00b4"


class BankFileError(Exception):
    """A bank would refuse the file.

    :param str code: ``"empty"``, ``"name"``, ``"amount"``, ``"reference"`` or
        ``"account"``
    :param str reference: of the payment, empty when it is about the whole file
    """

    def __init__(self, code, reference=""):
        super().__init__(code, reference)
        self.code, self.reference = code, reference


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment.

    :param reference: our number of it; the bank's answer names it
    :param currency: code of three letters
    :param name: whose account it is
    :param iban: without blanks
    :param text: what stands on the payee's statement
    """

    reference: str
    amount: Decimal
    currency: str
    name: str
    iban: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Payments that leave one account on one day.

    :param reference: number of the file; the bank's answer names it
    :param written_at: when the file was made, in the time of who made it
    :param day: when the bank should pay
    :param name: whose account it is
    :param bic: of the bank, if it is known
    """

    reference: str
    written_at: datetime
    day: date
    name: str
    iban: str
    transfers: tuple[Transfer, ...]
    bic: str = ""


def to_bank_text(text, length=TEXT_LENGTH):
    """Return a text in the letters that banks take, as long as they take it.

    Cyrillic is written as passports of Ukraine write it, other letters lose their
    marks.

    >>> to_bank_text("Їжак Ґалаґан"), to_bank_text("Знам'янка & Søren")
    ('Yizhak Galagan', 'Znamianka Soren')

    :raise BankFileError: a letter is none of these, so the text would say something
        else
    """
    words = " ".join(_read_word(word) for word in str(text or "").split())
    taken = re.sub(r"/{2,}", "/", _NOT_TAKEN.sub(" ", words))
    return " ".join(taken.split())[:length].strip(" /-")


def _read_word(word):
    """Return a word of which every letter is a Latin one."""
    letters, is_first = [], True
    for number, character in enumerate(word):
        if character in _MARKS and 0 < number < len(word) - 1:
            continue
        if character in "гГ" and number and word[number - 1] in "зЗ":
            letters.append("g")  # so that "зг" is not read as "ж"
        letters.append(_read_letter(character, is_first))
        is_first = is_first and not character.isalpha()
    return "".join(letters)


def _read_letter(character, is_first):
    """Return the Latin letters that stand for a character; a sign is a blank."""
    low = character.casefold() if character != "ß" else character
    latin = _FIRST.get(low) if is_first else None
    latin = _LETTERS.get(low) if latin is None else latin
    if latin is None:
        parts = unicodedata.normalize("NFKD", character)
        latin = "".join(part for part in parts if not unicodedata.combining(part))
        if latin and _NOT_TAKEN.search(latin) and character.isalpha():
            raise BankFileError("name")
        return latin
    return latin.capitalize() if character.isupper() else latin


def check_order(order):
    """Refuse an order that a bank would refuse.

    :raise BankFileError: with the reference of the payment it is about
    """
    if not order.transfers:
        raise BankFileError("empty")
    if not order.iban or not to_bank_text(order.name, NAME_LENGTH):
        raise BankFileError("account")
    _check_reference(order.reference)
    seen = set()
    for transfer in order.transfers:
        _check_reference(transfer.reference)
        if transfer.reference in seen:
            raise BankFileError("reference", transfer.reference)
        seen.add(transfer.reference)
        _check_transfer(transfer)


def _check_reference(reference):
    if len(reference) > REFERENCE_LENGTH or not _REFERENCE.fullmatch(reference):
        raise BankFileError("reference", reference)


def _check_transfer(transfer):
    """Refuse a payment of no amount, to no name or to no account."""
    amount = transfer.amount
    if not amount.is_finite() or not 0 < amount <= _MOST:
        raise BankFileError("amount", transfer.reference)
    if amount != amount.quantize(Decimal("0.01")):
        raise BankFileError("amount", transfer.reference)
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", transfer.iban):
        raise BankFileError("account", transfer.reference)
    try:
        name = to_bank_text(transfer.name, NAME_LENGTH)
        to_bank_text(transfer.text)
    except BankFileError as error:
        raise BankFileError(error.code, transfer.reference) from None
    if not name:
        raise BankFileError("name", transfer.reference)


def write_pain(order, version):
    """Return an order as an ISO 20022 message, customer credit transfer initiation.

    Payments of one currency are one block; banks book them as they agreed with the
    company.

    :param order: :class:`PaymentOrder`
    :param str version: a key of :data:`PAIN`
    :return: bytes
    :raise BankFileError: a bank would refuse it
    """
    check_order(order)
    space = PAIN[version]
    root = etree.Element("Document", nsmap={None: space})
    message = _add(root, "CstmrCdtTrfInitn")
    header = _add(message, "GrpHdr")
    _add(header, "MsgId", order.reference)
    _add(header, "CreDtTm", order.written_at.replace(microsecond=0).isoformat())
    _add_totals(header, order.transfers)
    _add(_add(header, "InitgPty"), "Nm", to_bank_text(order.name, NAME_LENGTH))
    for currency in sorted({transfer.currency for transfer in order.transfers}):
        block = [t for t in order.transfers if t.currency == currency]
        _add_block(message, order, currency, block, version)
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _add_block(message, order, currency, transfers, version):
    """Add the payments of one currency."""
    block = _add(message, "PmtInf")
    _add(block, "PmtInfId", f"{order.reference[: REFERENCE_LENGTH - 4]}-{currency}")
    _add(block, "PmtMtd", "TRF")
    _add_totals(block, transfers)
    is_sepa = currency == "EUR"
    if is_sepa:
        _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    day = _add(block, "ReqdExctnDt")
    (day if version == "pain03" else _add(day, "Dt")).text = order.day.isoformat()
    _add(_add(block, "Dbtr"), "Nm", to_bank_text(order.name, NAME_LENGTH))
    _add(_add(_add(block, "DbtrAcct"), "Id"), "IBAN", order.iban)
    bank = _add(_add(block, "DbtrAgt"), "FinInstnId")
    if order.bic:
        _add(bank, "BIC" if version == "pain03" else "BICFI", order.bic)
    else:
        _add(_add(bank, "Othr"), "Id", "NOTPROVIDED")
    _add(block, "ChrgBr", "SLEV" if is_sepa else "SHAR")
    for transfer in transfers:
        _add_transfer(block, transfer)


def _add_transfer(block, transfer):
    payment = _add(block, "CdtTrfTxInf")
    _add(_add(payment, "PmtId"), "EndToEndId", transfer.reference)
    amount = _add(_add(payment, "Amt"), "InstdAmt", _word_amount(transfer.amount))
    amount.set("Ccy", transfer.currency)
    _add(_add(payment, "Cdtr"), "Nm", to_bank_text(transfer.name, NAME_LENGTH))
    _add(_add(_add(payment, "CdtrAcct"), "Id"), "IBAN", transfer.iban)
    text = to_bank_text(transfer.text)
    if text:
        _add(_add(payment, "RmtInf"), "Ustrd", text)


def _add_totals(parent, transfers):
    """Add how many payments there are, and their sum, whatever the currencies."""
    _add(parent, "NbOfTxs", str(len(transfers)))
    _add(parent, "CtrlSum", _word_amount(sum(t.amount for t in transfers)))


def _word_amount(amount):
    return f"{amount:.2f}"


def _add(parent, name, text=None):
    element = etree.SubElement(parent, name)
    element.text = text
    return element


def get_table(order):
    """Return an order as rows of a table, headings first.

    :raise BankFileError: a bank would refuse it
    """
    check_order(order)
    heads = ["number", "name", "iban", "amount", "currency", "text", "day"]
    return [
        heads,
        *(
            [
                transfer.reference,
                transfer.name,
                transfer.iban,
                _word_amount(transfer.amount),
                transfer.currency,
                transfer.text,
                order.day.isoformat(),
            ]
            for transfer in order.transfers
        ),
    ]
