from odoo import models


class B2b2cMember(models.Model):
    """Which tickets a participant showed a card for, or named afterwards."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        rows = self.env["b2b2c.till.buyer"].search([("member_id", "in", self.ids)])
        shown = self._to_rows(rows, ("pos_order_id", "way", "named_at"))
        return {**super()._get_personal_data(), "tickets": shown}
