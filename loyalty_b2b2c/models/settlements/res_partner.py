from odoo import fields, models


class ResPartner(models.Model):
    """When a shop is open, for people who look where to go."""

    _inherit = "res.partner"

    b2b2c_opening_hours = fields.Char(
        string="Opening Hours",
        translate=True,
        help="As people read it on the map of shops: “Mon–Fri 9–18, Sat 10–15”.",
    )
