from odoo import models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless


class PosConfig(models.Model):
    """Tills know the price lists of tiers: a dealer gets the own one there as well."""

    _inherit = "pos.config"

    def _get_available_pricelists(self):
        """Add the tiers of running ladders, whatever price lists the till offers.

        The till takes a customer's price list when it is among these. Cashiers cannot
        choose it for others: what they choose from is a list of its own.
        """
        return super()._get_available_pricelists() | self._b2b2c_get_tier_pricelists()

    @harmless(
        "The price lists of tiers could not be offered at %s.",
        instead=lambda config: config.env["product.pricelist"],
    )
    def _b2b2c_get_tier_pricelists(self):
        """Return the price lists of tiers in this till's company and currency."""
        self.ensure_one()
        tiers = self.env["b2b2c.ladder.tier"]._get_price_lists()
        ids = [
            pricelist_id
            for pricelist_id, tier in tiers.items()
            if tier.is_running
            and tier.gives_price
            and self.company_id.id in tier.company_ids
        ]
        pricelists = self.env["product.pricelist"].sudo().browse(ids)
        return pricelists.filtered(
            lambda pricelist: pricelist.currency_id == self.currency_id
        ).with_env(self.env)
