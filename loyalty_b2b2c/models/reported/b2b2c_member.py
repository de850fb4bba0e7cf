from odoo import models


class B2b2cMember(models.Model):
    """What was reported about a participant."""

    _inherit = "b2b2c.member"

    def _get_reported(self):
        """Return the reported documents that name these participants."""
        source = self.env["b2b2c.source.external"]
        return self.env["b2b2c.external.document"].search(
            source._get_personal_domain(self)
        )

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        return {
            **super()._get_personal_data(),
            "reported_documents": self._to_rows(
                self._get_reported(),
                ("document_type", "reference", "occurred_at", "amount_total", "note"),
            ),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        reported = person.documents["b2b2c.external.document"]
        texts.add(
            "b2b2c.external.document",
            replaced=["note", "cancel_reason"],
            impersonal=["content_hash", "event_code", "reference", "reference_key"],
            mine=person.is_mine("id", reported),
        )
        texts.add("b2b2c.reported.day", impersonal=["scope"])
        texts.add(
            "b2b2c.external.line",
            replaced=["name"],
            mine=person.is_mine("document_id", reported),
        )
        return texts
