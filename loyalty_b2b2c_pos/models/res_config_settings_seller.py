from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

    b2b2c_share_places = fields.Boolean(
        related="company_id.b2b2c_share_places", readonly=False
    )
