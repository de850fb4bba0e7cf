from fractions import Fraction

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine import to_fraction
from odoo.addons.loyalty_b2b2c.models.documents import cards

from .ticket_money import get_paid


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
        for line in lines.filtered(cards.is_payment):
            for till_line in self._get_sold_cards(line):
                taken = advances.setdefault(line.id, [])
                taken += self._get_taken(till_line)
        return advances

    @api.model
    def _is_advance(self):
        """Count also what is paid with a card that a till sold."""
        if not cards.are_known(self.env) or not _sells_cards(self.env):
            return super()._is_advance()
        return SQL(
            """(%s OR EXISTS (
                SELECT FROM loyalty_card card
                  JOIN loyalty_program program ON program.id = card.program_id
                   AND program.program_type = ANY(%s)
                 WHERE card.id = line.coupon_id
                   AND card.source_pos_order_id IS NOT NULL))""",
            super()._is_advance(),
            list(cards.KINDS),
            to_flush=self.env["loyalty.card"]._fields["source_pos_order_id"],
        )

    def _get_sold_cards(self, line):
        """Return the lines of a till that sold the card an order line pays with."""
        card = line.coupon_id
        if not _sells_cards(self.env):
            return self.env["pos.order.line"]
        products = card.program_id.trigger_product_ids
        return card.source_pos_order_id.lines.filtered(
            lambda sold: sold.product_id in products
        )

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
        paid = get_paid(order)  # by a closing, if it was on account
        if paid.share:
            yield kept * paid.share, None, paid.at.date() if paid.at else day
        if paid.share < 1:
            yield kept * (1 - paid.share), None, None

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


def _sells_cards(env):
    """Tell whether tills sell cards (module ``pos_loyalty``)."""
    return "source_pos_order_id" in env["loyalty.card"]._fields
