"""Who is not found at a counter can join there, with the own phone."""

from odoo.tools.image import image_data_uri

#: So many ways to join are offered; more would be a list to search in.
_MOST = 4


def describe_ways(counter):
    """Return how somebody joins at a counter: the invitations of the shop in force.

    Nobody is enrolled by the operator: the person reads the conditions, agrees and
    proves an address on the own phone.

    :param counter: :class:`~.counter.Counter`
    :return: list of dict with ``role`` and ``picture``, the code of the link as a data
        address; empty where the shop invites nobody, or where no phone could open it
    """
    if counter.company.b2b2c_address_problem == "local":
        return []
    shop = counter.reporter or counter.company.partner_id
    invitations = counter.env["b2b2c.invitation"].search(
        [
            ("company_id", "=", counter.company.id),
            ("employer_id", "=", shop.id),
            ("revoked_at", "=", False),
        ]
    )
    ways = {}  # of each role the newest
    for one in invitations:
        if one._get_state() == "active":
            ways.setdefault(one.role, one)
    return [
        {
            "role": one._get_role_label(),
            "picture": image_data_uri(one.qr_code),
        }
        for one in [*ways.values()][:_MOST]
    ]
