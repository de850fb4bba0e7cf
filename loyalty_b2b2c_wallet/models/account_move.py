from odoo import models


class AccountMove(models.Model):
    """Points come back with the goods they paid for, when these are credited."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Let credit notes credit points along: else they would pay points in money."""
        for move in self:
            if move.move_type == "out_refund" and move.state == "draft":
                for part in move._b2b2c_get_part_payments():
                    part._complete_credit(move)
        return super()._post(soft)

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._b2b2c_get_part_payments()._settle(is_paid=True)
        return result

    def _b2b2c_get_part_payments(self):
        """Return the part payments of the orders that these invoice (sudo)."""
        lines = self.sudo().line_ids.sale_line_ids
        return lines.order_id.b2b2c_part_payment_ids
