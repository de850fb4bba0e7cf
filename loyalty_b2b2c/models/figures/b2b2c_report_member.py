from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL


class B2b2cReportMember(models.Model):
    """Figures of participants and of the companies and shops they work for."""

    _name = "b2b2c.report.member"
    _description = "Participant Figures"
    _inherit = "b2b2c.report"
    _auto = False

    _stat = "b2b2c.stat.account"

    account_id = fields.Many2one("b2b2c.account", readonly=True)
    member_id = fields.Many2one("b2b2c.member", readonly=True, string="Participant")
    employer_id = fields.Many2one(
        "res.partner", readonly=True, string="Company or Shop"
    )
    role = fields.Selection(
        selection=lambda self: self.env["b2b2c.role"]._get_role_selection(),
        readonly=True,
    )
    day = fields.Date(string="Month")

    def _get_more_columns(self):
        return SQL("m.id AS member_id, m.employer_id, m.role,")

    def _get_more_joins(self):
        return SQL(
            """
            JOIN b2b2c_account a ON a.id = s.account_id
            JOIN b2b2c_member m ON m.id = a.member_id
            """
        )

    def _get_place(self):
        return ("account_id",), self.day + relativedelta(months=1)
