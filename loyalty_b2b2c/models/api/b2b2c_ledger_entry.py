from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...const import EFFECTS

_DOCUMENT = "b2b2c.external.document"
_LOCK = 0xB2B2CFEED  # held while positions are repaired; a number nobody else uses


class B2b2cLedgerEntryFeed(models.Model):
    """Lists for other systems what was booked, in an order that never changes later.

    The order of ids may change: an entry with a lower id can be committed later, and a
    caller who asked in between for "all after the last id" would never see it.  So each
    entry has a ``feed_position``, the number of the transaction that booked it, and
    only entries of transactions older than all running ones are listed: nothing can be
    added among them any more.

    The price is that a transaction that writes for an hour holds the feed back for an
    hour.

    PostgreSQL fills the column; it is no field of the ORM.
    """

    _inherit = "b2b2c.ledger.entry"

    def init(self):
        result = super().init()
        self._add_feed_position(self._table)
        return result

    def _register_hook(self):
        super()._register_hook()
        if self._get_feed_tables():
            self._repair_feed()

    @api.model
    def _add_feed_position(self, table):
        """Number the rows of a table by the transactions that insert them.

        :param str table: has ``company_id``; rows there are already count as those of
            one transaction, before all others
        """
        cr, tables = self.env.cr, self._get_feed_tables()
        if not tables:
            self._set_feed_offset(0)
        if table not in tables:
            name = SQL.identifier(table)
            # a constant first: it is written into no row
            cr.execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN feed_position bigint NOT NULL DEFAULT 0",
                    name,
                )
            )
            cr.execute(
                SQL(
                    "ALTER TABLE %s"
                    " ALTER feed_position SET DEFAULT b2b2c_feed_position()",
                    name,
                )
            )
        cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (company_id, feed_position, id)",
                SQL.identifier(f"{table}_feed"),
                SQL.identifier(table),
            )
        )

    def _get_feed_tables(self):
        """Return the names of the tables whose rows have a position."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.relname
                  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                 WHERE a.attname = 'feed_position' AND NOT a.attisdropped
                   AND c.relkind = 'r' AND c.relnamespace = current_schema::regnamespace
                """
            )
        )
        return {name for (name,) in rows}

    def _set_feed_offset(self, offset):
        """Define a transaction's position: its number plus ``offset``."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION b2b2c_feed_position(
                    number xid8 DEFAULT pg_current_xact_id()) RETURNS bigint
                LANGUAGE sql STABLE AS
                'SELECT number::text::bigint + %s'
                """,
                offset,
            )
        )

    def _repair_feed(self):
        """Continue above the highest position when transactions are numbered anew.

        That happens when a database is restored into another cluster; the cursors that
        callers keep stay valid.
        """
        highest = max(map(self._get_highest_position, self._get_feed_tables()))
        [(current,)] = self.env.execute_query(
            SQL("SELECT b2b2c_feed_position(pg_snapshot_xmax(pg_current_snapshot()))")
        )
        if highest < current:
            return
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        [(number,)] = self.env.execute_query(
            SQL("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        )
        self._set_feed_offset(highest + 1 - number)

    def _get_highest_position(self, table):
        """Return the highest position of a table's rows, 0 without any."""
        [(highest,)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(max(top), 0) FROM res_company c
                  JOIN LATERAL (SELECT max(feed_position) AS top
                                  FROM %s WHERE company_id = c.id) t ON TRUE
                """,
                SQL.identifier(table),
            )
        )
        return highest

    @api.model
    def _get_feed(self, company, *, reporter, after, limit):
        """Return the entries of a company that became final after a cursor.

        :param reporter: ``res.partner``; only participants of this company and
            entries of documents it reported, of these without the ids of people it did
            not name. Empty: all
        :param after: ``next`` of the last call, ``None`` for the beginning
        :param int limit: how many entries at most
        :return: dict with ``entries``, ``next`` and ``has_more``
        """
        start = tuple(map(int, (after or "0-0").split("-")))
        horizon = self._get_horizon()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT e.id, e.feed_position, e.entry_type,
                       CASE WHEN %(reporter)s IS NULL OR m.employer_id = %(employer)s
                              OR m.id IN (d.member_id, d.seller_id)
                            THEN m.id END AS member_id, m.role,
                       coalesce(u.name ->> %(lang)s, u.name ->> 'en_US') AS unit,
                       coalesce(p.name ->> %(lang)s, p.name ->> 'en_US') AS program,
                       %(effects)s,
                       d.document_type, d.reference, e.reversal_of_id,
                       to_char(e.effective_at, %(iso)s) AS effective_at,
                       to_char(e.recorded_at, %(iso)s) AS recorded_at
                  FROM b2b2c_ledger_entry e
                  JOIN b2b2c_account a ON a.id = e.account_id
                  JOIN b2b2c_member m ON m.id = a.member_id
                  JOIN b2b2c_unit u ON u.id = e.unit_id
             LEFT JOIN b2b2c_program p ON p.id = e.program_id
             LEFT JOIN b2b2c_external_document d
                    ON d.id = e.document_id AND e.document_model = %(model)s
                   AND d.reporter_id IS NOT DISTINCT FROM %(reporter)s
                 WHERE e.company_id = %(company)s
                   AND (e.feed_position, e.id) > (%(position)s, %(entry)s)
                   AND e.feed_position < %(horizon)s
                   AND (%(reporter)s IS NULL OR m.employer_id = %(employer)s
                        OR d.id IS NOT NULL)
              ORDER BY e.feed_position, e.id
                 LIMIT %(limit)s
                """,
                effects=SQL(", ").join(
                    SQL(
                        "%s::text AS %s",
                        SQL.identifier("e", name),
                        SQL.identifier(name),
                    )
                    for name in EFFECTS
                ),
                iso='YYYY-MM-DD"T"HH24:MI:SS"Z"',
                lang=self.env.lang or "en_US",
                model=_DOCUMENT,
                reporter=reporter.id or None,
                employer=reporter.commercial_partner_id.id or None,
                company=company.id,
                position=start[0],
                entry=start[1],
                horizon=horizon,
                limit=limit + 1,
            )
        )
        page, has_more = rows[:limit], len(rows) > limit
        if has_more:
            end = page[-1]["feed_position"], page[-1]["id"]
        else:
            end = max(start, (horizon, 0))  # who sees few entries skips all others
        return {
            "entries": [_entry(row) for row in page],
            "next": f"{end[0]}-{end[1]}",
            "has_more": has_more,
        }

    def _get_horizon(self):
        """Return the position from which on entries may still be added.

        It is the position of the oldest running transaction of this database.
        PostgreSQL numbers the transactions of all databases of the cluster together;
        those of other databases are left out where a lock shows their database, and
        hold the feed back where none does.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT b2b2c_feed_position(coalesce(
                    (SELECT x.number
                       FROM pg_snapshot_xip(pg_current_snapshot()) AS x (number)
                      WHERE NOT EXISTS (
                            SELECT FROM pg_locks l
                              JOIN pg_stat_activity a ON a.pid = l.pid
                             WHERE l.locktype = 'transactionid' AND l.granted
                               AND l.mode = 'ExclusiveLock'
                               AND l.transactionid = x.number::xid
                               AND a.datname <> current_database())
                   ORDER BY x.number LIMIT 1),
                    pg_snapshot_xmax(pg_current_snapshot())))
                """
            )
        )[0][0]


def _entry(row):
    """Return a row as JSON value, without names of people."""
    points = {name: Decimal(row[name]) for name in EFFECTS}
    return {
        "id": row["id"],
        "entry_type": row["entry_type"],
        "member_id": row["member_id"],
        "role": row["role"],
        "unit": row["unit"],
        "points": points["points"],
        "points_pending": points["points_pending"],
        "points_reserved": points["points_held"],
        "points_debt": points["points_debt"],
        "points_lost": points["points_lost"],
        "program": row["program"],
        "document": {"type": row["document_type"], "reference": row["reference"]}
        if row["reference"]
        else None,
        "reverses": row["reversal_of_id"],
        "effective_at": row["effective_at"],
        "recorded_at": row["recorded_at"],
    }
