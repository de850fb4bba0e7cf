"""Whose card a till says was shown."""


def find_shown(env, company, token):
    """Return the participant whom a till's word for a card names (sudo).

    It is a ticket that we signed when the card was read, or the code itself.

    :param company: ``res.company`` of the till
    :param str token: what the till keeps on its ticket
    """
    members = env["b2b2c.member"].sudo()
    if hasattr(members, "_read_shown"):
        member = members._read_shown(token, company).member
        if member:
            return member
    return members._find_at_till(company, token)


def get_shown(order):
    """Return the participant whose card was shown for a ticket, empty without one."""
    members = order.env["b2b2c.member"].sudo()
    if "b2b2c.till.buyer" in order.env:
        row = order.env["b2b2c.till.buyer"].sudo()._read_buyers(order.ids)
        member_id, _way = row.get(order.id) or (None, "")
        return members.browse(member_id)
    if not order.b2b2c_member_token:
        return members
    return find_shown(order.env, order.company_id, order.b2b2c_member_token)
