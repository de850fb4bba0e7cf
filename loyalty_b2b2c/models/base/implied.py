"""A link that needs no key of its own in the database."""

from odoo import fields
from odoo.tools import SQL


class Implied(fields.Many2one):
    """A record that cannot be deleted before another one that the same row names.

    PostgreSQL proves each foreign key of a row that is added, and locks the record it
    names.  Where a row names a round, and the round its challenge, the challenge stays
    as long as the row does: a key of its own proves nothing, and whoever sells pays for
    it.  For tables that get a row with every sale only.
    """

    def update_db_foreign_key(self, model, column):
        """Leave it to the other one; drop what an earlier version made."""
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(f"{model._table}_{self.name}_fkey"),
            )
        )
