from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..ledger.ledger_audit import Difference
from . import stat_facts

LAST = 2**31 - 1  # the largest entry id PostgreSQL can give
BATCH = 50000
STATS = ("b2b2c.stat.day", "b2b2c.stat.account")


class B2b2cStatRange(models.Model):
    """Ids of entries that are not folded into the statistics yet.

    Ids are given before their transactions commit, so "everything up to the last id"
    is never all of it: a smaller id may still be on its way.  Therefore what is *not*
    folded is written down, as ranges of ids.  Folding a range deletes it, adds the
    entries it can see, and writes the ids between them back as smaller ranges.  Every
    id is at any moment either in one range or in the sums, and two workers that fold
    the same range cannot both commit, for both delete its row.  The reports add the
    entries of the ranges to the sums, so they are exact between two foldings too.

    Posting is not involved at all: it neither writes here nor waits.
    """

    _name = "b2b2c.stat.range"
    _description = "Entries Not in the Statistics"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "low"

    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    #: when no transaction older than this is running, nobody can use the ids any more
    next_transaction = fields.Char()
    seen_at = fields.Datetime()

    _low_once = models.UniqueIndex("(low)")
    _in_order = models.Constraint("CHECK (low <= high)")

    def init(self):
        """Create the function of the facts; begin with all ids not folded."""
        stat_facts.install(self.env.cr)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_stat_range (low, high)
                SELECT 1, %s WHERE NOT EXISTS (SELECT FROM b2b2c_stat_range)
                """,
                LAST,
            )
        )

    # === FOLDING === #

    @api.model
    def _fold(self, limit=BATCH):
        """Fold what is visible now.

        :param limit: about how many entries at most
        :return: number of entries folded
        """
        folded = 0
        for range_id, low, high in self._get_foldable():
            high, number = self._cut(low, high, limit - folded)
            self._fold_part(range_id, low, high)
            folded += number
            if folded >= limit:
                break
        return folded

    def _get_foldable(self):
        """Return ``(id, low, high)`` of the ranges with visible entries."""
        return self.env.execute_query(
            SQL(
                """
                SELECT r.id, r.low, r.high FROM b2b2c_stat_range r
                 WHERE (SELECT e.id FROM b2b2c_ledger_entry e
                         WHERE e.id BETWEEN r.low AND r.high
                      ORDER BY e.id LIMIT 1) IS NOT NULL
              ORDER BY r.low
                """
            )
        )

    def _cut(self, low, high, limit):
        """Return where a range of at most ``limit`` entries ends, and their number."""
        return self.env.execute_query(
            SQL(
                """
                SELECT max(id), count(*)
                  FROM (SELECT id FROM b2b2c_ledger_entry
                         WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s) part
                """,
                low,
                high,
                limit,
            )
        )[0]

    def _fold_part(self, range_id, low, high):
        """Fold the entries from ``low`` to ``high``, the beginning of a range."""
        [(end,)] = self.env.execute_query(
            SQL("DELETE FROM b2b2c_stat_range WHERE id = %s RETURNING high", range_id)
        )
        for name in STATS:
            self.env[name]._fold_range(low, high)
        # what lies between the visible ids stays for later
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_stat_range (low, high, next_transaction, seen_at)
                SELECT before + 1, id - 1,
                       pg_snapshot_xmax(pg_current_snapshot())::text,
                       now() AT TIME ZONE 'UTC'
                  FROM (SELECT id, lag(id, 1, %(before)s) OVER (ORDER BY id) AS before
                          FROM b2b2c_ledger_entry
                         WHERE id BETWEEN %(low)s AND %(high)s) visible
                 WHERE before + 1 <= id - 1
             UNION ALL
                SELECT %(high)s + 1, %(end)s,
                       pg_snapshot_xmax(pg_current_snapshot())::text,
                       now() AT TIME ZONE 'UTC'
                 WHERE %(high)s < %(end)s
             RETURNING 1
                """,
                before=low - 1,
                low=low,
                high=high,
                end=end,
            )
        )

    @api.model
    def _cron_fold(self):
        """Fold batch by batch, a transaction each."""
        cron = self.env["ir.cron"]
        try:
            while folded := self._fold():
                if not cron._commit_progress(folded):
                    break
            self._forget_dead()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody else folds right now; the reports count the rest themselves
            self.env.cr.rollback()

    def _forget_dead(self):
        """Forget ids that nobody can use any more: their transactions were undone.

        A transaction that was given an id either was running when the range was
        written down, or (between the id and its first row) got its own number a
        moment later; an hour is more than a moment.
        """
        self.env.execute_query(
            SQL(
                """
                DELETE FROM b2b2c_stat_range r
                 WHERE high < %s
                   AND seen_at < now() AT TIME ZONE 'UTC' - interval '1 hour'
                   AND pg_snapshot_xmin(pg_current_snapshot())
                       >= next_transaction::xid8
                   AND NOT EXISTS (SELECT FROM b2b2c_ledger_entry e
                                    WHERE e.id BETWEEN r.low AND r.high)
             RETURNING 1
                """,
                LAST,
            )
        )

    # === PROOF === #

    @api.model
    def _restart(self):
        """Forget all sums; the scheduled action folds the whole ledger again."""
        self.env.flush_all()
        for name in (*STATS, self._name):
            self.env.execute_query(
                SQL("DELETE FROM %s RETURNING 1", SQL.identifier(self.env[name]._table))
            )
        self.init()
        self.env.ref("loyalty_b2b2c.cron_stat")._trigger()

    @api.model
    def _rebuild(self):
        """Forget all sums and fold the whole ledger again, in this transaction."""
        self._restart()
        while self._fold():
            pass

    @api.model
    def _verify(self):
        """Compare the sums with the entries that are folded into them.

        :return: list of :class:`~.ledger_audit.Difference`
        """
        facts = SQL(
            """
            (SELECT f.*
               FROM b2b2c_stat_facts(1, (SELECT max(low) - 1 FROM b2b2c_stat_range)) f
              WHERE NOT EXISTS (SELECT FROM b2b2c_stat_range r
                                 WHERE f.entry_id BETWEEN r.low AND r.high))
            """
        )
        return [
            Difference(f"sums of {key}", name, 0, str(right), str(stored))
            for name in STATS
            for key, stored, right in self.env[name]._get_differences(facts)
        ]
