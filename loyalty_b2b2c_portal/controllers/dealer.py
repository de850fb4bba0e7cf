from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..addresses import PATHS
from .portal import LoyaltyPortal


class LoyaltyDealerPortal(LoyaltyPortal):
    """A dealer's people see the tier, why it is so, and what comes.

    Found through the company of the logged-in person, never through an id of the
    request; for everybody else the page does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "b2b2c_dealer_count" in counters:
            values["b2b2c_dealer_count"] = len(self._get_dealer_page().standings)
        return values

    @route(PATHS["dealer"], type="http", auth="user", website=True, readonly=True)
    def portal_my_dealer(self, **kw):
        dealer = self._get_dealer_page()
        if not dealer.standings:
            raise NotFound()
        dealer.standings._refresh()
        values = self._prepare_portal_layout_values()
        values.update(page_name="b2b2c_dealer", standings=dealer.rows())
        return request.render("loyalty_b2b2c_portal.portal_my_dealer", values)
