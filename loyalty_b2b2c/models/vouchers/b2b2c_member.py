from odoo import models

_VOUCHER = ("pool_id", "state", "expires_on", "given_at", "shown_at")
_SHOWING = ("pool_id", "shown_at")


class B2b2cMember(models.Model):
    """Which vouchers a participant got, and when they were looked at."""

    _inherit = "b2b2c.member"

    def _get_personal_data(self):
        requests = self.redemption_ids
        return {
            **super()._get_personal_data(),
            "vouchers": self._to_rows(requests.voucher_ids, _VOUCHER),
            "vouchers_shown": self._to_rows(requests.voucher_showing_ids, _SHOWING),
        }

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.voucher.pool",
            impersonal=[
                "family", "image_1920", "instructions", "link", "name", "seal",
                "shared_code",
            ],
        )  # fmt: skip
        texts.add(
            "b2b2c.voucher",
            impersonal=["code_index", "code_sealed", "shape_index", "tail"],
        )
        texts.add(
            "b2b2c.voucher.import",
            impersonal=["content", "left_out", "name", "problem"],
        )
        texts.add("b2b2c.voucher.key", impersonal=["wrapped"])
        return texts
