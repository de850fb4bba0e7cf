from odoo import models

from ...engine import to_decimal


class B2b2cLadderStanding(models.Model):
    """Other systems hear which tier a dealer has."""

    _inherit = "b2b2c.ladder.standing"

    def _log_change(self, reason, tier, contract, before=None):
        result = super()._log_change(reason, tier, contract, before)
        left = before if before is not None else self.tier_id
        head = self.head_id or self
        self.env["b2b2c.webhook.fact"]._publish(
            "tiers",
            self.company_id,
            self.partner_id,
            {
                "ladder": self.ladder_id.name,
                "dealer": self.partner_id.ref or None,
                "reason": reason,
                "from_tier": left.name or None,
                "tier": tier.name or None,
                "volume": to_decimal(head.volume),
            },
        )
        return result
