from odoo import models

_PAYOUT = (
    "name", "requested_at", "amount", "currency_id", "state", "account_text", "holder",
    "tax_number", "approved_at", "ordered_at", "paid_at", "paid_amount", "reason",
)  # fmt: skip
#: What is the person's, and no number of the books.
_FORGOTTEN = (
    "account_digest", "account_text", "code_hash", "holder", "tax_number",
)  # fmt: skip


class B2b2cMember(models.Model):
    """Money that was paid to a participant."""

    _inherit = "b2b2c.member"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        return {
            **super()._get_personal_data(),
            "payouts": self._to_rows(self._get_payouts(), _PAYOUT),
        }

    def _get_personal_records(self):
        return [*super()._get_personal_records(), self._get_payouts()]

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.payout",
            replaced=["reason"],
            cleared=[*_FORGOTTEN],
            impersonal=["name"],
            mine=person.is_mine("member_id", self.ids),
        )
        texts.add(
            "b2b2c.payout.batch", cleared=["file"], impersonal=["name", "file_name"]
        )
        return texts

    def _erase_personal_data(self, person):
        """Forget where the money went, and the bank files that say it; what was booked
        and paid stays in the books.

        What is not ordered yet is called off with its request; what is on its way has
        to arrive, or come back, before.
        """
        result = super()._erase_personal_data(person)
        payouts = self._get_payouts()
        payouts.write(dict.fromkeys(_FORGOTTEN, False))
        payouts.batch_id.write({"file": False})
        return result

    def _get_payouts(self):
        return self.env["b2b2c.payout"].search([("member_id", "in", self.ids)])
