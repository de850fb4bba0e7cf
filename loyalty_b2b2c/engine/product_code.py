"""The code on a product: unguessable, easy to type, and it notices typing errors.

Sixteen characters of Crockford's base32 (https://www.crockford.com/base32.html, without
I, L, O and U): fourteen random ones, 70 bits, and two that check them.  The checks are
a Reed-Solomon code over GF(32): any one wrong character and any two swapped ones are
noticed before anybody asks the server.  Codes with a hidden PIN carry another check
value, so that the page knows to ask for the PIN without asking whether the code exists.
"""

import hashlib
import hmac
import re
import secrets
from array import array
from dataclasses import dataclass
from urllib.parse import quote, unquote

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
DATA = 14
PIN_LENGTH = 6
PATH = "/l/"

# what a person reads or types wrongly, Cyrillic letters that look the same included
_READ_AS = str.maketrans(
    "OILАВСЕНКМОРТХУІ", "011ABCEHKM0PTXY1", "- \u00a0\u202f\u2013\u2014"
)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
# GS1 Digital Link: …/01/<GTIN>/21/<serial>, https://ref.gs1.org/standards/digital-link
_GS1 = re.compile(r"/01/\d{8,14}/21/([^/?#]+)")
_OWN = re.compile(re.escape(PATH) + r"([^/?#]+)")
_OUTSIDE = re.compile(r"[0-9A-ZА-ЯҐЄІЇ./_+:#*$%?&=@!~]{6,40}")
_MAX_TEXT = 300

#: The checks' sums (see :func:`_sums`) of codes without and with a PIN.  The second is
#: no multiple of a position's column, so one wrong character never turns one kind of
#: code into the other.
_PLAIN, _WITH_PIN = (0, 0), (1, 0)


@dataclass(frozen=True)
class Scanned:
    """What a camera or a person gave.

    ``problem`` is ``"empty"``, ``"foreign"`` (some other code), ``"short"``, ``"long"``
    or ``"typo"``; then there is no ``code``.  ``outside`` is the text in standard form
    all the same: it may be a code somebody else made and we imported.
    """

    code: str = ""
    wants_pin: bool = False
    problem: str = ""
    outside: str = ""


def read(text):
    """Return the code in what was scanned or typed."""
    text = text.strip()[:_MAX_TEXT] if isinstance(text, str) else ""
    if not text:
        return Scanned(problem="empty")
    if "://" in text or text.startswith(PATH):
        link = _GS1.search(text) or _OWN.search(text)
        if not link:
            return Scanned(problem="foreign")
        text = unquote(link[1])
    text = standardize(text)
    outside = text if is_outside(text) else ""
    if not set(text) <= set(ALPHABET):
        # as long as a code: somebody mistyped one
        typed = len(text) == LENGTH and text.isalnum()
        return Scanned(problem="typo" if typed else "foreign", outside=outside)
    if len(text) != LENGTH:
        problem = "short" if len(text) < LENGTH else "long"
        return Scanned(problem=problem, outside=outside)
    sums = _sums([_VALUES[character] for character in text])
    if sums not in (_PLAIN, _WITH_PIN):
        return Scanned(problem="typo", outside=outside)
    return Scanned(code=text, wants_pin=sums == _WITH_PIN)


def standardize(text):
    """Return a code without what people read or type differently."""
    return text.strip().upper().translate(_READ_AS)


def is_outside(text):
    """Tell whether a text in standard form can be a code somebody else made."""
    return bool(_OUTSIDE.fullmatch(text))


def new_codes(count, with_pin=False):
    """Return ``count`` new random codes."""
    words = array("H", secrets.token_bytes(2 * 7 * count))
    first = _CHECK_OF_PIN if with_pin else 0
    (t0, t1, t2, t3, t4, t5, t6), pairs = _TABLES, _PAIRS
    codes = []
    for start in range(0, 7 * count, 7):
        a, b, c, d, e, f, g = (word & 1023 for word in words[start : start + 7])
        check = first ^ t0[a] ^ t1[b] ^ t2[c] ^ t3[d] ^ t4[e] ^ t5[f] ^ t6[g]
        codes.append(
            pairs[a] + pairs[b] + pairs[c] + pairs[d] + pairs[e] + pairs[f] + pairs[g]
            + pairs[check]
        )  # fmt: skip
    return codes


