from odoo import models


class B2b2cMember(models.Model):
    """What operators of a terminal wrote about a participant."""

    _inherit = "b2b2c.member"

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        # the other texts are of the operator, not of the participant
        texts.add(
            "b2b2c.terminal.operation",
            replaced=["cancel_reason"],
            impersonal=["device", "ip", "points_text", "reference", "request_key"],
            mine=person.is_mine("member_id", self.ids),
        )
        return texts
