"""Inserting rows of our own tables by SQL, where the ORM would only be in the way."""

from odoo.tools import SQL


def insert_rows(env, table, rows):
    """Insert rows that share their columns, unless a unique key has them already.

    :param str table: of a model with Odoo's log columns
    :param rows: list of dict column -> value, at least one
    :return: list of ids; shorter than ``rows`` when a unique key decided so
    """
    names = [*rows[0]]
    values = SQL(", ").join(
        SQL(
            """(%s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')""",
            SQL(", ").join(SQL("%s", _column(row[name])) for name in names),
            env.uid,
            env.uid,
        )
        for row in rows
    )
    return [
        row[0]
        for row in env.execute_query(
            SQL(
                """
                INSERT INTO %s (%s, create_uid, write_uid, create_date, write_date)
                VALUES %s ON CONFLICT DO NOTHING RETURNING id
                """,
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                values,
            )
        )
    ]


def _column(value):
    """Return a value as PostgreSQL takes it; Odoo's empty value is no value."""
    return None if value is False else value
