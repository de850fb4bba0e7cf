from odoo import models


class B2b2cMember(models.Model):
    """Reasons that mention a participant, where dealers are."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.ladder", impersonal=["name", "product_domain"])
        texts.add("b2b2c.ladder.tier", impersonal=["name"])
        texts.add("b2b2c.ladder.contract", replaced=["reason"])
        texts.add(
            "b2b2c.volume.entry",
            impersonal=["document_model", "document_name", "line_key", "source_key"],
        )
        return texts
