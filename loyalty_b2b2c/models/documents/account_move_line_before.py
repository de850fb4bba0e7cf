from odoo import fields, models


class AccountMoveLine(models.Model):
    """What a line of an invoice was before each change of it."""

    _inherit = "account.move.line"

    # list of [instant, quantity, amount untaxed], as it was until then
    b2b2c_before = fields.Json(copy=False, groups=fields.NO_ACCESS)
