import base64

from odoo import fields, models
from odoo.exceptions import UserError


class B2b2cSealCheck(models.TransientModel):
    """Compares a statement that an auditor kept with the seals there are now."""

    _name = "b2b2c.seal.check"
    _description = "Check a Statement about Seals"
    _inherit = "b2b2c.dialog"

    file = fields.Binary(string="File of the Statement", attachment=False)
    file_name = fields.Char()

    def action_check(self):
        """Say whether the seal is still the one that was stated.

        :raise UserError: there is no file, or it is no statement of this company
        """
        self.ensure_one()
        try:
            text = base64.b64decode(self.file or b"").decode()
        except ValueError:
            raise UserError(
                self.env._("This file is no statement about seals.")
            ) from None
        is_same, words = self.env["b2b2c.seal.head"]._compare(text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_same else "danger",
                "sticky": True,
                "message": words,
            },
        }
