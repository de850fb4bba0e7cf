from odoo import models


class B2b2cMember(models.Model):
    """What other systems told about a participant, and were answered."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.api.answer",
            replaced=["body"],
            impersonal=["fingerprint", "idempotency_key"],
        )
        texts.add("b2b2c.api.key", impersonal=["name", "prefix", "secret_hash"])
        return texts
