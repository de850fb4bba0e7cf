"""The code with which somebody recommends: a name, and eight characters to check it.

``OLENA-7K2P-M4XT``: people read it out, type it at a till and find it on a poster.  The
name makes it somebody's; the seven characters behind it are random, 35 bits.  The last
one checks all the others, so that a code that was mistyped, or a link that a messenger
cut, is told from a code nobody has, without asking whether somebody has it.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from .keyboards import get_readings
from .product_code import ALPHABET, standardize
from .typed_text import get_number_key, is_storable

RANDOM = 7
_NAME = 8
_SHORTEST = 4
_LONGEST = 24
_MAX_TEXT = 500
_PRIME = 37  # above the number of characters: no wrong one has the value of another
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_CHARACTERS)}
_LINK = re.compile(r"/r/([^/?#\s]+)", re.IGNORECASE)
_HIDDEN = {0xAD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None}
#: What a messenger or a sentence leaves around a code.
_AROUND = " \t\r\n.,;:!?()[]<>«»„“”\"'…*_"
_LATIN = {
    "А": "A", "Б": "B", "В": "V", "Г": "H", "Ґ": "G", "Д": "D", "Е": "E", "Є": "IE",
    "Ё": "E", "Ж": "ZH", "З": "Z", "И": "Y", "І": "I", "Ї": "I", "Й": "I", "К": "K",
    "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T",
    "У": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH",
    "Ь": "", "Ъ": "", "Ы": "Y", "Э": "E", "Ю": "IU", "Я": "IA", "ß": "SS", "Ł": "L",
    "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE",
}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What somebody typed or scanned.

    :param key: what is compared, empty when there is no code in the text
    :param is_whole: whether the code is checked by its last character; one that was
        chosen by a person is not
    """

    key: str = ""
    is_whole: bool = False


def new_code(name="", choose=secrets.choice):
    """Return a new random code, as people read it.

    :param str name: of whose code it is, in any alphabet
    :param choose: function that draws one of some characters
    """
    name = get_latin(name)[:_NAME]
    while True:
        drawn = "".join(choose(ALPHABET) for _position in range(RANDOM))
        check = _get_check(get_key(name + drawn))
        if check and check in ALPHABET:  # for one value there is no character
            break
    parts = (name, drawn[:4], drawn[4:] + check)
    return "-".join(filter(None, parts))


def get_latin(name):
    """Return the first word of a name in Latin capitals.

    >>> get_latin("Олена Коваленко"), get_latin("Zoë"), get_latin("小林")
    ('OLENA', 'ZOE', '')
    """
    first = (name or "").split()[:1]
    latin = "".join(_LATIN.get(letter, letter) for letter in "".join(first).upper())
    plain = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in plain if "A" <= letter <= "Z")


def get_key(code):
    """Return what the spellings of one code have in common.

    Case, dashes and letters that look like others do not matter.

    >>> get_key("Olena-7k2p") == get_key("0LENA 7K2P")
    True
    """
    return standardize(get_number_key(code)).strip("-")


def read(text):
    """Return the code in what was typed or scanned, or in the link that was opened.

    :param text: anything
    :return: :class:`Typed`
    """
    if not isinstance(text, str) or not is_storable(text):
        return Typed()
    text = text[:_MAX_TEXT].translate(_HIDDEN)
    link = _LINK.search(text)
    if link:
        text = unquote(link[1])
    elif "://" in text:
        return Typed()
    text = text.strip(_AROUND)
    keys = [get_key(text)] + [get_key(other) for other in get_readings(text)]
    codes = [key for key in keys if _is_code(key)]
    for key in codes:
        if is_whole(key):
            return Typed(key, True)
    return Typed(codes[0]) if codes else Typed()


def is_whole(key):
    """Tell whether the last character of a key checks the others.

    >>> code = get_key(new_code("Olena"))
    >>> is_whole(code), is_whole(code[:-1] + "I")
    (True, False)
    """
    return len(key) > RANDOM and _get_check(key[:-1]) == key[-1]


def _is_code(key):
    return _SHORTEST <= len(key) <= _LONGEST and set(key) <= set(_CHARACTERS)


def _get_check(key):
    """Return the character that makes the weighted sum a multiple of the prime; no
    character for one value of it."""
    weighted = sum(
        place * _VALUES[character] for place, character in enumerate(key, start=1)
    )
    # the check stands at place len + 1: solve for it
    value = -weighted * pow(len(key) + 1, -1, _PRIME) % _PRIME
    return _CHARACTERS[value] if value < len(_CHARACTERS) else ""
