from odoo import fields, models


class B2b2cRedemption(models.Model):
    """A request for coupons or gift cards, and what was given."""

    _inherit = "b2b2c.redemption"

    coupon_ids = fields.One2many(
        "loyalty.card",
        "b2b2c_redemption_id",
        readonly=True,
        context={"active_test": False},
        # who may see cards sees their codes
        groups="sales_team.group_sale_salesman",
    )
