from odoo import models
from odoo.exceptions import UserError

from .pos_payment_method import POINTS


class PosMakePayment(models.TransientModel):
    """Points are paid where the participant stands: at the till."""

    _inherit = "pos.make.payment"

    def check(self):
        """Refuse points of nobody; given back they may be.

        :raise UserError: says where points are paid
        """
        takes_points = self.payment_method_id.use_payment_terminal == POINTS
        if takes_points and self.amount > 0:
            raise UserError(
                self.env._(
                    "Points are paid at the till, by the participant who shows the "
                    "code. Choose another method here."
                )
            )
        return super().check()
