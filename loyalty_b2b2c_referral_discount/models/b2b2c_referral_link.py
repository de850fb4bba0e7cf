from odoo import api, models


class B2b2cReferralLink(models.Model):
    """The code of a recommender is a code of core's loyalty, too."""

    _inherit = "b2b2c.referral.link"

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        self.env["loyalty.card"]._b2b2c_give(links)
        return links

    def write(self, vals):
        """Let the card have the code of its link: also when a person is erased."""
        result = super().write(vals)
        if "code" in vals:
            for link in self.sudo():
                self.env["loyalty.card"]._b2b2c_find(link).code = link.code
        return result

    def _is_code_free(self):
        """Take no code that coupons or promotions have."""
        others = [("code", "=ilike", self.code)]
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        rules = self.env["loyalty.rule"].sudo()
        is_taken = cards.search_count(
            [*others, ("b2b2c_referral_link_id", "!=", self.id)], limit=1
        ) or rules.search_count(others, limit=1)
        return super()._is_code_free() and not is_taken
