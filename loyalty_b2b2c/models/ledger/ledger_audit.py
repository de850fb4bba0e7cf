"""Proof that the books are right: set-based checks, rebuild, fingerprint.

Every check is one aggregate query, so a million entries take seconds.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from ...const import EFFECTS

_FOLDED = {
    "points": "folded_posted",
    "points_pending": "folded_pending",
    "points_held": "folded_held",
    "points_debt": "folded_debt",
    "points_lost": "folded_lost",
}
#: Tables of the ledger that never change.
TABLES = ("b2b2c_ledger_entry", "b2b2c_ledger_allocation")
_TRIGGERS = ("b2b2c_append_only_row", "b2b2c_append_only_truncate")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that does not add up."""

    check: str
    model: str
    record_id: int
    expected: str
    found: str

    def __str__(self):
        return (
            f"{self.model},{self.record_id} {self.check}: "
            f"{self.found} instead of {self.expected}"
        )


def verify(env, account_ids=None):
    """Check balances, lots, allocations and triggers.

    :param account_ids: only these accounts, all of them by default
    :return: list of :class:`Difference`
    """
    env.flush_all()
    only = SQL("TRUE") if account_ids is None else SQL("%s", list(account_ids))
    problems = []
    for check, model, query in _queries(account_ids is None, only):
        problems += [
            Difference(check, model, record_id, str(expected), str(found))
            for record_id, expected, found in env.execute_query(query)
        ]
    if account_ids is None:
        problems += get_missing_triggers(env, TABLES)
    return problems


def _queries(everything, ids):
    """Yield ``(check, model, query)``; each query returns id, expected, found."""

    def where(column):
        if everything:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(*column.split(".")), ids)

    for effect in EFFECTS:
        yield (
            f"balance {effect}",
            "b2b2c.account",
            SQL(
                """
                SELECT a.id, coalesce(e.total, 0)::text,
                       (a.%(folded)s + coalesce(d.total, 0))::text
                  FROM b2b2c_account a
             LEFT JOIN (SELECT account_id, sum(%(effect)s) AS total
                          FROM b2b2c_ledger_entry WHERE %(entries)s
                      GROUP BY account_id) e ON e.account_id = a.id
             LEFT JOIN (SELECT account_id, sum(%(effect)s) AS total
                          FROM b2b2c_account_delta WHERE %(entries)s
                      GROUP BY account_id) d ON d.account_id = a.id
                 WHERE %(accounts)s
                   AND coalesce(e.total, 0) <> a.%(folded)s + coalesce(d.total, 0)
                """,
                effect=SQL.identifier(effect),
                folded=SQL.identifier(_FOLDED[effect]),
                entries=where("account_id"),
                accounts=where("a.id"),
            ),
        )
    yield (
        "open lots",
        "b2b2c.account",
        SQL(
            """
            SELECT a.id, (coalesce(e.total, 0))::text, coalesce(l.total, 0)::text
              FROM b2b2c_account a
         LEFT JOIN (SELECT account_id, sum(points - points_held) AS total
                      FROM b2b2c_ledger_entry WHERE %(entries)s
                  GROUP BY account_id) e ON e.account_id = a.id
         LEFT JOIN (SELECT account_id, sum(remaining) AS total
                      FROM b2b2c_ledger_lot WHERE %(entries)s AND remaining <> 0
                  GROUP BY account_id) l ON l.account_id = a.id
             WHERE %(accounts)s AND coalesce(e.total, 0) <> coalesce(l.total, 0)
            """,
            entries=where("account_id"),
            accounts=where("a.id"),
        ),
    )
    yield (
        "lot remaining",
        "b2b2c.ledger.lot",
        SQL(
            """
            SELECT l.id, (l.points - coalesce(a.total, 0))::text, l.remaining::text
              FROM b2b2c_ledger_lot l
         LEFT JOIN (SELECT lot_id, sum(points) AS total
                      FROM b2b2c_ledger_allocation GROUP BY lot_id) a
                ON a.lot_id = l.id
             WHERE %s AND l.remaining <> l.points - coalesce(a.total, 0)
            """,
            where("l.account_id"),
        ),
    )
    yield (
        "entry against its lots",
        "b2b2c.ledger.entry",
        SQL(
            """
            SELECT e.id, (e.points - e.points_held)::text,
                   (coalesce(l.total, 0) - coalesce(a.total, 0))::text
              FROM b2b2c_ledger_entry e
         LEFT JOIN (SELECT entry_id, sum(points) AS total FROM b2b2c_ledger_lot
                  GROUP BY entry_id) l ON l.entry_id = e.id
         LEFT JOIN (SELECT entry_id, sum(points) AS total
                      FROM b2b2c_ledger_allocation GROUP BY entry_id) a
                ON a.entry_id = e.id
             WHERE %s AND e.points - e.points_held
                   <> coalesce(l.total, 0) - coalesce(a.total, 0)
            """,
            where("e.account_id"),
        ),
    )
    yield (
        "pending below zero",
        "b2b2c.account",
        SQL(
            """
            SELECT account_id, '0', sum(points_pending)::text
              FROM b2b2c_ledger_entry WHERE %s
          GROUP BY account_id HAVING sum(points_pending) < 0
            """,
            where("account_id"),
        ),
    )
    yield (
        "company or unit",
        "b2b2c.ledger.entry",
        SQL(
            """
            SELECT e.id, a.company_id || '/' || a.unit_id,
                   e.company_id || '/' || e.unit_id
              FROM b2b2c_ledger_entry e JOIN b2b2c_account a ON a.id = e.account_id
             WHERE %s AND (e.company_id, e.unit_id) <> (a.company_id, a.unit_id)
            """,
            where("e.account_id"),
        ),
    )


