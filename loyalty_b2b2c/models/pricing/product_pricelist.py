from odoo import api, models

from .base_lists import refuse_base, tell_change
from .pricelist_guard import refuse_tiers

#: What may change of a tier's price list: how it is called and sorted.
_FREE = {"name", "sequence"}
_FREE_PREFIXES = ("message_", "activity_")


class ProductPricelist(models.Model):
    """Price guard: the price list of a tier is what the ladder says."""

    _inherit = "product.pricelist"
    # a branch sells at the prices of the company above it
    _check_company_domain = models.check_company_domain_parent_of

    def write(self, vals):
        if any(not name.startswith(_FREE_PREFIXES) for name in vals.keys() - _FREE):
            refuse_tiers(self)
            if not vals.get("active", True):
                refuse_base(self)
            # items are told by themselves
            if vals.keys() - _FREE - {"item_ids"}:
                tell_change(self)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_b2b2c_no_tier(self):
        refuse_tiers(self)
        refuse_base(self)

    def _get_applicable_rules(self, products, date, **kwargs):
        """Know a tier's one item by heart: nobody changes it while the ladder runs.

        Core searches for each line of each order.
        """
        tiers = self.env["b2b2c.ladder.tier"]._get_price_lists()
        tier = tiers.get(self.id) if len(self) == 1 else None
        if tier and tier.is_running and tier.item_id:
            return self.env["product.pricelist.item"].browse(tier.item_id)
        return super()._get_applicable_rules(products, date, **kwargs)

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Leave tiers out where core looks for a price list for everybody.

        A company without another one would sell to strangers at a dealer's prices.
        """
        return [
            *super()._get_partner_pricelist_multi_search_domain_hook(company_id),
            *self._b2b2c_get_no_tier_domain(),
        ]

    def _b2b2c_get_no_tier_domain(self):
        """Return the domain of price lists that are no tier's."""
        tiers = self.env["b2b2c.ladder.tier"]._get_price_lists()
        return [("id", "not in", list(tiers))] if tiers else []
