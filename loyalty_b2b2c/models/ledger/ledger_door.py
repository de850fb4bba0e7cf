"""The one door to the ledger: every row of the books is inserted here.

Plain SQL on purpose: the ORM's ``create`` of ledger models is closed for everybody
(see ``b2b2c.ledger.entry``), so nothing but this class can book.

Two kinds of postings, because Odoo runs at REPEATABLE READ, where "lock, then read"
reads stale data:

* **credits** only insert (entry, lot, delta).  They never touch the account row, so
  fifty scans a second on one account do not fight each other.
* **debits** first *update* the account row (:meth:`LedgerDoor.open`), which folds the
  deltas in and makes every concurrent debit of the account fail with a serialization
  error that Odoo retries.  The conditional UPDATE of :meth:`LedgerDoor.apply` and the
  CHECK constraints of the table are the second and third guard.

A fact is booked once because ``source_key`` is UNIQUE and the insert says ON CONFLICT
DO NOTHING: a duplicate that is visible is skipped, one that is not yet visible raises
a serialization error and the retry sees it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo.tools import SQL

from ...const import EFFECTS
from ...engine import Basis, Lot, allocate, restore
from ...exceptions import InsufficientPoints
from ...values import UTC

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Posting:
    """A row to be booked.  Effects are signed points, see ``const.EFFECTS``.

    :param source_key: identity of the fact; booking it twice books it once.
    :param award_key: which award of a document this row belongs to, if any.
    :param basis: what the award was measured on: each row of an award has one.
    :param effective_at: when it happened (naive UTC, as Odoo stores it).
    :param release_at: until when pending points wait, if for nothing but time.
    :param expected_at: when pending points are expected to become usable.
    :param expires_at: when the lot of a positive posting lapses.
    :param lots: ``((points, expires_at), ...)`` when a credit keeps the dates of the
        lots it comes from (transfer, restored expiry); else one lot is opened.
    """

    account_id: int
    entry_type: str
    source_key: str
    points: Decimal = ZERO
    points_pending: Decimal = ZERO
    points_held: Decimal = ZERO
    points_debt: Decimal = ZERO
    points_lost: Decimal = ZERO
    award_key: str | None = None
    program_id: int | None = None
    rule_id: int | None = None
    document_model: str | None = None
    document_id: int | None = None
    line_model: str | None = None
    line_id: int | None = None
    reason: str | None = None
    effective_at: datetime | None = None
    release_at: datetime | None = None
    expected_at: datetime | None = None
    expires_at: datetime | None = None
    basis: Basis | None = None
    explanation: list | None = None
    reversal_of_id: int | None = None
    related_id: int | None = None
    is_manual: bool = False
    user_id: int | None = None
    lots: tuple | None = None

    def effects(self):
        """Return the five effects in the order of ``const.EFFECTS``."""
        return tuple(getattr(self, name) for name in EFFECTS)


@dataclass(frozen=True, slots=True)
class Balances:
    """The folded balances of an account, exact."""

    posted: Decimal
    pending: Decimal
    held: Decimal
    debt: Decimal
    lost: Decimal

    @property
    def available(self):
        """What can be spent: posted, less what is reserved or owed."""
        return max(self.posted - self.held - self.debt, ZERO)

    @property
    def free(self):
        """What lies in open lots: posted less reserved, whatever is owed."""
        return self.posted - self.held


_COLUMNS = {
    "account_id": "int4",
    "entry_type": "varchar",
    "source_key": "varchar",
    **{name: "numeric" for name in EFFECTS},
    "award_key": "varchar",
    "program_id": "int4",
    "rule_id": "int4",
    "document_model": "varchar",
    "document_id": "int4",
    "line_model": "varchar",
    "line_id": "int4",
    "reason": "varchar",
    "effective_at": "timestamp",
    "release_at": "timestamp",
    "expected_at": "timestamp",
    "basis": "jsonb",
    "explanation": "jsonb",
    "reversal_of_id": "int4",
    "related_id": "int4",
    "is_manual": "bool",
    "user_id": "int4",
}
_TEXTUAL = {*EFFECTS, "effective_at", "release_at", "expected_at"}


# Entries, their lots and deltas in one statement.  It is the body of a database
# function because PostgreSQL keeps the plan of one: planning took longer than booking.
_DELTA = """
    , delta AS (
        INSERT INTO b2b2c_account_delta (account_id, entry_id, points,
               points_pending, points_held, points_debt, points_lost)
        SELECT account_id, max(id), sum(points), sum(points_pending),
               sum(points_held), sum(points_debt), sum(points_lost)
          FROM booked GROUP BY account_id
    )
