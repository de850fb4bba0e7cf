from odoo import api, models
from odoo.exceptions import UserError

from .marks import CORE, is_marked


class LoyaltyHistory(models.Model):
    """Wallets of points have no second history: the ledger is theirs."""

    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        """Leave out what core notes about wallets when it confirms an order."""
        cards = self.env["loyalty.card"].browse(vals["card_id"] for vals in vals_list)
        wallets = cards._b2b2c_of_wallet()
        if wallets and not is_marked(CORE):
            self._refuse_wallet()
        return super().create(
            [vals for vals in vals_list if vals["card_id"] not in wallets.ids]
        )

    def write(self, vals):
        if self.env["loyalty.card"].browse(vals.get("card_id"))._b2b2c_of_wallet():
            self._refuse_wallet()
        return super().write(vals)

    def _refuse_wallet(self):
        """Refuse to write about a wallet.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "Points are corrected under Loyalty Rewards, Adjustments: a wallet "
                "only shows them."
            )
        )
