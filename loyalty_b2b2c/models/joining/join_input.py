"""What people type when they join, made fit to store."""

import re
from dataclasses import dataclass

from odoo.tools import email_normalize

from ...engine.typed_text import has_link, is_formula, is_storable
from ..people.addresses import get_example_phone, read_phone

_MAX_NAME, _MAX_EMAIL, _MAX_PHONE = 100, 254, 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


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
    if not is_name(name):
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
                    "This is not a valid phone number. Write it like %s.",
                    get_example_phone(country),
                )
            )
    return JoinInput(name, email, phone)


def is_name(name):
    """Tell whether a text may be what a person is called.

    Others will read it in mails and in spreadsheets: no name has a link, or begins as a
    formula.
    """
    has_letters = len(name) > 1 and any(letter.isalpha() for letter in name)
    return has_letters and not is_formula(name) and not has_link(name)


def clean(text, size):
    """Return a text without control characters and needless spaces."""
    if not isinstance(text, str) or not is_storable(text.replace("\0", " ")):
        return ""
    return " ".join(_CONTROL.sub(" ", text).split())[:size]


def masked_phone(phone):
    """Return a phone number of which only the ends are shown."""
    phone = re.sub(r"\s+", "", phone or "")
    if len(phone) < 8:
        return "•••" if phone else ""
    return f"{phone[:4]}•••••{phone[-2:]}"


def masked_address(address):
    """Return an e-mail address or a phone number of which only the ends are shown."""
    return (masked_email if "@" in address else masked_phone)(address)


def masked_email(email):
    """Return an e-mail address of which only the ends are shown."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""
