from odoo import api, models

from . import reason_words


class B2b2cEarningRule(models.Model):
    _inherit = "b2b2c.earning.rule"

    @api.model
    def _get_reason_words(self):
        return {**super()._get_reason_words(), **reason_words.WORDS}
