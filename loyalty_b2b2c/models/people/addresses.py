"""Phone numbers and names, compared the same way wherever people are told apart."""

import re
from dataclasses import dataclass

import phonenumbers

from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools import phone_validation

_SHORTEST_WORD = 3


@dataclass(frozen=True)
class Reach:
    """A name and addresses in normal form; what is not known is empty."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def is_same(self, other):
        """Tell whether two are surely one person.

        An address is the same and none is another, and either both are known or the
        names agree: a phone may lie on a counter, an e-mail may be an office's.
        """
        agree = self._compare(other)
        if not agree or not all(agree):
            return False
        return len(agree) == 2 or is_same_name(self.name, other.name)

    def is_other(self, other):
        """Tell whether two are surely two people: another name and another address."""
        return not (all(self._compare(other)) or is_same_name(self.name, other.name))

    def _compare(self, other):
        """Return for each address that is known of both whether it is the same."""
        pairs = ((self.phone, other.phone), (self.email, other.email))
        return [mine == theirs for mine, theirs in pairs if mine and theirs]


def read_phone(text, country):
    """Return a phone number in international form (E.164), empty when it is none.

    :param country: ``res.country`` whose numbers are written without a country code
    """
    try:
        return phone_validation.phone_format(
            text,
            country.code or None,
            country.phone_code or None,
            force_format="E164",
        )
    except UserError:
        return ""


def get_example_phone(country):
    """Return how a mobile number of a country is written: "+380 50 123 4567".

    :param country: ``res.country``; without one an invented number of Germany stands in
    """
    kind = phonenumbers.PhoneNumberType.MOBILE
    number = phonenumbers.example_number_for_type(country.code or "DE", kind)
    number = number or phonenumbers.example_number_for_type("DE", kind)
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def is_same_name(name, other_name):
    """Tell whether two names may be of one person: one is a part of the other.

    A common word is not enough: families run shops.
    """
    short, long = sorted((_words(name), _words(other_name)), key=len)
    return bool(short) and short <= long


def get_initials(name):
    """Return the first letters of a name, for who may not read all of it.

    >>> get_initials("Olena Kovalenko"), get_initials(None)
    ('O. K.', '')
    """
    return " ".join(f"{word[0].upper()}." for word in (name or "").split()[:2])


def _words(name):
    words = re.split(r"[\s.,;()]+", (name or "").casefold())
    return {word for word in words if len(word) >= _SHORTEST_WORD}
