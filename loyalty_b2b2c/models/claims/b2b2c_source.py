from odoo import api, models


class B2b2cSource(models.AbstractModel):
    """Proofs of sale can earn."""

    _inherit = "b2b2c.source"

    @api.model
    def _get_sources(self):
        return {**super()._get_sources(), "b2b2c.claim": "b2b2c.source.claim"}
