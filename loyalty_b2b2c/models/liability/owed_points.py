"""How many points were owed at the end of a day, as it was known at a moment.

A moment is a position of the feed: the entries below it are final, none is ever added
among them.  So the same day and position give the same points whenever they are asked
for.  The figures know the sums by days; of these, what was booked at that position or
later is taken off.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

ZERO = Decimal(0)
_LAST = 2**31 - 1  # the largest entry id PostgreSQL can give


@dataclass(frozen=True, slots=True)
class Owed:
    """Points of a unit that a program owes, or that belong to no program.

    :param points: owed in all
    :param reserved: the part of it that is set aside for what people asked for
    :param spent: what was spent so far
    """

    points: Decimal = ZERO
    reserved: Decimal = ZERO
    spent: Decimal = ZERO


def get_watermark(env):
    """Return the position of the feed below which nothing is added any more."""
    return env["b2b2c.ledger.entry"]._get_horizon()


def read_owed(env, company, day, watermark):
    """Return what a company owed at the end of a day.

    :param company: ``res.company`` record
    :param day: the last day that counts, in the company's time zone
    :param int watermark: only entries below this position of the feed count
    :return: dict ``(unit id, program id or None)`` -> :class:`Owed`
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT unit_id, program_id, sum(outstanding)::text, sum(reserved)::text,
                   sum(spent)::text
              FROM (SELECT unit_id, program_id, outstanding, reserved, spent
                      FROM (%(figures)s) figures
                     WHERE company_id = %(company)s AND day <= %(day)s
                     UNION ALL
                    SELECT f.unit_id, f.program_id, -f.outstanding, -f.reserved,
                           -f.spent
                      FROM b2b2c_stat_facts(
                               (SELECT min(id) FROM b2b2c_ledger_entry
                                 WHERE company_id = %(company)s
                                   AND feed_position >= %(watermark)s), %(last)s) f
                      JOIN b2b2c_ledger_entry e ON e.id = f.entry_id
                     WHERE e.company_id = %(company)s AND f.day <= %(day)s
                       AND e.feed_position >= %(watermark)s) known
          GROUP BY unit_id, program_id
            """,
            figures=env["b2b2c.report.day"]._table_query,
            company=company.id,
            day=day,
            watermark=watermark,
            last=_LAST,
        )
    )
    owed = defaultdict(Owed)
    for unit_id, program_id, *figures in rows:
        owed[unit_id, program_id] = Owed(*map(Decimal, figures))
    return owed


def count_later(env, company, day, watermark):
    """Return how many entries effective up to the end of a day do not count, for they
    were booked at a position or later: since then, or by what was still running.

    :param company: ``res.company`` record
    :param int watermark: a position of the feed
    """
    [(number,)] = env.execute_query(
        SQL(
            """
            SELECT count(*) FROM b2b2c_ledger_entry
             WHERE company_id = %s AND feed_position >= %s
               AND (effective_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date <= %s
            """,
            company.id,
            watermark,
            company.b2b2c_timezone or "UTC",
            day,
        )
    )
    return number
