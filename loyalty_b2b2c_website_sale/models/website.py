from odoo import models
from odoo.http import request

from odoo.addons.loyalty_b2b2c.models.dealers.dealer_lookup import find_dealers
from odoo.addons.website_sale.models.website import (
    PRICELIST_SELECTED_SESSION_CACHE_KEY,
    PRICELIST_SESSION_CACHE_KEY,
)


class Website(models.Model):
    """A dealer who is signed in shops at the price list of the tier in force."""

    _inherit = "website"

    def _b2b2c_get_tier_pricelist(self):
        """Return the price list of the visitor's tier (sudo), empty for others.

        A tier that time has changed meanwhile is looked at first.
        """
        self.ensure_one()
        pricelists = self.env["product.pricelist"].sudo()
        user = self.env.user
        if user._is_public():
            return pricelists
        key = (self.company_id.id, user.partner_id.commercial_partner_id.id)
        dealer = find_dealers(self.env, [key]).get(key)
        if dealer and dealer.is_due:
            standings = self.env["b2b2c.ladder.standing"].sudo()
            standings.browse(dealer.standing_id)._refresh()
            dealer = find_dealers(self.env, [key]).get(key)
        return pricelists.browse(dealer.pricelist_id if dealer else [])

    def _get_and_cache_current_pricelist(self):
        """Look a dealer's price list up anew: core keeps one for the whole visit."""
        pricelist = self._b2b2c_get_tier_pricelist()
        known = self.env["product.pricelist"].browse(
            request.session.get(PRICELIST_SESSION_CACHE_KEY)
        )
        if not pricelist:
            if known and known._b2b2c_is_tier():
                # somebody else's, or from when this visitor was a dealer
                request.session.pop(PRICELIST_SESSION_CACHE_KEY)
            return super()._get_and_cache_current_pricelist()
        request.session.pop(PRICELIST_SELECTED_SESSION_CACHE_KEY, None)
        if known.id != pricelist.id:
            request.session[PRICELIST_SESSION_CACHE_KEY] = pricelist.id
        return pricelist

    def get_pricelist_available(self, show_visible=False):
        """Leave a dealer no choice."""
        tier = self._b2b2c_get_tier_pricelist()
        if tier:
            return tier.sudo(self.env.su)
        return super().get_pricelist_available(show_visible=show_visible)
