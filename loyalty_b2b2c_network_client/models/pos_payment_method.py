from odoo import models

#: Stored value of the terminal that is none: points of a network, for ever.
NETWORK = "b2b2c_network"


class PosPaymentMethod(models.Model):
    """Points of a network as a way to pay: a terminal that asks the network."""

    _inherit = "pos.payment.method"

    def _get_payment_terminal_selection(self):
        return [
            *super()._get_payment_terminal_selection(),
            (NETWORK, self.env._("Points of a Network")),
        ]
