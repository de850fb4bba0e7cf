from odoo import api, fields, models

from ...const import POINTS


class B2b2cReceiptLine(models.Model):
    """A product on a receipt, as read or as put right by a person."""

    _name = "b2b2c.receipt.line"
    _description = "Line of a Receipt"
    _order = "receipt_id, id"

    receipt_id = fields.Many2one(
        "b2b2c.receipt", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="receipt_id.company_id")
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    name = fields.Char(string="On the Receipt")
    gtin = fields.Char(string="Barcode")
    product_id = fields.Many2one("product.product", ondelete="restrict")
    quantity = fields.Float(**POINTS, default=1)
    amount_total = fields.Monetary(string="Amount")
    is_doubtful = fields.Boolean(readonly=True)  # its quantity was not read for sure

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._touch()
        return lines

    def write(self, vals):
        self._touch()
        result = super().write(vals)
        self._touch()  # nor into another receipt
        return result

    def unlink(self):
        self._touch()
        return super().unlink()

    def _touch(self):
        """Check that their receipts wait for review, and note the correction."""
        if not self.env.su:
            for receipt in self.receipt_id:
                # as if the line were written on the receipt itself
                receipt.write({"line_ids": []})
