from odoo.exceptions import UserError
from odoo.http import request, route

from ..addresses import PATHS, path
from ..pages.pin import Pin
from .portal import LoyaltyPortal


class LoyaltyPinPortal(LoyaltyPortal):
    """Participants choose the PIN that confirms what they pay in points."""

    @route(
        PATHS["pin"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_rewards_pin(self, **kw):
        return self._render_pin(is_saved="saved" in kw)

    @route(
        PATHS["pin"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_pin_save(self, pin="", repeated="", **post):
        try:
            Pin(self._require_portal_members()).save(pin, repeated)
        except UserError as refusal:
            return self._render_pin(error=str(refusal))
        return request.redirect(path("pin", saved=1), code=303)

    def _render_pin(self, error="", is_saved=False):
        members = self._require_portal_members()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_pin",
            pin=Pin(members).values(),
            error=error,
            is_saved=is_saved,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_pin", values)
