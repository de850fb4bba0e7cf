"""What is booked for awards: one figure per award key, summed over its entries.

An award is what a rule grants a member for a line or a document. Its entries add up:
earned, confirmed, reversed, moved to the survivor of a merge.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from odoo.tools import SQL

from .ledger_door import ZERO


@dataclass(frozen=True, slots=True)
class BookedAward:
    """What the ledger holds for one award key.

    ``steps`` numbers the next entry: two transactions that book the same step collide
    on the unique source key, so an award is never booked twice.

    :ivar member_id: whose award it is; after a merge of contacts ``account_id`` may be
        the account of another member, the survivor
    :ivar source_key: the line or the document the award is for
    :ivar counted_lines: keys of lines that counted for an award of a document
    :ivar expected_at: when what is pending is expected, as far as is known (naive UTC)
    :ivar has_moved: whether that is another day than the last pending entry names
    """

    key: str
    document_id: int
    account_id: int
    member_id: int
    program_id: int
    rule_id: int
    source_key: str
    posted: Decimal
    pending: Decimal
    lost: Decimal
    manual: Decimal
    steps: int
    earned_ids: tuple[int, ...]
    counted_lines: frozenset[str] = frozenset()
    expected_at: datetime | None = None
    has_moved: bool = False

    @property
    def given(self):
        """What the award gives now, with what a person took back of it."""
        return self.posted + self.pending + self.manual


def get_booked(env, document_model, document_ids, award_key=None):
    """Return what is booked for documents.

    :return: dict document id -> dict award key -> :class:`BookedAward`
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT booked.*, moved.award_key IS NOT NULL, moved.expected_at
              FROM (
                SELECT award_key, document_id,
                       (array_agg(account_id ORDER BY id DESC))[1],
                       max((basis ->> 'member')::int), max(program_id), max(rule_id),
                       coalesce(max(line_model) || ',' || max(line_id),
                                max(document_model) || ',' || max(document_id)),
                       sum(points - points_debt - points_lost)::text,
                       sum(points_pending)::text,
                       sum(points_lost)::text,
                       (-coalesce(
                           sum(points - points_debt - points_lost + points_pending)
                               FILTER (WHERE is_manual), 0))::text,
                       count(*),
                       array_agg(id ORDER BY id) FILTER (WHERE points > 0),
                       jsonb_agg(basis -> 'lines') FILTER (
                           WHERE line_id IS NULL
                              OR jsonb_array_length(basis -> 'lines') > 1),
                       (array_agg(expected_at ORDER BY id DESC)
                            FILTER (WHERE points_pending > 0))[1]
                  FROM b2b2c_ledger_entry
                 WHERE document_model = %s AND document_id = ANY(%s)
                   AND award_key IS NOT NULL AND %s
              GROUP BY award_key, document_id) booked
         LEFT JOIN b2b2c_expected_day moved USING (award_key)
            """,
            document_model,
            list(document_ids),
            SQL("award_key = %s", award_key) if award_key else SQL("TRUE"),
        )
    )
    booked = defaultdict(dict)
    for row in rows:
        award = BookedAward(
            key=row[0],
            document_id=row[1],
            account_id=row[2],
            member_id=row[3],
            program_id=row[4],
            rule_id=row[5],
            source_key=row[6],
            posted=Decimal(row[7]),
            pending=Decimal(row[8]),
            lost=Decimal(row[9]),
            manual=max(Decimal(row[10]), ZERO),
            steps=row[11],
            earned_ids=tuple(row[12] or ()),
            counted_lines=frozenset(chain.from_iterable(row[13] or ())),
            expected_at=row[16] if row[15] else row[14],
            has_moved=row[15],
        )
        booked[award.document_id][award.key] = award
    return booked


def get_prior(awards):
    """Return source key -> ``{(rule id, member id)}`` of booked awards.

    An award for a whole document also marks the lines that counted for it, so that a
    product moved to another category later does not drop out of its own sale; the award
    of a line those that were rounded together with it.
    """
    prior = defaultdict(set)
    for award in awards:
        for source_key in {award.source_key, *award.counted_lines}:
            prior[source_key].add((award.rule_id, award.member_id))
    return prior


def get_booked_award(env, award_key):
    """Return the :class:`BookedAward` of an award key that has entries."""
    entry = (
        env["b2b2c.ledger.entry"]
        .sudo()
        .search([("award_key", "=", award_key)], limit=1)
    )
    documents = get_booked(env, entry.document_model, [entry.document_id], award_key)
    return documents[entry.document_id][award_key]


def get_award_step(env, award_key):
    """Return the source key of the next entry of an award."""
    return f"{award_key}#{get_booked_award(env, award_key).steps + 1}"
