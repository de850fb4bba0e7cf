"""What operators type, read strictly: what can be read in two ways is refused."""

import re
from decimal import Decimal

from ...exceptions import LoyaltyError

_AMOUNT = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]*))?")
_PHONE = re.compile(r"\+?[0-9\s().\-/]+")
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_MAX_DIGITS = 15  # of a phone number (E.164)
MAX_TEXT = 64


def read_number(env, value, decimals):
    """Return a positive number as exact Decimal.

    :param value: text with a decimal comma or point; spaces are ignored
    :param int decimals: how many are allowed
    :raise LoyaltyError: with a sentence that says what to do
    """
    text = _SPACES.sub("", value) if isinstance(value, str) else ""
    if not text:
        raise LoyaltyError(env._("Enter the amount."))
    match = _AMOUNT.fullmatch(text)
    if not match:
        if len(re.findall("[.,]", text)) > 1:
            raise LoyaltyError(
                env._("“%s” has two separators. Write 1234.56 or 1234,56.", text[:20])
            )
        raise LoyaltyError(env._("“%s” is not an amount. Use digits.", text[:20]))
    whole, part = match[1], (match[2] or "").rstrip("0")
    if len(part) > decimals:
        raise LoyaltyError(
            env._("Enter at most %s decimals.", decimals)
            if decimals
            else env._("Enter a whole number.")
        )
    number = Decimal(f"{whole}.{part or 0}")
    if not number:
        raise LoyaltyError(env._("Enter more than zero."))
    return number


def read_text(value):
    """Return a short text without surrounding spaces, empty for anything else."""
    return " ".join(value.split())[:MAX_TEXT] if isinstance(value, str) else ""


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
