from odoo import api, fields, models


class ResPartner(models.Model):
    """A partner that gives vouchers."""

    _inherit = "res.partner"

    b2b2c_voucher_pool_count = fields.Integer(
        string="Voucher Pools",
        compute="_compute_b2b2c_voucher_pool_count",
        groups="loyalty_b2b2c.group_user",
    )

    @api.depends_context("company", "uid")
    def _compute_b2b2c_voucher_pool_count(self):
        pools = self.env["b2b2c.voucher.pool"]
        for partner in self:
            partner.b2b2c_voucher_pool_count = partner.id and pools.search_count(
                [("partner_id", "child_of", partner._origin.id)]
            )

    def action_b2b2c_voucher_pools(self):
        """Open the pools of vouchers this partner gave."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_voucher_pool_action"
        )
        return dict(
            action,
            domain=[("partner_id", "child_of", self.id)],
            context={"default_partner_id": self.commercial_partner_id.id},
        )
