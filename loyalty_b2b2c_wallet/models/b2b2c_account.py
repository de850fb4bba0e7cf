from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL


class B2b2cAccount(models.Model):
    """Wallets show what accounts hold."""

    _inherit = "b2b2c.account"

    def _fold(self):
        """Let wallets follow what was earned."""
        result = super()._fold()
        self._show_on_cards()
        return result

    def _get_available(self):
        """Return what can be spent of each account, exact: id -> Decimal.

        Without what is due to lapse: it pays for nothing any more, whether or not the
        scheduled action has booked it.
        """
        due = self._get_due()
        return {
            account_id: max(
                values["posted"]
                - values["held"]
                - values["debt"]
                - due.get(account_id, 0),
                0,
            )
            for account_id, values in self._get_balances().items()
        }

    def _get_due(self):
        """Return what is due to lapse of the accounts that have such: id -> Decimal."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, sum(remaining)::text FROM b2b2c_ledger_lot
                 WHERE account_id = ANY(%s) AND remaining > 0 AND expires_at <= %s
              GROUP BY account_id
                """,
                list(self._origin.ids),
                fields.Datetime.now(),
            )
        )
        return {account_id: Decimal(points) for account_id, points in rows}

    def _show_on_cards(self):
        """Write what can be spent on the cards of these accounts, if they have any."""
        cards = self.env["loyalty.card"].sudo()
        available = self._get_available()
        for card in cards.search([("b2b2c_account_id", "in", self.ids)]):
            card._b2b2c_show(available[card.b2b2c_account_id.id])
