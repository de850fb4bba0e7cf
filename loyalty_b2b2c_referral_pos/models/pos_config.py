from odoo import models

from odoo.addons.loyalty_b2b2c.models.referrals.referral_words import word
from odoo.addons.loyalty_b2b2c_referral_discount.models.sale_order import NOT_OURS


class PosConfig(models.Model):
    """A till takes the code of a recommender where it takes those of coupons."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Find the card of a code, as it was typed or scanned.

        :return: what core returns: ``successful`` and ``payload``, which has the
            ``error_message``
        """
        self.ensure_one()
        config = self.sudo()
        if config.env["loyalty.card"]._b2b2c_is_code_of_core(code):
            return super().use_coupon_code(
                code, creation_date, partner_id, pricelist_id
            )
        found = config.env["b2b2c.referral.link"]._find(
            code, config.company_id, f"till:{self.id}"
        )
        problem = found.message
        if found.link:
            code = found.link.code
            buyer = config.env["res.partner"].browse(partner_id or ()).exists()
            problem = word(self.env, found.link._get_problem(buyer))
        if problem and found.problem not in NOT_OURS:
            return {"successful": False, "payload": {"error_message": problem}}
        return super().use_coupon_code(code, creation_date, partner_id, pricelist_id)
