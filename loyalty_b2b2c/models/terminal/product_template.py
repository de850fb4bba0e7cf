from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    b2b2c_terminal_ok = fields.Boolean(
        string="Terminal",
        help="Operators of the loyalty terminal can name this product.",
    )
