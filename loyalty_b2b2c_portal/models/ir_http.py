from odoo import models

from odoo.addons.loyalty_b2b2c.engine import product_code

from ..addresses import HOME, OPEN_PICTURES, PRIVATE


class IrHttp(models.AbstractModel):
    """The pages that are drawn in the browser are so in the person's language; nobody
    keeps a page about a person or with a token."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [
            *super()._get_translation_frontend_modules_name(),
            "loyalty_b2b2c_portal",
        ]

    @classmethod
    def _b2b2c_is_private(cls, path):
        return path in HOME or super()._b2b2c_is_private(path)

    @classmethod
    def _b2b2c_shows_goods(cls, path):
        return bool(OPEN_PICTURES.fullmatch(path)) or super()._b2b2c_shows_goods(path)

    @classmethod
    def _b2b2c_get_private_paths(cls):
        codes = (product_code.PATH, "/01/")
        return (*super()._b2b2c_get_private_paths(), *PRIVATE, *codes)
