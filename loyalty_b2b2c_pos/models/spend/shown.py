"""Whose card a till says was shown."""


def find_shown(env, company, token):
    """Return the participant whom a till's word for a card names (sudo).

    It is a ticket that we signed when the card was read, or the code itself.  Whom a
    phone number named is nobody here: others know the number, and would spend.

    :param company: ``res.company`` of the till
    :param str token: what the till keeps on its ticket
    """
    members = env["b2b2c.member"].sudo()
    shown = members._read_shown(token, company)
    if shown.member:
        return shown.member if shown.is_proved else members
    return members._find_in_force(company, code=token)[:1]


def get_shown(order):
    """Return the participant whose card was shown for a ticket, empty without one."""
    members = order.env["b2b2c.member"].sudo()
    row = order.env["b2b2c.till.buyer"].sudo()._read_buyers(order.ids)
    member_id, _way = row.get(order.id) or (None, "")
    return members.browse(member_id)
