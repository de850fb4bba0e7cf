from odoo import models
from odoo.fields import Domain

from ..base.rows import delete_rows

_PROOF = ("passed_at", "challenge_id", "score", "valid_until", "state", "reason")
_PRESENTATION = ("starts_at", "name", "place", "attendee_count", "state")
_ATTENDED = ("confirmed_at", "presentation_id")


class B2b2cMember(models.Model):
    """What a participant learned, presented and attended."""

    _inherit = "b2b2c.member"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        own = Domain("member_id", "in", self.ids)
        proofs = self.env["b2b2c.training.proof"].search(own, order="id")
        held = self.env["b2b2c.presentation"].search(own, order="id")
        attended = self.env["b2b2c.presentation.attendee"].search(own, order="id")
        return {
            **super()._get_personal_data(),
            "trainings": self._to_rows(proofs, _PROOF),
            "presentations_held": self._to_rows(held, _PRESENTATION),
            "presentations_attended": self._to_rows(attended, _ATTENDED),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.training.attempt", is_deleted=True)
        texts.add("b2b2c.training.proof", impersonal=["res_model", "period"])
        texts.add("b2b2c.training.proof", replaced=["reason"])
        texts.add(
            "b2b2c.presentation",
            replaced=["name", "place"],
            cleared=["photo"],
            impersonal=["photo_digest", "problem", "token"],
        )
        texts.add("b2b2c.challenge", impersonal=["training_content"])
        return texts

    def _erase_personal_data(self, person):
        """Forget the photos a person took, and what is only kept to judge."""
        result = super()._erase_personal_data(person)
        own = self.env["b2b2c.presentation"].search([("member_id", "in", self.ids)])
        own.write({"photo": False})
        attempts = self.env["b2b2c.training.attempt"]
        delete_rows(attempts, "member_id", self)
        delete_rows(attempts, "partner_id", person.partners)
        return result
