from fractions import Fraction

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import Measure, to_fraction
from ...values import aware
from ..base import rates

ZERO = Fraction(0)


class B2b2cSourceDelivery(models.AbstractModel):
    """Measures goods that left to a customer without an order.

    The quantity is what counts.  There is no price on a delivery, so amounts are the
    product's sales price as it is when the delivery is measured.  Of a route of several
    steps only the move that reaches the customer counts; what comes back reduces it.
    """

    _name = "b2b2c.source.delivery"
    _description = "Earning Source: Delivery without an Order"
    _inherit = "b2b2c.source"

    _document_model = "stock.picking"
    _lines_field = "move_ids"
    _triggers = ("confirmed", "delivered")

    def _is_hypothetical(self, document):
        return document.state == "draft"

    def _get_undone_cause(self, document, award):
        return "returned" if document.move_ids.returned_move_ids else "changed"

    # === MEASURING === #

    def _can_earn(self, line):
        """Tell whether a move takes goods to a customer without an order."""
        return bool(
            line.product_id
            and not line.sale_line_id
            and not line.origin_returned_move_id
            and line.location_dest_id.usage == "customer"
            and line.location_id.usage != "customer"
        )

    def _get_line_name(self, line):
        return line.product_id.display_name

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one move."""
        if line.state != "done" and not hypothetical:
            return {}
        quantity = line.product_uom_qty if hypothetical else line.quantity
        left = max(to_fraction(quantity) - self._get_returned(line), ZERO)
        delivered = self._measure_moved(line, left)
        return dict.fromkeys(self._triggers, delivered)

    def _get_returned(self, move):
        """Return how much of a move came back and stayed (in the move's unit)."""
        returned = ZERO
        for back in move.returned_move_ids:
            if back.state == "done":
                ratio = self._get_unit_ratio(back.product_uom, move.product_uom)
                stayed = to_fraction(back.quantity) - self._get_returned(back)
                returned += stayed * ratio
        return returned

    def _measure_moved(self, move, quantity):
        """Return the measure of ``quantity`` (the move's unit) at the sales price."""
        product = move.product_id
        quantity = self._to_product_unit(product, move.product_uom, quantity)
        price = product.currency_id._convert(
            product.list_price,
            move.company_id.currency_id,
            move.company_id,
            move.date.date(),
            round=False,
        )
        amount = to_fraction(price) * quantity
        return Measure(quantity, amount, amount, aware(move.date))

    # === HOOKS === #

    def _get_kind(self, document):
        return "delivery"

    def _get_occurred_at(self, document):
        return document.date_done or document.scheduled_date

    def _get_happened_domain(self):
        sent = [
            ("sale_line_id", "=", False),
            ("location_dest_id.usage", "=", "customer"),
        ]
        return Domain("state", "=", "done") & Domain("move_ids", "any", sent)

    def _get_rate(self, document):
        """Return 1: the sales price is converted where it is read."""
        return rates.ONE

    # === GOODS === #

    def _get_goods(self, shops):
        """Select what reached a shop without an order."""
        for model in ("stock.picking", "stock.move"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT k.id, k.date_done AS at
              FROM %s AS shop
        CROSS JOIN LATERAL (%s) its
              JOIN stock_picking k ON k.id = its.id
               AND k.company_id = shop.company_id AND k.state = 'done'
              JOIN stock_location d ON d.id = k.location_dest_id
               AND d.usage = 'customer'
             WHERE k.date_done >= shop.since
               AND NOT EXISTS (SELECT FROM stock_move m
                                WHERE m.picking_id = k.id
                                  AND m.sale_line_id IS NOT NULL)
            """,
            shops,
            self._select_of_shop(),
        )

    def _get_goods_lines(self, documents):
        return [
            (move.product_id, move.quantity, move.product_uom)
            for move in documents.move_ids
            if move.state == "done"
        ]
