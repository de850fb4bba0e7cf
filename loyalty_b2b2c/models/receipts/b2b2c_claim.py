from odoo import api, fields, models
from odoo.exceptions import UserError

from . import receipt_words


class B2b2cClaim(models.Model):
    """Proofs of sale with a photo are decided where the photo is."""

    _inherit = "b2b2c.claim"

    kind = fields.Selection(
        selection_add=[("receipt", "Receipt"), ("tax_stamp", "Tax stamp")],
        ondelete={"receipt": "cascade", "tax_stamp": "cascade"},
    )
    receipt_ids = fields.One2many("b2b2c.receipt", "claim_id", readonly=True)

    def _erase_person(self):
        """Delete the photos and what was read on them; refuse with the receipt."""
        receipts = self.env["b2b2c.receipt"].search([("claim_id", "in", self.ids)])
        for receipt in receipts:
            if receipt.state in ("draft", "review"):
                receipt._refuse("by_person", None)
        receipts.page_ids.image = False
        receipts.filtered("seen").seen = False
        receipts.filtered(lambda r: r.read_state in ("waiting", "reading")).write(
            {"read_state": "failed"}
        )
        return super()._erase_person()

    @api.model
    def _get_words(self):
        return {**super()._get_words(), **receipt_words.WORDS}

    @api.model
    def _get_desk_kinds(self):
        return [*super()._get_desk_kinds(), "receipt", "tax_stamp"]

    def action_open_receipt(self):
        """Open the receipt itself: the picture beside what was read."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.receipt",
            "res_id": self.receipt_ids[:1].id,
            "views": [(False, "form")],
        }

    def action_accept(self):
        """Accept claims (officers), receipts with all that is checked about them."""
        photos = self.filtered(lambda claim: claim.sudo().receipt_ids)
        for claim in photos:
            claim.receipt_ids.action_approve()
        return super(B2b2cClaim, self - photos).action_accept()

    def action_refuse(self):
        """Refuse claims (officers); who refuses a photo says why."""
        if any(claim.receipt_ids for claim in self.sudo()):
            raise UserError(self.env._("Open the receipt to refuse it with a reason."))
        return super().action_refuse()
