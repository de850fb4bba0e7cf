"""The number of the document, of the tax office, and of the till.

A number stands behind its name in the same row, or below it.  What has a name of
another kind, a tax number of the shop, a telephone, is none.
"""

import re

from .letters import digits, tight
from .moments import is_moment

#: A kind of name that tells more wins over one that comes earlier.
_RANKS = (
    ("RECEIPT", 9), ("INVOICE", 9), ("INV", 9), ("BILL", 8), ("4EK", 9), ("DOC", 8),
    ("RCPT", 9), ("SLIP", 7), ("CHECK", 7), ("CHK", 7), ("TICKET", 7), ("CASHBILL", 8),
    ("TRANS", 5), ("TRN", 5), ("TXN", 5), ("TRX", 5), ("ORDER", 4), ("REF", 4),
)  # fmt: skip
_NAME = re.compile(r"\d*[^\W\d_]+|\d+")
_AFTER = re.compile(
    r"^[^\w#№(]{0,4}(?:(?:NO|N0|NR|N|NUM|NUMBER|NUMERO|NUMMER|ID|IK|TK|ME|K|C|BR"
    r"|№|#|Nº|N°)(?=[\W\d_]|$))?[\W_]{0,6}",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\W_](?:[^\W_]|[./_:#-]|\s[-/]\s(?=[^\W_]))*")
# ``SI 00123``: letters of a series before the figures
_SERIES = re.compile(r"[A-Z]{1,4}\s(?:(?=\d{3})\d[\d/-]*|[A-Z\d]{1,8}/\d+)")
# figures that a till prints without a name: ``R#0000123456``, ``F001-00012345``,
# ``R000027830``, ``# 004521``
_SIGNED = re.compile(
    r"(?<![\w/.-])(?:[A-Z]{1,2}#\s?(\d{4,12})(?!\d)|([A-Z]\d{3}-\d{6,8})(?![\w-]))"
)
_ALONE = re.compile(r"^\W*#\s?(\d{3,12})\W*$")
_BARE = re.compile(r"(?<![\w/.#-])([A-Z]{1,3}0\d{5,9})(?![\w/])")
# letters of two alphabets that are printed alike: engines take one for the other
_SAME = str.maketrans("АВЕКМНОРСТХУІЅЈ", "ABEKMHOPCTXYISJ")
_BELOW = re.compile(r"^\W*([A-Z]{0,6}[-/ ]?\d[A-Z0-9./-]{2,24})\W*$", re.IGNORECASE)
_NOT = re.compile(
    r"^\d{1,2}[-./]\d{1,2}[-./](?:(?:19|20|25)\d\d|\d\d)$|^20\d\d[-./]\d{1,2}[-./]\d{1,2}$"
    r"|^\d{1,2}:\d{2}(:\d{2})?$|^\d+[.,]\d{2}$"
)
_FISCAL = re.compile(r"(?:4EKA|FISCAL(?:NO|N)?|FISK)\D{0,6}(\d[\dOILSB]{4,19})")
_REGISTER = re.compile(
    r"(?:HNPPO|HPPO|HPRRO|REGISTERNO|REGISTER)\D{0,6}(\d[\dOILSB]{4,19})"
)
_FOREIGN = re.compile(
    r"[GS]ST\s?(?:REG|ID|NO|#)|REG(?:ISTRATION)?\W{0,2}\s?NO|CO\W{0,2}\s?(?:REG|NO)"
    r"|TEL\b|PHONE|FAX|TAX\s?(?:ID|REG|NO)|VAT\s?(?:REG|ID|NO)|BRN|ROC\b|TIN\b|MEMBER|ACCOUNT|A/C|CARD",
    re.IGNORECASE,
)


def read(rows, words):
    """Return ``(number, fiscal number, number of the till, guessed?)``; each of the
    numbers may be ``None``, and guessed is one that nothing names.

    :param rows: list of :class:`.rows.Row`
    """
    fiscal = register = None
    for row in rows:
        solid = tight(row.text)
        if register is None and (match := _REGISTER.search(solid)):
            register = digits(match[1])
        elif fiscal is None and (match := _FISCAL.search(solid)):
            fiscal = digits(match[1])
    number = _document(rows, words)
    guess = None if number else _unnamed(rows)
    return number or guess, fiscal, register, bool(guess)


def _unnamed(rows):
    """Return the number without a name that stands beside the day of the sale."""
    for row in rows:
        if match := _SIGNED.search(row.text):
            return match[1] or match[2]
    for place, row in enumerate(rows):
        near = rows[max(place - 1, 0) : place + 2]
        match = _BARE.search(row.text) or _ALONE.search(row.text)
        if match and not row.amounts and any(is_moment(one.text) for one in near):
            return match[1]
    return None


def _document(rows, words):
    best = None
    for place, row in enumerate(rows):
        for rank, value in _in_row(row, rows[place + 1 : place + 2], words):
            if best is None or rank > best[0]:
                best = (rank, value)
    return best[1] if best else None


def _in_row(row, below, words):
    """Yield ``(rank, number)`` of the names of numbers in a row."""
    end = 0
    for match in _NAME.finditer(row.text):
        if match.start() < end:
            continue  # inside a longer name: of the tax office's number, say
        tail = row.text[match.start() :]
        found = words.begins(tail[:60])
        if found and found[0] == "fiscal":
            end = match.start() + found[2]
        if not found or found[0] != "number":
            continue
        before = row.text[: match.start()]
        if _FOREIGN.search(row.text[: match.start() + found[2] + 4]):
            continue
        if found[1] <= 2 and re.search(r"[^\W\d_]\W{0,2}$", before):
            continue  # "No" of something else
        value, signed = _value(tail[found[2] :])
        if value is None and below and not tail[found[2] :].strip(" .:#-"):
            value = _value_below(below[0])
        if value:
            taught = 50 * words.is_own(tail[: found[2]])
            yield taught + _rank(tail[: found[2]], signed, value), value


def _rank(name, signed, value):
    solid = tight(name)
    rank = max((rank for word, rank in _RANKS if word in solid), default=6)
    rank = 2 if len(solid) <= 2 else rank
    return 2 * rank + 3 * signed + (len(re.sub(r"\D", "", value)) >= 3)


def _value(rest):
    """Return ``(the number behind a name or None, whether a sign says it is one)``."""
    head = _AFTER.match(rest)
    after = rest[head.end() :] if head else rest
    signed = bool(head and re.search(r"[#№:]|N", head[0].upper()))
    match = _SERIES.match(after) or _VALUE.match(after)
    if not match:
        return None, signed
    value = _clean(match[0])
    return value, signed


def _value_below(row):
    match = _BELOW.match(row.text)
    return _clean(match[1]) if match and not row.amounts else None


def _clean(text):
    """Return a number in capitals without gaps; ``None`` when it is none."""
    text = re.sub(r"\s", "", text).upper().translate(_SAME).strip("./_:#-")
    if _NOT.match(text) or sum(ch.isdigit() for ch in text) < 2 or len(text) > 32:
        return None
    letters = re.sub(r"[^A-Z]", "", text)
    if letters and set(letters) <= set("OILQSB") and text[:1].isdigit():
        text = digits(text)
    return text
