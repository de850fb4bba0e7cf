import time
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS
from ...values import shown
from ..ledger.ledger_door import ZERO

#: Seconds between two wake-ups of the sender by one process: each opens a connection,
#: longer than booking takes.  An idle server looks by itself every minute.
WAKE_SECONDS = 5
_woken = {}  # database name -> when this process woke the sender last

#: What is given for a message: its name -> type in PostgreSQL.
_COLUMNS = {
    "account_id": "int",
    "kind": "text",
    "key": "text",
    "is_numbered": "bool",
    "points": "numeric",
    "points_pending": "numeric",
    "document_name": "text",
    "document_model": "text",
    "document_id": "int",
    "expected_at": "timestamp",
    "expires_until": "timestamp",
    "details": "jsonb",
}


@dataclass(frozen=True)
class Change:
    """What a document changed on an account, in points of its unit."""

    account_id: int
    document_model: str
    document_id: int
    document_name: str
    posted: Decimal
    pending: Decimal
    confirmed: Decimal = ZERO  # the part of ``posted`` that was pending before
    expected_at: object = None  # when pending points are expected (naive UTC)


class B2b2cNotification(models.Model):
    """A message to a participant: queued with the entries, sent after, once.

    This file is the queue; ``b2b2c_notification_send.py`` turns it into e-mails and
    SMS, ``notification_words.py`` words it.
    """

    _name = "b2b2c.notification"
    _description = "Reward Notification"
    _order = "id desc"
    _rec_name = "document_name"

    # To whom, about what
    account_id = fields.Many2one(
        "b2b2c.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    partner_id = fields.Many2one(related="account_id.member_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        selection=lambda self: self.env[
            "b2b2c.notification.kind"
        ]._get_kind_selection(),
        required=True,
        readonly=True,
    )
    tone = fields.Selection(
        [("good", "Good"), ("news", "News"), ("warning", "Warning"), ("bad", "Bad")],
        compute="_compute_tone",
    )
    points = fields.Float(**POINTS, readonly=True)
    points_pending = fields.Float(**POINTS, readonly=True, string="Change of Pending")
    document_name = fields.Char(readonly=True)
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry",
        readonly=True,
        ondelete="set null",
        help="The last entry this message tells about: its reasons are worded.",
    )
    expected_at = fields.Datetime(
        readonly=True, help="When pending points are expected to become usable."
    )
    expires_until = fields.Datetime(
        readonly=True, help="A warning tells of everything that expires until then."
    )
    details = fields.Json(readonly=True)
    dedupe_key = fields.Char(required=True, readonly=True)

    # In words, in the reader's language
    points_text = fields.Char(compute="_compute_texts")
    balance_text = fields.Char(compute="_compute_texts", string="Balance")
    pending_text = fields.Char(compute="_compute_texts", string="Pending Balance")
    headline = fields.Char(compute="_compute_texts")
    sentences = fields.Json(compute="_compute_texts")
    subject = fields.Char(compute="_compute_texts")
    message_text = fields.Text(compute="_compute_texts", string="Message")

    # What became of it
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("sent", "Sent"),
            ("skipped", "Not wanted"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="new",
    )
    send_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, string="Send On"
    )
    email_state = fields.Selection(
        [("sent", "Sent"), ("failed", "Failed")], readonly=True, string="Email"
    )
    sms_state = fields.Selection(
        [("sent", "Sent"), ("failed", "Failed")], readonly=True, string="SMS"
    )
    reason = fields.Char(readonly=True)
    digest_id = fields.Many2one(
        "b2b2c.notification", readonly=True, ondelete="set null", string="Sent With"
    )
    part_ids = fields.One2many("b2b2c.notification", "digest_id", string="Digest")

    _once = models.UniqueIndex("(dedupe_key)", "This message was queued already.")
    _waiting = models.Index("(send_at, id) WHERE state = 'new'")
    _warned = models.Index("(account_id, expires_until) WHERE kind = 'expiring'")
    _digest = models.Index("(digest_id) WHERE digest_id IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("points", "account_id", "part_ids")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        for message in self:
            account = message.account_id
            message.points_text = account.unit_id._format(abs(message.points))
            message.balance_text = account.unit_id._format(account.balance_available)
            message.pending_text = (
                account.unit_id._format(account.balance_pending)
                if account.balance_pending > 0
                else ""
            )
            kind = message._get_kind()
            message.headline = kind.headline(message)
            sentences = kind.sentences(message)
            message.sentences = sentences
            message.subject = message._get_subject()
            message.message_text = "\n".join((message.headline, *sentences))

    @api.depends("kind")
    def _compute_tone(self):
        for message in self:
            message.tone = message._get_kind().tone

    @api.depends("headline")
    def _compute_display_name(self):
        for message in self:
            message.display_name = message.headline

    # === QUEUE: called in the transaction of the entries === #

    @api.model
    def _queue(self, changes):
        """Queue a message for each change documents made on accounts.

        There is a message exactly when there are entries; the key names the last of
        them, so there is only one.

        :param changes: list of :class:`Change`
        """
        rows = []
        for change in changes:
            kind, points = self._get_kind_of_change(
                change.posted, change.pending, change.confirmed
            )
            if not kind:
                continue
            key = f"{change.document_model},{change.document_id}"
            rows.append(
                {
                    "account_id": change.account_id,
                    "kind": kind,
                    "key": f"{key}/{change.account_id}",
                    "points": points,
                    "points_pending": change.pending,
                    "document_name": change.document_name,
                    "document_model": change.document_model,
                    "document_id": change.document_id,
                    "expected_at": change.expected_at if change.pending > 0 else None,
                }
            )
        self._insert(rows)

    @api.model
    def _get_kind_of_change(self, posted, pending, confirmed=0):
        """Return which message a change deserves, and its number of points."""
        if posted > 0:
            return "usable" if confirmed >= posted else "credited", posted
        if posted < 0:
            return "reversed", posted
        if pending > 0:
            return "pending", pending
        if pending < 0:
            return "voided", pending
        return None, 0

    @api.model
    def _insert(self, rows):
        """Insert messages unless there are some with their keys.

        :param rows: list of dict of :data:`_COLUMNS`; by default the key is followed
            by the number of the latest entry (``is_numbered``): the document's, or
            the account's when no document is given
        :return: list of (id, account id) of the messages that are new
        """
        if not rows:
            return []
        now = fields.Datetime.now()
        self.env["b2b2c.member"].flush_model(["notify_digest"])
        self.env["res.partner"].flush_model(["tz"])
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_notification (account_id, company_id, kind, points,
                       points_pending, document_name, entry_id, expected_at,
                       expires_until, details, dedupe_key, state, send_at,
                       create_uid, write_uid, create_date, write_date)
                SELECT a.id, a.company_id, v.kind, v.points, v.points_pending,
                       v.document_name, e.id, v.expected_at, v.expires_until,
                       v.details,
                       CASE WHEN v.is_numbered
                            THEN v.key || '/' || coalesce(e.id, 0) ELSE v.key END,
                       'new', %(send_at)s, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM (VALUES %(values)s) AS v (%(names)s)
                  JOIN b2b2c_account a ON a.id = v.account_id
                  JOIN b2b2c_member m ON m.id = a.member_id
                  JOIN res_partner p ON p.id = m.partner_id
                  JOIN res_company c ON c.id = a.company_id
                  JOIN res_partner cp ON cp.id = c.partner_id
    CROSS JOIN LATERAL (SELECT coalesce(
                               (SELECT max(id) FROM b2b2c_ledger_entry
                                 WHERE document_model = v.document_model
                                   AND document_id = v.document_id
                                   AND account_id = a.id),
                               (SELECT max(id) FROM b2b2c_ledger_entry
                                 WHERE account_id = a.id)) AS id) e
              ORDER BY v.number
                ON CONFLICT (dedupe_key) DO NOTHING
             RETURNING id, account_id, send_at <= %(now)s
                """,
                values=SQL(", ").join(
                    self._get_values(number, row) for number, row in enumerate(rows)
                ),
                names=SQL(", ".join(("number", *_COLUMNS))),
                send_at=self._get_send_at(now),
                uid=self.env.uid,
                now=now,
            )
        )
        if any(is_due for *_ids, is_due in found):
            self._call_sender()
        return [(message_id, account_id) for message_id, account_id, _due in found]

    def _get_values(self, number, row):
        """Return SQL: the columns of a message to insert."""
        row = {"is_numbered": True, "points_pending": 0, **row}
        row["details"] = self._fields["details"].convert_to_column(
            row.get("details"), self
        )
        values = (SQL(f"%s::{kind}", row.get(name)) for name, kind in _COLUMNS.items())
        return SQL("(%s, %s)", number, SQL(", ").join(values))

    @api.model
    def _call_sender(self):
        """Have the waiting messages sent soon, once per transaction and some seconds.

        What ``ir.cron._trigger`` does, without reading the job and its user.  A second
        run is planned for the messages of the seconds in which nobody is woken.
        """
        cr = self.env.cr
        if time.monotonic() - _woken.get(cr.dbname, -WAKE_SECONDS) < WAKE_SECONDS:
            return
        if cr.postcommit.data.get("b2b2c_notify"):
            return
        cr.postcommit.data["b2b2c_notify"] = True
        cr.execute(
            SQL(
                """
                INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid, write_uid,
                       create_date, write_date)
                SELECT %(job)s, %(now)s + after * interval '1 second', %(uid)s, %(uid)s,
                       %(now)s, %(now)s
                  FROM unnest(ARRAY[0, %(seconds)s]) AS after
                """,
                job=self.env["ir.model.data"]._xmlid_to_res_id(
                    "loyalty_b2b2c.cron_notify", raise_if_not_found=True
                ),
                now=fields.Datetime.now(),
                uid=self.env.uid,
                seconds=WAKE_SECONDS,
            )
        )

        @cr.postcommit.add
        def wake():
            _woken[cr.dbname] = time.monotonic()
            self.env["ir.cron"]._notifydb()

    @api.model
    def _get_send_at(self, now):
        """Return SQL: when a message of member ``m`` goes out.

        Digests go out at eight in the morning, weekly ones on Monday, on the clock of
        the person ``p``, else of the company's contact ``cp``.
        """
        zone = SQL("coalesce(nullif(p.tz, ''), nullif(cp.tz, ''), 'UTC')")
        return SQL(
            """
            CASE WHEN m.notify_digest IN ('daily', 'weekly') THEN (
                date_trunc(
                    CASE m.notify_digest WHEN 'daily' THEN 'day' ELSE 'week' END,
                    %(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                    - interval '8 hours')
                + CASE m.notify_digest WHEN 'daily' THEN interval '1 day'
                                       ELSE interval '7 days' END
                + interval '8 hours'
            ) AT TIME ZONE %(zone)s AT TIME ZONE 'UTC'
            ELSE %(now)s::timestamp END
            """,
            now=now,
            zone=zone,
        )

    @api.model
    def _reschedule(self, members):
        """Let what waits for ``members`` follow their new choice."""
        if not members:
            return
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_notification n SET send_at = %s
                  FROM b2b2c_account a
                  JOIN b2b2c_member m ON m.id = a.member_id
                  JOIN res_partner p ON p.id = m.partner_id
                  JOIN res_company c ON c.id = a.company_id
                  JOIN res_partner cp ON cp.id = c.partner_id
                 WHERE n.account_id = a.id AND n.state = 'new' AND m.id = ANY(%s)
             RETURNING n.id
                """,
                self._get_send_at(fields.Datetime.now()),
                members.ids,
            )
        )
        self.invalidate_model(["send_at"])

    # === FOR THE WORDS === #

    def _get_kind(self):
        """Return the :class:`~.b2b2c_notification_kind.Kind` of this message."""
        self.ensure_one()
        return self.env["b2b2c.notification.kind"]._get_kind(self.kind)

    def _get_subject(self):
        """Return the subject of the e-mail this message goes out with."""
        self.ensure_one()
        if len(self.part_ids) > 1:
            return self.env._("Your points: %s news", len(self.part_ids))
        return self.headline

    def _get_zone(self):
        """Return the time zone in which the reader counts days."""
        self.ensure_one()
        return self.partner_id.tz or self.company_id.partner_id.tz or "UTC"

    def _format(self, points):
        """Return points with their unit."""
        self.ensure_one()
        return self.account_id.unit_id._format(shown(points))
