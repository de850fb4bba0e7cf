from odoo import models


class B2b2cMember(models.Model):
    """What a counter that is not ours is told of a participant, and what is kept."""

    _inherit = "b2b2c.member"

    def _get_masked_name(self):
        """Return as much of the name as it takes to serve somebody: "Olena K."."""
        self.ensure_one()
        first, *others = (self.name or "").split() or [""]
        return " ".join([first, *(f"{name[0]}." for name in others[-1:])])

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.partner.visit", impersonal=["document_model", "ticket"])
        return texts
