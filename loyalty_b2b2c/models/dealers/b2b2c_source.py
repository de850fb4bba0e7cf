from odoo import api, models

from .volume_feed import VolumeFeed


class B2b2cSource(models.AbstractModel):
    """Every document that was processed may change a dealer's volume."""

    _inherit = "b2b2c.source"

    @api.model
    def _after_processing(self, document_ids):
        """Count the documents for dealers."""
        VolumeFeed(self.env, self._document_model).feed(document_ids)
        return super()._after_processing(document_ids)
