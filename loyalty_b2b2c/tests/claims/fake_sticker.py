"""A proof of sale of its own in one file: numbered stickers, each counts once."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...models.claims.b2b2c_claim import InsertPart


class FakeSticker(models.Model):
    """A sticker on a product."""

    _module = None
    _name = "b2b2c.fake.sticker"
    _description = "Sticker"

    name = fields.Char(required=True)
    claim_id = fields.Many2one("b2b2c.claim")
    is_void = fields.Boolean()


class FakeClaim(models.Model):
    """Claims proved with a sticker."""

    _module = None
    _inherit = "b2b2c.claim"

    kind = fields.Selection(
        selection_add=[("sticker", "Sticker")], ondelete={"sticker": "cascade"}
    )

    @api.model
    def _get_words(self):
        return {
            **super()._get_words(),
            "sticker_torn": lambda env, p: f"The sticker {p['name']} is torn.",
        }

    @api.model
    def _get_insert_parts(self, sticker=None, **proofs):
        parts = super()._get_insert_parts(**proofs)
        if sticker:
            query = SQL(
                """UPDATE b2b2c_fake_sticker s SET claim_id = claim.id FROM claim
                    WHERE s.id = %s AND s.claim_id IS NULL RETURNING s.id""",
                sticker.id,
            )
            parts.append(InsertPart("sticker", query, 1, "The sticker was used."))
        return parts

    def _retire_proofs(self):
        stickers = self.env["b2b2c.fake.sticker"].search([("claim_id", "in", self.ids)])
        stickers.write({"is_void": True})
        return super()._retire_proofs()
