from odoo import models
from odoo.exceptions import ValidationError
from odoo.http import request


class SaleOrder(models.Model):
    """What the page of a cart shows about points."""

    _inherit = "sale.order"

    def _b2b2c_get_cart_offer(self):
        """Return what can be chosen for this cart by who looks at it.

        :return: ``Offer`` of loyalty_b2b2c_wallet, ``None`` where nothing can
        """
        self.ensure_one()
        if self.env.user._is_public() or self.partner_id != self.env.user.partner_id:
            return None
        return self.env["b2b2c.part.payment"].sudo()._get_offer(self.sudo())

    def _b2b2c_take_points_error(self):
        """Return why the last choice was refused, once."""
        return request.session.pop("b2b2c_points_error", "")

    def _check_cart_is_ready_to_be_paid(self):
        """Refuse to pay a cart whose points changed since it was shown.

        A cart that points paid in full has no payment that would notice.

        :raise ValidationError: says so
        """
        result = super()._check_cart_is_ready_to_be_paid()
        if self.sudo().b2b2c_part_payment_ids:
            shown = self.amount_total
            self._update_programs_and_rewards()
            if self.currency_id.compare_amounts(self.amount_total, shown):
                raise ValidationError(
                    self.env._(
                        "The points for this order changed meanwhile. Open the cart "
                        "again: it shows how many can be used now."
                    )
                )
        return result
