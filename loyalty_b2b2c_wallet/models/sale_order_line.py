from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.values import shown

from . import point_lines
from .marks import CORE, OURS, is_marked


class SaleOrderLine(models.Model):
    """Lines of points follow from what was chosen; nobody writes them by hand."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._b2b2c_check_not_points()
        return lines

    def write(self, vals):
        points = point_lines.of_points(self)
        if not is_marked(CORE, OURS):
            if vals.keys() & point_lines.DERIVED:
                points._b2b2c_check_not_points()
            if points and "tax_ids" in vals:  # the form sends them along
                vals = {name: vals[name] for name in vals if name != "tax_ids"}
        result = super().write(vals)
        if "coupon_id" in vals or "reward_id" in vals:
            self._b2b2c_check_not_points()
        if vals.keys() & point_lines.PRICED:
            self._b2b2c_follow(self - points)
        return result

    def unlink(self):
        points = point_lines.of_points(self)
        if is_marked(CORE):
            # core drops a reward it cannot compute: not what is agreed or invoiced
            kept = points.filtered(lambda x: x.state == "sale" or x.invoice_lines)
            return super(SaleOrderLine, self - kept).unlink()
        parts = points.order_id.sudo().b2b2c_part_payment_ids
        for part in parts:
            part._check_open(part.order_id)
        parts.wanted = 0
        result = super().unlink()
        parts._settle()
        return result

    def _b2b2c_check_not_points(self):
        """Refuse lines of points to everybody but core's and our own code.

        :raise UserError: there is one among these
        """
        if point_lines.of_points(self) and not is_marked(CORE, OURS):
            raise UserError(
                self.env._(
                    "How many points pay is chosen with the button “Points”; the "
                    "order's line follows from it."
                )
            )

    def _b2b2c_is_payment(self):
        return point_lines.is_point_line(self) or super()._b2b2c_is_payment()

    def _b2b2c_follow(self, goods):
        """Take points off confirmed orders whose goods have become fewer."""
        orders = goods.order_id.filtered(lambda order: order.state == "sale")
        orders.sudo().b2b2c_part_payment_ids._lower()

    def _reset_loyalty(self, complete=False):
        """Keep lines of points out of core's pool of lines it writes rewards to."""
        points = point_lines.of_points(self)
        still_open = points.filtered(lambda line: line.state in ("draft", "sent"))
        super(SaleOrderLine, still_open)._reset_loyalty()
        return super(SaleOrderLine, self - points)._reset_loyalty(complete)

    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        for line in point_lines.of_points(self):
            if line.state == "sale":
                points = point_lines.get_invoiceable_points(line)
                line.qty_to_invoice = shown(points) - line.qty_invoiced
        return result
