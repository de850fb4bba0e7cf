from odoo import models


class B2b2cMember(models.Model):
    """What of recommendations is about a person, and what is forgotten with it."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.referral.campaign", impersonal=["name", "offer"])
        texts.add("b2b2c.referral.link", cleared=["code", "key", "shown_name"])
        return texts
