"""Answering chats: what waits is handled, and what was said goes out.

A chat belongs to one process at a time, which holds a lock of the database while it
does: answers keep their order, and a process that dies lets go. Workers answer a chat
right after they took something in; the scheduled action does what is slow, what they
left, and what a messenger did not take yet.
"""

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass

from odoo import fields
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.base.transactions import in_transaction

from ..messengers import Wait

_logger = logging.getLogger(__name__)

#: Of our locks in the database's space of advisory locks.
_LOCKS = 0x62326263
#: A worker that took something in answers one chat for so long at most.
_SECONDS = 5
#: So many answered in one go; then others come first.
_STEPS = 10
#: And in one turn of the scheduled action, which goes round: a question, its answer.
_TURN = 3
_ROUNDS = 10_000
#: It looks again who waits longest when a round has taken so many seconds.
_ROUND_SECONDS = 0.5
#: Seconds it waits for something; it looks so often in vain.
_SOON, _IDLE, _BUSY = 6, 12, 0.2
#: Seconds until a row that met others on the same rows again and again is tried.
_LATER = 10
_EVERYWHERE = SQL("TRUE")


def answer(registry, link_id):
    """Answer a chat, and leave to the scheduled action what takes longer.

    :param int link_id: of ``b2b2c.chat.link``
    """
    end = time.monotonic() + _SECONDS
    try:
        has_due = True
        while has_due:
            with _alone(registry, link_id) as is_alone:
                if not is_alone:
                    return  # who has the chat looks again when it lets go
                turn = run(registry, link_id)
            has_due, has_rest = in_transaction(
                registry, lambda env: _look_again(env, link_id)
            )
            if turn.steps in (0, _STEPS) or time.monotonic() > end:
                break
        if has_rest:
            in_transaction(registry, lambda env: env["b2b2c.chat.outbox"]._wake())
    except Exception:
        # what came in is committed; the scheduled action answers it
        _logger.exception("Chat %s waits for the scheduled action", link_id)


def sweep(env):
    """Do what waits in all chats: one step in each, then the next in each, so that
    somebody who writes a lot keeps nobody waiting."""
    registry, cron = env.registry, env["ir.cron"]
    idle = 0
    for _round in range(_ROUNDS):
        due = in_transaction(registry, find_due)
        turns = _go_round(registry, due)
        steps = sum(turn.steps for turn in turns)
        if not cron._commit_progress(steps):
            break
        if steps:
            idle = 0
            continue
        wait = min((turn.wait for turn in turns if turn.wait), default=None)
        wait = wait or in_transaction(registry, _get_next_wait)
        idle += 1
        if wait is None or wait > _SOON or idle > _IDLE:
            break
        time.sleep(min(wait, 1))


def _go_round(registry, due):
    """Take a turn in each of some chats, and one step of something slow.

    When that takes long it ends before the last: others may wait longer by then.

    :param due: as of :func:`find_due`
    :return: list of :class:`Turn`
    """
    turns, end = [], time.monotonic() + _ROUND_SECONDS
    for item in (item for item in due if not item[1]):
        turns.append(_take_turn(registry, *item))
        # what could not be sent yet stands first, and must not keep the rest waiting
        if turns[-1].steps and time.monotonic() > end:
            break
    slow = [item for item in due if item[1]]
    return turns + [_take_turn(registry, *item) for item in slow[:1]]


def _take_turn(registry, link_id, is_slow):
    """Do some steps in a chat, unless it is somebody else's.

    :return: :class:`Turn`
    """
    with _alone(registry, link_id) as is_alone:
        if not is_alone:
            return Turn(0, _BUSY)
        try:
            return run(registry, link_id, 1 if is_slow else _TURN, with_slow=True)
        except Exception:
            _logger.exception("Chat %s waits", link_id)
            return Turn(0, None)


@dataclass
class Turn:
    """What was done in a chat.

    :param int steps: messages handled or sent
    :param wait: seconds until the next may be sent, None: nothing waits for that
    """

    steps: int
    wait: float | None = None


def run(registry, link_id, most=_STEPS, with_slow=False):
    """Handle what waits in a chat, in its order; who calls has it to himself.

    :param int most: so many steps
    :return: :class:`Turn`
    """
    turn, sent = Turn(0), None
    while turn.steps < most:
        taken, turn.wait = _take_next(registry, link_id, sent)
        sent = taken and (taken.row_id, _hand_over(taken))
        if sent and isinstance(sent[1], Wait):
            turn.wait = sent[1].seconds
            break
        if turn.wait and not with_slow:
            break  # somebody who writes a lot keeps no worker
        if not sent and not _handle_next(registry, link_id, with_slow):
            break
        turn.steps += 1
    if sent:
        in_transaction(registry, lambda env: _conclude(env, sent))
    return turn


@contextmanager
def _alone(registry, link_id):
    """Have a chat to oneself; yields whether that is so."""
    with registry.cursor() as cr:
        cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCKS, link_id))
        yield cr.fetchone()[0]


