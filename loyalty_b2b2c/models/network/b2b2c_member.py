from odoo import models


class B2b2cMember(models.Model):
    """What is kept about sales at partners names nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.partner.visit", impersonal=["document_model", "ticket"])
        return texts
