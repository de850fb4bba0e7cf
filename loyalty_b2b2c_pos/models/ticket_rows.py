"""What was kept of tickets (``b2b2c.ticket``), read once for a batch of them."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

#: A till that was without a connection for longer has a wrong clock.
PATIENCE = timedelta(days=3)

_batch = ContextVar("b2b2c_tickets", default=None)


class Row(NamedTuple):
    """What was kept of a ticket, see ``b2b2c.ticket``.

    :ivar arrived_at: when the server got it paid, naive UTC
    :ivar seller_id: of ``b2b2c.till.seller``, ``None`` when nobody sold it
    :ivar partner_id: of the participant who sold it, ``None`` as long as none is known
    :ivar employer_id: where that participant sells
    """

    arrived_at: datetime
    seller_id: int | None
    partner_id: int | None
    employer_id: int | None


@contextmanager
def reading(tickets):
    """Read what was kept of tickets at most once, for all questions inside."""
    token = _batch.set((tickets.env.cr, _read(tickets.env, tickets.ids)))
    try:
        yield
    finally:
        _batch.reset(token)


def get_row(ticket):
    """Return what was kept of a ticket, ``None`` for what is not paid or was before
    this was kept.

    Of what is imagined of a stored ticket it is the stored one's.
    """
    ticket_id = ticket.id or ticket._origin.id
    if not ticket_id:
        return None
    cr, rows = _batch.get() or (None, {})
    if cr is not ticket.env.cr or ticket_id not in rows:
        rows = _read(ticket.env, [ticket_id])
    return rows[ticket_id]


def get_sold_at(ticket):
    """Return when a ticket was sold: what its till says, unless its clock is wrong, or
    somebody wrote an earlier day (:mod:`.pos_order_day`).

    A till that was offline tells of sales of yesterday.  What it says is later than it
    arrived, or older than :data:`PATIENCE`, happened when it arrived: a sale is lost by
    no dead battery, and no past campaign is earned in by turning a clock back.

    :return: naive UTC
    """
    said = ticket._b2b2c_get_sold_at() or fields.Datetime.now()
    row = get_row(ticket)
    if row is None or row.arrived_at - PATIENCE <= said <= row.arrived_at:
        return said
    return row.arrived_at


def _read(env, ids):
    """Return ticket id -> what was kept of it, ``None`` if nothing was."""
    ids = [ticket_id for ticket_id in ids if ticket_id]
    rows = env.execute_query(
        SQL(
            "SELECT order_id, arrived_at, seller_id, partner_id, employer_id"
            "  FROM b2b2c_ticket WHERE order_id = ANY(%s)",
            ids,
        )
    )
    found = dict.fromkeys(ids)
    found.update((order_id, Row(*row)) for order_id, *row in rows)
    return found
