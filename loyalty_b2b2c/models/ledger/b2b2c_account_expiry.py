import logging
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..base.transactions import in_transaction
from .ledger_door import ZERO

_logger = logging.getLogger(__name__)

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
    """Points that lapse: the scheduled actions that warn, expire and tell.

    Each batch is a transaction of its own, repeated when it meets a redemption; an
    account that cannot be handled stops no other.  Runs that overlap or are repeated
    find nothing left to do.
    """

    # a file of its own: the account's screens are another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.account"

    # === EXPIRE === #

    @api.model
    def _cron_expire(self, batch=BATCH):
        """Let due lots lapse and tell their owners."""
        broken = []
        while ids := self._get_due_accounts(batch, broken):
            broken += self._in_batches(ids, "_expire_and_tell")
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                break

    @api.model
    def _get_due_accounts(self, limit, without=()):
        """Return ids of the accounts of the ``limit`` lots that are due longest.

        :param without: ids of accounts to leave out
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id FROM b2b2c_ledger_lot
                 WHERE remaining > 0 AND expires_at <= %s AND account_id <> ALL(%s)
              ORDER BY expires_at LIMIT %s
                """,
                fields.Datetime.now(),
                list(without),
                limit,
            )
        )
        return sorted({row[0] for row in rows})

    def _expire_and_tell(self):
        """Let due lots of these accounts lapse, with a message for each account."""
        for account in self:
            loud = account._expire().filtered(
                lambda entry: (
                    entry.related_id.program_id.notify
                    or not entry.related_id.program_id
                )
            )
            if loud:
                points = sum((entry._read_exact()[0] for entry in loud), ZERO)
                self.env["b2b2c.notification"]._insert(
                    [
                        {
                            "account_id": account.id,
                            "kind": "expired",
                            "key": f"expired/{account.id}",
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

    # === BATCHES === #

    @api.model
    def _in_batches(self, ids, method):
        """Call a method on accounts in a transaction of its own.

        When that fails, each account gets its own.

        :return: ids of the accounts that failed
        """
        registry, name = self.env.registry, self._name

        def call(part):
            in_transaction(
                registry, lambda env: getattr(env[name].browse(part), method)()
            )

        try:
            call(ids)
            return []
        except Exception:
            _logger.info("%s: accounts %s one by one", method, ids, exc_info=True)
        failed = []
        for account_id in ids:
            try:
                call([account_id])
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                failed.append(account_id)  # busy: the next run comes back
            except Exception:
                _logger.exception("%s failed for account %s", method, account_id)
                failed.append(account_id)
        return failed
