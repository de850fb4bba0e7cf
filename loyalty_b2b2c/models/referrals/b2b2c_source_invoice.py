from datetime import timedelta

from odoo import models


class B2b2cSourceInvoice(models.AbstractModel):
    """An invoice has a day and no hour: who was brought that day was brought before."""

    _inherit = "b2b2c.source.invoice"

    def _get_attributed_at(self, document):
        return super()._get_attributed_at(document) + timedelta(days=1)
