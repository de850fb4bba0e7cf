from odoo import models


class B2b2cAccount(models.Model):
    """Wallets show what accounts hold."""

    _inherit = "b2b2c.account"

    def _fold(self):
        """Let wallets follow what was earned."""
        result = super()._fold()
        self._show_on_cards()
        return result

    def _get_available(self):
        """Return what can be spent of each account, exact: id -> Decimal."""
        return {
            account_id: max(values["posted"] - values["held"] - values["debt"], 0)
            for account_id, values in self._get_balances().items()
        }

    def _show_on_cards(self):
        """Write what can be spent on the cards of these accounts, if they have any."""
        cards = self.env["loyalty.card"].sudo()
        available = self._get_available()
        for card in cards.search([("b2b2c_account_id", "in", self.ids)]):
            card._b2b2c_show(available[card.b2b2c_account_id.id])