"""
_BOOK = """
    CREATE OR REPLACE FUNCTION {name}(rows jsonb)
    RETURNS TABLE (booked_key varchar, booked_id int4)
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH given AS (
            SELECT *, row_number() OVER () AS number
              FROM jsonb_to_recordset(rows) AS r ({typed}, lots jsonb)
        ), booked AS (
            INSERT INTO b2b2c_ledger_entry
                   ({columns}, company_id, unit_id, recorded_at)
            SELECT {given_columns}, a.company_id, a.unit_id, now() AT TIME ZONE 'UTC'
              FROM given g JOIN b2b2c_account a ON a.id = g.account_id
          ORDER BY g.number  -- a statement reads in the order things were decided
            ON CONFLICT (source_key) DO NOTHING
         RETURNING id, account_id, source_key, points, points_pending,
                   points_held, points_debt, points_lost
        ), lots AS (
            INSERT INTO b2b2c_ledger_lot
                   (account_id, entry_id, points, remaining, expires_at)
            SELECT b.account_id, b.id, l.points, l.points, l.expires_at
              FROM booked b
              JOIN given g ON g.source_key = b.source_key
             CROSS JOIN LATERAL jsonb_to_recordset(g.lots)
                AS l (points numeric, expires_at timestamp)
        ){delta}
        SELECT source_key, id FROM booked;
    END $$
