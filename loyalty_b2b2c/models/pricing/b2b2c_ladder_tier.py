from typing import NamedTuple

from odoo import api, models, tools


class TierList(NamedTuple):
    """The price list of a tier.

    :param company_ids: of the companies whose documents the ladder prices
    :param is_running: the ladder runs
    :param gives_price: the ladder lowers prices; another one gives a bonus only
    :param item_id: of its item for all products, if it has no other and no dates
    """

    company_ids: frozenset[int]
    is_running: bool
    gives_price: bool
    item_id: int | None


class B2b2cLadderTier(models.Model):
    """The price lists of tiers, known without a query."""

    _inherit = "b2b2c.ladder.tier"

    @api.model
    @tools.ormcache(cache="default")
    def _get_price_lists(self):
        """Return ``{price list id: TierList}`` of the tiers that have one (cached).

        Forgotten when a ladder or the price list of a tier is written; the items of a
        ladder that runs are changed by nobody.
        """
        return {
            tier.pricelist_id.id: TierList(
                frozenset(tier.ladder_id._get_counted_companies().ids),
                tier.ladder_id.state == "running",
                tier.ladder_id.benefit != "bonus",
                tier._get_only_item(),
            )
            for tier in self.sudo().search([("pricelist_id", "!=", False)])
        }

    @api.model
    def _get_running_lists(self, company_id=None):
        """Return the ids of the price lists of ladders that run.

        :param company_id: of ladders that price its documents; of any by default
        """
        return {
            pricelist_id
            for pricelist_id, tier_list in self._get_price_lists().items()
            if tier_list.is_running and company_id in (None, *tier_list.company_ids)
        }

    def _get_only_item(self):
        """Return the id of the item for all products, ``None``: it is not the only one
        or has dates."""
        item = self.pricelist_id.item_ids
        if len(item) != 1 or item.applied_on != "3_global":
            return None
        return None if item.date_start or item.date_end else item.id
