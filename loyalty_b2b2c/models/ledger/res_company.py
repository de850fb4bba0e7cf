from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """How much one person corrects alone."""

    _inherit = "res.company"

    b2b2c_adjust_limit = fields.Float(
        string="Adjustment Limit",
        digits=False,
        default=1000,
        help="What one person corrects within 24 hours beyond this many points "
        "needs the approval of a second person.",
        groups=STAFF,
    )
