from odoo import fields, models

from ...const import POINTS


class B2b2cClaimLine(models.Model):
    """What a proof of sale proves: a product and how much of it, or only an amount."""

    _name = "b2b2c.claim.line"
    _description = "Line of a Proof of Sale"
    _order = "id"

    claim_id = fields.Many2one(
        "b2b2c.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    name = fields.Char(readonly=True, help="As it stands on the receipt.")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    product_uom_id = fields.Many2one("uom.uom", readonly=True, ondelete="restrict")
    # exact, any number of decimals
    quantity = fields.Float(**POINTS, readonly=True)
    amount_untaxed = fields.Float(**POINTS, readonly=True)
    amount_total = fields.Float(**POINTS, readonly=True)
