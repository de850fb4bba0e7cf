from odoo import models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless
from odoo.addons.loyalty_b2b2c.models.documents import cards

from . import card_uses


class AccountMove(models.Model):
    """Adapter: invoices of tickets are credited and paid later, closings as well."""

    _inherit = "account.move"

    def _b2b2c_record_sales(self, posted=None):
        result = super()._b2b2c_record_sales(posted)
        self._b2b2c_record_sold_tickets()
        return result

    def _b2b2c_record_documents(self, posted=None):
        result = super()._b2b2c_record_documents(posted)
        self._b2b2c_record_settled_tickets()
        return result

    @harmless("Tickets that %s invoices could not be told yet.")
    def _b2b2c_record_sold_tickets(self):
        """Record the tickets that these moves invoice, or pay with cards."""
        moves = self.sudo()
        tickets = moves.pos_order_ids | moves._b2b2c_get_tickets_paid_with()
        tickets.with_env(self.env)._b2b2c_record_documents()

    @harmless("Tickets that %s settles could not be told yet.")
    def _b2b2c_record_settled_tickets(self):
        """Record the tickets on account that these entries settle."""
        entries = self.sudo().filtered(lambda move: move.move_type == "entry")
        if entries:
            tickets = entries._b2b2c_get_tickets_on_account()
            tickets.with_env(self.env)._b2b2c_record_documents()

    def _b2b2c_get_tickets_paid_with(self):
        """Return the tickets that are paid with cards that these invoices charge."""
        lines = self.line_ids.sale_line_ids
        cards.fetch_kinds(lines.product_id)
        with cards.reading():
            sellers = lines.filtered(
                lambda line: cards.is_card(line.product_id)
            ).order_id
        if not sellers:
            return self.env["pos.order"]
        used = card_uses.get_cards(sellers, "order_id")
        return card_uses.get_uses(used, "pos.order.line").order_id

    def _b2b2c_get_tickets_on_account(self):
        """Return the tickets on account whose closing these entries settle, or are."""
        settled = self.line_ids.matched_debit_ids.debit_move_id.move_id
        sessions = (self | settled).pos_session_ids
        if not sessions:
            return self.env["pos.order"]
        domain = [
            ("session_id", "in", sessions.ids),
            ("payment_method_id.journal_id", "=", False),
        ]
        return self.env["pos.payment"].search(domain).pos_order_id
