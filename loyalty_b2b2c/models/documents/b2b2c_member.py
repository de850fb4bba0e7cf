from odoo import models


class B2b2cMember(models.Model):
    """Texts of documents that name nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.unnamed.return", impersonal=["document_model", "sale_model"])
        return texts
