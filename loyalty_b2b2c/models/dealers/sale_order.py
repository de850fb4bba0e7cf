from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order of a dealer shows the tier its prices follow from."""

    # a file of its own: the adapter knows nothing of dealers
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "sale.order"

    b2b2c_dealer_info = fields.Html(
        string="Dealer",
        compute="_compute_b2b2c_dealer",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
    )
    b2b2c_price_by_tier = fields.Boolean(
        compute="_compute_b2b2c_dealer", compute_sudo=True
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_b2b2c_dealer(self):
        for company, orders in self.grouped("company_id").items():
            dealers = self.env["b2b2c.ladder.standing"]._of_partners(
                orders.partner_id, company
            )
            for order in orders:
                partner = order.partner_id.commercial_partner_id
                standing = dealers.get(partner._origin.id or partner.id)
                order.b2b2c_dealer_info = standing and standing._get_info() or False
                order.b2b2c_price_by_tier = bool(
                    standing and standing.ladder_id.benefit != "bonus"
                )
