from odoo import api, models
from odoo.tools import SQL

from . import cards


class B2b2cBooks(models.AbstractModel):
    """What other add-ons know about money and the general ledger does not tell."""

    _name = "b2b2c.books"
    _description = "Money Received, as Add-ons Know It"

    @api.model
    def _is_money(self, entry):
        """Return the condition that an entry is money, whatever accounts it posts to.

        :param SQL entry: alias of ``account_move`` in the statement
        :rtype: SQL
        """
        return SQL("FALSE")

    @api.model
    def _is_advance(self):
        """Return the condition that ``line`` of an order was paid before its invoice.

        :rtype: SQL
        """
        if cards.are_known(self.env):
            return SQL("(line.is_downpayment OR %s)", cards.select_payments())
        return SQL("line.is_downpayment")

    @api.model
    def _get_advances(self, order_line_ids):
        """Return where else than on invoices of the order advances were taken.

        :param order_line_ids: ids of order lines of down payments and cards
        :return: dict id of an order line -> list of ``(amount with taxes as Fraction,
            id of the invoice it is on, day of the payment)``; the invoice tells what
            was paid if there is one, else ``None`` as day means that nothing was
        """
        if not cards.are_known(self.env):
            return {}
        lines = self.env["sale.order.line"].sudo().browse(order_line_ids)
        return {
            line.id: cards.get_sales(line) for line in lines if cards.is_payment(line)
        }
