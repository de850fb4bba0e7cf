from odoo import api, fields, models

_MEASURED = {
    "state",
    "partner_id",
    "partner_shipping_id",
    "date_order",
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
        domain="[('role', '=', 'salesperson'),"
        " ('employer_id', 'parent_of', partner_id)]",
        groups="loyalty_b2b2c.group_user",
        help="Who sold this at the customer's: rules can reward this person.",
    )
    b2b2c_entry_count = fields.Integer(compute="_compute_b2b2c_entry_count")
    b2b2c_points = fields.Float(
        string="Points", digits=False, compute="_compute_b2b2c_entry_count"
    )

    def _compute_b2b2c_entry_count(self):
        totals = self.env["b2b2c.ledger.entry"].sudo()._get_document_totals(self)
        for order in self:
            count, points = totals.get(order.id, (0, 0))
            order.b2b2c_entry_count = count
            order.b2b2c_points = points

    # === ADAPTER === #

    def write(self, vals):
        # confirming and cancelling write the state too
        result = super().write(vals)
        if vals.keys() & _MEASURED:
            self._b2b2c_record_confirmed()
        return result

    def _b2b2c_record_confirmed(self):
        """Record orders that are, or were, confirmed."""
        self.env["b2b2c.event"]._record(
            self.filtered(lambda order: order.state in ("sale", "cancel"))
        )

    # === DEALERS === #

    @api.model
    def _b2b2c_follow_tier(self, standing):
        """Price a dealer's open quotations by the tier in force, or flag them.

        :param standing: the dealer
        """
        if standing.ladder_id.benefit == "bonus":
            return
        orders = self.search(
            [
                ("partner_id", "child_of", standing.partner_id.ids),
                ("company_id", "=", standing.company_id.id),
                ("state", "in", ("draft", "sent")),
            ]
        )
        pricelist = standing.partner_id.with_company(
            standing.company_id
        ).property_product_pricelist
        for order in orders.filtered(lambda one: one.pricelist_id != pricelist):
            if order._b2b2c_is_being_paid():
                continue
            if order._b2b2c_is_flagged_only(standing):
                order._b2b2c_flag(standing)
            else:
                order.pricelist_id = pricelist
                order._recompute_prices()

    def _b2b2c_is_flagged_only(self, standing):
        """Tell whether an open quotation keeps its prices until a person updates it.

        :param standing: the dealer, whose tier changed
        """
        return standing.ladder_id.reprice == "flag"

    def _b2b2c_is_being_paid(self):
        """Tell whether the customer pays, or paid, this price online."""
        return any(
            transaction.state in ("pending", "authorized", "done")
            for transaction in self.sudo().transaction_ids
        )

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
