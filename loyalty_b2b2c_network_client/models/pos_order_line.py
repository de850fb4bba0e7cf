from odoo import models


class PosOrderLine(models.Model):
    """A line in the words of the API."""

    _inherit = "pos.order.line"

    def _b2b2c_to_network(self, quantity):
        """Return a line in the words of the API.

        :param quantity: pieces that are still sold
        """
        product, share = self.product_id, quantity / self.qty
        number = product.barcode or product.default_code
        line = {
            "quantity": round(quantity, 6),
            "amount_untaxed": round(self.price_subtotal * share, 6),
            "amount_total": round(self.price_subtotal_incl * share, 6),
        }
        return {**line, "product": number[:64]} if number else line
