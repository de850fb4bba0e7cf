from odoo import models

from .marks import LADDER, marked
from .open_orders import follow_tier
from .saved import get_saved
from .tier_sales import InvoiceSales, OrderSales
from .undone_volume import look_at_undone


class B2b2cLadderStanding(models.Model):
    """What a dealer gets for the tier: its price list, and the level that has it."""

    _inherit = "b2b2c.ladder.standing"

    def _after_change(self, before, reason):
        """Put the price of another tier in force, in open quotations too."""
        self._give_tier_price()
        follow_tier(self)
        return super()._after_change(before, reason)

    def _after_volume(self, lowered):
        """Report orders at a tier that was only had for a minute."""
        look_at_undone(self, lowered)
        return super()._after_volume(lowered)

    def _get_tier_sales(self):
        """Hook: return what knows the documents that tiers price: one of each kind.

        :return: list of :class:`~.tier_sales.OrderSales` and the like
        """
        return [OrderSales(self.env), InvoiceSales(self.env)]

    def _get_saved(self, first, last):
        """Return what the tiers took off the orders confirmed in some days.

        :param date first, last: in the ladder's time zone
        :return: amount without taxes in the currency of the ladder's company
        """
        self.ensure_one()
        return get_saved(self, first, last)

    def _after_merge(self):
        """Give the company that stayed the price list of its tier."""
        self._give_tier_price()
        return super()._after_merge()

    def _end(self):
        """Take the price list away from dealers who are let go."""
        for standing in (self | self.group_ids).filtered("active"):
            standing._take_tier_price()
        return super()._end()

    def _give_tier_price(self):
        """Assign the price list of the tier, where the ladder gives prices.

        A ladder that gives a bonus only may replace one that gave prices.
        """
        for standing in self:
            if standing.ladder_id.benefit == "bonus":
                standing._take_tier_price()
            else:
                standing._give_pricelist(standing.tier_id.pricelist_id)

    def _take_tier_price(self):
        """Take the price list of a tier away; one that a person chose stays."""
        partner = self.partner_id.with_company(self.company_id)
        pricelist = partner.specific_property_product_pricelist
        if pricelist.id in self.env["b2b2c.ladder.tier"]._get_price_lists():
            self._give_pricelist(pricelist.browse())

    def _give_pricelist(self, pricelist):
        """Assign a pricelist to the dealer in the companies that the ladder prices."""
        with marked(LADDER):
            for company in self._get_priced_companies():
                partner = self.partner_id.with_company(company)
                if partner.specific_property_product_pricelist != pricelist:
                    partner.specific_property_product_pricelist = pricelist
            if "grade_id" in self.partner_id._fields:
                partner = self.partner_id.with_company(self.company_id)
                self._give_grade(partner, pricelist)

    def _get_priced_companies(self):
        """Return the companies in which the dealer buys at the price of this tier.

        The ladder's own and its branches, but those where the same dealer climbs
        another ladder.
        """
        companies = self.ladder_id._get_counted_companies()
        if len(companies) == 1:
            return companies
        others = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "in", (companies - self.company_id).ids),
            ]
        )
        return companies - others.ladder_id._get_counted_companies()

    def _give_grade(self, partner, pricelist):
        """Give the partner level (module ``partnership``) that has this pricelist.

        A dealer whose tiers have no levels keeps its own; one that is let go loses the
        level of a tier.
        """
        grades = self.env["res.partner.grade"].sudo()
        level = pricelist and grades.search(
            [("default_pricelist_id", "=", pricelist.id)], limit=1
        )
        own = partner.grade_id.default_pricelist_id
        if level or (own and own != pricelist and own in self._get_tier_pricelists()):
            if partner.grade_id != (level or grades):
                partner.grade_id = level or grades

    def _get_tier_pricelists(self):
        """Return the pricelists of all tiers of the company."""
        tiers = self.env["b2b2c.ladder.tier"].sudo()
        return tiers.search(
            [("ladder_id.company_id", "=", self.company_id.id)]
        ).pricelist_id
