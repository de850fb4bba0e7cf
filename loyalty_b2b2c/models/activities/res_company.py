from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """How long photos and videos of tasks are kept, and how much a person may send."""

    _inherit = "res.company"

    b2b2c_activity_keep_days = fields.Integer(
        string="Keep Photos and Videos of Tasks",
        default=180,
        help="They are deleted so many days after the decision, which stays; 0: they "
        "are kept.",
        groups=STAFF,
    )
    b2b2c_activity_day_megabytes = fields.Integer(
        string="Videos per Participant and Day, MB",
        default=1000,
        help="0: no limit.",
        groups=STAFF,
    )
