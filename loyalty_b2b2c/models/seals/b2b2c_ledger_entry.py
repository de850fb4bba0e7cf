from odoo import api, models
from odoo.tools import SQL

from ...engine.seals import Shape


class B2b2cLedgerEntry(models.Model):
    """The first book: an entry with the lots it opened and its allocations.

    All of them are written by the transaction that books, and what is sealed of them
    never changes; of a lot that is all but what remains of it.
    """

    _name = "b2b2c.ledger.entry"
    _inherit = ["b2b2c.sealed", "b2b2c.ledger.entry"]

    _sealed_shapes = {
        1: Shape(
            1,
            (
                "id", "feed_position", "account_id", "unit_id", "company_id",
                "entry_type", "points", "points_pending", "points_held", "points_debt",
                "points_lost", "program_id", "rule_id", "document_model", "document_id",
                "line_model", "line_id", "reason", "basis", "explanation", "source_key",
                "award_key", "reversal_of_id", "related_id", "is_manual", "user_id",
                "effective_at", "recorded_at", "release_at", "expected_at",
                "lots", "allocations",
            ),
        )
    }  # fmt: skip

    @api.model
    def _get_sealed_text(self, name):
        return _PARTS.get(name) or super()._get_sealed_text(name)


_PARTS = {
    "lots": SQL(
        """
        (SELECT string_agg(concat_ws('/', l.id, l.account_id, l.points,
                coalesce(to_char(l.expires_at, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '-')),
                ' ' ORDER BY l.id)
           FROM b2b2c_ledger_lot l WHERE l.entry_id = book.id)
        """
    ),
    "allocations": SQL(
        """
        (SELECT string_agg(concat_ws('/', a.id, a.origin_id, a.lot_id, a.points), ' '
                ORDER BY a.id)
           FROM b2b2c_ledger_allocation a WHERE a.entry_id = book.id)
        """
    ),
}
