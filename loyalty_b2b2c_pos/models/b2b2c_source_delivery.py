from odoo import models


class B2b2cSourceDelivery(models.AbstractModel):
    """Goods handed over at a till are measured with the till order."""

    _inherit = "b2b2c.source.delivery"

    def _can_earn(self, line):
        picking = line.picking_id.sudo()
        is_till = picking.pos_order_id or picking.pos_session_id
        return not is_till and super()._can_earn(line)
