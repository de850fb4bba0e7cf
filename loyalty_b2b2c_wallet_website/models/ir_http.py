from odoo import models


class IrHttp(models.AbstractModel):
    """The cart says how many points somebody has: nobody keeps it."""

    _inherit = "ir.http"

    @classmethod
    def _b2b2c_get_private_paths(cls):
        return (*super()._b2b2c_get_private_paths(), "/shop/cart")
