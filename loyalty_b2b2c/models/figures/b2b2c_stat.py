from odoo import api, fields, models
from odoo.tools import SQL

from ...const import ENTRY_TYPES, POINTS
from .stat_facts import MEASURES


class B2b2cStat(models.AbstractModel):
    """Sums of ledger entries that the dashboards read instead of the ledger.

    A concrete model says by what it sums (:attr:`_keys`); ``b2b2c.stat.range`` folds
    entries in.  Everything can be rebuilt from the ledger at any time.
    """

    _name = "b2b2c.stat"
    _description = "Sums of Ledger Entries"
    _inherit = "b2b2c.closed"
    _log_access = False

    #: column -> expression over a fact of ``b2b2c_stat_facts``
    _keys = {}

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    unit_id = fields.Many2one("b2b2c.unit", required=True, ondelete="cascade")
    program_id = fields.Many2one("b2b2c.program", ondelete="cascade")
    entry_type = fields.Selection(ENTRY_TYPES, required=True)
    day = fields.Date(required=True)

    entries = fields.Float(**POINTS)
    outstanding = fields.Float(**POINTS)
    pending = fields.Float(**POINTS)
    reserved = fields.Float(**POINTS)
    debt = fields.Float(**POINTS)
    written_off = fields.Float(**POINTS)
    issued = fields.Float(**POINTS)
    reversed = fields.Float(**POINTS)
    spent = fields.Float(**POINTS)
    expired = fields.Float(**POINTS)
    adjusted = fields.Float(**POINTS)
    moved = fields.Float(**POINTS)
    amount = fields.Float(**POINTS)

    # === BUSINESS METHODS === #

    @api.model
    def _fold_range(self, low, high):
        """Add the entries of an id range to the sums.

        Each id may be given once; ``b2b2c.stat.range`` sees to it.
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO %(table)s AS s (%(columns)s)
                %(sums)s
                ON CONFLICT (%(unique)s) DO UPDATE SET %(added)s
                RETURNING 1
                """,
                table=SQL.identifier(self._table),
                columns=self._get_columns(),
                sums=self._get_sums(SQL("b2b2c_stat_facts(%s, %s)", low, high)),
                unique=self._get_unique(),
                added=SQL(", ").join(
                    SQL("%(n)s = s.%(n)s + excluded.%(n)s", n=SQL.identifier(name))
                    for name in MEASURES
                ),
            )
        )

    @api.model
    def _get_columns(self):
        """Return the columns of keys and figures as SQL."""
        return SQL(", ").join(map(SQL.identifier, (*self._keys, *MEASURES)))

    @api.model
    def _get_sums(self, facts):
        """Return the query that sums ``facts`` by the keys of this model."""
        keys = [SQL(expression) for expression in self._keys.values()]
        return SQL(
            "SELECT %s, %s FROM %s AS f GROUP BY %s",
            SQL(", ").join(keys),
            SQL(", ").join(SQL("sum(f.%s)", SQL.identifier(name)) for name in MEASURES),
            facts,
            SQL(", ").join(keys),
        )

    @api.model
    def _get_unique(self):
        """Return the expressions of the unique index, as its declaration has them."""
        return SQL(self._unique)

    @api.model
    def _get_differences(self, facts):
        """Return the keys whose stored sums differ from those of ``facts``.

        :return: list of ``(keys as text, stored sums, right sums)``
        """
        mark = SQL("ARRAY[%s]", SQL(", ").join(map(SQL.identifier, MEASURES)))
        keys = SQL("ROW(%s)::text", SQL(", ").join(map(SQL.identifier, self._keys)))
        return self.env.execute_query(
            SQL(
                """
                WITH stored AS (SELECT %(keys)s AS key, %(mark)s AS sums
                                  FROM %(table)s),
                     named (%(columns)s) AS (%(sums)s),
                     right_ones AS (SELECT %(keys)s AS key, %(mark)s AS sums
                                      FROM named)
                SELECT key, s.sums::text, r.sums::text
                  FROM stored s FULL JOIN right_ones r USING (key)
                 WHERE s.sums IS DISTINCT FROM r.sums
                """,
                keys=keys,
                mark=mark,
                table=SQL.identifier(self._table),
                columns=self._get_columns(),
                sums=self._get_sums(facts),
            )
        )
