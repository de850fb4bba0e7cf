import hashlib
import json
import logging
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.base.rows import insert_rows
from odoo.addons.loyalty_b2b2c.models.base.sound_calls import get_readable

from ..dialog.messages import GoOn, Incoming
from .pump import sweep

_logger = logging.getLogger(__name__)

#: So often a message is tried that stops the program, or meets others on the same rows.
_TRIES = 4
#: Who is not linked is answered this often at most.
_STRANGER_SECONDS = 2
_KEEP_DAYS = 30
_GC_BATCH = 1000
_MAX_TEXT = 4000


class B2b2cChatInbox(models.Model):
    """What came in over a chat, once each, until somebody answered it.

    The messenger's call inserts a row and nothing else. Rows of a chat are handled in
    their order, each in a transaction of its own; a failure is answered as one, and
    stops nobody, not even what comes next in the chat.
    """

    _name = "b2b2c.chat.inbox"
    _description = "Message from a Chat"
    _order = "id desc"
    _rec_name = "external_id"

    channel_id = fields.Many2one(
        "b2b2c.chat.channel",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="channel_id.company_id", store=True, index=True
    )
    link_id = fields.Many2one(
        "b2b2c.chat.link", readonly=True, index=True, ondelete="cascade"
    )
    external_id = fields.Char("Number There", required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    text = fields.Text(readonly=True)
    payload = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("done", "Answered"),
            ("ignored", "Nothing to do"),
            ("failed", "Failed"),
        ],
        string="Status",
        required=True,
        readonly=True,
    )
    step = fields.Char(readonly=True, help="Where a slow answer goes on.")
    not_before = fields.Datetime(readonly=True)
    tries = fields.Integer(readonly=True)
    reason = fields.Char(readonly=True)
    received_at = fields.Datetime("Received On", required=True, readonly=True)
    handled_at = fields.Datetime("Answered On", readonly=True)

    _once = models.UniqueIndex("(channel_id, external_id)")
    _waiting = models.Index("(link_id, id) WHERE state = 'new'")

    # === TAKING IN === #

    @api.model
    def _receive(self, channel, payload):
        """Take in what a messenger delivers; what was here before changes nothing.

        :param payload: what it sent, read as JSON; ``None``: it is no JSON
        :return: (links with something to answer, list of ``Incoming``)
        """
        try:
            incoming = channel._get_messenger().parse(get_readable(payload))
        except Exception:
            _logger.info("Unreadable message of channel %s", channel.id, exc_info=True)
            self._keep_unreadable(channel, payload)
            return self.env["b2b2c.chat.link"], []
        links = self.env["b2b2c.chat.link"]
        for item in incoming:
            links |= self._take_in(channel, item)
        return links, incoming

    def _take_in(self, channel, incoming):
        """Insert a row for one thing that came in.

        :return: ``b2b2c.chat.link`` when it is new and has to be answered
        """
        links = self.env["b2b2c.chat.link"].sudo()
        is_ours = incoming.is_private and not incoming.is_bot
        link = links._get_or_create(channel, incoming) if is_ours else links
        is_new = insert_rows(
            self,
            [
                {
                    "channel_id": channel.id,
                    "company_id": channel.company_id.id,
                    "link_id": link.id,
                    "external_id": incoming.external_id[:200],
                    "kind": incoming.kind,
                    # what others say to each other is none of our business
                    "text": is_ours and incoming.text[:_MAX_TEXT],
                    "payload": json.dumps(incoming.to_json()) if is_ours else False,
                    "state": "new" if is_ours else "ignored",
                    "reason": False if is_ours else "not a private chat",
                    "tries": 0,
                    "received_at": fields.Datetime.now(),
                }
            ],
        )
        return link if is_new and is_ours else links

    def _keep_unreadable(self, channel, payload):
        """Remember that something came that nobody understands."""
        digest = hashlib.sha256(repr(payload).encode()).hexdigest()
        insert_rows(
            self,
            [
                {
                    "channel_id": channel.id,
                    "company_id": channel.company_id.id,
                    "external_id": f"unreadable-{digest[:32]}",
                    "kind": "unreadable",
                    "text": repr(payload)[:_MAX_TEXT].replace("\\x00", ""),
                    "state": "failed",
                    "reason": "unreadable",
                    "tries": 0,
                    "received_at": fields.Datetime.now(),
                }
            ],
        )

    # === HANDLING === #

    @api.model
    def _cron_answer(self):
        """Handle and send what waits in all chats."""
        sweep(self.env)

    @api.model
    def _take_next(self, link, with_slow):
        """Return the next row of a chat that is due, locked, or none.

        :param bool with_slow: also one that goes on with something slow
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, step FROM b2b2c_chat_inbox
                 WHERE link_id = %s AND state = 'new'
                   AND (not_before IS NULL OR not_before <= %s)
              ORDER BY id LIMIT 1
                   FOR UPDATE SKIP LOCKED
                """,
                link.id,
                fields.Datetime.now(),
            )
        )
        if not rows or rows[0][1] and not with_slow:
            return self.browse()
        return self.browse(rows[0][0])

    def _handle(self):
        """Answer this row: what is done for it and the answers are one transaction."""
        self.ensure_one()
        if self.tries >= _TRIES:
            return self._fail("gave up")
        incoming = Incoming.from_json(self.payload)
        link = self.link_id
        if incoming.kind in ("blocked", "unblocked", "status"):
            return self._handle_event(link, incoming)
        if self.step:
            incoming = replace(incoming, step=self.step)
        else:
            link._note_heard(incoming)
        if self._is_pushy(link):
            return self._close("ignored", "too many")
        try:
            with self.env.cr.savepoint():
                pressed = self._read_button(link, incoming)
                reader = link._for_reader()
                replies = reader.env["b2b2c.chat.dialog"]._handle(reader, pressed)
                self._finish(link, pressed, replies)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # repeated by the caller
        except Exception as error:
            _logger.exception("Message %s of a chat could not be answered", self.id)
            self._fail(f"{type(error).__name__}: {error}")
        return None

    def _handle_event(self, link, incoming):
        """See to what is no message of the person."""
        if incoming.kind == "blocked":
            link._block()
        elif incoming.kind == "unblocked":
            link._unblock()
        elif incoming.kind == "status":
            self.env["b2b2c.chat.outbox"]._note_status(link, incoming)
        self._close("done")

    def _is_pushy(self, link):
        """Tell whether somebody unknown writes faster than we answer."""
        if link.partner_id or self.step:
            return False
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM b2b2c_chat_inbox
                 WHERE link_id = %s AND state = 'done' AND handled_at > %s
                """,
                link.id,
                fields.Datetime.now() - timedelta(seconds=_STRANGER_SECONDS * 10),
            )
        )
        return rows[0][0] >= 10

    def _read_button(self, link, incoming):
        """Return what came in with what its button asks for."""
        if incoming.kind != "button":
            return incoming
        return self.env["b2b2c.chat.outbox"]._read_press(link, incoming)

    def _finish(self, link, incoming, replies):
        """Queue the answers, and close this row unless it goes on."""
        going_on = None
        if replies and isinstance(replies[-1], GoOn):
            *replies, going_on = replies
        key = f"in{self.id}{self.step or ''}"
        self.env["b2b2c.chat.outbox"]._put(
            link, replies, key, "answer", incoming.message_id
        )
        if not going_on:
            self._close("done")
            return
        seconds = timedelta(seconds=going_on.seconds)
        self.write(
            {
                "step": going_on.step,
                "tries": 0,
                "not_before": seconds and fields.Datetime.now() + seconds,
            }
        )

    def _close(self, state, reason=False):
        """This row is dealt with; what it carried is forgotten."""
        self.write(
            {
                "state": state,
                "reason": reason,
                "payload": False,
                "handled_at": fields.Datetime.now(),
            }
        )

    def _fail(self, reason):
        """Close this row as failed, and tell the person."""
        link = self.link_id._for_reader()
        messenger = self.channel_id._get_messenger()
        self._close("failed", messenger._hide(reason)[:300])
        sorry = link.env["b2b2c.chat.dialog"]._get_apology(link)
        self.env["b2b2c.chat.outbox"]._put(
            self.link_id, [sorry], f"in{self.id}failed", "answer"
        )

    def _count_try(self):
        """Count before something slow is tried: it may stop the program."""
        self.tries += 1

    @api.model
    def _put_off(self, row_id, seconds):
        """A row meets others again and again: later; what comes after it goes on."""
        row = self.browse(row_id)
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        row.write({"tries": row.tries + 1, "not_before": at})

    @api.autovacuum
    def _gc(self):
        """Forget what was said a month ago."""
        before = fields.Datetime.now() - timedelta(days=_KEEP_DAYS)
        domain = [("received_at", "<", before)]
        old = self.search(domain, limit=_GC_BATCH, order="id")
        old.unlink()
        return len(old), self.search_count(domain, limit=1)
