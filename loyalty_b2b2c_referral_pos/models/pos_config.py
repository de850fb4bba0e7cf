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
            problem = problem or self._b2b2c_get_discount_problem(found.link)
        if problem and found.problem not in NOT_OURS:
            return {"successful": False, "payload": {"error_message": problem}}
        return super().use_coupon_code(code, creation_date, partner_id, pricelist_id)

    def _b2b2c_get_discount_problem(self, link):
        """Return, as a sentence, why a right code lowers nothing at this till.

        A till takes programs of its own currency only, and keeps a code with the line
        of its discount.
        """
        program = self.env["loyalty.card"]._b2b2c_find(link).program_id
        if not program.active:
            return self.env._("This recommendation lowers no price at a till.")
        if program.currency_id != self.currency_id:
            return self.env._(
                "This till sells in %(till)s, and the discount of this recommendation "
                "is in %(discount)s: it is not given here.",
                till=self.currency_id.name,
                discount=program.currency_id.name,
            )
        return ""
