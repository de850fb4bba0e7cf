"""What people scored in a round, added up from the scores as they are now.

Scores name the membership that sold.  A membership that was merged, or that a person
left for another shop, goes on in another one: its *holder*, who has the sum of all.
"""

from decimal import Decimal

from odoo.tools import SQL

from ...values import aware
from .b2b2c_challenge_round import PAST
from .scored import Scored


def get_sums(round_, holder_ids=None):
    """Return what counts in a round, for each holder and shop.

    What somebody who took a task on sold outside the own window is left out.

    :param round_: one ``b2b2c.challenge.round``
    :param holder_ids: only of these members, all by default
    :return: list of :class:`~.scored.Scored`, the shop of today last of each holder
    """
    env, challenge = round_.env, round_.challenge_id.sudo()
    env.flush_all()
    family = SQL("TRUE")
    if holder_ids is not None:
        family = SQL("member_id = ANY(%s)", get_family(env, holder_ids))
    counts = SQL("TRUE")
    if challenge.is_opt_in and round_.state != PAST:  # nobody could take it on then
        counts = SQL("s.occurred_at < t.deadline")
        if challenge.count_from == "joined":
            counts = SQL("%s AND s.occurred_at >= t.joined_at", counts)
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE people AS (
                SELECT member_id FROM b2b2c_challenge_score
                 WHERE round_id = %(round)s AND %(family)s
                 UNION
                SELECT member_id FROM b2b2c_challenge_entry
                 WHERE round_id = %(round)s AND %(family)s
            ), %(holder)s, taking_part AS (
                SELECT h.holder_id, min(e.joined_at) AS joined_at,
                       max(e.deadline) AS deadline
                  FROM b2b2c_challenge_entry e JOIN holder h USING (member_id)
                 WHERE e.round_id = %(round)s
              GROUP BY 1
            )
            SELECT h.holder_id, h.employer_id, sum(s.delta)::text,
                   max(s.learned_at), max(s.id)
              FROM b2b2c_challenge_score s
              JOIN holder h USING (member_id)
              JOIN b2b2c_member m ON m.id = h.holder_id
         LEFT JOIN taking_part t ON t.holder_id = h.holder_id
             WHERE s.round_id = %(round)s AND %(counts)s
          GROUP BY 1, 2, m.employer_id
          ORDER BY 1, h.employer_id = m.employer_id, 2
            """,
            round=round_.id,
            family=family,
            holder=_HOLDER,
            counts=counts,
        )
    )
    # who asks for hundreds of people does not read them one by one
    env["b2b2c.member"].sudo().browse({row[0] for row in rows}).fetch(_ASKED)
    return [
        Scored(
            member_id=holder_id,
            employer_id=employer_id,
            score=Decimal(value),
            reached_at=aware(reached_at),
            entry_id=entry_id,
        )
        for holder_id, employer_id, value, reached_at, entry_id in rows
    ]


#: What a ranking reads of people.
_ASKED = ("state", "role", "employer_id", "merged_into_id")


#: Member -> holder, and where the member itself works, for the members of a clause
#: ``people``.
_HOLDER = SQL(
    """
    merged AS (
        SELECT member_id, member_id AS at FROM people
         UNION ALL
        SELECT merged.member_id, m.merged_into_id FROM merged
          JOIN b2b2c_member m ON m.id = merged.at AND m.merged_into_id IS NOT NULL
    ), holder AS (
        SELECT merged.member_id, own.employer_id,
               coalesce(moved.id, m.id) AS holder_id
          FROM merged
          JOIN b2b2c_member own ON own.id = merged.member_id
          JOIN b2b2c_member m ON m.id = merged.at AND m.merged_into_id IS NULL
     LEFT JOIN LATERAL (
               SELECT n.id FROM b2b2c_member n
                WHERE n.partner_id = m.partner_id AND n.company_id = m.company_id
                  AND n.role = m.role AND n.state IN ('enrolled', 'suspended')
                  AND n.enrolled_at >= m.left_at
             ORDER BY n.enrolled_at, n.id LIMIT 1) moved ON m.state = 'left'
    )
    """
)


def get_family(env, member_ids):
    """Return the ids of members, of those merged into them, and of those the same
    person had in the same role before moving to another shop."""
    env["b2b2c.member"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE family AS (
                SELECT id FROM b2b2c_member WHERE id = ANY(%s)
                 UNION
                SELECT before.id FROM family
                  JOIN b2b2c_member f ON f.id = family.id
            CROSS JOIN LATERAL (
                       -- two ways, each by its own index
                       SELECT m.id FROM b2b2c_member m WHERE m.merged_into_id = f.id
                    UNION ALL
                       SELECT m.id FROM b2b2c_member m
                        WHERE m.state = 'left' AND m.partner_id = f.partner_id
                          AND m.company_id = f.company_id AND m.role = f.role
                          AND m.left_at <= f.enrolled_at) before
            )
            SELECT id FROM family
            """,
            list(member_ids),
        )
    )
    return [row[0] for row in rows]


def get_holders(env, member_ids):
    """Return who has the scores of members now, see the top of this module.

    :return: dict id of a member -> id of the holder
    """
    env["b2b2c.member"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE people AS (SELECT unnest(%s::int[]) AS member_id),
                 %s
            SELECT member_id, holder_id FROM holder ORDER BY 1
            """,
            list(member_ids),
            _HOLDER,
        )
    )
    return dict(rows)
