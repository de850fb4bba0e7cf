import json
import logging
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

from odoo.addons.loyalty_b2b2c.models.base.rows import insert_rows

from ..dialog.messages import Outgoing, Reply
from ..messengers import Blocked, Refused, Wait
from ..messengers.common import split_text

_logger = logging.getLogger(__name__)

#: What could not be sent in so long is not sent any more.
_KEEP_HOURS = 24
_KEEP_DAYS = 30
_GC_BATCH = 1000
#: Seconds before a message is repeated of which nobody knows whether it arrived.
_REPEAT_SECONDS = 5
_MARK = "b."


class B2b2cChatOutbox(models.Model):
    """What we say in a chat: queued in the transaction that decided it, sent after it.

    A chat is sent to in order and by one process at a time (``pump``). A row is marked
    before it is handed over and again afterwards; of one that stays marked in between
    nobody knows whether it arrived, and it is repeated once.
    """

    _name = "b2b2c.chat.outbox"
    _description = "Message to a Chat"
    _order = "id desc"
    _rec_name = "text"

    link_id = fields.Many2one(
        "b2b2c.chat.link",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
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
    key = fields.Char(readonly=True, help="Makes it once.")
    origin = fields.Selection(
        [
            ("answer", "Answer"),
            ("message", "Message"),
            ("person", "Written by a person"),
            ("broadcast", "Broadcast"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Text(readonly=True)
    payload = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    buttons = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    edited = fields.Char("Takes the Place of", readonly=True)
    template = fields.Char(readonly=True)
    template_values = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("withdrawn", "Not sent"),
        ],
        string="Status",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    next_at = fields.Datetime("Next Try", readonly=True)
    tries = fields.Integer(readonly=True)
    is_repeated = fields.Boolean(
        "Repeated", readonly=True, help="It may have arrived twice."
    )
    external_id = fields.Char("Number There", readonly=True)
    file_key = fields.Char(readonly=True)
    file_reference = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    queued_at = fields.Datetime("Queued On", required=True, readonly=True)
    sent_at = fields.Datetime("Sent On", readonly=True)
    delivered_at = fields.Datetime("Arrived On", readonly=True)
    read_at = fields.Datetime("Read On", readonly=True)
    pressed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(link_id, key) WHERE key IS NOT NULL")
    _waiting = models.Index("(link_id, id) WHERE state IN ('waiting', 'sending')")
    _external = models.Index("(channel_id, external_id)")
    _file = models.Index("(channel_id, file_key) WHERE file_reference IS NOT NULL")

    # === QUEUEING === #

    @api.model
    def _put(self, link, replies, key, origin, pressed_id="", template=None):
        """Queue messages to a person.

        :param link: ``b2b2c.chat.link``
        :param replies: list of ``Reply``
        :param key: with the same key nothing is queued a second time, None: always
        :param str pressed_id: the message whose button was pressed, whose place a reply
            may take
        :param template: (name, values) of a text the messenger knows, for a person who
            did not write lately
        :return: the rows that are new
        """
        abilities = link.channel_id._get_abilities()
        parts = [part for reply in replies for part in _split(reply, abilities)]
        name, values = template or (False, ())
        rows = [
            {
                "link_id": link.id,
                "channel_id": link.channel_id.id,
                "company_id": link.company_id.id,
                "key": f"{key}-{number}" if key else False,
                "origin": origin,
                "text": part.text,
                "payload": json.dumps(part.to_json()),
                "buttons": json.dumps(
                    [[b.action, b.value, b.once, b.label] for b in part.actions]
                ),
                "edited": pressed_id if part.replaces and pressed_id else False,
                "template": name,
                "template_values": json.dumps(values),
                "state": "waiting",
                "tries": 0,
                "is_repeated": False,
                "file_key": part.attachment.key if part.attachment else False,
                "queued_at": fields.Datetime.now(),
            }
            for number, part in enumerate(parts)
        ]
        records = self.browse(insert_rows(self, rows) if rows else ())
        if records and origin != "answer":
            self._wake()
        return records

    @api.model
    def _wake(self):
        """Have the queue looked at as soon as this is committed."""
        self.env.ref("loyalty_b2b2c_chat.cron_chat").sudo()._trigger()

    def _withdraw(self):
        """Do not send these rows any more, where they still wait."""
        self._withdraw_where(SQL("id = ANY(%s)", self.ids))

    @api.model
    def _withdraw_all(self, links):
        """Send nothing to these chats any more of what still waits."""
        self._withdraw_where(SQL("link_id = ANY(%s)", links.ids))

    def _withdraw_where(self, condition):
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_chat_outbox SET state = 'withdrawn', payload = NULL
                 WHERE state = 'waiting' AND %s RETURNING id
                """,
                condition,
            )
        )
        self.invalidate_model()

    # === BUTTONS === #

    def _sign(self, number):
        """Return what a button of this message carries; 64 bytes at most."""
        code = hmac(
            self.env(su=True), "b2b2c_chat_button", (self.id, number, self.link_id.id)
        )
        return f"{_MARK}{self.id:x}.{number:x}.{code[:16]}"

    @api.model
    def _read_press(self, link, incoming):
        """Return a press with the action and value of its button.

        Without an action when it is no button of ours for this chat, or one of a
        message that is forgotten.

        :param incoming: ``Incoming`` of the kind ``button``
        """
        row, number = self._find_button(link, incoming.data)
        if not row:
            return incoming
        action, value, once, _label = row.buttons[number]
        is_repeated = once and not row._use_up()
        return replace(
            incoming,
            action=action,
            value=value,
            is_repeated=is_repeated,
            message_id=row.external_id or incoming.message_id,
        )

    def _find_button(self, link, data):
        """Return (row, number of the button) that a press names, or (none, 0)."""
        parts = data.removeprefix(_MARK).split(".") if data.startswith(_MARK) else ()
        try:
            row_id, number = (int(part, 16) for part in parts[:2])
            code = parts[2]
        except (IndexError, ValueError):
            return self.browse(), 0
        row = self.browse(row_id if 0 < row_id < 2**31 else ()).exists()
        is_ours = row and row.link_id == link and 0 <= number < len(row.buttons or ())
        if not is_ours or not consteq(data, row._sign(number)) or not code:
            return self.browse(), 0
        return row, number

    def _use_up(self):
        """Use the buttons of this message that count once.

        :return: whether nobody did before
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """UPDATE b2b2c_chat_outbox SET pressed_at = %s
                    WHERE id = %s AND pressed_at IS NULL RETURNING id""",
                fields.Datetime.now(),
                self.id,
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    # === SENDING === #

    @api.model
    def _take_next(self, link):
        """Return the next row of a chat that may be sent now, or none.

        Only who has the chat to himself calls this: a row that is being sent already
        belongs to somebody who died.
        """
        domain = [("link_id", "=", link.id), ("state", "in", ("waiting", "sending"))]
        while row := self.search(domain, order="id", limit=1):
            now = fields.Datetime.now()
            if row.next_at and row.next_at > now:
                break
            if now - row.queued_at > timedelta(hours=_KEEP_HOURS):
                row._fail("too late")
            elif row.state != "sending" or row._may_repeat("stopped"):
                return row
        return self.browse()

    def _mark(self):
        """Mark this row before it is handed over."""
        self.write({"state": "sending", "tries": self.tries + 1})

    def _may_repeat(self, reason):
        """Tell whether a message of unknown fate is sent again: once.

        :param str reason: why nobody knows
        """
        if self.is_repeated:
            self._fail(f"unknown: {reason}"[:300])
            return False
        self.is_repeated = True
        return True

    def _get_outgoing(self):
        """Return this row as its messenger gets it."""
        link = self.link_id
        reply = Reply.from_json(self.payload).with_data(self._sign)
        if reply.attachment and reply.attachment.key:
            known = self._find_reference(reply.attachment.key)
            if known:
                attachment = replace(reply.attachment, reference=known, content=b"")
                reply = replace(reply, attachment=attachment)
        return Outgoing(
            chat=link.chat,
            reply=reply,
            edited=self.edited or "",
            is_open=link._is_open(),
            template=self.template or "",
            template_values=tuple(self.template_values or ()),
        )

    def _find_reference(self, key):
        """Return by what the messenger has a file already, empty: it has not."""
        domain = [
            ("channel_id", "=", self.channel_id.id),
            ("file_key", "=", key),
            ("file_reference", "!=", False),
        ]
        return self.search(domain, order="id desc", limit=1).file_reference or ""

    def _conclude(self, outcome):
        """Note what became of this row.

        :param outcome: ``Sent``, or the exception
        """
        if not self.exists():
            return  # taken back while it was under way
        now = fields.Datetime.now()
        if isinstance(outcome, Wait):
            self._wait(outcome)
        elif isinstance(outcome, Blocked):
            self._fail(str(outcome))
            self.link_id._block()
        elif isinstance(outcome, Refused):
            self._fail(str(outcome))
        elif isinstance(outcome, Exception):
            self.channel_id._note_problem(outcome)
            if self._may_repeat(str(outcome)):
                at = now + timedelta(seconds=_REPEAT_SECONDS)
                self.write({"state": "waiting", "next_at": at})
        else:
            self.write(
                {
                    "state": "sent",
                    "sent_at": now,
                    "payload": False,
                    "external_id": outcome.message_id,
                    "file_reference": outcome.file_reference or False,
                    "reason": False,
                }
            )

    def _wait(self, wait):
        """The messenger does not take it now; for all chats, if it says so."""
        seconds = max(wait.seconds, 1)
        chat = "" if wait.for_all else self.link_id.chat
        self.env["b2b2c.chat.pace"]._pause(self.channel_id, seconds, chat)
        self.channel_id._note_problem(wait)
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write({"state": "waiting", "next_at": at, "reason": str(wait)[:300]})

    def _fail(self, reason):
        """This row is not sent any more; what waits for it is told."""
        reason = self.channel_id._get_messenger()._hide(reason)[:300]
        self.write({"state": "failed", "reason": reason, "payload": False})
        self.env["b2b2c.notification.delivery"]._not_delivered(self, reason)

    @api.model
    def _note_status(self, link, incoming):
        """Note what the messenger tells about a message of ours.

        :param incoming: ``Incoming`` of the kind ``status``; its text is ``delivered``,
            ``read`` or ``failed``, then the reason
        """
        domain = [("channel_id", "=", link.channel_id.id), ("link_id", "=", link.id)]
        domain += [("external_id", "=", incoming.message_id)]
        row = self.search(domain, limit=1)
        status, _space, reason = incoming.text.partition(" ")
        now = incoming.sent_at or fields.Datetime.now()
        if row and status == "failed":
            row._fail(reason)
        elif row and status in ("delivered", "read"):
            name = {"delivered": "delivered_at", "read": "read_at"}[status]
            row[name] = now

    @api.autovacuum
    def _gc(self):
        """Forget what was said a month ago."""
        before = fields.Datetime.now() - timedelta(days=_KEEP_DAYS)
        domain = [("queued_at", "<", before)]
        old = self.search(domain, limit=_GC_BATCH, order="id")
        old.unlink()
        return len(old), self.search_count(domain, limit=1)


def _split(reply, abilities):
    """Return a ``Reply`` as the messages a messenger can take.

    A text that is too long for one, or for standing below a picture, goes out in parts;
    buttons that are too many as well. Parts come in the order to be read, the buttons
    below the last.
    """
    # the fewest messages: between lines, whether a paragraph ends there or not
    texts = split_text(reply.text, abilities.text_length, ("\n", " "))
    parts = []
    attachment = reply.attachment
    if attachment and len(reply.text) > abilities.caption_length:
        parts.append(Reply("", attachment=attachment, is_silent=reply.is_silent))
        attachment = None
    for text in texts[:-1]:
        parts.append(Reply(text, is_silent=reply.is_silent))
    last = replace(reply, text=texts[-1], attachment=attachment)
    if len(reply.text) > abilities.text_length:
        last = replace(last, replaces=False)
    groups = _group_rows(reply.buttons, abilities.max_buttons)
    parts.append(replace(last, buttons=groups[0]))
    parts.extend(Reply("…", buttons=rows, is_silent=True) for rows in groups[1:])
    return parts


def _group_rows(rows, most):
    """Return rows of buttons in groups of at most so many buttons."""
    groups, count = [()], 0
    for row in rows:
        for start in range(0, len(row), most):
            piece = row[start : start + most]
            if count and count + len(piece) > most:
                groups, count = [*groups, ()], 0
            groups[-1] += (piece,)
            count += len(piece)
    return groups
