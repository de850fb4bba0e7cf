from odoo import models


class B2b2cWhy(models.TransientModel):
    """Who recommended belongs to no customer: why such a person got nothing."""

    _inherit = "b2b2c.why"

    def _describe_candidate(self, document, member, mine, preview):
        if not (mine or preview.problem):
            uses, people = self.env["b2b2c.referral.use"], self._get_family(member)
            words = uses._word_why_not(document, people)
            if words:
                return words
        return super()._describe_candidate(document, member, mine, preview)
