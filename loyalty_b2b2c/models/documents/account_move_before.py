from odoo import models

from . import raises

_SALES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    """Adapter: what an invoice without an order was before it was changed.

    It is changed by taking it back to a draft; see ``sale.order.line``.
    """

    _inherit = "account.move"

    def button_draft(self):
        sold = (
            self.filtered(
                lambda move: move.state == "posted" and move.move_type in _SALES
            )
            .sudo()
            ._b2b2c_get_own_items()
        )
        before = {
            item: raises.add_row(item.b2b2c_before, item.quantity, item.price_subtotal)
            for item in sold
        }
        result = super().button_draft()
        for item, rows in before.items():
            item.b2b2c_before = rows
        return result

    def _post(self, soft=True):
        again = self.filtered(
            lambda move: move.posted_before and move.move_type in _SALES
        )
        items = again.sudo()._b2b2c_get_own_items()
        added = items.filtered(lambda item: not item.b2b2c_before)
        if added:
            added.b2b2c_before = raises.add_row(None, 0, 0)
        return super()._post(soft=soft)

    def _b2b2c_get_own_items(self):
        """Return the lines that sell something, or lower it, without an order."""
        return self.invoice_line_ids.filtered(
            lambda item: item.display_type == "product" and not item.sale_line_ids
        )
