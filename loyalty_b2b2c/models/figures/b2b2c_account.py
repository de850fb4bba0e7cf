from odoo import api, models


class B2b2cAccount(models.Model):
    """Figures are proved and made anew with the books they are counted from."""

    _inherit = "b2b2c.account"

    @api.model
    def _verify_all(self, rebuild=False):
        books = super()._verify_all(rebuild=rebuild)
        return books + self.env["b2b2c.stat.range"]._verify()

    @api.model
    def _rebuild(self):
        changed = super()._rebuild()
        self.env["b2b2c.stat.range"]._rebuild()
        self.env.invalidate_all()
        return changed
