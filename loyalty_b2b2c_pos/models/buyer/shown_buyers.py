"""Who is shown as the buyer of tickets, read once for a batch of them."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo.addons.loyalty_b2b2c.models.cards.b2b2c_member import Shown

_batch = ContextVar("b2b2c_shown_buyers", default=None)


@contextmanager
def reading(tickets):
    """Read who showed a card at tickets at most once, for all questions inside."""
    ids = [ticket_id for ticket_id in tickets.ids if ticket_id]
    rows = tickets.env["b2b2c.till.buyer"]._read_buyers(ids) if ids else {}
    token = _batch.set((tickets.env.cr, frozenset(ids), rows))
    try:
        yield
    finally:
        _batch.reset(token)


def get_shown(ticket):
    """Return who showed a card at a ticket (:class:`Shown`), nobody when none did.

    Of a ticket that is not paid, or is only imagined, it is whom the till's signed
    ticket names: what a client writes there and we did not sign is nobody.
    """
    members = ticket.env["b2b2c.member"].sudo()
    if not ticket.id or ticket.state == "draft":
        return members._read_shown(ticket.b2b2c_member_token, ticket.company_id)
    batch = _batch.get()
    if batch and batch[0] is ticket.env.cr and ticket.id in batch[1]:
        row = batch[2].get(ticket.id)
    else:
        row = ticket.env["b2b2c.till.buyer"]._read_buyers(ticket.ids).get(ticket.id)
    member_id, way = row or (None, "")
    return Shown(members.browse(member_id), way)
