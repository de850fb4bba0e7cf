from odoo import fields, models

from ...const import STAFF


class StockReference(models.Model):
    """Adapter: what holds the moves together that deliver a reward."""

    _inherit = "stock.reference"

    b2b2c_redemption_ids = fields.One2many(
        "b2b2c.redemption", "reference_id", "Reward Requests", groups=STAFF
    )
