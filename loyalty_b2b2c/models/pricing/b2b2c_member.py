from odoo import models


class B2b2cMember(models.Model):
    """Reasons that mention a participant, where prices are."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.price.deviation",
            replaced=["reason"],
            impersonal=["document_model", "document_name", "name", "source_key"],
        )
        texts.add(
            "b2b2c.price.exception", replaced=["reason"], impersonal=["order_digest"]
        )
        return texts
