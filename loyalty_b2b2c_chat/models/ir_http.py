from odoo import models


class IrHttp(models.AbstractModel):
    """Nobody keeps what messengers send, or the page within them."""

    _inherit = "ir.http"

    @classmethod
    def _b2b2c_get_private_paths(cls):
        return (*super()._b2b2c_get_private_paths(), "/b2b2c/chat")
