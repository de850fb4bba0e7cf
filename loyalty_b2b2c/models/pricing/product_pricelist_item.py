from odoo import api, models

from .pricelist_guard import refuse_tiers_of


class ProductPricelistItem(models.Model):
    """Price guard: the items of a tier's price list stay as well."""

    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        refuse_tiers_of(items)
        return items

    def write(self, vals):
        refuse_tiers_of(self)
        result = super().write(vals)
        if "pricelist_id" in vals:
            refuse_tiers_of(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_b2b2c_no_tier(self):
        refuse_tiers_of(self)
