from decimal import Decimal

from odoo import models

from odoo.addons.loyalty_b2b2c.engine import Measure, to_decimal
from odoo.addons.loyalty_b2b2c.values import aware

_PAID = ("paid", "done")


class B2b2cSourcePosOrder(models.AbstractModel):
    """Measures till orders: what was sold, less what was brought back.

    A till order is ordered, handed over, invoiced and paid in one moment.  A return is
    a till order of its own whose lines name the lines they take back: it is measured
    with the order the goods were sold with, by quantity, so that a price typed in at
    the return changes nothing.
    """

    _name = "b2b2c.source.pos.order"
    _description = "Reward Source: Till Order"
    _inherit = "b2b2c.source"

    _document_model = "pos.order"
    _lines_field = "lines"

    def _get_undone_cause(self, document, award):
        if document.lines.refund_orderline_ids:
            return "returned"
        if document.state not in _PAID:
            return "cancelled"
        if award is not None and not award.points_released:
            return "unpaid"
        return "changed"

    # === MEASURING === #

    def _can_earn(self, line):
        """Tell whether a till line is a sale of a product.

        Returned goods are measured with their sale; what settles a sale order is
        measured there; rewards of other programs and tips are no sales.
        """
        order = line.order_id
        return (
            line.qty > 0
            and not line.refunded_orderline_id
            and line.product_id != order.config_id.tip_product_id
            and not ("is_reward_line" in line._fields and line.is_reward_line)
            and not (
                "sale_order_origin_id" in line._fields  # module pos_sale
                and (line.sale_order_origin_id or line.sale_order_line_id)
            )
        )

    def _get_line_name(self, line):
        return line.full_product_name or line.product_id.display_name

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one till line."""
        order = line.order_id
        paid_at = self._get_paid_at(order)
        if order.state not in _PAID and not hypothetical:
            return {}
        sold_at = aware(order.date_order)
        measures = dict.fromkeys(
            ("confirmed", "delivered", "invoiced"), self._get_part(line, rate, sold_at)
        )
        if paid_at or hypothetical:
            measures["paid"] = self._get_part(line, rate, paid_at or sold_at)
        return measures

    def _get_settled(self, line):
        """Return what a till line that settles a sale order changes of it.

        :return: ``(measures, returned)``: what it adds, and the measure of what was
            brought back (``None`` for nothing)
        """
        order = line.order_id
        if line.refunded_orderline_id or line.qty <= 0 or order.state not in _PAID:
            return {}, None
        rate = self._get_rate(order)
        measures = self._get_measures(line, rate, False)
        kept = measures.pop("confirmed")
        del measures["delivered"]  # the sale order knows what was handed over
        back = to_decimal(line.qty) - kept.quantity
        return measures, self._get_share(line, rate, back, kept.at) if back else None

    def _get_part(self, line, rate, at):
        """Return the measure of what was sold and not brought back."""
        sold = to_decimal(line.qty)
        back = -sum(
            to_decimal(refund.qty)
            for refund in line.refund_orderline_ids
            if refund.order_id.state in _PAID
        )
        kept = min(max(sold - back, Decimal(0)), sold)
        return self._get_share(line, rate, kept, at)

    def _get_share(self, line, rate, quantity, at):
        """Return the measure of ``quantity`` of what a till line sold."""
        share = quantity / to_decimal(line.qty) * rate
        return Measure(
            quantity=quantity,
            amount_untaxed=_exact(to_decimal(line.price_subtotal) * share),
            amount_total=_exact(to_decimal(line.price_subtotal_incl) * share),
            at=at,
        )

    def _get_paid_at(self, order):
        """Return when an order was paid, ``None`` when it was not.

        A purchase on the customer's account is paid when its invoice is.
        """
        if "pay_later" not in order.payment_ids.payment_method_id.mapped("type"):
            return aware(order.date_order)
        sale_source = self.env["b2b2c.source.sale.order"]
        invoice = order.account_move
        if invoice.state == "posted" and sale_source._is_paid(invoice):
            return sale_source._get_paid_at(invoice)
        return None


def _exact(value):
    """Return an amount without the noise of a division: six decimals are plenty."""
    return value.quantize(Decimal("0.000001"))
