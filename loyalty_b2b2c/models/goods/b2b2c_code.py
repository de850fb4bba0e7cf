from odoo import models


class B2b2cCode(models.Model):
    """Codes on goods that are a reward prove no sale: they are not activated."""

    _inherit = "b2b2c.code"

    def _record_moves(self, moves):
        gifts = moves.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer" and move._b2b2c_get_requests()
            )
        )
        return super()._record_moves(moves - gifts)
