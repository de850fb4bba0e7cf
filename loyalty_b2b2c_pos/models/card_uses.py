"""Where cards are used that were sold on a ticket or on an order."""

from odoo.addons.loyalty_b2b2c.models.documents import cards


def get_cards(sales, field):
    """Return the cards that tickets or orders sold, as superuser.

    :param sales: ``pos.order`` or ``sale.order`` records
    :param field: of a card, who sold it
    """
    found = sales.env["loyalty.card"].sudo()
    if field not in found._fields:
        return found
    domain = [(field, "in", sales.ids), ("program_id.program_type", "in", cards.KINDS)]
    return found.search(domain)


def get_uses(used, model):
    """Return the lines of tickets or orders that are paid with cards.

    :param used: ``loyalty.card`` records
    :param model: ``pos.order.line`` or ``sale.order.line``
    """
    lines = used.env[model].sudo()
    if "coupon_id" not in lines._fields:
        return lines
    return lines.search([("coupon_id", "in", used.ids)])
