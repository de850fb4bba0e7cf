from odoo.http import request, route

from ..addresses import PATHS, path
from ..pages.preferences import Preferences
from .portal import LoyaltyPortal


class LoyaltyPreferencesPortal(LoyaltyPortal):
    """What participants want to be told, and in which language."""

    @route(
        PATHS["preferences"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_rewards_preferences(self, **kw):
        members = self._require_portal_members()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_preferences",
            preferences=Preferences(members).values(),
            languages=request.env["res.lang"].get_installed(),
            saved="saved" in kw,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_preferences", values)

    @route(
        PATHS["preferences"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_preferences_save(self, lang=None, **post):
        members = self._require_portal_members()
        Preferences(members).save(post, lang=lang)
        code = members.partner_id.lang
        url_code = request.env["res.lang"]._get_data(code=code).url_code
        page = path("preferences", saved=1)
        response = request.redirect(f"/{url_code}{page}" if url_code else page)
        if url_code:
            response.set_cookie("frontend_lang", code)
        return response
