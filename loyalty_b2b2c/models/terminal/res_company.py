from odoo import fields, models

from ...const import STAFF


class ResCompany(models.Model):
    """Limits of the operators of a terminal."""

    _inherit = "res.company"

    b2b2c_terminal_cancel_minutes = fields.Integer(
        string="Cancel Within",
        default=15,
        help="For so many minutes an operator of the terminal can cancel what he "
        "recorded.",
        groups=STAFF,
    )
    b2b2c_terminal_max_amount = fields.Monetary(
        string="Most per Operation",
        currency_field="currency_id",
        help="The largest amount of one terminal operation; 0: no limit.",
        groups=STAFF,
    )
    b2b2c_terminal_day_operations = fields.Integer(
        string="Operations per Day",
        default=300,
        help="How much one operator of the terminal records on a day; 0: no limit.",
        groups=STAFF,
    )
    b2b2c_terminal_day_amount = fields.Monetary(
        string="Amount per Day",
        currency_field="currency_id",
        help="The total amount one operator of the terminal records on a day; "
        "0: no limit.",
        groups=STAFF,
    )
    b2b2c_terminal_day_points = fields.Float(
        string="Points per Day",
        digits=False,
        help="The points one operator of the terminal gives on a day; 0: no limit.",
        groups=STAFF,
    )
    b2b2c_terminal_lookups = fields.Integer(
        string="Failed Searches per Hour",
        default=30,
        help="After so many searches without a result an operator waits: nobody "
        "tries out phone numbers. 0: no limit.",
        groups=STAFF,
    )
