from datetime import datetime, timedelta
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from odoo.http import SessionExpiredException, request, route

from odoo.addons.loyalty_b2b2c.engine import product_code
from odoo.addons.loyalty_b2b2c.exceptions import ReceiptError

from ..addresses import PATHS, path
from ..pages.scan import ScanPage
from .portal import LoyaltyPortal

_EPOCH = datetime(1970, 1, 1)
_MAX_TEXT = 300
_MAX_SCANS = 50  # in a request
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
        page = path("scan", code=code)
        if request.env.user._is_public():
            request.session[SCAN_CODE] = code
            return request.render(
                "loyalty_b2b2c_portal.portal_code_sign_in",
                {"login": f"/web/login?{urlencode({'redirect': page})}"},
            )
        return request.redirect(page)

    # === SCANNING === #

    @route(
        PATHS["scan"],
        type="http",
        auth="user",
        website=True,
        # installed, it opens at one address, in the language of the person
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_my_rewards_scan(self, code="", **kw):
        submitters = self._get_own_members()
        code = code[:_MAX_TEXT]
        waiting = request.session.get(SCAN_CODE)
        if waiting and submitters:
            request.session.pop(SCAN_CODE)
        props = ScanPage(submitters).props(code or waiting or "")
        # what this browser scanned before signing in is sent without another tap
        props["take"] = bool(waiting) and code in ("", waiting)
        values = self._prepare_portal_layout_values()
        values.update(page_name="b2b2c_scan", scanners=submitters, props=props)
        return request.render("loyalty_b2b2c_portal.portal_my_scan", values)

    # not website=True, which looks the language of an address up by three statements
    @route(f"{PATHS['scan']}/take", type="jsonrpc", auth="user")
    def portal_my_rewards_scan_take(self, scans=None, user=None, **kw):
        """Take the codes a phone scanned, in their order.

        :param list scans: at most 50 dict with ``code`` (as scanned or typed), ``key``
            (of this scan, chosen by the phone; repeating is harmless), and optionally
            ``pin``, ``at`` (when it was scanned, milliseconds since 1970), ``member``
            (id of the membership the person chose), ``place`` (``[latitude,
            longitude]``)
        :param int user: whose scans they are; a phone that kept them may be another
            person's by now
        :return: list of answers in the same order, see ``b2b2c.scan``
        :raise SessionExpiredException: that person is not signed in
        """
        if user is not None and user != request.env.uid:
            raise SessionExpiredException(
                request.env._("These scans are somebody else's, who has to sign in.")
            )
        if not isinstance(scans, list) or not 0 < len(scans) <= _MAX_SCANS:
            raise BadRequest(
                request.env._("Up to %s scans are sent at once.", _MAX_SCANS)
            )
        if not all(isinstance(scan, dict) for scan in scans):
            raise BadRequest(request.env._("This page is outdated. Open it again."))
        lang = request.env["ir.http"].get_nearest_lang(
            request.cookies.get("frontend_lang")
        )
        if lang:
            request.update_context(lang=lang)  # of the page
        submitters = self._get_own_members()
        if not submitters:
            return [
                {
                    "status": "refused",
                    "message": request.env._("You do not take part at the moment."),
                }
            ] * len(scans)
        return request.env["b2b2c.scan"]._take_all(
            submitters,
            [_read_scan(scan, submitters) for scan in scans],
            address=request.httprequest.remote_addr or "",
        )

    @route(f"{PATHS['scan']}/photo", type="http", auth="user", methods=["POST"])
    def portal_my_rewards_scan_photo(self, **post):
        """Tell which codes are on a photo; the page takes them as if it scanned each.

        :return: JSON, ``codes`` and ``printed``, or ``error`` in words
        """
        submitters = self._get_own_members()
        photo = request.httprequest.files.get("photo")
        if not submitters or not photo:
            error = request.env._("You do not take part at the moment.")
            return request.make_json_response({"error": error})
        try:
            found = request.env["b2b2c.scan"]._read_photo(submitters[:1], photo.stream)
        except ReceiptError as error:
            return request.make_json_response({"error": str(error)})
        return request.make_json_response(found)


def _read_scan(scan, submitters):
    """Return a scan as the engine wants it; what cannot be used is left out."""
    chosen = scan.get("member")
    return {
        "text": scan.get("code"),
        "key": scan.get("key"),
        "pin": scan.get("pin"),
        "occurred_at": _read_moment(scan.get("at")),
        "member": submitters.filtered(lambda submitter: submitter.id == chosen),
        "place": _read_place(scan.get("place")),
    }


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
