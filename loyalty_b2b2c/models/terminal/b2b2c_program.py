from odoo import models


class B2b2cProgram(models.Model):
    """Sales are reported at a counter by who may use the terminal."""

    _inherit = "b2b2c.program"

    def _get_reporting_ways(self):
        ways = super()._get_reporting_ways()
        if not self._counts_kind("sale"):
            return ways
        group = self.env.ref("loyalty_b2b2c.group_terminal").sudo()
        users = group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        if not users:
            return ways
        return [*ways, self.env._("People at the terminal: %s.", len(users))]
