from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_goods_location_id = fields.Many2one(
        related="company_id.b2b2c_goods_location_id", readonly=False
    )