def find_due(env, condition=_EVERYWHERE, limit=50, with_slow=True):
    """Return the chats in which something can be done now, the longest waiting first.

    :param condition: SQL about ``b2b2c_chat_link`` as ``l``
    :param bool with_slow: also where something slow is next
    :return: list of (id of ``b2b2c.chat.link``, whether something slow is next)
    """
    return env.execute_query(
        SQL(
            """
            SELECT l.id, i.step IS NOT NULL
              FROM b2b2c_chat_link l
              JOIN b2b2c_chat_channel c ON c.id = l.channel_id AND c.state = 'active'
         LEFT JOIN LATERAL (
                   SELECT i.received_at, i.step FROM b2b2c_chat_inbox i
                    WHERE i.link_id = l.id AND i.state = 'new'
                      AND (i.not_before IS NULL OR i.not_before <= %(now)s)
                 ORDER BY i.id LIMIT 1) i ON TRUE
         LEFT JOIN LATERAL (
                   SELECT o.queued_at, o.next_at FROM b2b2c_chat_outbox o
                    WHERE o.link_id = l.id AND o.state IN ('waiting', 'sending')
                 ORDER BY o.id LIMIT 1) o ON TRUE
             WHERE %(condition)s
               AND (o.queued_at IS NOT NULL
                    AND (o.next_at IS NULL OR o.next_at <= %(now)s)
                 OR i.received_at IS NOT NULL AND (%(with_slow)s OR i.step IS NULL))
          ORDER BY i.step IS NOT NULL, least(i.received_at, o.queued_at), l.id
             LIMIT %(limit)s
            """,
            now=fields.Datetime.now(),
            condition=condition,
            with_slow=with_slow,
            limit=limit,
        )
    )


def _look_again(env, link_id):
    """Tell whether something that is not slow can be done in a chat now, and whether
    anything waits there, now or later."""
    rows = env.execute_query(
        SQL(
            """
            SELECT EXISTS (SELECT FROM b2b2c_chat_inbox
                            WHERE link_id = %(link)s AND state = 'new')
                OR EXISTS (SELECT FROM b2b2c_chat_outbox
                            WHERE link_id = %(link)s
                              AND state IN ('waiting', 'sending'))
            """,
            link=link_id,
        )
    )
    has_rest = rows[0][0]
    here = SQL("l.id = %s", link_id)
    return has_rest and bool(find_due(env, here, 1, with_slow=False)), has_rest


def _get_next_wait(env):
    """Return the seconds until something that waits for its time can be done, None:
    nothing does."""
    rows = env.execute_query(
        SQL(
            """
            SELECT extract(epoch FROM min(at) - %(now)s)::float FROM (
                   SELECT not_before AS at FROM b2b2c_chat_inbox
                    WHERE state = 'new' AND not_before > %(now)s
                    UNION ALL
                   SELECT next_at FROM b2b2c_chat_outbox
                    WHERE state = 'waiting' AND next_at > %(now)s) w
            """,
            now=fields.Datetime.now(),
        )
    )
    return rows[0][0]


# === ONE STEP === #


def _handle_next(registry, link_id, with_slow):
    """Handle the next row of a chat in a transaction of its own.

    :return: whether there was one
    """
    taken = {}

    def handle(env):
        link = env["b2b2c.chat.link"].browse(link_id)
        row = env["b2b2c.chat.inbox"]._take_next(link, with_slow)
        taken["id"] = row.id
        if row:
            row._handle()
        return bool(row)

    if with_slow:
        in_transaction(registry, lambda env: _count_slow(env, link_id))
    try:
        return in_transaction(registry, handle)
    except Exception:
        if not taken.get("id"):
            raise
        _logger.warning("Message %s of a chat waits", taken["id"], exc_info=True)
        in_transaction(
            registry,
            lambda env: env["b2b2c.chat.inbox"]._put_off(taken["id"], _LATER),
        )
        return True


def _count_slow(env, link_id):
    """Count a try of something slow before it is tried: it may stop the program."""
    link = env["b2b2c.chat.link"].browse(link_id)
    row = env["b2b2c.chat.inbox"]._take_next(link, True)
    if row.step:
        row._count_try()


@dataclass
class Taken:
    """A message that is marked as being sent.

    :param int row_id: of ``b2b2c.chat.outbox``
    :param outgoing: ``Outgoing``
    :param messenger: who takes it
    """

    row_id: int
    outgoing: object
    messenger: object


def _take_next(registry, link_id, sent):
    """Note what became of a message, and mark the next of the chat.

    :param sent: (id of the row, its outcome) of the message before, or nothing
    :return: (:class:`Taken` or None, seconds until the next may be sent or None)
    """

    def take(env):
        rows = env["b2b2c.chat.outbox"]
        if sent:
            _conclude(env, sent)
        link = env["b2b2c.chat.link"].browse(link_id)
        row = rows._take_next(link)
        if not row:
            return None, None
        wait = env["b2b2c.chat.pace"]._take(row.channel_id, link.chat)
        if wait:
            return None, wait
        row._mark()
        messenger = row.channel_id._get_messenger()
        return Taken(row.id, row._get_outgoing(), messenger), None

    return in_transaction(registry, take)


def _conclude(env, sent):
    """Note what became of a message: (id of the row, its outcome)."""
    row_id, outcome = sent
    env["b2b2c.chat.outbox"].browse(row_id)._conclude(outcome)


def _hand_over(taken):
    """Send a message; return ``Sent``, or the exception it ended with."""
    try:
        return taken.messenger.send(taken.outgoing)
    except Exception as error:
        return error
