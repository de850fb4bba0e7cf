import logging

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.base.rows import update_in_state
from odoo.addons.loyalty_b2b2c.models.base.transactions import in_transaction

_logger = logging.getLogger(__name__)

#: Of what a messenger allows us: the rest is for answers.
_PART = 0.5
#: One run of the scheduled action sends for so long at the pace of a channel.
_SECONDS = 60


class B2b2cChatBroadcastRow(models.Model):
    """A person who gets a broadcast, once."""

    _name = "b2b2c.chat.broadcast.row"
    _description = "Recipient of a Broadcast"
    _order = "id"
    _rec_name = "link_id"

    broadcast_id = fields.Many2one(
        "b2b2c.chat.broadcast", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    link_id = fields.Many2one(
        "b2b2c.chat.link",
        string="Chat",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="link_id.partner_id", string="Person")
    channel_id = fields.Many2one(related="link_id.channel_id")
    state = fields.Selection(
        [("waiting", "Waits"), ("sent", "Sent"), ("skipped", "Left out")],
        string="Status",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("no_chat", "No chat any more"),
            ("declined", "Wants no news"),
            ("closed", "Did not write lately"),
            ("stopped", "Stopped"),
            ("error", "Error"),
        ],
        readonly=True,
    )
    outbox_id = fields.Many2one(
        "b2b2c.chat.outbox",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    outbox_state = fields.Selection(related="outbox_id.state", string="Message Is")
    read_at = fields.Datetime(related="outbox_id.read_at")

    _once = models.UniqueIndex("(broadcast_id, link_id)")
    _waiting = models.Index("(broadcast_id, id) WHERE state = 'waiting'")

    # === SENDING === #

    @api.model
    def _cron_send(self):
        """Send the broadcasts that are due, at half the pace of their channels."""
        broadcasts = self.env["b2b2c.chat.broadcast"].sudo()
        now = fields.Datetime.now()
        domain = [("state", "=", "sending")]
        domain += ["|", ("start_at", "=", False), ("start_at", "<=", now)]
        cron, registry = self.env["ir.cron"], self.env.registry
        for broadcast in broadcasts.search(domain, order="id"):
            for row_id in self._take_due(broadcast):
                in_transaction(
                    registry, lambda env, i=row_id: env[self._name].browse(i)._send()
                )
            in_transaction(
                registry, lambda env, i=broadcast.id: env[self._name]._end(i)
            )
            if not cron._commit_progress(1):
                break

    @api.model
    def _take_due(self, broadcast):
        """Return the ids of those whose turn it is: it is not night where they are.

        Not more than the channel can take until the next run, less what still waits.
        """
        self.env.flush_all()
        found = []
        for channel in broadcast._get_channels():
            limit = channel._get_broadcast_pace() - channel._count_broadcast_waiting()
            if channel.state == "active" and limit > 0:
                found += self._find_due(broadcast, channel, limit)
        return found

    def _find_due(self, broadcast, channel, limit):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id FROM b2b2c_chat_broadcast_row r
                  JOIN b2b2c_chat_link l ON l.id = r.link_id
                  JOIN res_company c ON c.id = r.company_id
                  JOIN res_partner cp ON cp.id = c.partner_id
             LEFT JOIN res_partner p ON p.id = l.partner_id
    CROSS JOIN LATERAL (SELECT extract(hour FROM %(now)s::timestamp
                               AT TIME ZONE 'UTC' AT TIME ZONE coalesce(
                               nullif(p.tz, ''), nullif(cp.tz, ''), 'UTC')) AS hour) t
                 WHERE r.broadcast_id = %(broadcast)s AND r.state = 'waiting'
                   AND l.channel_id = %(channel)s
                   AND t.hour >= %(first)s AND t.hour < %(last)s
              ORDER BY r.id LIMIT %(limit)s
                """,
                now=fields.Datetime.now(),
                broadcast=broadcast.id,
                channel=channel.id,
                first=broadcast.from_hour,
                last=broadcast.to_hour,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    def _send(self):
        """Queue it for this person, unless somebody did, or the person wants no news
        meanwhile."""
        self.ensure_one()
        broadcast, link = self.broadcast_id, self.link_id
        if broadcast.state != "sending":
            return
        verdict = broadcast._get_verdict(link, self._get_members())
        if verdict:
            update_in_state(self, ("waiting",), state="skipped", reason=verdict)
            return
        if not update_in_state(self, ("waiting",), state="sent"):
            return
        try:
            with self.env.cr.savepoint():
                self._say()
        except Exception:
            _logger.exception("Broadcast %s could not be queued", broadcast.id)
            update_in_state(self, ("sent",), state="skipped", reason="error")

    def _say(self):
        """Put it into the queue of the chat, in the language of the person."""
        link = self.link_id._for_reader()
        own = self.with_env(link.env)
        reply = own.broadcast_id._get_reply(link.partner_id)
        name = link._get_template()
        rows = link._say(
            [reply],
            key=f"broadcast{self.broadcast_id.id}",
            origin="broadcast",
            template=(name, (reply.text,)) if name else None,
        )
        self.outbox_id = rows[:1]

    def _get_members(self):
        """Return the memberships in force of the person at the company."""
        domain = [
            ("partner_id", "=", self.link_id.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "enrolled"),
        ]
        return self.env["b2b2c.member"].search(domain)

    @api.model
    def _end(self, broadcast_id):
        """A broadcast of which nobody waits any more is done."""
        broadcast = self.env["b2b2c.chat.broadcast"].browse(broadcast_id)
        domain = [("broadcast_id", "=", broadcast_id), ("state", "=", "waiting")]
        if not self.search_count(domain, limit=1):
            update_in_state(
                broadcast, ("sending",), state="done", done_at=fields.Datetime.now()
            )

    def _withdraw(self):
        """Send nothing more of what these people have not got."""
        self.outbox_id._withdraw()
        for row in self.filtered(lambda row: row.state == "waiting"):
            update_in_state(row, ("waiting",), state="skipped", reason="stopped")


class B2b2cChatChannel(models.Model):
    _inherit = "b2b2c.chat.channel"

    def _get_broadcast_pace(self):
        """Return how many messages of broadcasts go out within a minute."""
        return max(int(self._get_abilities().per_second * _PART * _SECONDS), 1)

    def _count_broadcast_waiting(self):
        """Return how many messages of broadcasts wait to be sent."""
        return (
            self.env["b2b2c.chat.outbox"]
            .sudo()
            .search_count(
                [
                    ("channel_id", "=", self.id),
                    ("origin", "=", "broadcast"),
                    ("state", "=", "waiting"),
                ]
            )
        )
