from odoo import api, models
from odoo.exceptions import UserError

#: Filled by our code only.
_OURS = {"b2b2c_redemption_id", "b2b2c_number", "b2b2c_points"}
#: What a card is that was given for points: whose, of which program, by which code.
_IDENTITY = {"code", "partner_id", "program_id"}


class LoyaltyCard(models.Model):
    """Adapter: what a card was given for stays with it, whoever may write cards.

    Without it a card could be cut off from its request, whose points come back then
    although the code still works.
    """

    _inherit = "loyalty.card"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(_OURS & vals.keys() for vals in vals_list):
            self._b2b2c_refuse()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            given = self.sudo().filtered("b2b2c_redemption_id")
            if _OURS & vals.keys() or (given and _IDENTITY & vals.keys()):
                self._b2b2c_refuse()
        return super().write(vals)

    def _b2b2c_refuse(self):
        raise UserError(
            self.env._(
                "A card that was given for points stays what it is: take the request "
                "back instead."
            )
        )
