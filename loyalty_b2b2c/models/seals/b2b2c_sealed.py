from odoo import api, models
from odoo.tools import SQL

from ...engine.seals import BEGINNING, Place

PAGE = 5000  # rows read at once
_ISO = {"date": "YYYY-MM-DD", "datetime": 'YYYY-MM-DD"T"HH24:MI:SS.US'}


class B2b2cSealed(models.AbstractModel):
    """A book: a table whose rows never change, and are sealed.

    Who adds such a table inherits this one and says which shapes its rows had
    (:attr:`_sealed_shapes`).  Its rows have a ``company_id``.  PostgreSQL writes the
    position of their transaction; the column is no field of the ORM.
    """

    _name = "b2b2c.sealed"
    _description = "Sealed Row"
    _inherit = "b2b2c.closed"

    #: Shapes by version, ``engine.seals.Shape``.  A new column of the table is a new
    #: shape; those that blocks have stay as they are.
    _sealed_shapes = {}
    #: The column that says when a row was written.
    _sealed_time = "recorded_at"

    def init(self):
        """Number the rows in the order in which they became final, for ever."""
        result = super().init()
        if not self._abstract:
            self._make_append_only()
            self.env["b2b2c.ledger.entry"]._add_feed_position(self._table)
        return result

    @api.model
    def _get_books(self):
        """Return an empty recordset of each book, the ledger's entries first."""
        names = self.env.registry.descendants([B2b2cSealed._name], "_inherit")
        books = [self.env[name] for name in names if not self.env[name]._abstract]
        return sorted(
            books, key=lambda book: (book._name != "b2b2c.ledger.entry", book._name)
        )

    @api.model
    def _get_shape(self):
        """Return the shape of rows that are sealed now."""
        return self._sealed_shapes[max(self._sealed_shapes)]

    @api.model
    def _read_sealed_rows(self, company_id, after=BEGINNING, horizon=None, limit=PAGE):
        """Return the next rows of a company's book, as texts.

        :param Place after: the last row that is known
        :param int horizon: position from which on rows are not wanted, ``None``: none
        :param int limit: how many at most
        :return: list of ``(Place, dict name -> text or None)``
        """
        names = {name for one in self._sealed_shapes.values() for name in one.columns}
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT %(texts)s FROM %(table)s AS book
                 WHERE book.company_id = %(company)s
                   AND (book.feed_position, book.id) > (%(position)s, %(row)s)
                   AND (%(horizon)s::bigint IS NULL
                        OR book.feed_position < %(horizon)s)
              ORDER BY book.feed_position, book.id LIMIT %(limit)s
                """,
                texts=SQL(", ").join(
                    SQL("%s AS %s", self._get_sealed_text(name), SQL.identifier(name))
                    for name in sorted(names)
                ),
                table=SQL.identifier(self._table),
                company=company_id,
                position=after.position,
                row=after.row_id,
                horizon=horizon,
                limit=limit,
            )
        )
        return [(Place(int(row["feed_position"]), int(row["id"])), row) for row in rows]

    @api.model
    def _get_sealed_text(self, name):
        """Return the SQL of a value as text, in a form that no setting of a session
        changes.

        :param str name: of a column of the table, which is called ``book``
        """
        column = SQL.identifier("book", name)
        kind = self._fields[name].type if name in self._fields else None
        if kind in _ISO:
            return SQL("to_char(%s, %s)", column, _ISO[kind])
        return SQL("%s::text", column)

    @api.model
    def _iter_sealed_rows(self, company_id, limit=PAGE):
        """Yield all rows of a company's book, a page in memory at a time.

        :param int limit: how many rows a page has
        """
        page = self._read_sealed_rows(company_id, limit=limit)
        while page:
            yield from page
            page = self._read_sealed_rows(company_id, after=page[-1][0], limit=limit)

    @api.model
    def _get_unsealed(self, company_id, after):
        """Return how many rows stand behind a place, and when the first was written."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), min(%s) FROM %s
                 WHERE company_id = %s AND (feed_position, id) > (%s, %s)
                """,
                SQL.identifier(self._sealed_time),
                SQL.identifier(self._table),
                company_id,
                after.position,
                after.row_id,
            )
        )
        return row
