from odoo import models

_COUPON = ("create_date", "program_id", "points", "expiration_date")


class B2b2cMember(models.Model):
    """The coupons a participant got for points."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        cards = self.redemption_ids.with_context(active_test=False).coupon_ids
        return {
            **super()._get_personal_data(),
            "coupons": self._to_rows(cards, _COUPON),
        }
