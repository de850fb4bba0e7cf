from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.shop import Shop, Shops
from .portal import LoyaltyPortal

_PAGE = PATHS["shop"]


class LoyaltyShopPortal(LoyaltyPortal):
    """The page of a shop's owner; it does not exist for anybody else."""

    @route(
        _PAGE,
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_rewards_shop(self, done="", **kw):
        return self._render_shops(done=done)

    @route(
        f"{_PAGE}/decide",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_shop_decide(self, request_id="", **post):
        """Approve or refuse somebody who wants to join."""
        shops = Shops(self._get_owners())
        approve = "approve" in post
        return self._change_shop(
            lambda: shops.decide(self._parse_id(str(request_id)), approve),
            done="approved" if approve else "refused",
        )

    @route(
        f"{_PAGE}/end",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_shop_end(self, member_id="", **post):
        """End somebody's work at the shop."""
        shops = Shops(self._get_owners())
        return self._change_shop(
            lambda: shops.end_staff(self._parse_id(str(member_id))),
            done="ended",
        )

    @route(
        f"{_PAGE}/invitation",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_shop_invitation(self, owner_id="", invitation_id="", **post):
        """Make an invitation, or replace its link."""
        owners = self._get_owners()
        if "renew" in post:
            return self._change_shop(
                lambda: Shops(owners).renew_invitation(
                    self._parse_id(str(invitation_id))
                ),
                done="renewed",
            )
        chosen = self._parse_id(str(owner_id))
        owner = owners.filtered(lambda owner: owner.id == chosen)
        if not owner:
            raise NotFound()
        return self._change_shop(Shop(owner).create_invitation, done="invited")

    # === HELPERS === #

    def _get_owners(self):
        """Return the logged-in person's memberships as an owner.

        :raise NotFound: there are none
        """
        owners = membership.owners(self._get_portal_members())
        if not owners:
            raise NotFound()
        return owners

    def _change_shop(self, action, done):
        """Run an action and show the page again; a refusal is a sentence on it."""
        try:
            with request.env.cr.savepoint():
                action()
        except UserError as error:
            return self._render_shops(problem=error.args[0])
        return request.redirect(path("shop", done=done))

    def _render_shops(self, done="", problem=""):
        shops = Shops(self._get_owners())
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_shop",
            shops=shops.rows(),
            done=done,
            problem=problem,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_shop", values)
