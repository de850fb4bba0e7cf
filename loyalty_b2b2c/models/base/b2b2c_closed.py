from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import table_columns

from ...exceptions import LedgerIsAppendOnly


class B2b2cClosed(models.AbstractModel):
    """Rows that methods write by SQL: the ORM is closed for everybody, the superuser
    included.

    Balances, counters and figures change by their methods. What must never change at
    all, as the ledger, also calls :meth:`_make_append_only` when it is installed.
    """

    _name = "b2b2c.closed"
    _description = "Row Kept by the System"

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise LedgerIsAppendOnly(self._get_refusal())

    def write(self, vals):  # pylint: disable=method-required-super
        raise LedgerIsAppendOnly(self._get_refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise LedgerIsAppendOnly(self._get_refusal())

    def _get_refusal(self):
        """Return why nobody writes these rows by hand."""
        name = self.env["ir.model"]._get(self._name).sudo().name
        return self.env._(
            "“%s” is kept by the system: nobody adds, changes or deletes it by hand.",
            name,
        )

    def _make_append_only(self, contacts=()):
        """Let the database refuse to change or delete rows of this model's table,
        whoever asks.

        :param contacts: names of fields that name a contact and follow it when it
            becomes one with another one: Odoo rewrites it by SQL.  No book has any
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION b2b2c_append_only() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION
                    'The loyalty ledger is append-only: % on % is refused',
                    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$
            """
        )
        changed = SQL("UPDATE OR DELETE")
        if contacts:
            kept = [
                SQL.identifier(name)
                for name in table_columns(self.env.cr, self._table)
                if name not in contacts
            ]
            changed = SQL("DELETE OR UPDATE OF %s", SQL(", ").join(kept))
        for name, event, level in (
            ("row", changed, "ROW"),
            ("truncate", SQL("TRUNCATE"), "STATEMENT"),
        ):
            self.env.cr.execute(
                SQL(
                    """
                    CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s
                    FOR EACH %s EXECUTE FUNCTION b2b2c_append_only()
                    """,
                    SQL.identifier(f"b2b2c_append_only_{name}"),
                    event,
                    SQL.identifier(self._table),
                    SQL(level),
                )
            )
