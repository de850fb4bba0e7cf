from odoo import models


class B2b2cMember(models.Model):
    """What is owed is told by program, and names nobody."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.liability.run", impersonal=["watermark"])
        return texts
