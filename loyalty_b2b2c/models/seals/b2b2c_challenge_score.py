from odoo import models

from ...engine.seals import Shape


class B2b2cChallengeScore(models.Model):
    """A book: what the scores of challenges were counted from."""

    _name = "b2b2c.challenge.score"
    _inherit = ["b2b2c.sealed", "b2b2c.challenge.score"]

    _sealed_shapes = {
        1: Shape(
            1,
            (
                "id", "feed_position", "company_id", "challenge_id", "round_id",
                "member_id", "occurred_at", "delta", "document_model", "document_id",
                "document_name", "line_key", "source_key", "learned_at", "recorded_at",
            ),
        )
    }  # fmt: skip
