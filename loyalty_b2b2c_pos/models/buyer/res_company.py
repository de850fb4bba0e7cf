from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b2c_ticket_days = fields.Integer(
        string="Tickets Named Afterwards",
        required=True,
        default=14,
        groups="loyalty_b2b2c.group_user",
        help="Who forgot the card names the ticket on the portal within so many days. "
        "0: nobody can.",
    )

    _b2b2c_ticket_days_positive = models.Constraint(
        "CHECK (b2b2c_ticket_days >= 0)", "Enter a number of days, or 0."
    )
