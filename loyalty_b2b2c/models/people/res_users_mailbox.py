from odoo import models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    """Links to a password go to all of several people but those whose mailbox nobody
    proved, see ``res.partner``."""

    _inherit = "res.users"

    def action_reset_password(self):
        """Say who of these people gets no link.

        :raise UserError: nobody of them does
        """
        unproved = self.partner_id._find_loyalty_unproved()
        if unproved and unproved == self.partner_id:
            raise UserError(unproved._word_loyalty_unproved())
        result = super().action_reset_password()
        if unproved and isinstance(result, dict):
            params = result["params"]
            message = f"{params['message']}. {unproved._word_loyalty_unproved()}"
            result["params"] = {**params, "message": message, "sticky": True}
        return result

    def _action_reset_password(self, signup_type="reset"):
        """Leave those out whose mailbox is not proved: a login may be made for them,
        and with others."""
        unproved = self.partner_id._find_loyalty_unproved()
        others = self.filtered(lambda user: user.partner_id not in unproved)
        if not others and unproved:
            return None
        return super(ResUsers, others)._action_reset_password(signup_type=signup_type)
