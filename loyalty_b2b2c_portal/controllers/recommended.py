import secrets

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import get_network
from odoo.addons.loyalty_b2b2c.models.sharing import referral_visit

from ..addresses import PATHS, path
from ..pages.recommended import RecommendedPage

_CODE = "<string:code>"
_PAGE = PATHS["recommended"].format(code=_CODE)
_PICTURE = PATHS["recommended_picture"].format(code=_CODE)
_DAY = 24 * 60 * 60
#: Problem -> status of the answer; the others are 404.
_STATUS = {"ended": 410, "used_up": 410, "not_now": 410, "too_often": 429}
#: A random text that tells one phone from another, for a day of counting.
_VISITOR = 16


class LoyaltyRecommended(Controller):
    """What everybody sees who opens a recommendation.

    Opening it writes nothing: robots of messengers open every link.  What a person
    does there is told by the page itself, and the phone remembers the recommendation
    when the person says so.  Only a code that nobody has is counted: who guesses has to
    wait, so these routes are not read-only.
    """

    # === ROUTES === #

    @route(
        [_PAGE, _PAGE.upper().replace(_CODE.upper(), _CODE)],  # QR codes are upper case
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["GET"],
    )
    def recommended(self, code, c="", **kw):
        found = self._find(code)
        if not found.link:
            return self._render_problem(found)
        kept = self._read_visit(found.link.company_id).link
        page = RecommendedPage(found.link, is_kept=kept == found.link)
        return self._render("recommended", page=page.values(), way=self._read_way(c))

    @route(
        f"{_PAGE}/opened",
        type="jsonrpc",
        auth="public",
        website=True,
        multilang=False,
    )
    def recommended_opened(self, code, way="", **kw):
        """Count that somebody looked at it: the page tells, a robot does not."""
        found = self._find(code)
        if found.link:
            self._touch(found.link, way)

    @route(
        f"{_PAGE}/use",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["POST"],
    )
    def recommended_use(self, code, way="", **post):
        """Remember the recommendation on this phone: the person said so."""
        found = self._find(code)
        if not found.link:
            return self._render_problem(found)
        self._touch(found.link, way)
        self._keep(found.link)
        target = path("recommended", code=found.link.code)
        return request.redirect(target, code=303)

    @route(
        _PICTURE,
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
    )
    def recommended_picture(self, code, **kw):
        """Return the picture that messengers show of the link."""
        found = self._find(code)
        if not found.link:
            raise NotFound()
        return request.make_response(
            found.link._draw_picture(),
            [
                ("Content-Type", "image/jpeg"),
                ("Cache-Control", f"public, max-age={_DAY}"),
            ],
        )

    # === HELPERS === #

    def _find(self, code):
        """Return whose code was opened: see ``b2b2c.referral.link._find``."""
        asker = f"net:{get_network(request.httprequest.remote_addr)}"
        return request.env["b2b2c.referral.link"]._find_opened(code, asker)

    def _touch(self, link, way):
        """Remember that somebody opened a link, a phone once a day."""
        user = request.env.user
        request.env["b2b2c.referral.touch"]._touch(
            link,
            "page",
            way=way,
            visitor=self._get_visitor(),
            partner=None if user._is_public() else user.partner_id,
            network=get_network(request.httprequest.remote_addr),
        )

    def _get_visitor(self):
        """Return the random text of this phone: of what it keeps, else of its visit."""
        return request.session.setdefault(
            "b2b2c_visitor", secrets.token_urlsafe(_VISITOR)
        )

    def _keep(self, link):
        """Let this phone keep a link, in place of another one."""
        request.future_response.set_cookie(
            referral_visit.COOKIE,
            referral_visit.write_visit(link),
            max_age=link.campaign_id.touch_days * _DAY,
            httponly=True,
            samesite="Lax",
            secure=request.httprequest.scheme == "https",
        )

    def _read_visit(self, company):
        """Return what this phone keeps: see :func:`.referral_visit.read_visit`."""
        text = request.cookies.get(referral_visit.COOKIE)
        return referral_visit.read_visit(request.env, text, company)

    def _read_way(self, text):
        """Return how a link was shared, as the link says."""
        ways = request.env["b2b2c.referral.touch"]._fields["way"].selection
        return text if text in dict(ways) else "link"

    def _render(self, template, status=200, **values):
        response = request.render(f"loyalty_b2b2c_portal.{template}", values)
        response.status_code = status
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _render_problem(self, found):
        """Return the answer to a code that cannot be used: one sentence."""
        status = _STATUS.get(found.problem, 404)
        return self._render("recommended_none", status, message=found.message)
