from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Documents of a settlement name it; nobody makes another document one of its."""

    _inherit = "account.move"

    b2b2c_settlement_id = fields.Many2one(
        "b2b2c.settlement",
        string="Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("b2b2c_settlement_id") for vals in vals_list):
            self._check_settlement_is_ours()
        return super().create(vals_list)

    def write(self, vals):
        if "b2b2c_settlement_id" in vals:
            self._check_settlement_is_ours()
        return super().write(vals)

    def _check_settlement_is_ours(self):
        """Refuse a client that names a settlement."""
        if not self.env.su:
            raise UserError(
                self.env._("Documents of a settlement are made by its button.")
            )
