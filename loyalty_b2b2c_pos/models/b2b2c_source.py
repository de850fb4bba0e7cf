from odoo import api, models


class B2b2cSource(models.AbstractModel):
    _inherit = "b2b2c.source"

    @api.model
    def _get_sources(self):
        return dict(super()._get_sources(), **{"pos.order": "b2b2c.source.pos.order"})
