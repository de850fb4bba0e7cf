"""What operators type, read strictly: what can be read in two ways is refused."""

import re

from ... import engine
from ...engine.typed_text import is_storable
from ...exceptions import LoyaltyError
from ..reported.intake_words import word

_AMOUNT = re.compile(r"[0-9]{1,12}(?:[.,][0-9]*)?")
_PHONE = re.compile(r"\+?[0-9\s().\-/]+")
_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_MAX_DIGITS = 15  # of a phone number (E.164)
MAX_TEXT = 64


def read_number(env, value, decimals):
    """Return a positive number as exact Decimal.

    A keypad has one separator, so two are a slip; whether one of them parts thousands
    is not guessed, whatever the operator's language is: amounts are also pasted.

    :param value: text with a decimal comma or point; spaces are ignored
    :param int decimals: how many are allowed
    :raise LoyaltyError: with a sentence that says what to do
    """
    text = _SPACES.sub("", value) if isinstance(value, str) else ""
    if not text:
        raise LoyaltyError(env._("Enter the amount."))
    if not _AMOUNT.fullmatch(text):
        if len(re.findall("[.,]", text)) > 1:
            raise LoyaltyError(
                env._("“%s” has two separators. Write 1234.56 or 1234,56.", text[:20])
            )
        raise LoyaltyError(env._("“%s” is not an amount. Use digits.", text[:20]))
    try:
        number = engine.read_number(text)
    except engine.AmbiguousNumber as error:
        params = {"text": error.text, "readings": error.spellings}
        raise LoyaltyError(word(env, "ambiguous_number", "", params)) from None
    if number != round(number, decimals):
        raise LoyaltyError(
            env._("Enter at most %s decimals.", decimals)
            if decimals
            else env._("Enter a whole number.")
        )
    if not number:
        raise LoyaltyError(env._("Enter more than zero."))
    return number


def read_text(value):
    """Return a short text without surrounding spaces, empty for anything else."""
    if not isinstance(value, str) or not is_storable(value):
        return ""
    return " ".join(value.split())[:MAX_TEXT]


def read_person(query):
    """Return how to find a person by what was typed or scanned.

    :return: dict with one of ``email``, ``phone``, ``code``; empty when nothing was
        entered
    """
    text = read_text(query)
    if not text:
        return {}
    if "@" in text:
        return {"email": text}
    if _PHONE.fullmatch(text) and len(re.sub(r"\D", "", text)) <= _MAX_DIGITS:
        return {"phone": text}
    return {"code": text}


def mask_phone(phone):
    """Return a phone number of which only the ends can be read."""
    digits = re.sub(r"\D", "", phone or "")
    return f"+{digits[:3]} ••• {digits[-3:]}" if len(digits) > 7 else "•••"


def mask_email(email):
    """Return an e-mail address of which only the first letter and the domain show."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}•••@{domain}" if domain else "•••"
