from odoo import api, models
from odoo.exceptions import UserError

from .marks import OURS, is_marked


class B2b2cWalletKept(models.AbstractModel):
    """Rows of core's loyalty that follow from the settings of part payments.

    Whoever may write programs may otherwise change what a point pays.
    """

    _name = "b2b2c.wallet.kept"
    _description = "Row of the Wallet of Points"

    def _get_wallet_program(self):
        """Return the programs these rows belong to (with sudo)."""
        return self.sudo().program_id

    def _check_not_kept(self):
        """Refuse rows of a wallet to everybody but our own code.

        :raise UserError: one of these is
        """
        if not is_marked(OURS) and any(
            program.b2b2c_wallet for program in self._get_wallet_program()
        ):
            raise UserError(
                self.env._(
                    "This follows from the settings of Loyalty Rewards, “Part of the "
                    "Price in Points”: change it there."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_not_kept()
        return records

    def write(self, vals):
        self._check_not_kept()
        result = super().write(vals)
        self._check_not_kept()  # a row of another program may have become one of these
        return result

    def unlink(self):
        self._check_not_kept()
        return super().unlink()
