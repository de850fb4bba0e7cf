from odoo import models


class B2b2cSourceInvoice(models.AbstractModel):
    """The invoice of a till order is measured with the till order."""

    _inherit = "b2b2c.source.invoice"

    def _can_earn(self, line):
        # tickets last: most lines are of orders, and none has to be looked up for them
        return super()._can_earn(line) and not line.move_id.sudo().pos_order_ids
