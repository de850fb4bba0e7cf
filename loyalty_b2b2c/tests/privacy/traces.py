"""The traces of a person in a whole database."""

from odoo.tools import SQL
from odoo.tools.sql import escape_psql


class TracesCommon:
    """Somebody leaves traces wherever people write, and then is erased.

    For a test case with the world of ``LoyaltyCommon``, whose person has left them.
    """

    maxDiff = None
    #: how the person is written: name, e-mail, phone and so on, in all spellings
    markers = ()
    #: tables where the person is found before
    traced_tables = ()
    #: tables that keep the person, as the law demands
    legal_hold = ()

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _find_traces(self):
        """Return ``{(table, column): first text}`` of all texts with a marker."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT c.table_name, c.column_name FROM information_schema.columns c
              JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.udt_name IN ('varchar', 'text', 'jsonb', 'json', 'bpchar')
            """
        )
        traces = {}
        for table, column in self.env.cr.fetchall():
            if table in self.legal_hold:
                continue
            self.env.cr.execute(
                SQL(
                    "SELECT %(c)s::text FROM %(t)s WHERE %(c)s::text ILIKE ANY(%(m)s)"
                    " LIMIT 1",
                    c=SQL.identifier(column),
                    t=SQL.identifier(table),
                    m=[f"%{escape_psql(marker)}%" for marker in self.markers],
                )
            )
            if row := self.env.cr.fetchone():
                traces[table, column] = row[0][:200]
        return traces

    def test_the_traces_are_there(self):
        """Else the search below proves nothing."""
        tables = {table for table, _column in self._find_traces()}
        self.assertEqual({*self.traced_tables} - tables, set())
        self.assertTrue(self.traced_tables)
