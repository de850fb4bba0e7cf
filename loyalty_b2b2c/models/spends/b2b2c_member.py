from odoo import models

_SPEND = ("name", "held_at", "amount", "points", "amount_back", "points_back", "state")


class B2b2cMember(models.Model):
    """What a participant paid with points at counters."""

    _inherit = "b2b2c.member"

    def _get_spends(self):
        """Return the payments with points of these participants (sudo)."""
        spends = self.env["b2b2c.spend"].sudo()
        return spends.search([("account_id", "in", self.sudo().account_ids.ids)])

    def _get_personal_data(self):
        data = super()._get_personal_data()
        return {
            **data,
            "payments_with_points": self._to_rows(self._get_spends(), _SPEND),
        }

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self._get_spends()]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.spend",
            impersonal=["name", "key", "document_model"],
            mine=person.is_mine("account_id", self.account_ids.ids),
        )
        texts.add("b2b2c.spend.back", impersonal=["key"])
        texts.add(
            "b2b2c.spend.incident", impersonal=["key"], replaced=["sentence", "note"]
        )
        texts.add(
            "b2b2c.spend.proof", cleared=["pin_hash", "code_hash"], is_deleted=True
        )
        return texts

    def _erase_personal_data(self, person):
        """Free what waits for sales, and forget the PIN."""
        self._get_spends()._release()
        proofs = self.env["b2b2c.spend.proof"].sudo()
        proofs.search([("member_id", "in", self.ids)]).unlink()
        return super()._erase_personal_data(person)
