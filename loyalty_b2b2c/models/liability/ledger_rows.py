"""The rows of the general ledger on accounts of what is owed, by where they come from.

*runs*: entries of our runs, and what reverses one.  An entry counts from its run's day
on, whatever day it could really be posted on.  *documents*: what packages name as
theirs (``b2b2c.liability.run._get_liability_documents``).  *foreign*: all else.
"""

from decimal import Decimal

from odoo.tools import SQL

KINDS = ("runs", "documents", "foreign")


def get_rows(env):
    """Return a query of posted rows: ``line_id``, ``company_id``, ``account_id``,
    ``kind``, ``unit_id`` (of documents), ``day``, ``amount`` that is owed for it in the
    company's currency, ``amount_currency`` and ``currency_id``; of runs also ``run_id``
    and ``sign``, -1 where the run is reversed."""
    documents = env["b2b2c.liability.run"]._get_liability_documents()
    named = SQL(" UNION ALL ").join(
        query for _label, query in documents.values()
    ) or SQL("SELECT NULL::int4 AS line_id, NULL::int4 AS unit_id WHERE FALSE")
    return SQL(
        """
        SELECT l.id AS line_id, l.company_id, l.account_id,
               CASE WHEN coalesce(own.id, undone.id) IS NOT NULL THEN 'runs'
                    WHEN d.line_id IS NOT NULL THEN 'documents'
                    ELSE 'foreign' END AS kind,
               d.unit_id, coalesce(own.cut_day, l.date) AS day,
               -l.balance AS amount, -l.amount_currency AS amount_currency,
               l.currency_id, coalesce(own.id, undone.id) AS run_id,
               CASE WHEN own.id IS NULL THEN -1 ELSE 1 END AS sign
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
     LEFT JOIN b2b2c_liability_run own ON own.journal_entry_id = m.id
     LEFT JOIN b2b2c_liability_run undone
            ON undone.journal_entry_id = m.reversed_entry_id
     LEFT JOIN (SELECT line_id, min(unit_id) AS unit_id FROM (%s) named
              GROUP BY line_id) d ON d.line_id = l.id
         WHERE l.parent_state = 'posted'
        """,
        named,
    )


def read_documents(env, company, account_ids, day):
    """Return what documents moved on accounts up to the end of a day.

    :return: dict ``(account id, unit id)`` -> ``(amount, the same in the unit's own
        currency)``
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT r.account_id, r.unit_id, sum(r.amount)::text,
                   coalesce(sum(r.amount_currency)
                            FILTER (WHERE r.currency_id = u.currency_id), 0)::text
              FROM (%s) r LEFT JOIN b2b2c_unit u ON u.id = r.unit_id
             WHERE r.company_id = %s AND r.account_id = ANY(%s) AND r.day <= %s
               AND r.kind = 'documents'
          GROUP BY r.account_id, r.unit_id
            """,
            get_rows(env),
            company.id,
            list(account_ids),
            day,
        )
    )
    return {tuple(row[:2]): tuple(map(Decimal, row[2:])) for row in rows}


def read_runs(env, company, account_ids, day):
    """Return what entries of runs, and what reverses them, moved on accounts up to the
    end of a day.

    :return: list of ``(run id, account id, sign, amounts)``, one for an entry and an
        account
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT r.run_id, r.account_id, r.sign, array_agg(r.amount::text)
              FROM (%s) r JOIN account_move_line l ON l.id = r.line_id
             WHERE r.company_id = %s AND r.account_id = ANY(%s) AND r.day <= %s
               AND r.kind = 'runs'
          GROUP BY r.run_id, r.account_id, r.sign, l.move_id
            """,
            get_rows(env),
            company.id,
            list(account_ids),
            day,
        )
    )
    return [(*row, [Decimal(amount) for amount in amounts]) for *row, amounts in rows]
