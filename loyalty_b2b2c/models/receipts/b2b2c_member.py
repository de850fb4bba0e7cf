from odoo import models
from odoo.tools import SQL

_RECEIPT = ("kind", "number", "issued_on", "amount_total", "state")


class B2b2cMember(models.Model):
    """What a participant handed in as receipts."""

    _inherit = "b2b2c.member"

    # === PERSONAL DATA === #

    def _get_personal_data(self):
        receipts = self.env["b2b2c.receipt"].search(
            [("claim_id.submitter_id", "in", self.ids)]
        )
        data = super()._get_personal_data()
        return {**data, "receipts": self._to_rows(receipts, _RECEIPT)}

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add(
            "b2b2c.receipt",
            cleared=["seen"],
            impersonal=[
                "doubts", "fiscal_number", "issued_time", "number", "register_number",
                "serial", "upload_hash",
            ],
        )  # fmt: skip
        texts.add("b2b2c.receipt.key", impersonal=["key"])
        texts.add(
            "b2b2c.receipt.line",
            replaced=["name"],
            impersonal=["gtin"],
            mine=SQL(
                "t.receipt_id IN (SELECT id FROM b2b2c_receipt"
                " WHERE claim_id = ANY(%s))",
                list(person.documents["b2b2c.claim"]),
            ),
        )
        texts.add("b2b2c.receipt.word", impersonal=["shop", "shop_key", "wording"])
        texts.add("b2b2c.receipt.page", cleared=["image"], impersonal=["fingerprint"])
        return texts
