from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="part_payments",
                section="rewards",
                label=self.env._("Points that wait for a payment for over a day"),
                model="b2b2c.part.payment",
                domain=(("is_stuck", "=", True),),
                action="loyalty_b2b2c_wallet.b2b2c_part_payment_action",
                filter="stuck",
                icon="fa-hourglass-half",
            ),
        ]
