from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class DealerPortal(CustomerPortal):
    """A dealer's people see the tier, why it is so, and what comes.

    Found through the company of the logged-in person, never through an id of the
    request; for everybody else the page does not exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "b2b2c_dealer_count" in counters:
            values["b2b2c_dealer_count"] = len(self._get_portal_standings())
        return values

    @route("/my/rewards/dealer", type="http", auth="user", website=True, readonly=True)
    def portal_my_dealer(self, **kw):
        standings = self._get_portal_standings()
        if not standings:
            raise NotFound()
        standings._refresh()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_dealer",
            standings=[one._get_portal_standing() for one in standings],
        )
        return request.render("loyalty_b2b2c_portal.portal_my_dealer", values)

    def _get_portal_standings(self):
        """Return the standings (with sudo) of the person's company."""
        return request.env["b2b2c.ladder.standing"]._get_portal_standings(
            request.env.user.partner_id
        )
