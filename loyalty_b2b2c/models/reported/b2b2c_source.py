from odoo import api, models


class B2b2cSource(models.AbstractModel):
    """What was reported from outside can earn."""

    _inherit = "b2b2c.source"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "b2b2c.external.document": "b2b2c.source.external",
        }
