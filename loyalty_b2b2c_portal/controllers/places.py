from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.models.joining.join_input import clean

from ..addresses import PATHS
from ..pages.places import Places
from .portal import LoyaltyPortal


class LoyaltyPlacesPortal(LoyaltyPortal):
    """Where points can be earned and spent."""

    @route(
        PATHS["places"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_places(self, query="", what="", **kw):
        members = self._require_portal_members()
        query = clean(query, 64)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_places",
            rows=Places(members).rows(query, what),
            query=query,
            what=what if what in ("earn", "spend") else "",
        )
        return request.render("loyalty_b2b2c_portal.portal_my_places", values)
