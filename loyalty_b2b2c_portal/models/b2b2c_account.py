from odoo import fields, models
from odoo.tools import SQL, format_date

PAGE = 30
EXPIRY_DATES = 3
PENDING_SHOWN = 3
PENDING_LOOKED_AT = 50


class B2b2cAccount(models.Model):
    _inherit = "b2b2c.account"

    def _get_portal_cards(self, movements=0):
        """Return what the portal shows about these accounts, all of it worded.

        :param int movements: how many of the latest entries to add
        :return: list of dict
        """
        expiring = self._get_portal_expiring()
        pending = self.filtered(
            lambda account: account.balance_pending > 0
        )._get_portal_pending()
        return [
            {
                "account": account,
                "title": account.member_id._get_portal_title(),
                "unit": account.unit_id.name,
                "available": account._format_portal(account.balance_available),
                "pending": account._format_portal(account.balance_pending, hide=True),
                "pending_details": pending.get(account.id, []),
                "held": account._format_portal(account.balance_held, hide=True),
                "debt": account._get_portal_debt(),
                "expiring": expiring.get(account.id, []),
                "rows": (
                    account._get_portal_statement(limit=movements)[0]
                    if movements
                    else []
                ),
            }
            for account in self
        ]

    def _get_portal_statement(self, before=None, limit=PAGE):
        """Return a page of the statement, newest first.

        A page costs the same however long the history is: it starts behind an entry
        (index on account and id), nothing is counted or skipped.

        :param int before: only entries older than this one
        :return: ``(rows, id to continue before)``, ``None`` when there is no more
        """
        self.ensure_one()
        domain = [("account_id", "=", self.id)]
        if before:
            domain.append(("id", "<", before))
        entries = self.env["b2b2c.ledger.entry"].search(
            domain, order="id desc", limit=limit + 1
        )
        page = entries[:limit]
        older = page[-1:].id if len(entries) > limit else None
        return page._get_portal_rows(), older

    def _get_portal_news(self, message_id):
        """Return what a message to this account says: ``title`` and ``text``.

        :param message_id: anything but a message to this account gives nothing
        """
        self.ensure_one()
        message = self.env["b2b2c.notification"].search(
            [("id", "=", message_id), ("account_id", "=", self.id)]
        )
        if not message:
            return None
        return {"title": message.headline, "text": " ".join(message.sentences or [])}

    def _format_portal(self, points, hide=False):
        """Return points with their unit; nothing for none when ``hide`` is set."""
        self.ensure_one()
        return self.unit_id._format(points) if points > 0 or not hide else ""

    def _get_portal_debt(self):
        """Return what is owed as a sentence, empty when nothing is."""
        self.ensure_one()
        points = self._format_portal(self.balance_debt, hide=True)
        if not points:
            return ""
        return self.env._(
            "You owe %s: they will be taken from your next points.", points
        )

    def _get_portal_expiring(self):
        """Return the next dates on which points of these accounts lapse.

        Days are those of the program's time zone, in which the points lapse.  Each date
        is found by one index look-up, however many lots there are.

        :return: dict account id -> list of sentences; the day they name is the last
            one on which the points can be used
        """
        if not self:
            return {}
        # the first open lot of an account after an instant, and its last day
        first_lot = SQL(
            """
            SELECT l.expires_at, z.zone,
                   (l.expires_at - interval '1 second')
                       AT TIME ZONE 'UTC' AT TIME ZONE z.zone AS last_moment
              FROM b2b2c_ledger_lot l
              JOIN b2b2c_ledger_entry e ON e.id = l.entry_id
         LEFT JOIN b2b2c_program p ON p.id = e.program_id
        CROSS JOIN LATERAL (SELECT coalesce(p.timezone, %s) AS zone) z
             WHERE l.account_id = a.id AND l.remaining > 0 AND l.expires_at > a.after
          ORDER BY l.expires_at, l.id
             LIMIT 1
            """,
            str(self.env.tz),
        )
        next_day = SQL(
            """(date_trunc('day', d.last_moment) + interval '1 day')
                   AT TIME ZONE d.zone AT TIME ZONE 'UTC'"""
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE due (account_id, number, starts, zone, last_moment) AS (
                    SELECT a.id, 1, f.*
                      FROM (SELECT id, %(now)s::timestamp AS after
                              FROM unnest(%(ids)s) AS i (id)) a
                CROSS JOIN LATERAL (%(first_lot)s) f
                 UNION ALL
                    SELECT a.id, a.number + 1, f.*
                      FROM (SELECT d.account_id AS id, d.number, %(next_day)s AS after
                              FROM due d WHERE d.number < %(dates)s) a
                CROSS JOIN LATERAL (%(first_lot)s) f
                )
                SELECT d.account_id, d.last_moment::date,
                       (SELECT sum(l.remaining) FROM b2b2c_ledger_lot l
                         WHERE l.account_id = d.account_id AND l.remaining > 0
                           AND l.expires_at >= d.starts
                           AND l.expires_at <= %(next_day)s)
                  FROM due d
              ORDER BY d.account_id, d.number
                """,
                ids=self.ids,
                now=fields.Datetime.now(),
                dates=EXPIRY_DATES,
                first_lot=first_lot,
                next_day=next_day,
            )
        )
        accounts = {account.id: account for account in self}
        expiring = {}
        for account_id, day, points in rows:
            expiring.setdefault(account_id, []).append(
                self.env._(
                    "%(points)s expire on %(day)s",
                    points=accounts[account_id]._format_portal(points),
                    day=format_date(self.env, day, date_format="medium"),
                )
            )
        return expiring

    def _get_portal_pending(self):
        """Return why points of these accounts are pending, latest documents first.

        :return: dict account id -> list of sentences; only recent entries are looked
            at, so that a long history costs nothing
        """
        if not self:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT e.id
                  FROM unnest(%s) AS a (id)
            CROSS JOIN LATERAL (
                       SELECT id FROM b2b2c_ledger_entry
                        WHERE account_id = a.id AND points_pending > 0
                     ORDER BY id DESC LIMIT %s) e
              ORDER BY e.id DESC
                """,
                self.ids,
                PENDING_LOOKED_AT,
            )
        )
        entries = self.env["b2b2c.ledger.entry"].browse(row[0] for row in rows)
        sentences = {}
        for entry, sentence in entries._get_portal_waiting(PENDING_SHOWN):
            sentences.setdefault(entry.account_id.id, []).append(sentence)
        return sentences

    def _format_portal_day(self, instant):
        """Return an instant as a day in the reader's zone and language."""
        return format_date(
            self.env,
            fields.Datetime.context_timestamp(self, instant).date(),
            date_format="medium",
        )
