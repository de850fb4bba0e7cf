from odoo import models

from odoo.addons.loyalty_b2b2c.engine import NOTHING, Measure, to_decimal
from odoo.addons.loyalty_b2b2c.models.documents import settlement
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
    _description = "Earning Source: Till Order"
    _inherit = "b2b2c.source"

    _document_model = "pos.order"
    _lines_field = "lines"

    def _is_hypothetical(self, document):
        return document.state == "draft"

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
        measure = self._measure_kept(line, rate).reached(sold_at)
        measures = dict.fromkeys(("confirmed", "delivered", "invoiced"), measure)
        if paid_at or hypothetical:
            measures["paid"] = measure.reached(paid_at or sold_at)
        return measures

    def _get_settled(self, line):
        """Return what a till line that settles a sale order changes of it.

        :return: ``(measures, returned)``: what it adds, and the measure of what was
            brought back
        """
        order = line.order_id
        if line.refunded_orderline_id or line.qty <= 0 or order.state not in _PAID:
            return {}, NOTHING
        rate = self._get_rate(order)
        measures = self._get_measures(line, rate, False)
        measure = measures.pop("confirmed")
        del measures["delivered"]  # the sale order knows what was handed over
        back = to_decimal(line.qty) - measure.quantity
        if not back:
            return measures, NOTHING
        return measures, self._measure_sold(line, rate, back).reached(measure.at)

    def _measure_kept(self, line, rate):
        """Return the measure of what was sold and not brought back."""
        sold = to_decimal(line.qty)
        back = -sum(
            to_decimal(refund.qty)
            for refund in line.refund_orderline_ids
            if refund.order_id.state in _PAID
        )
        return self._measure_sold(line, rate, min(max(sold - back, 0), sold))

    def _measure_sold(self, line, rate, quantity):
        """Return the measure of ``quantity`` of what a till line sold.

        :param rate: exact factor from the order's currency to the company's
        """
        quantity = to_decimal(quantity)
        share = quantity / to_decimal(line.qty)
        return Measure(
            quantity,
            to_decimal(line.price_subtotal) * share,
            to_decimal(line.price_subtotal_incl) * share,
        ).converted(rate)

    def _get_paid_at(self, order):
        """Return when an order was paid, ``None`` when it was not.

        A purchase on the customer's account is paid when its invoice is.
        """
        if "pay_later" not in order.payment_ids.payment_method_id.mapped("type"):
            return aware(order.date_order)
        invoice = order.account_move
        if invoice.state == "posted" and settlement.is_paid(invoice):
            return settlement.get_paid_at(invoice)
        return None
