from odoo import api, models, tools
from odoo.exceptions import UserError

from .price_guard import LADDER, is_marked

#: What may change of a tier's price list: how it is called and sorted.
_FREE = {"name", "sequence"}


class ProductPricelist(models.Model):
    """Price guard: the price list of a tier is what the ladder says."""

    _inherit = "product.pricelist"

    def write(self, vals):
        own = {
            name
            for name in vals
            if name not in _FREE and not name.startswith(("message_", "activity_"))
        }
        if own:
            self._b2b2c_refuse_tier()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_b2b2c_no_tier(self):
        self._b2b2c_refuse_tier()

    def _get_applicable_rules(self, products, date, **kwargs):
        """Know a tier's one item by heart: nobody changes it while the ladder runs.

        Core searches for each line of each order.
        """
        known = len(self) == 1 and self._b2b2c_get_tier_item(self.id)
        if known:
            return self.env["product.pricelist.item"].browse(known)
        return super()._get_applicable_rules(products, date, **kwargs)

    @api.model
    @tools.ormcache("pricelist_id", cache="default")
    def _b2b2c_get_tier_item(self, pricelist_id):
        """Return the id of the item for all products, if a tier has only that one.

        Forgotten when a ladder is written: it starts and ends with that.
        """
        tier = (
            self.env["b2b2c.ladder.tier"]
            .sudo()
            .search(
                [
                    ("pricelist_id", "=", pricelist_id),
                    ("ladder_id.state", "=", "running"),
                ],
                limit=1,
            )
        )
        item = tier.pricelist_id.item_ids
        if len(item) != 1 or item.applied_on != "3_global":
            return False
        return not (item.date_start or item.date_end) and item.id

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
        tiers = self.env["b2b2c.ladder.tier"].sudo()
        own = tiers._search([("pricelist_id", "!=", False)])
        return [("id", "not in", own.subselect("pricelist_id"))]

    def _b2b2c_refuse_tier(self):
        """Refuse to change price lists that are tiers of a ladder that runs or ran."""
        if is_marked(LADDER) or not self:
            return
        tier = (
            self.env["b2b2c.ladder.tier"]
            .sudo()
            .search(
                [
                    ("pricelist_id", "in", self.ids),
                    ("ladder_id.state", "=", "running"),
                ],
                limit=1,
            )
        )
        if tier:
            raise UserError(
                self.env._(
                    "“%(pricelist)s” is tier %(tier)s of the ladder “%(ladder)s”: it "
                    "stays as it is, and price lists stay switched on, as long as the "
                    "ladder runs. Make a new version of the ladder, or close it.",
                    pricelist=tier.pricelist_id.name,
                    tier=tier.name,
                    ladder=tier.ladder_id.name,
                )
            )


class ProductPricelistItem(models.Model):
    """Price guard: so do its items."""

    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.pricelist_id._b2b2c_refuse_tier()
        return items

    def write(self, vals):
        self.pricelist_id._b2b2c_refuse_tier()
        result = super().write(vals)
        if "pricelist_id" in vals:
            self.pricelist_id._b2b2c_refuse_tier()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_b2b2c_no_tier(self):
        self.pricelist_id._b2b2c_refuse_tier()
