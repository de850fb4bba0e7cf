import time

from odoo import api, fields, models
from odoo.tools import SQL

#: Seconds between two wake-ups of the sender by one process: each opens a connection,
#: longer than booking takes.  An idle server looks by itself every minute.
WAKE_SECONDS = 5
_woken = {}  # database name -> when this process woke the sender last

#: What is given for a message: its name -> type in PostgreSQL.
_COLUMNS = {
    "account_id": "int",
    "member_id": "int",
    "contact_id": "int",
    "address": "text",
    "channel": "text",
    "lang": "text",
    "company_id": "int",
    "kind": "text",
    "is_digested": "bool",
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
    "res_model": "text",
    "res_id": "int",
}
_ROW = f"(%s, {', '.join(f'%s::{kind}' for kind in _COLUMNS.values())})"


class B2b2cNotification(models.Model):
    """Queueing: one statement for all messages of a transaction, each of them once."""

    _inherit = "b2b2c.notification"

    @api.model
    def _tell(self, rows, **secrets):
        """Queue messages; urgent ones are handed over to their channels at once.

        A channel that fails is written down with the message; the caller does not fail.

        :param rows: see :meth:`_insert`
        :param secrets: what only the words of urgent messages need and nobody stores;
            they find it in the context
        :return: the messages that are new
        """
        inserted = self.sudo()._insert(rows)
        messages = self.sudo().browse(message_id for message_id, _account in inserted)
        for message in messages:
            if message._get_kind().is_urgent:
                message.with_context(**secrets)._deliver()
        return messages

    @api.model
    def _insert(self, rows):
        """Insert messages unless there are some with their keys.

        :param rows: list of dict of :data:`_COLUMNS`.  Who gets it: ``account_id`` (its
            member), ``member_id``, ``contact_id``, or ``address`` with its ``channel``;
            the last two need a ``company_id``.  The key of a message about an account
            is followed by the number of the latest entry unless ``is_numbered`` is
            false: the document's, or the account's when no document is given
        :return: list of (id, account id) of the messages that are new
        """
        if not rows:
            return []
        now = fields.Datetime.now()
        self.env["b2b2c.member"].flush_model(["notify_digest"])
        self.env["res.partner"].flush_model(["tz"])
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_notification (account_id, member_id, contact_id,
                       address, channel, lang, company_id, kind, points, points_pending,
                       document_name, entry_id, expected_at, expires_until, details,
                       res_model, res_id, dedupe_key, state, send_at,
                       create_uid, write_uid, create_date, write_date)
                SELECT a.id, m.id, v.contact_id, v.address, v.channel, v.lang,
                       coalesce(a.company_id, m.company_id, v.company_id), v.kind,
                       v.points, v.points_pending, v.document_name, e.id,
                       v.expected_at, v.expires_until, v.details,
                       v.res_model, v.res_id,
                       CASE WHEN v.is_numbered
                            THEN v.key || '/' || coalesce(e.id, 0) ELSE v.key END,
                       'new', %(send_at)s, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM (VALUES %(values)s) AS v (%(names)s)
             LEFT JOIN b2b2c_account a ON a.id = v.account_id
             LEFT JOIN b2b2c_member m ON m.id = coalesce(a.member_id, v.member_id)
             LEFT JOIN res_partner p ON p.id = coalesce(m.partner_id, v.contact_id)
             LEFT JOIN res_company c
                    ON c.id = coalesce(a.company_id, m.company_id, v.company_id)
             LEFT JOIN res_partner cp ON cp.id = c.partner_id
    CROSS JOIN LATERAL (SELECT coalesce(
                               (SELECT max(id) FROM b2b2c_ledger_entry
                                 WHERE document_model = v.document_model
                                   AND document_id = v.document_id
                                   AND account_id = a.id),
                               (SELECT max(id) FROM b2b2c_ledger_entry
                                 WHERE account_id = a.id)) AS id) e
              ORDER BY v.number
                ON CONFLICT (dedupe_key) DO NOTHING
             RETURNING id, account_id, kind, send_at <= %(now)s
                """,
                values=self._get_values(rows),
                names=SQL(", ".join(("number", *_COLUMNS))),
                send_at=self._get_send_at(now, SQL("v.is_digested")),
                uid=self.env.uid,
                now=now,
            )
        )
        kinds = self.env["b2b2c.notification.kind"]._get_kinds()
        if any(is_due and not kinds[kind].is_urgent for *_, kind, is_due in inserted):
            self._call_sender()
        messages = [(message_id, account_id) for message_id, account_id, *_ in inserted]
        self._announce([(number, account) for number, account in messages if account])
        return messages

    @api.model
    def _announce(self, messages):
        """Show new messages about accounts where somebody looks right now.

        :param messages: list of (message id, account id)
        """
        if messages:
            for channel in self.env["b2b2c.channel"]._get_live():
                channel._announce(messages)

    @api.model
    def _get_values(self, rows):
        """Return SQL: the columns of messages to insert.

        :raise KeyError: there is no such kind of message
        """
        kinds = self.env["b2b2c.notification.kind"]._get_kinds()
        to_column = self._fields["details"].convert_to_column
        values = []
        for number, row in enumerate(rows):
            row = {
                "is_digested": kinds[row["kind"]].is_digested,
                "is_numbered": "account_id" in row,
                "points": 0,
                "points_pending": 0,
                **row,
                "details": to_column(row.get("details"), self),
            }
            values.append(SQL(_ROW, number, *(row.get(name) for name in _COLUMNS)))
        return SQL(", ").join(values)

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
    def _get_send_at(self, now, is_digested):
        """Return SQL: when a message of member ``m`` goes out.

        Digests go out at eight in the morning, weekly ones on Monday, on the clock of
        the person ``p``, else of the company's contact ``cp``.

        :param is_digested: SQL, whether the message waits for a digest
        """
        zone = SQL("coalesce(nullif(p.tz, ''), nullif(cp.tz, ''), 'UTC')")
        return SQL(
            """
            CASE WHEN %(digested)s AND m.notify_digest IN ('daily', 'weekly') THEN (
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
            digested=is_digested,
            now=now,
            zone=zone,
        )

    @api.model
    def _reschedule(self, members):
        """Let what waits for ``members`` follow their new choice.

        What a channel has put off already keeps its time.
        """
        if not members:
            return
        self.env.flush_all()
        kinds = self.env["b2b2c.notification.kind"]._get_kinds()
        digested = [code for code, kind in kinds.items() if kind.is_digested]
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_notification n SET send_at = %s
                  FROM b2b2c_member m
                  JOIN res_partner p ON p.id = m.partner_id
                  JOIN res_company c ON c.id = m.company_id
                  JOIN res_partner cp ON cp.id = c.partner_id
                 WHERE m.id = n.member_id AND n.state = 'new' AND m.id = ANY(%s)
                   AND n.kind = ANY(%s)
                   AND NOT EXISTS (SELECT FROM b2b2c_notification_delivery
                                    WHERE notification_id = n.id)
             RETURNING n.id
                """,
                self._get_send_at(fields.Datetime.now(), SQL("TRUE")),
                members.ids,
                digested,
            )
        )
        self.invalidate_model(["send_at"])
