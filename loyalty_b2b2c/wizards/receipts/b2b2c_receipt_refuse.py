from odoo import fields, models

from ...models.people.authority import decides
from ...models.receipts.b2b2c_receipt_review import REFUSALS


class B2b2cReceiptRefuse(models.TransientModel):
    """Asks why a receipt is refused: the participant reads it."""

    _name = "b2b2c.receipt.refuse"
    _description = "Refuse a Receipt"

    receipt_id = fields.Many2one("b2b2c.receipt", required=True, ondelete="cascade")
    reason = fields.Selection(REFUSALS, required=True, default=REFUSALS[0][0])
    note = fields.Char(help="The participant reads it.")

    @decides("receipt_id.submitter_id", "receipt_id.partner_id")
    def action_refuse(self):
        """Refuse the receipt.

        :return: a short message, and then the next receipt that waits
        """
        self.ensure_one()
        receipt = self.receipt_id._check_reviewer()
        receipt._refuse(self.reason, self.env.user, self.note or None)
        text = self.env._("%s: refused.", receipt.display_name)
        return self.receipt_id._open_next(text)
