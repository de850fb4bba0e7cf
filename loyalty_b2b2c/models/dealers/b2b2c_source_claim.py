from odoo import models


class B2b2cSourceClaim(models.AbstractModel):
    """A proof of sale is the shop's sale: its purchase is another document."""

    _inherit = "b2b2c.source.claim"

    _is_purchase = False
