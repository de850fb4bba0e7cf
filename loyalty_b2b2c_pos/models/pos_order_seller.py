from odoo import fields, models


class PosOrder(models.Model):
    """Who sold, where that is not who stands at the till."""

    _inherit = "pos.order"

    # what a client says, see till_people; a till loads it and sends it back
    b2b2c_seller_token = fields.Char(copy=False)
