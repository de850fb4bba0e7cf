from odoo import api, models


class B2b2cMember(models.Model):
    """Seals name nobody: they hold numbers and digests."""

    _inherit = "b2b2c.member"

    @api.model
    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.seal",
            impersonal=[
                "block_hash", "book", "first_place", "last_place", "leaves",
                "previous_hash", "root",
            ],
        )  # fmt: skip
        texts.add(
            "b2b2c.seal.head",
            impersonal=[
                "block_hash",
                "public_key",
                "signature",
                "time_stamp",
                "statement",
            ],
        )
        return texts
