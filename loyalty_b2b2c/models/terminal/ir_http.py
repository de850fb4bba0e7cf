from odoo import models


class IrHttp(models.AbstractModel):
    """Lets people of the counter land on the terminal when they log in."""

    _inherit = "ir.http"

    def session_info(self):
        """Return what a web client needs to start, with the terminal as its home."""
        info = super().session_info()
        user = self.env.user
        if (
            not info.get("home_action_id")
            and user._is_internal()
            and user._is_terminal_only()
        ):
            info["home_action_id"] = self.env.ref(
                "loyalty_b2b2c.b2b2c_terminal_action"
            ).id
        return info
