from odoo import fields, models
from odoo.exceptions import UserError


class B2b2cVoucherReturn(models.TransientModel):
    """Asks how many codes that nobody got go back to the partner."""

    _name = "b2b2c.voucher.return"
    _description = "Return Vouchers"
    _inherit = "b2b2c.dialog"

    pool_id = fields.Many2one(
        "b2b2c.voucher.pool", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="pool_id.partner_id")
    free_count = fields.Integer(compute="_compute_free_count", string="Not Given")
    count = fields.Integer("Return", required=True)

    def _compute_free_count(self):
        for dialog in self:
            pool = dialog.pool_id
            dialog.free_count = pool.free_count + pool.over_count

    def action_return(self):
        """Take the codes out of the pool; from now on nobody gets them (managers)."""
        self.ensure_one()
        self.check_access("write")
        pool = self.pool_id._own()
        if self.count < 1:
            raise UserError(self.env._("Say how many codes go back."))
        returned = self.env["b2b2c.voucher"].sudo()._return(pool, self.count)
        if not returned:
            raise UserError(self.env._("There is no code left that could go back."))
        pool._message_log(
            body=self.env._(
                "Codes returned to %(partner)s by %(user)s: %(count)s.",
                count=len(returned),
                partner=pool.partner_id.display_name,
                user=self.env.user.name,
            )
        )
        return {"type": "ir.actions.act_window_close"}
