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
