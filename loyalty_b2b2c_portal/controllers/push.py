from odoo.http import request, route

from ..pages.app import PUSH
from .portal import LoyaltyPortal

#: Devices an address can register within an hour.
_MOST_HOUR = 30


class LoyaltyPushPortal(LoyaltyPortal):
    """Messages on a phone: the person allows them there, and takes that back."""

    @route(f"{PUSH}/key", type="jsonrpc", auth="user")
    def portal_push_key(self, **kw):
        """Return the key a browser asks its maker for an address with."""
        return request.env["b2b2c.push.device"]._get_key()

    @route(PUSH, type="jsonrpc", auth="user")
    def portal_push_register(self, device=None, before=None, **kw):
        """Show messages on this browser from now on.

        :param dict device: what the browser says: ``endpoint``, ``keys``
        :param str before: the address it had before, when its maker changed it
        :return: whether it can be
        """
        members = self._get_own_members()
        partner = request.env.user.partner_id
        count = request.env["b2b2c.hour.count"].sudo()
        if not members or not count._count(
            members[:1].company_id, f"push/{partner.id}", _MOST_HOUR
        ):
            return False
        devices = request.env["b2b2c.push.device"]
        if isinstance(before, str):
            devices._forget(before, partner)
        is_known = devices._add(partner, device)
        if is_known and not isinstance(before, str):
            members._set_wishes({("push", ""): True})
        return is_known

    @route(f"{PUSH}/forget", type="jsonrpc", auth="user")
    def portal_push_forget(self, endpoint="", **kw):
        """Show nothing on this browser any more."""
        if isinstance(endpoint, str):
            partner = request.env.user.partner_id
            request.env["b2b2c.push.device"]._forget(endpoint, partner)
        return True
