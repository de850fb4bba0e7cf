from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..addresses import PATHS
from ..pages.store import Store
from .store import LoyaltyStorePortal

_PREVIEW = PATHS["preview"].format(member="<int:member_id>")
_ROLE = PATHS["preview_role"].format(role="<string:role>")
_ROLE_REWARD = PATHS["preview_role_reward"].format(
    role="<string:role>", reward="<int:reward_id>"
)
_PREVIEW_REWARD = PATHS["preview_reward"].format(
    member="<int:member_id>", reward="<int:reward_id>"
)


class LoyaltyStorePreview(LoyaltyStorePortal):
    """The storefront as a participant sees it, for officers.

    The same pages, without a change of the session: nothing can be requested or marked
    there, and what is shown is what the officer may read anyway.
    """

    @route(
        _PREVIEW,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_store_preview(self, member_id, **query):
        return self._render_catalogue(self._get_previewed(member_id), query)

    @route(
        _PREVIEW_REWARD,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_store_preview_reward(self, member_id, reward_id, **kw):
        return self._render_reward(
            "portal_my_store_reward", reward_id, store=self._get_previewed(member_id)
        )

    @route(_ROLE, type="http", auth="user", website=True, sitemap=False, readonly=True)
    def portal_store_preview_role(self, role, **query):
        return self._render_catalogue(self._get_previewed_role(role), query)

    @route(
        _ROLE_REWARD,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_store_preview_role_reward(self, role, reward_id, **kw):
        return self._render_reward(
            "portal_my_store_reward", reward_id, store=self._get_previewed_role(role)
        )

    def _get_previewed_role(self, role):
        """Return the store as somebody new in a role would see it: nobody is needed.

        :raise NotFound: the user is no officer, or there is no such role
        """
        self._require_officer()
        members = request.env["b2b2c.member"].sudo()
        if role not in members._get_roles():
            raise NotFound()
        example = members.new({"role": role, "company_id": request.env.company.id})
        return Store(example, preview=example)

    def _require_officer(self):
        """Let nobody else pass.

        :raise NotFound: the user is no officer
        """
        if not request.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise NotFound()

    def _get_previewed(self, member_id):
        """Return the store as a participant sees it.

        :raise NotFound: the user is no officer, or may not read this participant
        """
        self._require_officer()
        members = request.env["b2b2c.member"].with_context(active_test=False)
        member = members.search([("id", "=", member_id)])  # with the user's rights
        if not member:
            raise NotFound()
        own = members._get_portal_members(member.partner_id)
        readable = members.search([("id", "in", own.ids)])
        return Store(own & readable.sudo(), preview=member.sudo())
