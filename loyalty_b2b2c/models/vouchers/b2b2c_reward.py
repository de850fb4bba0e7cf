from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2b2cReward(models.Model):
    """A reward may be a voucher of a partner."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("voucher", "Voucher of a partner")],
        ondelete={"voucher": "set default"},
    )
    voucher_pool_id = fields.Many2one(
        "b2b2c.voucher.pool",
        string="Vouchers From",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('state', '!=', 'closed')]",
    )
    is_voucher_checked = fields.Boolean(
        "Somebody Decides",
        help="An officer looks at each request before the participant gets the code. "
        "Otherwise it is there at once.",
    )
    voucher_pool_kind = fields.Selection(related="voucher_pool_id.kind")
    voucher_free_count = fields.Integer(
        related="voucher_pool_id.free_count", string="Codes Left"
    )

    @api.constrains("kind", "voucher_pool_id", "company_id")
    def _check_voucher_pool(self):
        for reward in self.filtered(lambda reward: reward.kind == "voucher"):
            pool = reward.voucher_pool_id
            if not pool:
                raise ValidationError(
                    self.env._("Choose the pool the vouchers come from.")
                )
            if pool.company_id != reward.company_id:
                raise ValidationError(
                    self.env._("The vouchers of a reward belong to its own company.")
                )

    @api.onchange("voucher_pool_id")
    def _onchange_voucher_pool_id(self):
        """Begin with what the vouchers are called and look like."""
        self.name = self.name or self.voucher_pool_id.name
        self.image_1920 = self.image_1920 or self.voucher_pool_id.image_1920

    def action_open_voucher_pool(self):
        """Open the pool the vouchers come from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.voucher.pool",
            "res_id": self.voucher_pool_id.id,
            "views": [(False, "form")],
        }
