from odoo import api, fields, models


class B2b2cLadderTierDiscount(models.Model):
    """A category whose discount in a tier differs."""

    _name = "b2b2c.ladder.tier.discount"
    _description = "Dealer Tier Discount"
    _order = "tier_id, categ_id"

    tier_id = fields.Many2one(
        "b2b2c.ladder.tier", required=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category", required=True, ondelete="restrict", string="Category"
    )
    discount = fields.Float(digits="Discount", string="Discount (%)")

    _once = models.UniqueIndex(
        "(tier_id, categ_id)", "A category has one discount in a tier."
    )
    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount < 100)",
        "A discount is a percentage between 0 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        discounts = super().create(vals_list)
        discounts.tier_id._check_draft({"discount": 0})
        return discounts

    def write(self, vals):
        self.tier_id._check_draft({"discount": 0})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.tier_id._check_draft({"discount": 0})
