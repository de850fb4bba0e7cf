from odoo import models


class ProductPricelist(models.Model):
    """The price list of a tier may be a dealer's in the web shop."""

    _inherit = "product.pricelist"

    def _is_available_on_website(self, website):
        """Accept tiers: core drops price lists that visitors cannot choose.

        What is asked is whether a partner's own price list counts; tiers are not among
        what a website offers, so nobody comes to one in another way.
        """
        return super()._is_available_on_website(website) or self._b2b2c_is_tier(
            website.company_id
        )

    def _get_website_pricelists_domain(self, website):
        """Leave tiers out of what a website offers: core puts new lists on one."""
        return [
            *super()._get_website_pricelists_domain(website),
            *self._b2b2c_get_no_tier_domain(),
        ]

    def _b2b2c_is_tier(self, company=None):
        """Tell whether this is the price list of a tier.

        :param company: of a ladder that runs there; of any ladder by default
        """
        tiers = self.env["b2b2c.ladder.tier"]
        if company:
            return self.id in tiers._get_running_lists(company.id)
        return self.id in tiers._get_price_lists()
