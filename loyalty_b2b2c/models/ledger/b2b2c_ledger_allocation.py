from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS


class B2b2cLedgerAllocation(models.Model):
    """Which debit took how much of which lot; negative points returned to it.

    ``origin_id`` is the debit whose take is meant: of the entry itself, or of the
    earlier debit that a release or a reversal gives back.
    """

    _name = "b2b2c.ledger.allocation"
    _description = "Lot Allocation"
    _inherit = "b2b2c.closed"
    _order = "id"
    _log_access = False

    entry_id = fields.Many2one(
        "b2b2c.ledger.entry", required=True, index=True, ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "b2b2c.ledger.entry", required=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "b2b2c.ledger.lot", required=True, index=True, ondelete="restrict"
    )
    points = fields.Float(**POINTS, required=True)

    def init(self):
        """Keep the history as it is: append-only for everybody."""
        self._make_append_only()

    @api.model
    def _count_for_lot(self, lot_id):
        """Return how many allocations a lot has (numbers its expiries)."""
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM b2b2c_ledger_allocation WHERE lot_id = %s", lot_id
            )
        )[0][0]
