"""Rows by the statement: where the ORM would need several, or be in the way."""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import SQL

_LOG = ("create_uid", "write_uid", "create_date", "write_date")
_LOG_VALUES = "%s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'"


def insert_rows(model, rows):
    """Insert rows that share their columns, unless a unique key has them already.

    :param model: of a table with Odoo's log columns
    :param rows: list of dict column -> value, at least one
    :return: list of ids; shorter than ``rows`` when a unique key decided so
    """
    return [row[0] for row in model.env.execute_query(insert_query(model, rows))]


def insert_query(model, rows, parent=None):
    """Return the statement of :func:`insert_rows`, for a WITH clause too.

    :param parent: ``(column, name)``: the column takes the id of the row that the
        clause ``name`` inserted; nothing is inserted when it inserted none
    """
    if not rows:
        return SQL("SELECT id FROM %s WHERE FALSE", SQL.identifier(model._table))
    names = [*rows[0]]
    # a NULL in a list of values has no type of its own
    typed = ", ".join(f"%s::{model._fields[name].column_type[1]}" for name in names)
    lists = ", ".join([f"({typed}, {_LOG_VALUES})"] * len(rows))
    columns, source = [*names, *_LOG], f"VALUES {lists}"
    if parent:
        columns.insert(0, parent[0])
        source = f"SELECT p.id, v.* FROM {parent[1]} p, (VALUES {lists}) AS v"
    uid = model.env.uid
    return SQL(
        f"INSERT INTO {model._table} ({', '.join(columns)}) {source} "
        "ON CONFLICT DO NOTHING RETURNING id",
        *(
            value
            for row in rows
            for value in (*(_column(row[name]) for name in names), uid, uid)
        ),
    )


def remember(record, row, **others):
    """Put what was inserted for a record into Odoo's cache: it need not be read.

    :param dict row: column -> value; what is stored as JSON is left out
    """
    for name, value in (*row.items(), *others.items()):
        field = record._fields[name]
        if field.type != "json":
            cached = field.convert_to_cache(value, record, validate=False)
            field._update_cache(record, cached)


def fetch_lines(parents, name, columns):
    """Read the lines of records together with their columns, in one statement.

    Odoo reads which lines there are, then what is in them.

    :param parents: records whose lines of field ``name`` are needed
    :param columns: names of fields of the lines
    :return: the lines of all of them
    """
    field = parents._fields[name]
    unknown = parents.browse(
        record.id
        for record in parents
        if not field._get_cache(parents.env).get(record.id)
    )
    if not unknown:
        lines = parents[name]
        lines.fetch(columns)
        return lines
    lines = (
        parents.env[field.comodel_name]
        .with_context(active_test=False)
        .search_fetch(
            field.get_comodel_domain(parents)
            & Domain(field.inverse_name, "in", unknown.ids),
            [field.inverse_name, *columns],
        )
        .with_env(parents.env)
    )
    groups = defaultdict(list)
    for line in lines:
        groups[line[field.inverse_name].id].append(line.id)
    field._insert_cache(unknown, [tuple(groups[record.id]) for record in unknown])
    return parents[name]


def join_rows(model, column, key, sources, target):
    """Let the rows of several records become those of one, in SQL.

    Of rows that would then have one key the newest stays.

    :param model: of the rows, whose ``column`` and ``key`` are unique together
    :param str column: name of the Many2one field to the records
    :param str key: name of the other field
    :param sources: records whose rows move
    :param target: record that gets them
    """
    model.env.execute_query(
        SQL(
            """
            DELETE FROM %(table)s old
             USING %(table)s new
             WHERE old.%(column)s = ANY(%(all)s) AND new.%(column)s = ANY(%(all)s)
               AND old.%(key)s = new.%(key)s AND old.id < new.id
         RETURNING old.id
            """,
            table=SQL.identifier(model._table),
            column=SQL.identifier(column),
            key=SQL.identifier(key),
            all=(sources | target).ids,
        )
    )
    model.env.execute_query(
        SQL(
            "UPDATE %s SET %s = %s WHERE %s = ANY(%s) RETURNING id",
            SQL.identifier(model._table),
            SQL.identifier(column),
            target.id,
            SQL.identifier(column),
            sources.ids,
        )
    )


def delete_rows(model, column, records):
    """Delete the rows of records, in SQL: methods keep them, the ORM is closed.

    :param model: of the rows
    :param str column: name of the Many2one field to the records
    """
    model.env.execute_query(
        SQL(
            "DELETE FROM %s WHERE %s = ANY(%s) RETURNING id",
            SQL.identifier(model._table),
            SQL.identifier(column),
            records.ids,
        )
    )


def update_in_state(record, states, **columns):
    """Write columns of a record while it is in one of some states.

    The UPDATE is the guard: of several at the same time it lets one succeed.

    :param record: one record whose column ``state`` says how far it has come
    :param states: the states it has to be in
    :param columns: what is written, the next ``state`` among it
    :return: whether it was in one of them
    """
    record.ensure_one()
    record.flush_recordset()
    values = SQL(", ").join(
        SQL("%s = %s", SQL.identifier(name), _column(value))
        for name, value in columns.items()
    )
    rows = record.env.execute_query(
        SQL(
            "UPDATE %s SET %s WHERE id = %s AND state = ANY(%s) RETURNING id",
            SQL.identifier(record._table),
            values,
            record.id,
            list(states),
        )
    )
    record.invalidate_recordset()
    return bool(rows)


def _column(value):
    """Return a value as PostgreSQL takes it; Odoo's empty value is no value."""
    return None if value is False else value
