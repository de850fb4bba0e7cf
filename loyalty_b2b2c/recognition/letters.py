"""One alphabet for what engines read: look-alike letters become the same Latin one.

An engine without Cyrillic reads ``СУМА`` as ``CYMA`` and ``ЧЕК`` as ``4EK``; one with
Cyrillic mixes both alphabets.  Folded, all of them are the same text, so words on
receipts and names of products are found whichever engine read them.
"""

import re
import unicodedata

_ALIKE = {
    # Cyrillic that looks Latin, or like a digit
    "А": "A", "В": "B", "Е": "E", "Є": "E", "Ё": "E", "К": "K", "М": "M", "Н": "H",
    "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X", "У": "Y", "І": "I", "Ї": "I",
    "Ч": "4", "З": "3", "Б": "6", "Й": "N", "И": "N", "Л": "N", "П": "N", "Ь": "B",
    "Я": "R", "Г": "R", "Ґ": "R", "Ш": "W", "Щ": "W", "Д": "D", "Ж": "K", "Ц": "U",
    "Ю": "O", "Э": "E", "Ы": "B", "Ъ": "B", "Ф": "F",
    # Greek that engines without Cyrillic put in its place
    "Α": "A", "Β": "B", "Ε": "E", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
    "Ο": "O", "Ρ": "P", "Τ": "T", "Υ": "Y", "Χ": "X", "Φ": "F", "Π": "N", "Γ": "R",
    "Λ": "N", "Ω": "O",
    "№": "N", "×": "X",
}  # fmt: skip
_FOLD = str.maketrans(_ALIKE)
_DIGITS = str.maketrans(
    {"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
)
_APART = re.compile(r"[^0-9A-Z]+")


def fold(text):
    """Return a text in capital Latin look-alikes."""
    return text.upper().translate(_FOLD)


def digits(folded):
    """Return a folded text with letters that were read instead of digits put right."""
    return folded.translate(_DIGITS)


def tight(text):
    """Return a folded text without anything but letters and digits."""
    return _APART.sub("", fold(text))


def one_form(text):
    """Return a text with full-width letters and digits of other scripts as ASCII."""
    return "".join(map(_one_form, text))


def _one_form(character):
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    same = unicodedata.normalize("NFKC", character)
    return same if len(same) == 1 else character


def plain_number(text):
    """Return a number or serial as it is compared: look-alike letters are one, and so
    are full-width forms and the digits of other scripts."""
    return tight(one_form(text or ""))


def words(text):
    """Return the folded words of a text."""
    return [word for word in _APART.split(fold(text)) if word]


def is_near(text, other, most):
    """Tell whether two texts of one length differ by no more than ``most`` letters."""
    if len(text) != len(other):
        return False
    return sum(one != two for one, two in zip(text, other, strict=True)) <= most


# === WORDS OF ANY SCRIPT === #

# what engines take for one another in capital letters
_MISREAD = str.maketrans("01L|!58$2", "OIIIISBSZ")


def shape(text):
    """Return a text as words of receipts are compared: capital letters of any script.

    Accents are gone, look-alikes are one, and so are letters and the digits engines
    take for them: ``T0TAL`` and ``TOTAI``, ``ИТОГО`` and ``NTORO`` have one shape.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    kept = "".join(ch for ch in fold(text) if _is_written(ch))
    return kept.translate(_MISREAD)


def _is_written(character):
    """Tell whether a character is a letter or digit, or a vowel sign beside one."""
    if character.isalnum():
        return True
    # signs of Indic and Thai vowels belong to the word, accents of ours do not
    return unicodedata.category(character) in ("Mc", "Mn") and character > "\u0900"
