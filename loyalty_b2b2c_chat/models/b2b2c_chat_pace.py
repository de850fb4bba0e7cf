from odoo import api, fields, models
from odoo.tools import SQL

#: So many messages may follow each other at once before the pace counts.
_BURST_ALL, _BURST_CHAT = 10, 3
_NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


class B2b2cChatPace(models.Model):
    """How fast a channel may send: in all, and to one chat.

    Each row is a clock of its own: the moment until which the allowed messages are
    used up. A message moves it on by the time it takes; what would be too early is
    told how long to wait, and moves nothing. One statement does both, so that workers
    share a limit.
    """

    _name = "b2b2c.chat.pace"
    _description = "Pace of a Chat Channel"
    _inherit = "b2b2c.closed"
    _log_access = False

    channel_id = fields.Many2one(
        "b2b2c.chat.channel",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    chat = fields.Char(required=True, readonly=True, help="Empty: all chats together.")
    used_until = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(channel_id, chat)")

    @api.model
    def _take(self, channel, chat):
        """Take the right to send one message now.

        Both clocks are moved on, or none, in a transaction of its own.

        :param str chat: the messenger's number of the chat
        :return: 0, or the seconds to wait
        """
        # as counters: what others committed meanwhile counts, and nobody is refused
        with self.env["b2b2c.hour.count"]._open_counter() as cr:
            taken = []
            for name in (chat, ""):
                seconds, burst = self._get_limit(channel, name)
                wait = self._move(cr, channel.id, name, seconds, burst)
                if wait:
                    for undone, back in taken:
                        self._shift(cr, channel.id, undone, -back)
                    return wait
                taken.append((name, seconds))
        return 0

    def _get_limit(self, channel, chat):
        """Return how far a message moves a clock, and how many may follow each other
        at once.

        :param str chat: empty: all chats together
        :return: (seconds, messages)
        """
        abilities = channel._get_abilities()
        if chat:
            return abilities.chat_seconds, _BURST_CHAT
        return 1 / abilities.per_second, _BURST_ALL

    def _move(self, cr, channel_id, chat, seconds, burst):
        """Move a clock on by ``seconds``, unless it would run ahead by a burst.

        :return: 0, or the seconds to wait
        """
        cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_chat_pace AS p (channel_id, chat, used_until)
                VALUES (%(channel)s, %(chat)s, %(now)s + %(step)s)
                ON CONFLICT (channel_id, chat) DO UPDATE
                   SET used_until = greatest(p.used_until, %(now)s) + %(step)s
                 WHERE p.used_until <= %(now)s + %(ahead)s
             RETURNING id
                """,
                channel=channel_id,
                chat=chat,
                now=_NOW,
                step=SQL("interval '1 second' * %s", seconds),
                ahead=SQL("interval '1 second' * %s", seconds * (burst - 1)),
            )
        )
        if cr.fetchone():
            return 0
        cr.execute(
            SQL(
                """
                SELECT extract(epoch FROM used_until - %s - %s)::float
                  FROM b2b2c_chat_pace WHERE channel_id = %s AND chat = %s
                """,
                SQL("interval '1 second' * %s", seconds * (burst - 1)),
                _NOW,
                channel_id,
                chat,
            )
        )
        return max(cr.fetchone()[0], 0.01)

    def _shift(self, cr, channel_id, chat, seconds):
        """Move a clock by some seconds."""
        cr.execute(
            SQL(
                """UPDATE b2b2c_chat_pace
                      SET used_until = used_until + interval '1 second' * %s
                    WHERE channel_id = %s AND chat = %s""",
                seconds,
                channel_id,
                chat,
            )
        )

    @api.model
    def _pause(self, channel, seconds, chat=""):
        """Let nothing be sent for some seconds, as the messenger asked for.

        :param str chat: only to this chat; empty: to nobody
        """
        step, burst = self._get_limit(channel, chat)
        with self.env["b2b2c.hour.count"]._open_counter() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_chat_pace AS p (channel_id, chat, used_until)
                    VALUES (%s, %s, %s + interval '1 second' * %s)
                    ON CONFLICT (channel_id, chat) DO UPDATE
                       SET used_until = greatest(p.used_until, excluded.used_until)
                    """,
                    channel.id,
                    chat,
                    _NOW,
                    seconds + step * (burst - 1),
                )
            )

    @api.autovacuum
    def _gc(self):
        """Forget clocks that stopped long ago."""
        self.env.execute_query(
            SQL(
                """DELETE FROM b2b2c_chat_pace
                    WHERE used_until < %s - interval '1 day' RETURNING id""",
                fields.Datetime.now(),
            )
        )
