"""The rows that are sealed, as texts in the order of the feed.

A row is an entry with the lots it opened and the allocations it made: all of them are
written by the transaction that books, and what is sealed of them never changes.
PostgreSQL writes the texts, in forms that no setting of a session changes.
"""

from odoo.tools import SQL

from ...engine.seals import BEGINNING, Place, Shape

PAGE = 5000  # rows read at once

_PLAIN = (
    "id", "feed_position", "account_id", "unit_id", "company_id", "entry_type",
    "points", "points_pending", "points_held", "points_debt", "points_lost",
    "program_id", "rule_id", "document_model", "document_id", "line_model", "line_id",
    "reason", "basis", "explanation", "source_key", "award_key", "reversal_of_id",
    "related_id", "is_manual", "user_id",
)  # fmt: skip
_TIMES = ("effective_at", "recorded_at", "release_at", "expected_at")
_PARTS = ("lots", "allocations")

#: Shapes of an entry by version.  A new column of the table is a new shape; those that
#: blocks have stay as they are.
SHAPES = {1: Shape(1, _PLAIN + _TIMES + _PARTS)}
NEWEST = SHAPES[max(SHAPES)]


def read_rows(env, company_id, after=BEGINNING, horizon=None, limit=PAGE):
    """Return the next rows of a company's book.

    :param Place after: the last row that is known
    :param int horizon: position from which on rows are not wanted, ``None``: all are
    :param int limit: how many at most
    :return: list of ``(Place, dict name -> text or None)``
    """
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT %(texts)s,
                   (SELECT string_agg(concat_ws('/', l.id, l.account_id, l.points,
                                      coalesce(to_char(l.expires_at, %(iso)s), '-')),
                                      ' ' ORDER BY l.id)
                      FROM b2b2c_ledger_lot l WHERE l.entry_id = e.id) AS lots,
                   (SELECT string_agg(concat_ws('/', a.id, a.origin_id, a.lot_id,
                                      a.points), ' ' ORDER BY a.id)
                      FROM b2b2c_ledger_allocation a
                     WHERE a.entry_id = e.id) AS allocations
              FROM b2b2c_ledger_entry e
             WHERE e.company_id = %(company)s
               AND (e.feed_position, e.id) > (%(position)s, %(entry)s)
               AND (%(horizon)s::bigint IS NULL OR e.feed_position < %(horizon)s)
          ORDER BY e.feed_position, e.id
             LIMIT %(limit)s
            """,
            texts=_TEXTS,
            iso=_ISO,
            company=company_id,
            position=after.position,
            entry=after.row_id,
            horizon=horizon,
            limit=limit,
        )
    )
    return [(Place(int(row["feed_position"]), int(row["id"])), row) for row in rows]


def iter_rows(env, company_id, limit=PAGE):
    """Yield all rows of a company's book, a page in memory at a time.

    :param int limit: how many rows a page has
    """
    page = read_rows(env, company_id, limit=limit)
    while page:
        yield from page
        page = read_rows(env, company_id, after=page[-1][0], limit=limit)


_ISO = 'YYYY-MM-DD"T"HH24:MI:SS.US'
_TEXTS = SQL(", ").join(
    [
        SQL("%s::text AS %s", SQL.identifier("e", name), SQL.identifier(name))
        for name in _PLAIN
    ]
    + [
        SQL("to_char(%s, %s) AS %s", SQL.identifier("e", name), _ISO,
            SQL.identifier(name))
        for name in _TIMES
    ]
)  # fmt: skip
