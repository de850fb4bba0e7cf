from fractions import Fraction

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine import to_fraction


class B2b2cBooks(models.AbstractModel):
    """Money that a till received."""

    _inherit = "b2b2c.books"

    @api.model
    def _is_money(self, entry):
        """Count what was paid at a till.

        Its entry only moves the debt to an account of the till, which the closing of
        the session clears together with everybody else's.
        """
        return SQL(
            """(%s OR EXISTS (SELECT FROM pos_payment
                               WHERE pos_payment.account_move_id = %s.id))""",
            super()._is_money(entry),
            entry,
            to_flush=self.env["pos.payment"]._fields["account_move_id"],
        )

    @api.model
    def _get_advances(self, order_line_ids):
        """Return down payments that were taken at a till (module ``pos_sale``)."""
        advances = super()._get_advances(order_line_ids)
        lines = self.env["sale.order.line"].sudo().browse(order_line_ids)
        if "pos_order_line_ids" in lines._fields:
            for line in lines:
                for till_line in line.pos_order_line_ids:
                    taken = advances.setdefault(line.id, [])
                    taken += self._get_taken(till_line)
        return advances

    def _get_taken(self, line):
        """Yield what a till line took as down payment, see :meth:`_get_advances`."""
        order = line.order_id
        if line.qty <= 0 or order.state not in ("paid", "done"):
            return
        amount = to_fraction(line.price_subtotal_incl)
        given_back = min(amount, self._get_given_back(line))
        if given_back:
            yield given_back, None, None
        kept = amount - given_back
        if not kept:
            return
        day = order.date_order.date()
        on_account = self._get_share_on_account(order)
        if on_account and order.account_move.state == "posted":
            yield kept, order.account_move.id, None
            return
        yield kept * (1 - on_account), None, day
        if on_account:
            yield kept * on_account, None, None

    def _get_given_back(self, line):
        """Return what was given back of a till line, taxes included."""
        refunds = line.refund_orderline_ids.filtered(
            lambda refund: refund.order_id.state in ("paid", "done")
        )
        return -sum(map(to_fraction, refunds.mapped("price_subtotal_incl")))

    def _get_share_on_account(self, order):
        """Return which share of a till order the customer pays later."""
        later = order.payment_ids.filtered(
            lambda payment: payment.payment_method_id.type == "pay_later"
        )
        if not later:
            return Fraction(0)
        amount = sum(map(to_fraction, later.mapped("amount")))
        return amount / to_fraction(order.amount_total)
