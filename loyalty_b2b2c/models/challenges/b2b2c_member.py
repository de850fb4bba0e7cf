from odoo import models

_ENTRY = ("joined_at", "challenge_id", "state", "reason")
_RESULT = ("challenge_id", "rank", "score", "points")
_SCORE = ("occurred_at", "challenge_id", "document_name", "delta")
_AWARD = ("create_date", "challenge_id", "points", "reason", "state")


class B2b2cMember(models.Model):
    """What a participant took on and won."""

    _inherit = "b2b2c.member"

    def _has_account(self):
        """Scores belong to a person at a shop as points do."""
        scores = self.env["b2b2c.challenge.score"].sudo()
        return super()._has_account() or bool(
            scores.search_count([("member_id", "=", self.id)], limit=1)
        )

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        own = [("member_id", "in", self.ids)]
        entries = self.env["b2b2c.challenge.entry"].search(own, order="id")
        results = self.env["b2b2c.challenge.result"].search(own, order="id")
        scores = self.env["b2b2c.challenge.score"].search(own, order="id")
        awards = self.env["b2b2c.challenge.award"].search(own, order="id")
        return {
            **super()._get_personal_data(),
            "challenges": self._to_rows(entries, _ENTRY),
            "challenge_scores": self._to_rows(scores, _SCORE),
            "challenge_results": self._to_rows(results, _RESULT),
            "challenge_prizes": self._to_rows(awards, _AWARD),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.challenge", impersonal=["name", "description"])
        texts.add("b2b2c.challenge", impersonal=["product_domain", "cancel_reason"])
        texts.add(
            "b2b2c.challenge.round", impersonal=["seed", "digest", "folded_people"]
        )
        texts.add("b2b2c.challenge.entry", replaced=["reason"])
        texts.add("b2b2c.challenge.result", impersonal=["division", "wins"])
        texts.add("b2b2c.challenge.standing", impersonal=["division"])
        texts.add(
            "b2b2c.challenge.score",
            impersonal=["document_model", "document_name", "line_key", "source_key"],
        )
        texts.add("b2b2c.challenge.recount", replaced=["reason"])
        texts.add("b2b2c.challenge.award", impersonal=["key"])
        texts.add("b2b2c.challenge.award", replaced=["reason", "taken_reason"])
        return texts
