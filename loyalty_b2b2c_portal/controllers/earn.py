from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..addresses import PATHS
from ..pages import membership
from ..pages.earn import Earning
from .portal import LoyaltyPortal


class LoyaltyEarnPortal(LoyaltyPortal):
    """What brings points, in words."""

    @route(PATHS["earn"], type="http", auth="user", website=True, readonly=True)
    def portal_my_rewards_earn(self, **kw):
        members = self._require_portal_members()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_earn",
            rows=Earning(membership.submitters(members)).rows(),
            more=[
                tile
                for tile in self._get_tiles(members)
                if tile.code in ("scan", "receipts", "tasks", "trainings", "recommend")
            ],
        )
        return request.render("loyalty_b2b2c_portal.portal_my_earn", values)

    @route(
        PATHS["earn_image"].format(product="<int:product_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_rewards_earn_image(self, product_id, **kw):
        """The picture of a product that a rule for this person names."""
        product = Earning(self._get_own_members()).get_product(product_id)
        if not product:
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(
            product.sudo(), "image_256"
        )
        return stream.get_response()
