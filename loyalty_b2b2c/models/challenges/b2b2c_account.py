from odoo import api, models


class B2b2cAccount(models.Model):
    """Standings of challenges are proved with the books they are counted from."""

    _inherit = "b2b2c.account"

    @api.model
    def _verify_all(self, rebuild=False):
        books = super()._verify_all(rebuild=rebuild)
        rounds = self.env["b2b2c.challenge.round"]
        if rebuild:
            rounds._find_unfolded()._fold()
        return books + rounds._find_open()._verify_standings()
