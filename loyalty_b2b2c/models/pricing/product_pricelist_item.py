from odoo import api, models

from .base_lists import LINKS, tell_change
from .pricelist_guard import refuse_tiers_of


class ProductPricelistItem(models.Model):
    """Price guard: the items of a tier's price list stay as well."""

    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        refuse_tiers_of(items)
        tell_change(items.pricelist_id, set().union(*vals_list))
        return items

    def write(self, vals):
        refuse_tiers_of(self)
        before = self.pricelist_id
        result = super().write(vals)
        if "pricelist_id" in vals:
            refuse_tiers_of(self)
        tell_change(before | self.pricelist_id, vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_b2b2c_no_tier(self):
        refuse_tiers_of(self)
        tell_change(self.pricelist_id, LINKS)
