from odoo import models


class B2b2cSourceInvoice(models.AbstractModel):
    """The invoice of a till order is measured with the till order."""

    _inherit = "b2b2c.source.invoice"

    def _can_earn(self, line):
        return not line.move_id.sudo().pos_order_ids and super()._can_earn(line)
