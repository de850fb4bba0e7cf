from odoo import models


class B2b2cMember(models.Model):
    """Figures name nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.stat.day", impersonal=["document_model"])
        texts.add("b2b2c.stat.range", impersonal=["next_transaction"])
        return texts
