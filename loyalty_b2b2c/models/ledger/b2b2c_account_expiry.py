import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine import due
from ...values import UTC, naive
from ..base.transactions import in_transaction
from .ledger_door import Posting

_logger = logging.getLogger(__name__)

BATCH = 50
_NEXT_RUN = timedelta(hours=1)  # as the action is planned


class B2b2cAccount(models.Model):
    """Points that lapse: the scheduled action, and how it is booked.

    Each batch is a transaction of its own, repeated when it meets a redemption; an
    account that cannot be handled stops no other.  Runs that overlap or are repeated
    find nothing left to do.
    """

    _inherit = "b2b2c.account"

    # === EXPIRE === #

    @api.model
    def _cron_expire(self, batch=BATCH):
        """Let due lots lapse."""
        broken = []
        while ids := self._get_due_accounts(batch, broken):
            broken += self._in_batches(ids, "_expire_due")
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                return
        self._wake_for_expiry()

    @api.model
    def _wake_for_expiry(self):
        """Let the action run at the next moment at which a lot is due.

        Else what nobody can spend any more would be shown until the next hour.  What
        is due later than the next run, that run finds.
        """
        now = fields.Datetime.now()
        [(due_at,)] = self.env.execute_query(
            SQL(
                """
                SELECT min(expires_at) FROM b2b2c_ledger_lot
                 WHERE remaining > 0 AND expires_at > %s AND expires_at <= %s
                """,
                now,
                now + _NEXT_RUN,
            )
        )
        if due_at:
            self.env.ref("loyalty_b2b2c.cron_expire").sudo()._trigger(at=due_at)

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

    def _expire_due(self):
        """Let due lots of these accounts lapse."""
        for account in self:
            account._after_expiry(account._expire())

    def _after_expiry(self, entries):
        """Do what follows when points of this account lapsed; packages extend it.

        :param entries: the ``expire`` entries, maybe none
        """

    # === POSTING === #

    def _expire(self, now=None):
        """Let the lots of these accounts lapse that are due.

        :param now: naive UTC, the current moment by default
        :return: the ``expire`` entries
        """
        now = fields.Datetime.to_datetime(now or fields.Datetime.now())
        now = now.replace(tzinfo=UTC)
        entries = self.env["b2b2c.ledger.entry"]
        for account in self.sorted("id"):
            door = account._get_door()
            door.open(account.id)
            entries += account._expire_open(door, now)
        return entries

    def _forfeit_erased(self):
        """Let all points of erased persons lapse that the erasure made lapse.

        An expiry and not a correction: when a document is undone later, its points
        are taken back from what lapsed, and no debt arises.
        """
        for account in self.sorted("id"):
            if account.member_id.forfeits_points:
                door = account._get_door()
                account._repay(door, door.open(account.id))
                lots = door.get_open_lots(account.id)
                account._lapse(door, lots, reason=account.env._("Forfeited"))

    def _expire_open(self, door, now):
        """Book the expiry of the due lots of an open account, an entry per lot."""
        return self._lapse(door, due(door.get_open_lots(self.id), now))

    def _lapse(self, door, lots, reason=None):
        """Book that lots of an open account lapse, an entry per lot.

        :param reason: why before their date, ``None`` for those that are due
        """
        self.ensure_one()
        entries = self.env["b2b2c.ledger.entry"]
        for lot in lots:
            number = self.env["b2b2c.ledger.allocation"]._count_for_lot(lot.id)
            entry_id = door.apply(
                Posting(
                    self.id,
                    "expire",
                    f"expire/{lot.id}/{number}",
                    points=-lot.remaining,
                    related_id=lot.entry_id,
                    effective_at=None if reason else naive(lot.expires_at),
                    reason=reason,
                )
            )
            door.take_from(entry_id, [(lot.id, lot.remaining)])
            entries += self._booked(entry_id)
        return entries

    # === BATCHES === #

    @api.model
    def _in_batches(self, ids, method):
        """Call a method on accounts in a transaction of its own.

        When that fails, each account gets its own.

        :return: ids of the accounts that failed
        """
        registry, name = self.env.registry, self._name

        def call(account_ids):
            in_transaction(
                registry, lambda env: getattr(env[name].browse(account_ids), method)()
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
