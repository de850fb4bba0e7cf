from odoo import models

from ...engine.seals import Shape


class B2b2cVolumeEntry(models.Model):
    """A book: what dealers' volume was counted from."""

    _name = "b2b2c.volume.entry"
    _inherit = ["b2b2c.sealed", "b2b2c.volume.entry"]

    _sealed_shapes = {
        1: Shape(
            1,
            (
                "id", "feed_position", "company_id", "ladder_id", "standing_id", "day",
                "value", "document_model", "document_id", "document_name", "line_key",
                "source_key", "recorded_at",
            ),
        )
    }  # fmt: skip
