from odoo import models


class B2b2cMember(models.Model):
    """The question why somebody did, or did not, get points."""

    _inherit = "b2b2c.member"

    def action_why(self):
        """Ask why this person did, or did not, get points for a document."""
        self.ensure_one()
        return self.env["b2b2c.why"]._open(member=self)

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.event",
            replaced=["reason"],
            impersonal=["source_model", "transaction_ref"],
            mine=person.is_about("source_model", "source_id"),
        )
        return texts
