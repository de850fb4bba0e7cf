from odoo import models

from ...engine import to_decimal


class B2b2cRedemption(models.Model):
    """Other systems hear of requests for rewards, and what became of them."""

    _inherit = "b2b2c.redemption"

    def _insert(self, offer, request_key, values):
        request = super()._insert(offer, request_key, values)
        if request:
            request._publish()
        return request

    def _move_to(self, state, user, note=None, left="requested"):
        moved = super()._move_to(state, user, note=note, left=left)
        if moved:
            self._publish()
        return moved

    def _publish(self):
        """Tell where this request stands."""
        member = self.member_id
        self.env["b2b2c.webhook.fact"]._publish(
            "requests",
            self.company_id,
            member.employer_id,
            {
                "request": self.name,
                "state": self.state,
                "member_id": member.id,
                "reward": self.reward_id.name,
                "quantity": self.quantity,
                "unit": self.account_id.unit_id.name,
                "points": to_decimal(self.points),
            },
        )
