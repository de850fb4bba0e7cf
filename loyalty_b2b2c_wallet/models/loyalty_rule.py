from odoo import models


class LoyaltyRule(models.Model):
    """The rules of a wallet of points are kept by the settings."""

    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "b2b2c.wallet.kept"]
