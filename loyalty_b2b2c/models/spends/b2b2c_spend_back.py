from odoo import fields, models


class B2b2cSpendBack(models.Model):
    """A part of a payment that came back, once per return at the place."""

    _name = "b2b2c.spend.back"
    _description = "Points Given Back"
    _inherit = "b2b2c.closed"
    _order = "id"

    spend_id = fields.Many2one(
        "b2b2c.spend", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="spend_id.company_id")
    currency_id = fields.Many2one(related="spend_id.currency_id")
    key = fields.Char(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    points = fields.Float(digits=False, readonly=True)

    _once = models.UniqueIndex("(spend_id, key)", "This came back already.")
