from decimal import Decimal

from odoo import fields, models


class B2b2cRedemption(models.Model):
    """A request that the system made, as a program grants the reward."""

    _inherit = "b2b2c.redemption"

    grant_id = fields.Many2one(
        "b2b2c.grant", readonly=True, ondelete="restrict", string="Granted"
    )
    grant_reason = fields.Char(related="grant_id.reason", string="What For")

    _grant_once = models.UniqueIndex(
        "(grant_id) WHERE grant_id IS NOT NULL", "This was given already."
    )

    def _get_news(self, points=None):
        """Say nothing of points: the participant did not spend them, and whose sale was
        undone does not have them again."""
        news = super()._get_news(points)
        if self.grant_id:
            news["points"] = Decimal(0)
        return news
