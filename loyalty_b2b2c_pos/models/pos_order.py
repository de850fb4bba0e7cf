from odoo import models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless
from odoo.addons.loyalty_b2b2c.models.pricing.marks import marked

from . import card_uses, line_kinds
from .till_guard import TILL, record_deviations


class PosOrder(models.Model):
    """Adapter: tells the outbox when a till order is paid, or paid back.

    What a dealer paid is compared with the tier at the same moments.
    """

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._b2b2c_remember()
        self._b2b2c_record("paid")
        return result

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # a till writes drafts again and again: they are not worth a savepoint
            paid = self.filtered(lambda order: order.state in line_kinds.PAID)
            if paid:
                paid._b2b2c_record("corrected")
        return result

    def _create_invoice(self, move_vals):
        """Invoice what was paid, whatever it was: it is compared at the till."""
        with marked(TILL):
            return super()._create_invoice(move_vals)

    @harmless("What was sold on %s could not be kept.")
    def _b2b2c_remember(self):
        """Keep what was sold."""
        self.sudo().lines._b2b2c_remember()

    @harmless("What %s changes could not be told yet.")
    def _b2b2c_record(self, moment=None):
        """Record what these orders change, and what dealers paid otherwise.

        :param str moment: what happened to them, see ``b2b2c.event._record``
        """
        self._b2b2c_record_documents(moment)
        self._b2b2c_record_deviations()

    @harmless("The prices of %s could not be compared.")
    def _b2b2c_record_deviations(self):
        """Record what dealers paid less, or more, than by the tier."""
        record_deviations(self)

    @harmless("What %s changes could not be told yet.")
    def _b2b2c_record_documents(self, moment=None):
        """Record the documents that these orders are, take back or settle.

        Goods brought back count with the order they were sold with, and what is given
        for them in exchange is as paid as they are, like what is paid with a card that
        they sold; a settled sale order (module pos_sale) counts as itself.  Of a paid
        order it is kept who sold it; that it is, tells the sweep that nothing is
        missing.
        """
        if not self:
            return
        own = self.sudo().lines
        sold = own.browse().union(*map(line_kinds.get_sold_line, own))
        backs = own.browse().union(*map(line_kinds.get_taken_back, sold))
        lines = (sold | backs).order_id.lines
        events = self.env["b2b2c.event"]
        earning = lines.filtered(line_kinds.can_earn)
        tickets, orders = earning.order_id | sold.order_id, self.env["sale.order"]
        card_sales = lines.filtered(line_kinds.is_card).order_id
        if card_sales:
            used = card_uses.get_cards(card_sales, "source_pos_order_id")
            tickets |= card_uses.get_uses(used, "pos.order.line").order_id
            orders |= card_uses.get_uses(used, "sale.order.line").order_id
        if "sale_order_origin_id" in lines._fields:
            orders |= lines.sale_order_origin_id
        tickets = tickets.with_env(self.env)
        told = [
            events._record(tickets & self, moment),
            events._record(tickets - self),
            events._record(orders.with_env(self.env)),
        ]
        if moment == "paid" and all(told):
            self.env["b2b2c.ticket"]._keep(self)
