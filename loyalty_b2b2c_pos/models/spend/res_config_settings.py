from odoo import models


class ResConfigSettings(models.TransientModel):
    """The button on the page of a till's settings."""

    _inherit = "res.config.settings"

    def action_b2b2c_take_points(self):
        """Let the till whose settings are open take points."""
        return self.pos_config_id.action_b2b2c_take_points()
