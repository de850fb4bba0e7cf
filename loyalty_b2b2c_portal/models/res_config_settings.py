from odoo import fields, models

from ..pages.app import OFF


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b2c_app_off = fields.Boolean(string="No App on Phones", config_parameter=OFF)
