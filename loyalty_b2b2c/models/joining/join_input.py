"""What people type when they join, made fit to store."""

import re
from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.phone_validation.tools import phone_validation

_MAX_NAME, _MAX_EMAIL, _MAX_PHONE = 100, 254, 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class JoinInput:
    """A name and one or two addresses; ``problem`` is a sentence when it is no use."""

    name: str = ""
    email: str = ""
    phone: str = ""
    problem: str = ""


def read_input(env, form, country):
    """Return a form's values, checked.

    :param dict form: as posted; anything may be in it
    :param country: ``res.country`` whose numbers are written without a country code
    :return: :class:`JoinInput`
    """
    name = clean(form.get("name"), _MAX_NAME)
    email = clean(form.get("email"), _MAX_EMAIL + 1)
    phone = clean(form.get("phone"), _MAX_PHONE + 1)
    if len(name) < 2 or not any(letter.isalpha() for letter in name):
        return JoinInput(problem=env._("Enter your first and last name."))
    if not email and not phone:
        return JoinInput(problem=env._("Enter a phone number or an e-mail address."))
    if email:
        email = email_normalize(email) if len(email) <= _MAX_EMAIL else ""
        if not email:
            return JoinInput(problem=env._("This is not a valid e-mail address."))
    if phone:
        phone = read_phone(phone, country)
        if not phone:
            return JoinInput(
                problem=env._(
                    "This is not a valid phone number. Write it with the country code."
                )
            )
    return JoinInput(name, email, phone)


def clean(text, size):
    """Return a text without control characters and needless spaces."""
    if not isinstance(text, str):
        return ""
    return " ".join(_CONTROL.sub(" ", text).split())[:size]


def read_phone(text, country):
    """Return a phone number in international form, empty when it is none."""
    try:
        return phone_validation.phone_format(
            text,
            country.code or None,
            country.phone_code or None,
            force_format="E164",
        )
    except UserError:
        return ""


def is_same_name(one, other):
    """Tell whether two names may be of one person: one is a part of the other.

    A common word is not enough: families run shops.
    """
    short, long = sorted((_words(one), _words(other)), key=len)
    return bool(short) and short <= long


def _words(name):
    words = re.split(r"[\s.,;()]+", (name or "").casefold())
    return {word for word in words if len(word) >= _SHORTEST_WORD}


def masked_phone(phone):
    """Return a phone number of which only the ends are shown."""
    phone = re.sub(r"\s+", "", phone or "")
    if len(phone) < 8:
        return "•••" if phone else ""
    return f"{phone[:4]}•••••{phone[-2:]}"


def masked_email(email):
    """Return an e-mail address of which only the ends are shown."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""
