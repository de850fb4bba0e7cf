from odoo import models


class B2b2cMember(models.Model):
    """Where rewards were sent is among a person's data."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        pickings = self.redemption_ids.picking_ids
        return {
            **super()._get_personal_data(),
            "reward_deliveries": self._to_rows(
                pickings, ("name", "partner_id", "origin", "date_done", "state")
            ),
        }
