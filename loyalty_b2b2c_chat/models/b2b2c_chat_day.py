from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Days back that are counted anew: what came in late is counted, too.
_DAYS = 2


class B2b2cChatDay(models.Model):
    """What happened in a channel on a day, counted: it stays when messages are
    forgotten."""

    _name = "b2b2c.chat.day"
    _description = "Chat by Day"
    _inherit = "b2b2c.closed"
    _order = "day desc, channel_id"
    _rec_name = "day"
    _log_access = False

    channel_id = fields.Many2one(
        "b2b2c.chat.channel",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    day = fields.Date(required=True, readonly=True)
    people = fields.Integer("People Who Wrote", readonly=True, aggregator="avg")
    written = fields.Integer("Messages from People", readonly=True)
    answered = fields.Integer("Messages to People", readonly=True)
    failed = fields.Integer("Could Not Be Sent", readonly=True)
    linked = fields.Integer("Newly Linked", readonly=True)
    scans = fields.Integer(readonly=True)
    receipts = fields.Integer(readonly=True)
    questions = fields.Integer("Questions to Us", readonly=True)

    _once = models.UniqueIndex("(channel_id, day)")

    @api.model
    def _cron_count(self):
        """Count the last days of all channels."""
        self._count(fields.Date.today() - timedelta(days=_DAYS))

    @api.model
    def _count(self, since):
        """Count each day since a day, on the clock of the company.

        :param since: date
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                WITH zone AS (
                    SELECT c.id AS channel_id, c.company_id,
                           coalesce(nullif(p.tz, ''), 'UTC') AS tz
                      FROM b2b2c_chat_channel c
                      JOIN res_company o ON o.id = c.company_id
                      JOIN res_partner p ON p.id = o.partner_id
                ), said AS (
                    SELECT z.channel_id, i.link_id, i.kind, i.external_id,
                           (i.received_at AT TIME ZONE 'UTC' AT TIME ZONE z.tz)::date
                           AS day
                      FROM b2b2c_chat_inbox i JOIN zone z USING (channel_id)
                     WHERE i.received_at >= %(from)s AND i.link_id IS NOT NULL
                       AND i.kind NOT IN ('status', 'blocked', 'unblocked')
                ), proofs AS (
                    SELECT s.channel_id, s.day, c.kind
                      FROM said s JOIN b2b2c_claim c
                        ON left(c.request_key, 45) = 'chat-' || left(encode(sha256(
                           convert_to(s.channel_id || '/' || s.external_id, 'UTF8')),
                           'hex'), 40)
                     WHERE c.create_date >= %(from)s AND c.request_key LIKE 'chat-%%'
                ), parts AS (
                    SELECT channel_id, day, count(DISTINCT link_id) AS people,
                           count(*) AS written, 0 AS answered, 0 AS failed, 0 AS linked,
                           0 AS scans, 0 AS receipts, 0 AS questions
                      FROM said GROUP BY 1, 2
                 UNION ALL
                    SELECT channel_id, (queued_at AT TIME ZONE 'UTC'
                           AT TIME ZONE z.tz)::date, 0, 0,
                           count(*) FILTER (WHERE state = 'sent'),
                           count(*) FILTER (WHERE state = 'failed'), 0, 0, 0, 0
                      FROM b2b2c_chat_outbox JOIN zone z USING (channel_id)
                     WHERE queued_at >= %(from)s GROUP BY 1, 2
                 UNION ALL
                    SELECT channel_id, (linked_at AT TIME ZONE 'UTC'
                           AT TIME ZONE z.tz)::date, 0, 0, 0, 0, count(*), 0, 0, 0
                      FROM b2b2c_chat_link JOIN zone z USING (channel_id)
                     WHERE linked_at >= %(from)s GROUP BY 1, 2
                 UNION ALL
                    SELECT channel_id, day, 0, 0, 0, 0, 0,
                           count(*) FILTER (WHERE kind = 'scan'),
                           count(*) FILTER (WHERE kind = 'receipt'), 0
                      FROM proofs GROUP BY 1, 2
                 UNION ALL
                    SELECT channel_id, (asked_at AT TIME ZONE 'UTC'
                           AT TIME ZONE z.tz)::date, 0, 0, 0, 0, 0, 0, 0, count(*)
                      FROM b2b2c_chat_question JOIN zone z USING (channel_id)
                     WHERE asked_at >= %(from)s GROUP BY 1, 2
                )
                INSERT INTO b2b2c_chat_day (channel_id, company_id, day, people,
                       written, answered, failed, linked, scans, receipts, questions)
                SELECT channel_id, z.company_id, day, sum(people), sum(written),
                       sum(answered), sum(failed), sum(linked), sum(scans),
                       sum(receipts), sum(questions)
                  FROM parts JOIN zone z USING (channel_id)
                 WHERE day >= %(since)s
              GROUP BY 1, 2, 3
                ON CONFLICT (channel_id, day) DO UPDATE
                   SET (people, written, answered, failed, linked, scans, receipts,
                        questions)
                     = (excluded.people, excluded.written, excluded.answered,
                        excluded.failed, excluded.linked, excluded.scans,
                        excluded.receipts, excluded.questions)
             RETURNING id
                """,
                since=since,
                # a day of the company may begin before that of the server
                **{"from": fields.Datetime.to_datetime(since) - timedelta(days=1)},
            )
        )
        self.invalidate_model()
