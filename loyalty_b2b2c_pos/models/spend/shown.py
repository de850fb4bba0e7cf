"""Whose card a till says was shown."""

from ..buyer import shown_buyers
from ..buyer.b2b2c_till_buyer import PROVED


def find_shown(env, company, token):
    """Return the participant whom a till's word for a card names (sudo).

    It is a ticket that we signed when the card was read, or the code itself.

    :param company: ``res.company`` of the till
    :param str token: what the till keeps on its ticket
    """
    members = env["b2b2c.member"].sudo()
    member = members._read_shown(token, company).member
    if member:
        return member
    return members._find_in_force(company, code=token)[:1]


def get_shown(order):
    """Return the participant whose card was shown for a ticket, empty without one."""
    return shown_buyers.get_shown(order).member


def is_proved(env, company, token):
    """Tell whether the card itself was shown: a phone number is known to many."""
    shown = env["b2b2c.member"]._read_shown(token, company)
    return not shown.member or shown.way in PROVED
