from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """Where goods go that are given as a reward."""

    _inherit = "res.company"

    b2b2c_goods_location_id = fields.Many2one(
        "stock.location",
        "Rewards Location",
        domain="[('usage', '=', 'customer')]",
        groups=STAFF,
        help="A location below “Customers”. With a stock valuation account of its own "
        "what rewards cost is booked to that account. Empty: the customer's location.",
    )