def shown(code):
    """Return a code the way it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def masked(code):
    """Return as much of a code as tells people which one is meant."""
    return f"…{code[-4:]}"


def link(base, code, gtin=None):
    """Return what the QR code holds: an address of the company's own site.

    :param str base: ``https://company.example``
    :param gtin: of the product; the address is a GS1 Digital Link then
    """
    code = quote(code, safe="")  # codes of other makers have more characters
    if gtin:
        return f"{base}/01/{gtin.zfill(14)}/21/{code}"
    return f"{base}{PATH}{code}"


# === WHAT IS KEPT OF A CODE === #

#: How a code that was forgotten begins; no text that is scanned or imported does.
KEPT = "…"


def keep(pepper, code):
    """Return what is kept of a code that is printed: enough to recognize it.

    :param str pepper: a secret of the database
    :param str code: in standard form
    """
    digest = hmac.new(pepper.encode(), f"code/{code}".encode(), hashlib.sha256)
    return f"{KEPT}{code[-4:]} {digest.hexdigest()[:32]}"


# === HIDDEN PART === #


def get_pin(secret, code):
    """Return the PIN that is printed below the scratch layer.

    It follows from the batch's printing secret: nothing that opens a code is stored,
    and once the secret is thrown away nobody can print it again.
    """
    digest = hmac.digest(secret.encode(), code.encode(), "sha256")
    return "".join(ALPHABET[byte & 31] for byte in digest[:PIN_LENGTH])


def hash_pin(pepper, code, pin):
    """Return what is stored of a PIN.

    :param str pepper: a secret of the database: the PIN is short, so a copied table
        alone must not be enough to try all of them
    """
    digest = hmac.new(pepper.encode(), f"{code}/{pin}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]


def read_pin(text):
    """Return a typed PIN in its standard form."""
    text = text if isinstance(text, str) else ""
    return text[:_MAX_TEXT].strip().upper().translate(_READ_AS)[: PIN_LENGTH + 1]


# === ARITHMETIC OF GF(32) === #

_EXP = [1]
while len(_EXP) < 31:
    _power = _EXP[-1] << 1
    _EXP.append(_power ^ 0b100101 if _power & 32 else _power)
_LOG = {value: exponent for exponent, value in enumerate(_EXP)}


def _times(a, b):
    return _EXP[(_LOG[a] + _LOG[b]) % 31] if a and b else 0


def _sums(values):
    """Return the two sums that are fixed in a right code."""
    first = second = 0
    for position, value in enumerate(values):
        first ^= _times(value, _EXP[position % 31])
        second ^= _times(value, _EXP[2 * position % 31])
    return first, second


def _solve(first, second):
    """Return the two check values, as one number, that add up to two sums."""
    a, b = _EXP[DATA], _EXP[DATA + 1]
    # x·a + y·b = first, x·a² + y·b² = second
    y = _times(second ^ _times(first, a), _invert(_times(b, b) ^ _times(a, b)))
    x = _times(first ^ _times(y, b), _invert(a))
    return x << 5 | y


def _invert(a):
    return _EXP[-_LOG[a] % 31]


def _get_table(position):
    """Return, for each pair of characters at a position, its part of the checks."""
    table = []
    for pair in range(1024):
        values = [0] * DATA
        values[position : position + 2] = pair >> 5, pair & 31
        table.append(_solve(*_sums(values)))
    return table


_TABLES = [_get_table(position) for position in range(0, DATA, 2)]
_CHECK_OF_PIN = _solve(*_WITH_PIN)