"""


# keyed by "with delta?": ready texts, a credit has no time for building them
_CALLS = {
    True: "SELECT * FROM b2b2c_book_credits(%s)",
    False: "SELECT * FROM b2b2c_book(%s)",
}


def install(cr):
    """Create the functions that book: credits, and what is folded already."""
    for function, delta in (("b2b2c_book_credits", _DELTA), ("b2b2c_book", "")):
        # only names and types of this file: pylint: disable-next=sql-injection
        cr.execute(
            _BOOK.format(
                name=function,
                delta=delta,
                typed=", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items()),
                columns=", ".join(_COLUMNS),
                given_columns=", ".join(f"g.{name}" for name in _COLUMNS),
            )
        )


def _json_row(posting, now, user_id):
    """Return a posting as the JSON object the insert statement unpacks.

    :raise ValueError: a row of an award without its basis, or with another thing
    """
    row = {}
    for name in _COLUMNS:
        value = getattr(posting, name)
        if value is not None:
            row[name] = str(value) if name in _TEXTUAL else value
    if posting.award_key or posting.basis is not None:
        row["basis"] = _checked(posting).to_json()
    row.setdefault("effective_at", now)
    row.setdefault("user_id", user_id)
    row["lots"] = [
        {"points": str(points), "expires_at": str(expires) if expires else None}
        for points, expires in _lots_of(posting)
    ]
    return row


def _checked(posting):
    """Return the basis of a posting.

    :raise ValueError: it is none
    """
    if not isinstance(posting.basis, Basis):
        raise ValueError(f"{posting.source_key} has no basis: {posting.basis!r}")
    posting.basis.check()
    return posting.basis


def _lots_of(posting):
    """Return the lots a posting opens: given ones, else one for its points."""
    if posting.lots is not None:
        return posting.lots
    if posting.points > 0:
        return ((posting.points, posting.expires_at),)
    return ()


class LedgerDoor:
    """Books postings for one environment.

    :param env: an Odoo environment; rights are the caller's business, the door works
        with plain SQL.
    """

    def __init__(self, env):
        self.env = env
        self.cr = env.cr

    # === CREDITS: insert only === #

    def credit(self, postings: Iterable[Posting]) -> dict[str, int]:
        """Book postings that need no balance: earn, confirm, void, adjust up.

        :return: source key -> entry id of the rows that were new
        :raise psycopg2.errors.SerializationFailure: the same fact was booked by a
            transaction that committed after this one began (Odoo retries)
        """
        return self._insert(list(postings), with_delta=True)

    # === DEBITS: update the account row first === #

    def open(self, account_id: int) -> Balances:
        """Fold the account's deltas into its row and return the exact balances.

        The UPDATE is the guard: two transactions that open the same account cannot
        both commit.
        """
        row = self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM b2b2c_account_delta WHERE account_id = %(account)s
                    RETURNING points, points_pending, points_held, points_debt,
                              points_lost
                ), sums AS (
                    SELECT coalesce(sum(points), 0) AS posted,
                           coalesce(sum(points_pending), 0) AS pending,
                           coalesce(sum(points_held), 0) AS held,
                           coalesce(sum(points_debt), 0) AS debt,
                           coalesce(sum(points_lost), 0) AS lost
                    FROM gone
                )
                UPDATE b2b2c_account a
                   SET folded_posted = a.folded_posted + sums.posted,
                       folded_pending = a.folded_pending + sums.pending,
                       folded_held = a.folded_held + sums.held,
                       folded_debt = a.folded_debt + sums.debt,
                       folded_lost = a.folded_lost + sums.lost,
                       version = a.version + 1
                  FROM sums
                 WHERE a.id = %(account)s
             RETURNING a.folded_posted::text, a.folded_pending::text,
                       a.folded_held::text, a.folded_debt::text, a.folded_lost::text
                """,
                account=account_id,
            )
        )[0]
        return Balances(*map(Decimal, row))

    def apply(self, posting: Posting) -> int:
        """Book a posting that takes from the balance.  Call :meth:`open` first.

        :return: id of the entry
        :raise InsufficientPoints: the account cannot carry it; nothing was booked
        """
        effects = posting.effects()
        updated = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_account
                   SET folded_posted = folded_posted + %(points)s,
                       folded_pending = folded_pending + %(pending)s,
                       folded_held = folded_held + %(held)s,
                       folded_debt = folded_debt + %(debt)s,
                       folded_lost = folded_lost + %(lost)s
                 WHERE id = %(account)s
                   AND folded_posted + %(points)s - folded_held - %(held)s >= 0
                   AND folded_held + %(held)s >= 0
                   AND folded_debt + %(debt)s >= 0
             RETURNING id
                """,
                account=posting.account_id,
                **dict(
                    zip(
                        ("points", "pending", "held", "debt", "lost"),
                        effects,
                        strict=True,
                    )
                ),
            )
        )
        if not updated:
            raise InsufficientPoints(
                self.env._("The balance is not sufficient for this operation.")
            )
        return self._insert([posting], with_delta=False)[posting.source_key]

    # === LOTS === #

    def get_open_lots(self, account_id: int) -> list[Lot]:
        """Return the lots that still hold points, soonest to expire first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, remaining::text, expires_at, entry_id
                  FROM b2b2c_ledger_lot
                 WHERE account_id = %s AND remaining > 0
              ORDER BY expires_at NULLS LAST, id
                """,
                account_id,
            )
        )
        return [
            Lot(
                id=lot_id,
                remaining=Decimal(remaining),
                expires_at=expires.replace(tzinfo=UTC) if expires else None,
                entry_id=entry_id,
            )
            for lot_id, remaining, expires, entry_id in rows
        ]

    def take(self, account_id: int, entry_id: int, points: Decimal, prefer=()):
        """Take ``points`` out of open lots for the entry ``entry_id``.

        :param prefer: entry ids whose lots go first (an award's own points)
        :raise InsufficientPoints: the lots hold less than ``points``
        """
        takes, missing = allocate(
            self.get_open_lots(account_id), points, frozenset(prefer)
        )
        if missing:
            raise InsufficientPoints(
                self.env._("The balance is not sufficient for this operation.")
            )
        self._allocate(entry_id, takes)
        return takes

    def give_back(self, entry_id: int, from_entry_id: int, points: Decimal):
        """Return ``points`` that ``from_entry_id`` had taken to their own lots."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot_id, sum(points)::text
                  FROM b2b2c_ledger_allocation
                 WHERE origin_id = %s
              GROUP BY lot_id
                HAVING sum(points) > 0
              ORDER BY min(id)
                """,
                from_entry_id,
            )
        )
        takes = [(lot_id, Decimal(taken)) for lot_id, taken in rows]
        back = restore(takes, points)
        self._allocate(
            entry_id, [(lot, -given) for lot, given in back], origin_id=from_entry_id
        )

    def take_from(self, entry_id: int, takes: Sequence[tuple[int, Decimal]]):
        """Record that ``entry_id`` took the given points from the given lots."""
        self._allocate(entry_id, takes)

    def _allocate(self, entry_id, takes, origin_id=None):
        """Book allocations and keep the lots' remaining points in step."""
        takes = [(lot, points) for lot, points in takes if points]
        if not takes:
            return
        values = SQL(", ").join(SQL("(%s, %s)", lot, points) for lot, points in takes)
        self.env.execute_query(
            SQL(
                """
                WITH given (lot_id, points) AS (
                    SELECT v.lot_id::int4, v.points::numeric
                    FROM (VALUES %(values)s) AS v (lot_id, points)
                ), booked AS (
                    INSERT INTO b2b2c_ledger_allocation
                           (entry_id, origin_id, lot_id, points)
                    SELECT %(entry)s, %(origin)s, lot_id, points FROM given
                )
                UPDATE b2b2c_ledger_lot l
                   SET remaining = l.remaining - given.points
                  FROM given
                 WHERE l.id = given.lot_id
             RETURNING l.id
                """,
                values=values,
                entry=entry_id,
                origin=origin_id or entry_id,
            )
        )

    # === THE INSERT === #

    def _insert(self, postings, with_delta):
        """Insert entries with their lots (and deltas) in one statement."""
        if not postings:
            return {}
        facts = {}
        for posting in postings:
            facts.setdefault(posting.source_key, posting)  # a fact is booked once
        now = str(datetime.now(UTC).replace(tzinfo=None, microsecond=0))
        rows = [_json_row(posting, now, self.env.uid) for posting in facts.values()]
        self.cr.execute(_CALLS[with_delta], [json.dumps(rows)])
        booked = dict(self.cr.fetchall())
        if booked:
            self.env["b2b2c.account"]._after_booking(
                [(facts[fact], entry_id) for fact, entry_id in booked.items()]
            )
        return booked
