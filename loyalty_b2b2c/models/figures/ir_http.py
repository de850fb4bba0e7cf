from odoo import models


class IrHttp(models.AbstractModel):
    """Who decides on something has the counter of the desk in the menu bar."""

    _inherit = "ir.http"

    def session_info(self):
        decides = self.env.user.has_group("loyalty_b2b2c.group_officer")
        return {**super().session_info(), "b2b2c_decides": decides}
