"""The rows of the general ledger on accounts of what is owed, by where they come from.

*runs*: entries of our runs, and what reverses one.  An entry counts from its run's day
on, whatever day it could really be posted on.  *documents*: what packages name as theirs
(``b2b2c.liability.run._get_liability_documents``).  *foreign*: all else.
"""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

KINDS = ("runs", "documents", "foreign")


def get_rows(env):
    """Return a query of posted rows: ``line_id``, ``company_id``, ``account_id``,
    ``kind``, ``unit_id`` (of documents), ``day``, ``amount`` that is owed for it in the
    company's currency, ``amount_currency`` and ``currency_id``."""
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
               l.currency_id
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
     LEFT JOIN b2b2c_liability_run own ON own.move_id = m.id
     LEFT JOIN b2b2c_liability_run undone ON undone.move_id = m.reversed_entry_id
     LEFT JOIN (SELECT line_id, min(unit_id) AS unit_id FROM (%s) named
              GROUP BY line_id) d ON d.line_id = l.id
         WHERE l.parent_state = 'posted'
        """,
        named,
    )


def read_explained(env, company, account_ids, day):
    """Return what explains the balances of accounts at the end of a day.

    :return: ``(runs, documents)``: dict account id -> amount, and dict
        ``(account id, unit id)`` -> ``(amount, the same in the unit's currency)``
    """
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """
            SELECT r.kind, r.account_id, r.unit_id, sum(r.amount)::text,
                   coalesce(sum(r.amount_currency)
                            FILTER (WHERE r.currency_id = u.currency_id), 0)::text
              FROM (%s) r LEFT JOIN b2b2c_unit u ON u.id = r.unit_id
             WHERE r.company_id = %s AND r.account_id = ANY(%s) AND r.day <= %s
               AND r.kind <> 'foreign'
          GROUP BY r.kind, r.account_id, r.unit_id
            """,
            get_rows(env),
            company.id,
            list(account_ids),
            day,
        )
    )
    runs, documents = defaultdict(Decimal), {}
    for kind, account_id, unit_id, amount, amount_currency in rows:
        if kind == "runs":
            runs[account_id] += Decimal(amount)
        else:
            found = Decimal(amount), Decimal(amount_currency)
            documents[account_id, unit_id] = found
    return runs, documents
