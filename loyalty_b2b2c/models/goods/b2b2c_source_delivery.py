from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class B2b2cSourceDelivery(models.AbstractModel):
    """Goods that are a reward are nobody's sale: they earn nothing."""

    _inherit = "b2b2c.source.delivery"

    def _can_earn(self, line):
        return super()._can_earn(line) and not line._b2b2c_get_requests()

    def _get_happened_domain(self):
        requests = Domain("reference_ids.b2b2c_redemption_ids", "!=", False)
        return super()._get_happened_domain() & ~Domain("move_ids", "any", requests)

    def _get_goods(self, shops):
        """Leave rewards out of the book of what a shop received."""
        return SQL(
            """
            SELECT g.* FROM (%s) g
             WHERE NOT EXISTS (
                   SELECT FROM stock_move m
                     JOIN stock_reference_move_rel l ON l.move_id = m.id
                     JOIN b2b2c_redemption r ON r.reference_id = l.reference_id
                    WHERE m.picking_id = g.id)
            """,
            super()._get_goods(shops),
        )
