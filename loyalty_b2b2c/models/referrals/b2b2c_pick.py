from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class B2b2cPick(models.AbstractModel):
    """Who brought a customer can be chosen: recommendations know it."""

    _inherit = "b2b2c.pick"

    @api.model
    def _get_picks(self):
        return {**super()._get_picks(), "referrer": _lt("Who brought the customer")}
