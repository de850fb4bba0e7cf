from odoo import models

_CLAIM = (
    "kind", "reference", "occurred_at", "state", "reason_code", "note", "address",
)  # fmt: skip


class B2b2cMember(models.Model):
    """What a participant claimed."""

    _inherit = "b2b2c.member"

    def _get_claims(self):
        """Return the proofs of sale of these participants."""
        source = self.env["b2b2c.source.claim"]
        return self.env["b2b2c.claim"].search(source._get_personal_domain(self))

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        data = super()._get_personal_data()
        return {**data, "claims": self._to_rows(self._get_claims(), _CLAIM)}

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.claim",
            replaced=["note"],
            cleared=["address"],
            impersonal=[
                "findings", "proof_key", "reason_code", "reference", "request_key",
            ],
            mine=person.is_mine("submitter_id", self.ids),
        )  # fmt: skip
        texts.add(
            "b2b2c.claim.line",
            replaced=["name"],
            mine=person.is_mine("claim_id", person.documents["b2b2c.claim"]),
        )
        return texts

    def _erase_personal_data(self, person):
        result = super()._erase_personal_data(person)
        claims = self.env["b2b2c.claim"].browse(person.documents["b2b2c.claim"])
        claims._erase_person()
        return result
