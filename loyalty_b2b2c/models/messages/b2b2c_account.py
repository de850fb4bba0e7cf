from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger.ledger_door import ZERO

BATCH = 50
#: A warning also names what expires in the days after, so that one is enough a week.
AHEAD = timedelta(days=7)

# no warning told of the lot ``l`` so far
_UNTOLD = SQL(
    """
    NOT EXISTS (
        SELECT FROM b2b2c_notification n
         WHERE n.account_id = l.account_id AND n.kind = 'expiring'
           AND n.expires_until >= l.expires_at)
    """
)


class B2b2cAccount(models.Model):
    """Participants are warned before points lapse, and told when they did."""

    _inherit = "b2b2c.account"

    # === EXPIRED === #

    def _after_expiry(self, entries):
        """Tell what lapsed, with a message for each account."""
        super()._after_expiry(entries)
        loud = entries.filtered(
            lambda entry: (
                entry.related_id.program_id.notify or not entry.related_id.program_id
            )
        )
        if loud:
            points = sum((entry._read_exact()[0] for entry in loud), ZERO)
            self.env["b2b2c.notification"]._insert(
                [
                    {
                        "account_id": self.id,
                        "kind": "expired",
                        "key": f"expired/{self.id}",
                        "points": points,
                    }
                ]
            )

    # === WARN === #

    @api.model
    def _cron_warn(self, batch=BATCH):
        """Tell participants which points expire soon."""
        last = 0
        while ids := self._get_accounts_to_warn(batch, last):
            self._in_batches(ids, "_warn")
            last = ids[-1]
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                break

    @api.model
    def _get_accounts_to_warn(self, limit, after=0):
        """Return ids of accounts with points that expire soon, untold so far.

        :param int after: only accounts with a greater id
        """
        now = fields.Datetime.now()
        [(days,)] = self.env.execute_query(
            SQL("SELECT coalesce(max(warning_days), 0) FROM b2b2c_unit")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.account_id
                  FROM b2b2c_ledger_lot l
                  JOIN b2b2c_account a ON a.id = l.account_id
                  JOIN b2b2c_unit u ON u.id = a.unit_id
                  JOIN b2b2c_ledger_entry e ON e.id = l.entry_id
             LEFT JOIN b2b2c_program p ON p.id = e.program_id
                 WHERE l.remaining > 0
                   AND l.expires_at > %(now)s AND l.expires_at <= %(horizon)s
                   AND l.expires_at <= %(now)s + u.warning_days * interval '1 day'
                   AND coalesce(p.notify, TRUE)
                   AND l.account_id > %(after)s
                   AND %(untold)s
              ORDER BY l.account_id LIMIT %(limit)s
                """,
                now=now,
                horizon=now + timedelta(days=days),
                untold=_UNTOLD,
                after=after,
                limit=limit,
            )
        )
        return [row[0] for row in rows]

    def _warn(self):
        """Queue one message per account about everything that expires soon."""
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.account_id, sum(l.remaining)::text, max(l.expires_at),
                       -- the last day on which they can be used, on the program's clock
                       ((l.expires_at - interval '1 second') AT TIME ZONE 'UTC'
                           AT TIME ZONE coalesce(p.timezone, 'UTC'))::date AS day
                  FROM b2b2c_ledger_lot l
                  JOIN b2b2c_account a ON a.id = l.account_id
                  JOIN b2b2c_unit u ON u.id = a.unit_id
                  JOIN b2b2c_ledger_entry e ON e.id = l.entry_id
             LEFT JOIN b2b2c_program p ON p.id = e.program_id
                 WHERE l.account_id = ANY(%(ids)s) AND l.remaining > 0
                   AND l.expires_at > %(now)s
                   AND l.expires_at
                       <= %(now)s + u.warning_days * interval '1 day' + %(ahead)s
                   AND coalesce(p.notify, TRUE) AND %(untold)s
              GROUP BY l.account_id, day ORDER BY l.account_id, day
                """,
                ids=self.ids,
                now=now,
                ahead=AHEAD,
                untold=_UNTOLD,
            )
        )
        for account in self:
            own = [row[1:] for row in rows if row[0] == account.id]
            if not own:
                continue
            until = max(expires_at for _points, expires_at, _day in own)
            self.env["b2b2c.notification"]._insert(
                [
                    {
                        "account_id": account.id,
                        "kind": "expiring",
                        "key": f"expiring/{account.id}/{until}",
                        "is_numbered": False,
                        "points": sum((Decimal(row[0]) for row in own), ZERO),
                        "expires_until": until,
                        "details": [
                            {"points": points, "day": fields.Date.to_string(day)}
                            for points, _expires_at, day in own
                        ],
                    }
                ]
            )
