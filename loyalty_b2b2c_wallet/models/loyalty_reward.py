from odoo import models


class LoyaltyReward(models.Model):
    """The rewards of a wallet of points are kept by the settings."""

    _name = "loyalty.reward"
    _inherit = ["loyalty.reward", "b2b2c.wallet.kept"]
