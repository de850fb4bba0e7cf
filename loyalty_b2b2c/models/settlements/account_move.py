from odoo import fields, models


class AccountMove(models.Model):
    """Documents of a settlement name it."""

    _inherit = "account.move"

    b2b2c_settlement_id = fields.Many2one(
        "b2b2c.settlement",
        string="Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
