"""What people type in a chat: what of it is seen, which word it is."""

import unicodedata

#: Characters of a message that are looked at.
LONGEST = 2000
#: Joins emoji, and is invisible.
_SELECTORS = ("\ufe0e", "\ufe0f")


def clean(text):
    """Return a text without what nobody sees: zero-width and control characters.

    Lines stay lines.

    >>> clean("AB\\u200bC  D\\x00")
    'ABC D'

    :param text: anything a messenger brought
    """
    if not isinstance(text, str):
        return ""
    lines = text[:LONGEST].splitlines()
    shown = ["".join(filter(_is_shown, line)) for line in lines]
    return "\n".join(filter(None, (" ".join(line.split()) for line in shown)))


def get_plain(text):
    """Return a text as it is compared: no emoji, no marks, whatever the case.

    >>> get_plain("🎁 Мої БАЛИ!")
    'мої бали'
    """
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    kept = "".join(c if _is_word(c) else " " for c in folded)
    return " ".join(kept.split())


def get_code(text):
    """Return a text as a code is read in it: without emoji and selectors.

    >>> get_code("🎉ABCD-1234\\ufe0f")
    'ABCD-1234'
    """
    kept = "".join(c for c in clean(text) if unicodedata.category(c) != "So")
    return kept.translate(dict.fromkeys(map(ord, _SELECTORS))).strip()


def get_command(text):
    """Return the name of a command, empty when the text is none.

    >>> get_command("/Start@shop_bot now"), get_command("start")
    ('start', '')
    """
    text = clean(text)
    if not text.startswith("/") or len(text) < 2:
        return ""
    return get_plain(text[1:].split()[0].partition("@")[0])


def _is_shown(character):
    """Tell whether a character is to be seen; blanks are."""
    return character == "\t" or unicodedata.category(character)[0] != "C"


def _is_word(character):
    return unicodedata.category(character)[0] in "LMN" and (character not in _SELECTORS)
