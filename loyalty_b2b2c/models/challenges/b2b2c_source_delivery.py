from odoo import models


class B2b2cSourceDelivery(models.AbstractModel):
    """What was delivered without an order happened when it was done."""

    _inherit = "b2b2c.source.delivery"

    _dated_field = "date_done"
