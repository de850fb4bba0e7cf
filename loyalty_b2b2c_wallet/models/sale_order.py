from odoo import fields, models

from .marks import CORE, marked

#: What decides whether points are reserved, spent or free.
_DECIDING = {"partner_id", "state"}


class SaleOrder(models.Model):
    """Part payments follow an order from the cart to its end."""

    _inherit = "sale.order"

    b2b2c_part_payment_ids = fields.One2many(
        "b2b2c.part.payment",
        "order_id",
        string="Part Payment",
        groups="loyalty_b2b2c.group_user",
    )
    b2b2c_takes_points = fields.Boolean(
        compute="_compute_b2b2c_takes_points", compute_sudo=True
    )

    def _compute_b2b2c_takes_points(self):
        """Whether there is somebody who can choose points for the order."""
        parts = self.env["b2b2c.part.payment"]
        for order in self:
            order.b2b2c_takes_points = bool(
                order.state in ("draft", "sent")
                and parts._get_terms(order)
                and parts._find_account(order)
            )

    def write(self, vals):
        """Let points follow who an order is for, and how far it has come."""
        if "partner_id" in vals:
            self._b2b2c_check_payer(vals["partner_id"])
        are_open = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        if vals.keys() & _DECIDING:
            parts = self.sudo().b2b2c_part_payment_ids
            if "partner_id" in vals:
                for part in parts.filtered(lambda p: p.order_id.state != "sale"):
                    part._write_lines()  # none for somebody else
            parts.filtered(
                lambda p: p.order_id in are_open and p.order_id.state == "sale"
            )._agree()
            parts._settle()
        return result

    def unlink(self):
        self.sudo().b2b2c_part_payment_ids._give_up()
        return super().unlink()

    def copy(self, default=None):
        with marked(CORE):
            return super().copy(default)

    def action_confirm(self):
        with marked(CORE):
            return super().action_confirm()

    def _action_cancel(self):
        with marked(CORE):
            result = super()._action_cancel()
        parts = self.sudo().b2b2c_part_payment_ids
        parts.wanted = 0
        parts._settle()
        return result

    def action_b2b2c_choose_points(self):
        """Open the dialog in which a seller enters how many points pay."""
        self.ensure_one()
        action = "loyalty_b2b2c_wallet.b2b2c_part_payment_choose_action"
        return self.env["ir.actions.act_window"]._for_xml_id(action)

    def _get_invoiceable_lines(self, final=False):
        """Invoice as many points as belong to the goods that are invoiced."""
        lines = self._b2b2c_get_point_lines()
        if lines:
            self.env.add_to_compute(lines._fields["qty_to_invoice"], lines)
        return super()._get_invoiceable_lines(final=final)
