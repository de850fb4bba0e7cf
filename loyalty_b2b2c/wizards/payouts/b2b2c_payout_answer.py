import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.people.authority import decides


class B2b2cPayoutAnswer(models.TransientModel):
    """Takes what the bank answered to a bank file."""

    _name = "b2b2c.payout.answer"
    _description = "Answer of the Bank"
    _inherit = "b2b2c.dialog"

    batch_id = fields.Many2one("b2b2c.payout.batch", required=True, ondelete="cascade")
    file = fields.Binary("File of the Bank", attachment=False)
    file_name = fields.Char()
    result = fields.Text(readonly=True)

    @decides("batch_id.payout_ids.member_id")
    def action_read(self):
        """Let the payouts of the file follow what the bank says."""
        self.ensure_one()
        self.batch_id.payout_ids._check_manager()
        try:
            content = base64.b64decode(self.file or b"", validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            raise UserError(self.env._("Choose the file first."))
        lines = self.batch_id.sudo()._read_answer(content, self.env.user)
        self.write({"result": "\n".join(lines), "file": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of the Bank"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
