from datetime import datetime, timedelta
from urllib.parse import urlencode

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine import product_code

from .portal import LoyaltyPortal

_EPOCH = datetime(1970, 1, 1)
_MAX_TEXT = 300
#: A code that was scanned before signing in waits here for the page.
SCAN_CODE = "b2b2c_scan_code"


class LoyaltyScanPortal(LoyaltyPortal):
    """Scanning codes on the participant's phone.

    Opening a page never changes anything: not the address in the QR code either, which
    phones open by themselves.  Only the call from the page takes a code.
    """

    # === THE ADDRESS IN THE QR CODE === #

    @route(
        [
            # codes of other makers may contain a slash
            f"{product_code.PATH}<path:code>",
            "/01/<string:gtin>/21/<path:code>",
        ],
        type="http",
        auth="public",
        website=True,
        # or another language redirects to the decoded address, where a code ends at "?"
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_code(self, code, gtin=None, **kw):
        """Lead to the scan page, or ask to sign in first; the code is not looked up."""
        code = code[:_MAX_TEXT]
        page = f"/my/rewards/scan?{_query(code)}"
        if request.env.user._is_public():
            request.session[SCAN_CODE] = code
            return request.render(
                "loyalty_b2b2c_portal.portal_code_sign_in",
                {"login": f"/web/login?{_query(page, 'redirect')}"},
            )
        return request.redirect(page)

    # === SCANNING === #

    @route(
        "/my/rewards/scan",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_rewards_scan(self, code="", **kw):
        scanners = self._get_portal_members()._get_portal_scanners()
        code = code[:_MAX_TEXT]
        waiting = request.session.get(SCAN_CODE)
        if waiting and scanners:
            request.session.pop(SCAN_CODE)
        props = scanners._get_portal_scan_props(code or waiting or "")
        # what this browser scanned before signing in is sent without another tap
        props["take"] = bool(waiting) and code in ("", waiting)
        values = self._prepare_portal_layout_values()
        values.update(page_name="b2b2c_scan", scanners=scanners, props=props)
        return request.render("loyalty_b2b2c_portal.portal_my_scan", values)

    # not website=True, which looks the language of an address up by three statements
    @route("/my/rewards/scan/take", type="jsonrpc", auth="user")
    def portal_my_rewards_scan_take(
        self, code, key, pin="", at=None, member=None, place=None, **kw
    ):
        """Take one code.

        :param str code: as scanned or typed
        :param str key: of this scan, chosen by the phone; repeating is harmless
        :param at: when it was scanned, milliseconds since 1970
        :param member: id of the membership the person chose
        :param place: ``[latitude, longitude]``, if the phone tells
        :return: see ``b2b2c.scan``
        """
        lang = request.env["ir.http"].get_nearest_lang(
            request.cookies.get("frontend_lang")
        )
        if lang:
            request.update_context(lang=lang)  # of the page
        scanners = self._get_portal_members()._get_portal_scanners()
        if not scanners:
            return {
                "status": "refused",
                "message": request.env._("You do not take part at the moment."),
            }
        chosen = scanners.filtered(lambda one: one.id == member)
        answer = request.env["b2b2c.scan"]._take(
            chosen | scanners,
            code,
            key,
            pin=pin,
            occurred_at=_read_moment(at),
            address=request.httprequest.remote_addr or "",
            place=_read_place(place),
        )
        return answer


def _query(text, name="code"):
    return urlencode({name: text})


def _read_moment(at):
    """Return a phone's clock as naive UTC, ``None`` for anything else."""
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 4e12:
        return None
    return (_EPOCH + timedelta(milliseconds=at)).replace(microsecond=0)


def _read_place(place):
    """Return ``(latitude, longitude)``, ``None`` for anything else."""
    if not isinstance(place, list) or len(place) != 2:
        return None
    for value, limit in zip(place, (90, 180), strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not -limit <= value <= limit:
            return None
    return tuple(place)
