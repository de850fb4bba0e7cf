from odoo import models


class B2b2cMember(models.Model):
    """What other systems were told about a participant."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.webhook", impersonal=["name", "url", "salt", "problem"])
        texts.add("b2b2c.webhook.stream", impersonal=["cursor"])
        texts.add("b2b2c.webhook.fact", impersonal=["kind", "payload"])
        return texts
