from odoo.http import request, route

from odoo.addons.loyalty_b2b2c_portal.addresses import PATHS, path
from odoo.addons.loyalty_b2b2c_portal.controllers.preferences import (
    LoyaltyPreferencesPortal,
)

from ..pages.chats import Chats

_CHATS = f"{PATHS['overview']}/chats"


class LoyaltyChatsPortal(LoyaltyPreferencesPortal):
    """Connecting a messenger with the own participation, and cutting it again."""

    @route()
    def portal_my_rewards_preferences(self, **kw):
        response = super().portal_my_rewards_preferences(**kw)
        response.qcontext.update(
            chats=self._get_chats().rows(), removed="removed" in kw
        )
        return response

    @route(
        f"{_CHATS}/connect",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def portal_my_chats_connect(self, channel="", **post):
        """Show the one-time link, and its QR code for the phone beside."""
        self._require_portal_members()
        values = self._prepare_portal_layout_values()
        started = self._get_chats().begin(channel)
        values.update(page_name="b2b2c_preferences", started=started)
        response = request.render("loyalty_b2b2c_chat.portal_my_chat", values)
        response.status_code = 200 if started else 400
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        f"{_CHATS}/remove",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def portal_my_chats_remove(self, link="", **post):
        """Cut a chat: from now on nobody sees anything there."""
        self._require_portal_members()
        self._get_chats().remove(link)
        return request.redirect(path("preferences", removed=1), code=303)

    def _get_chats(self):
        return Chats(request.env.user.partner_id, self._get_portal_members())
