from odoo import models


class IrHttp(models.AbstractModel):
    """The pages that are drawn in the browser are so in the person's language."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [
            *super()._get_translation_frontend_modules_name(),
            "loyalty_b2b2c_portal",
        ]
