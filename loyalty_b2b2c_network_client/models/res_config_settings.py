from odoo import fields, models
from odoo.exceptions import UserError

from .network_client import Refused, Unreachable


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b2c_network_url = fields.Char(
        related="company_id.b2b2c_network_url", readonly=False
    )
    b2b2c_network_key = fields.Char(
        related="company_id.b2b2c_network_key", readonly=False
    )

    def action_b2b2c_network_test(self):
        """Ask the network for somebody whom nobody knows: it has to say so."""
        self.ensure_one()
        client = self.company_id._b2b2c_get_network()
        try:
            client.post("/members/shown", {"code": "connection-test"})
        except Unreachable as error:
            raise UserError(
                self.env._("The network cannot be reached: %s.", error)
            ) from None
        except Refused as error:
            if error.code != "unknown_member":
                raise UserError(str(error)) from None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The network knows this key."),
            },
        }
