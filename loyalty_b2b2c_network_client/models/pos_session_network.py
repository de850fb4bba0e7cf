from odoo import models
from odoo.exceptions import AccessError, UserError

from .network_client import Refused, Unreachable


class PosSession(models.Model):
    """How a till asks the network: who may, and what no answer means."""

    _inherit = "pos.session"

    def _b2b2c_check_cashier(self):
        """Let nobody ask but who works at this till, before anything is read.

        :raise AccessError: the caller does not
        """
        self.ensure_one()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only who works at a till asks for points."))
        self.check_access("read")

    def _b2b2c_ask(self, path, body):
        """Ask the network.

        :raise AccessError: the caller does not work at this till
        """
        self._b2b2c_check_cashier()
        if self.state not in ("opening_control", "opened"):
            return {"refused": self.env._("The session is closed.")}
        try:
            return self.company_id._b2b2c_get_network().post(path, body)
        except Refused as error:
            return {"refused": str(error), "code": error.code}
        except Unreachable:
            return {
                "unreachable": True,
                "refused": self.env._(
                    "The network does not answer: points cannot be spent now. The sale "
                    "can be paid otherwise, and is reported later."
                ),
            }
        except UserError as error:
            return {"refused": error.args[0]}
