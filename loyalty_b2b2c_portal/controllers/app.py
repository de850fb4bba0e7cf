from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.drawing.app_icon import SIZES

from ..addresses import PATHS
from ..pages.app import App
from .portal import LoyaltyPortal

#: What a page must know of the session that is kept on phones: nothing of a person.
_SESSION = (
    "bundle_params",
    "currencies",
    "is_frontend",
    "registry_hash",
    "show_effect",
    "test_mode",
    "translationURL",
)
_DAY = 86400


class LoyaltyApp(LoyaltyPortal):
    """The pages of rewards as an app: installed, and opened without a network.

    All of it is about nobody, so that a phone may keep it; nothing of it redirects.
    """

    @route(
        PATHS["app"],
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_app(self, lang="", **kw):
        """The scan page as a phone keeps it: who scans is known to the phone alone."""
        app = self._get_app(lang)
        session = request.env["ir.http"].get_frontend_session_info()
        links = app.get_links()
        values = {
            "language": app.env.lang.replace("_", "-"),
            "direction": request.env["res.lang"]._get_data(code=app.env.lang).direction,
            "session_info": {
                **{name: session[name] for name in _SESSION if name in session},
                "bundle_params": {"lang": app.env.lang},
                "is_public": True,
            },
            "styles": [link for link in links if link.endswith(".css")],
            "scripts": [link for link in links if link.endswith(".js")],
        }
        return request.render("loyalty_b2b2c_portal.portal_app", values)

    @route(
        PATHS["app_files"],
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_app_files(self, lang="", **kw):
        """What a phone stores for a language."""
        return request.make_json_response(self._get_app(lang).get_set())

    # it stays when the app is off: it is how phones hear of it
    @route(
        PATHS["app_worker"],
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_app_worker(self, **kw):
        headers = [
            ("Content-Type", "text/javascript; charset=utf-8"),
            # pages whose address begins with a language are beside /my
            ("Service-Worker-Allowed", "/"),
        ]
        app = App(request.env(su=True))
        return request.make_response(app.get_worker(), headers)

    @route(
        PATHS["app_manifest"],
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_app_manifest(self, **kw):
        """Under which name and icon the pages are installed."""
        app = self._get_app(request.env.lang)
        return request.make_json_response(
            app.get_manifest(request.env.user._get_rewards_company()),
            {"Content-Type": "application/manifest+json"},
        )

    @route(
        PATHS["app_icon"].format(size="<int:size>"),
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def portal_app_icon(self, size, company="", **kw):
        app = self._get_app()
        chosen = request.env["res.company"].sudo().browse(self._parse_id(company) or 0)
        if size not in SIZES or not chosen.exists():
            raise NotFound()
        headers = [
            ("Content-Type", "image/png"),
            ("Cache-Control", f"public, max-age={_DAY}"),
        ]
        return request.make_response(app.draw_icon(chosen, size), headers)

    def _get_app(self, lang=""):
        """Return the app in a language of the pages.

        :raise NotFound: it is switched off
        """
        code = request.env["ir.http"].get_nearest_lang(lang) or request.env.lang
        request.update_context(lang=code)
        app = App(request.env(su=True))
        if not app.is_on():
            raise NotFound()
        return app
