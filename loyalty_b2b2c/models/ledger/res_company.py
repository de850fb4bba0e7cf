from odoo import fields, models


class ResCompany(models.Model):
    """How much one person corrects alone."""

    _inherit = "res.company"

    b2b2c_adjust_limit = fields.Float(
        string="Adjustment Limit",
        digits=False,
        default=1000,
        help="What one person corrects, transfers or reverses by hand on a day beyond "
        "this many points of a unit needs the approval of a second person.",
    )
