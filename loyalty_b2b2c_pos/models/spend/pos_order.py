from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless
from odoo.addons.loyalty_b2b2c.models.pricing.marks import marked

from .pos_payment import RINGING


class PosOrder(models.Model):
    """Adapter: tells the outbox when points paid a ticket, and when it is given up."""

    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        with marked(RINGING):
            return super().create(vals_list)

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._b2b2c_settle_points()
        self.env["b2b2c.till.payment"]._leave("order_uuid", self.mapped("uuid"))
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self.env["b2b2c.till.payment"]._leave("order_uuid", self.mapped("uuid"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_leaves_points(self):
        self.env["b2b2c.till.payment"]._leave("order_uuid", self.mapped("uuid"))

    @harmless("Points of %s could not be told yet.")
    def _b2b2c_settle_points(self):
        """Remember what has to be settled with the ledger: points of these tickets, and
        of tickets whose goods they take back."""
        origin = self.sudo().lines.refunded_orderline_id.order_id
        (self.sudo() | origin).payment_ids._b2b2c_of_points()._b2b2c_record()
