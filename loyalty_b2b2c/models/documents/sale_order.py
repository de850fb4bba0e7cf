from odoo import api, fields, models

from ...const import SELLERS_AND_STAFF

#: Who bought, and who gets the goods.
_NAMED = {"partner_id", "partner_shipping_id"}
_MEASURED = {
    "state",
    "date_order",
    "b2b2c_confirmed_at",
    "currency_id",
    "user_id",
    "b2b2c_seller_id",
    # when the rest is expected
    "commitment_date",
    "payment_term_id",
}


class SaleOrder(models.Model):
    """Adapter: tells the outbox when an order changes; shows what it earned."""

    _inherit = "sale.order"

    b2b2c_seller_id = fields.Many2one(
        "b2b2c.member",
        string="Partner's Salesperson",
        copy=False,
        check_company=True,
        index="btree_not_null",
        domain=lambda self: self._get_b2b2c_seller_domain(),
        groups="loyalty_b2b2c.group_user",
        help="Who sold this at the customer's: rules can award points to this person.",
    )
    b2b2c_entry_count = fields.Integer(
        compute="_compute_b2b2c_entry_count", groups=SELLERS_AND_STAFF
    )
    b2b2c_points = fields.Float(
        string="Points",
        digits=False,
        compute="_compute_b2b2c_entry_count",
        groups=SELLERS_AND_STAFF,
    )

    def _compute_b2b2c_entry_count(self):
        totals = self.env["b2b2c.ledger.entry"].sudo()._get_document_totals(self)
        for order in self:
            count, points = totals.get(order.id, (0, 0))
            order.b2b2c_entry_count = count
            order.b2b2c_points = points

    @api.model
    def _get_b2b2c_seller_domain(self):
        """Return who can be chosen as the salesperson: who sells at the customer's."""
        return (
            f"[('role', 'in', {self.env['b2b2c.role']._get_role_codes('sells')}),"
            " ('employer_id', 'parent_of', partner_id)]"
        )

    # === ADAPTER === #

    def write(self, vals):
        # confirming and cancelling write the state too
        result = super().write(vals)
        if vals.get("state") == "sale":
            self.order_line._b2b2c_remember_lowered()
            self._b2b2c_record_confirmed("confirmed")
        elif vals.keys() & _NAMED:
            self._b2b2c_record_confirmed("corrected")
        elif vals.keys() & _MEASURED:
            self._b2b2c_record_confirmed()
        return result

    def _b2b2c_record_confirmed(self, moment=None):
        """Record orders that are, or were, confirmed."""
        events = self.env["b2b2c.event"]
        events._record(self.filtered(lambda order: order.state == "sale"), moment)
        events._record(self.filtered(lambda order: order.state == "cancel"))

    # === ACTIONS === #

    def action_b2b2c_entries(self):
        """Open the entries booked for this order."""
        self.ensure_one()
        return self.env["b2b2c.ledger.entry"]._open_for(self)

    def action_b2b2c_why(self):
        """Ask why somebody did, or did not, get points for this order."""
        self.ensure_one()
        return self.env["b2b2c.why"]._open(document=self)

    def action_b2b2c_preview(self):
        """Show who gets what for this order and why, and who does not."""
        self.ensure_one()
        return self.env["b2b2c.preview"]._open(self)
