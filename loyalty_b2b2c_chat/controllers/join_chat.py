from odoo.http import request

from odoo.addons.loyalty_b2b2c_portal.controllers.join import LoyaltyJoinPortal

from ..pages.chats import get_start_links


class LoyaltyJoinInChat(LoyaltyJoinPortal):
    """Whoever opens an invitation may join in the messenger used anyway."""

    def _render_join_form(self, invitation, post=None, problem=""):
        response = super()._render_join_form(invitation, post, problem)
        start = f"j_{invitation.token}"
        response.qcontext["chats"] = get_start_links(
            request.env, invitation.company_id, start
        )
        return response
