from odoo import models


class ResConfigSettings(models.TransientModel):
    """What a loyalty manager sets stands on the page of settings, too."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "b2b2c.company.settings"]
