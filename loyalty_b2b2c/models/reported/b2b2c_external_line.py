from odoo import fields, models

from ...const import POINTS


class B2b2cExternalLine(models.Model):
    """A line of a reported document: a product, or only an amount."""

    _name = "b2b2c.external.line"
    _description = "Line of a Reported Document"
    _order = "id"

    document_id = fields.Many2one(
        "b2b2c.external.document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="document_id.company_id")
    currency_id = fields.Many2one(related="document_id.currency_id")
    name = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    product_uom_id = fields.Many2one("uom.uom", readonly=True, ondelete="restrict")
    # exact, as reported: any number of decimals
    quantity = fields.Float(**POINTS, readonly=True)
    amount_untaxed = fields.Float(**POINTS, readonly=True)
    amount_total = fields.Float(**POINTS, readonly=True)
