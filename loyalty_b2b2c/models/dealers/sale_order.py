from odoo import api, fields, models

from ...const import SELLERS_AND_STAFF
from ...exceptions import FactError
from .dealer_lookup import of_dealer_companies
from .volume_feed import VolumeFeed


class SaleOrder(models.Model):
    """An order of a dealer shows the tier its prices follow from."""

    _inherit = "sale.order"

    b2b2c_dealer_info = fields.Html(
        string="Dealer",
        compute="_compute_b2b2c_dealer",
        compute_sudo=True,
        sanitize=False,
        groups=SELLERS_AND_STAFF,
    )
    b2b2c_price_by_tier = fields.Boolean(
        compute="_compute_b2b2c_dealer", compute_sudo=True
    )

    def _b2b2c_get_counting_companies(self):
        """Add those whose ladders count the order for a dealer."""
        dealers = self.env["b2b2c.ladder.standing"]._of_partners(
            self.partner_id, self.company_id
        )
        companies = super()._b2b2c_get_counting_companies()
        return companies.union(*(dealer.company_id for dealer in dealers.values()))

    @api.depends("partner_id", "company_id", "amount_untaxed", "state")
    @api.depends_context("lang")
    def _compute_b2b2c_dealer(self):
        self.b2b2c_dealer_info = False
        self.b2b2c_price_by_tier = False
        for company, orders in of_dealer_companies(self).grouped("company_id").items():
            dealers = self.env["b2b2c.ladder.standing"]._of_partners(
                orders.partner_id, company
            )
            for order in orders:
                partner = order.partner_id.commercial_partner_id
                if standing := dealers.get(partner._origin.id or partner.id):
                    more = order._origin._b2b2c_forecast(standing)
                    order.b2b2c_dealer_info = standing._get_info(more)
                    order.b2b2c_price_by_tier = standing.ladder_id.benefit != "bonus"

    def _b2b2c_forecast(self, standing):
        """Return what this order will still count for a dealer, nothing for an order
        that is not stored, or cannot be measured."""
        if not self or self.state == "cancel":
            return 0
        try:
            return VolumeFeed(self.env, self._name).forecast(self, standing)
        except FactError:
            return 0
