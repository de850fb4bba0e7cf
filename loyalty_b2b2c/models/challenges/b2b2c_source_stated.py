from odoo import models


class B2b2cSourceStated(models.AbstractModel):
    """Who states a sale says when it was."""

    _inherit = "b2b2c.source.stated"

    _dated_field = "occurred_at"
