from odoo import models

from ...engine.seals import Shape


class B2b2cLadderChange(models.Model):
    """A book: which tier dealers got, and with which figures."""

    _name = "b2b2c.ladder.change"
    _inherit = ["b2b2c.sealed", "b2b2c.ladder.change"]

    _sealed_shapes = {
        1: Shape(
            1,
            (
                "id", "feed_position", "company_id", "standing_id", "ladder_id",
                "reason", "from_tier_id", "tier_id", "volume_tier_id", "contract_id",
                "volume", "window_from", "window_to", "effective_at",
            ),
        )
    }  # fmt: skip
    _sealed_time = "effective_at"
