from odoo import fields, models

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    b2b2c_adjust_limit = fields.Float(
        string="Adjustment Limit",
        digits=False,
        default=1000,
        help="What one person corrects within 24 hours beyond this many points "
        "needs the approval of a second person.",
    )
    b2b2c_manager_id = fields.Many2one(
        "res.users",
        string="Loyalty Manager",
        help="Gets a to-do when a document could not be rewarded.",
    )

    b2b2c_terminal_cancel_minutes = fields.Integer(
        string="Cancel Within",
        default=15,
        help="For so many minutes an operator of the terminal can cancel what he "
        "recorded.",
    )
    b2b2c_terminal_max_amount = fields.Monetary(
        string="Most per Operation",
        currency_field="currency_id",
        help="The largest amount of one terminal operation; 0: no limit.",
    )
    b2b2c_terminal_day_operations = fields.Integer(
        string="Operations per Day",
        default=300,
        help="How much one operator of the terminal records on a day; 0: no limit.",
    )
    b2b2c_terminal_day_amount = fields.Monetary(
        string="Amount per Day",
        currency_field="currency_id",
        help="The total amount one operator of the terminal records on a day; "
        "0: no limit.",
    )
    b2b2c_terminal_day_points = fields.Float(
        string="Points per Day",
        digits=False,
        help="The points one operator of the terminal gives on a day; 0: no limit.",
    )
    b2b2c_terminal_lookups = fields.Integer(
        string="Failed Searches per Hour",
        default=30,
        help="After so many searches without a result an operator waits: nobody "
        "tries out phone numbers. 0: no limit.",
    )

    b2b2c_timezone = fields.Selection(
        _tz_get,
        string="Time Zone of Figures",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The dashboards count days and months in this time zone.",
    )

    def write(self, vals):
        """Days change with the time zone: count them again."""
        changed = "b2b2c_timezone" in vals and any(
            company.b2b2c_timezone != vals["b2b2c_timezone"] for company in self
        )
        result = super().write(vals)
        if changed:
            self.env["b2b2c.stat.range"].sudo()._restart()
        return result

    def _get_loyalty_manager(self):
        """Return who is alerted: the chosen manager, else any loyalty manager."""
        self.ensure_one()
        if self.b2b2c_manager_id:
            return self.b2b2c_manager_id
        group = self.env.ref("loyalty_b2b2c.group_manager")
        return group.all_user_ids.filtered(
            lambda user: self in user.company_ids and user.active
        )[:1]