def get_missing_triggers(env, tables):
    """Return a difference per append-only trigger that is missing or disabled.

    :param tables: names of tables that never change
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT t.tgname, c.relname FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid
             WHERE t.tgname = ANY(%s) AND t.tgenabled = 'O'
            """,
            list(_TRIGGERS),
        )
    )
    wanted = {(trigger, table) for trigger in _TRIGGERS for table in tables}
    return [
        Difference(f"trigger {trigger}", table, 0, "enabled", "missing")
        for trigger, table in sorted(wanted - set(rows))
    ]


def rebuild(env):
    """Recompute folded balances and lots from entries and allocations.

    :return: number of rows that were wrong
    """
    env.flush_all()
    lots = env.execute_query(
        SQL(
            """
            UPDATE b2b2c_ledger_lot l SET remaining = l.points - coalesce(a.total, 0)
              FROM b2b2c_ledger_lot x
         LEFT JOIN (SELECT lot_id, sum(points) AS total
                      FROM b2b2c_ledger_allocation GROUP BY lot_id) a
                ON a.lot_id = x.id
             WHERE x.id = l.id AND l.remaining <> l.points - coalesce(a.total, 0)
         RETURNING l.id
            """
        )
    )
    # Fold first (exact, counts nothing), then compare with the entries.
    env.execute_query(
        SQL(
            """
            WITH gone AS (DELETE FROM b2b2c_account_delta RETURNING *),
                 sums AS (SELECT account_id, sum(points) AS points,
                                 sum(points_pending) AS points_pending,
                                 sum(points_held) AS points_held,
                                 sum(points_debt) AS points_debt,
                                 sum(points_lost) AS points_lost
                            FROM gone GROUP BY account_id)
            UPDATE b2b2c_account a
               SET folded_posted = folded_posted + s.points,
                   folded_pending = folded_pending + s.points_pending,
                   folded_held = folded_held + s.points_held,
                   folded_debt = folded_debt + s.points_debt,
                   folded_lost = folded_lost + s.points_lost,
                   version = version + 1
              FROM sums s WHERE a.id = s.account_id
         RETURNING a.id
            """
        )
    )
    accounts = env.execute_query(
        SQL(
            """
            UPDATE b2b2c_account a
               SET folded_posted = s.points, folded_pending = s.points_pending,
                   folded_held = s.points_held, folded_debt = s.points_debt,
                   folded_lost = s.points_lost, version = version + 1
              FROM (SELECT x.id, coalesce(sum(e.points), 0) AS points,
                           coalesce(sum(e.points_pending), 0) AS points_pending,
                           coalesce(sum(e.points_held), 0) AS points_held,
                           coalesce(sum(e.points_debt), 0) AS points_debt,
                           coalesce(sum(e.points_lost), 0) AS points_lost
                      FROM b2b2c_account x
                 LEFT JOIN b2b2c_ledger_entry e ON e.account_id = x.id
                  GROUP BY x.id) s
             WHERE s.id = a.id
               AND (a.folded_posted, a.folded_pending, a.folded_held, a.folded_debt,
                    a.folded_lost)
                <> (s.points, s.points_pending, s.points_held, s.points_debt,
                    s.points_lost)
         RETURNING a.id
            """
        )
    )
    return len(lots) + len(accounts)


def digest(env):
    """Return a fingerprint over all entries and allocations, independent of folding."""
    env.flush_all()
    row = env.execute_query(
        SQL(
            """
            SELECT (SELECT count(*) || ':' || coalesce(md5(string_agg(md5(
                        concat_ws('|', id, account_id, entry_type, points,
                            points_pending, points_held, points_debt, points_lost,
                            source_key, award_key, reversal_of_id, related_id,
                            effective_at, recorded_at, reason, explanation::text)),
                        '' ORDER BY id)), '-') FROM b2b2c_ledger_entry)
                   || '/' ||
                   (SELECT count(*) || ':' || coalesce(md5(string_agg(md5(
                        concat_ws('|', id, entry_id, origin_id, lot_id, points)),
                        '' ORDER BY id)), '-') FROM b2b2c_ledger_allocation)
            """
        )
    )
    return row[0][0]


# === A COPY === #

_COLUMNS = (
    "id",
    "account_id",
    "member",
    "employer",
    "unit",
    "company",
    "entry_type",
    "points",
    "points_pending",
    "points_held",
    "points_debt",
    "points_lost",
    "source_key",
    "document_model",
    "document_id",
    "reason",
    "effective_at",
    "recorded_at",
)


def get_table(env):
    """Return all entries with the names of who and what, the header first."""
    rows = env.execute_query(
        SQL(
            """
            SELECT e.id, e.account_id, p.name, s.name, u.name->>'en_US', c.name,
                   e.entry_type, e.points, e.points_pending, e.points_held,
                   e.points_debt, e.points_lost, e.source_key, e.document_model,
                   e.document_id, e.reason, e.effective_at, e.recorded_at
              FROM b2b2c_ledger_entry e
              JOIN b2b2c_account a ON a.id = e.account_id
              JOIN b2b2c_member m ON m.id = a.member_id
              JOIN res_partner p ON p.id = m.partner_id
              JOIN res_partner s ON s.id = m.employer_id
              JOIN b2b2c_unit u ON u.id = e.unit_id
              JOIN res_company c ON c.id = e.company_id
          ORDER BY e.id
            """
        )
    )
    return [_COLUMNS, *rows]
