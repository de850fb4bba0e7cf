"""The pages of rewards as an app: what a phone keeps to open without a network."""

import functools
import hashlib
import json

from odoo.tools import file_open

from odoo.addons.loyalty_b2b2c.drawing.app_icon import SIZES, AppIcon, draw_icon
from odoo.addons.loyalty_b2b2c.fonts import get_picture_fonts

from ..addresses import PATHS, path

#: System parameter: with any value phones forget the app, for ever.
OFF = "loyalty_b2b2c_portal.app_off"
#: Where a browser says that it shows messages.
PUSH = f"{PATHS['preferences']}/push"
#: Where Odoo answers what the texts of a page are in a language.
TRANSLATIONS = "/website/translations"
_WORKER = "loyalty_b2b2c_portal/static/src/app_worker/worker.js"
_WORKER_OFF = "loyalty_b2b2c_portal/static/src/app_worker/worker_off.js"
_COLOR = "#3a4a63"
#: What the page needs beside its bundles.
_FILES = ("/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2?v=4.7.0",)
#: Reads codes where the browser cannot by itself.
_READER = ("/web/static/lib/zxing-library/zxing-library.js",)


class App:
    """The app of one database: one worker, a page for each language.

    The page that is kept is about nobody: who scans is known to the phone alone.

    :param env: an environment in whose language the page is, with superuser rights
    """

    def __init__(self, env):
        self.env = env

    def is_on(self):
        """Tell whether phones may keep the app; an administrator can forbid it."""
        return not self.env["ir.config_parameter"].get_param(OFF)

    def get_links(self):
        """Return the addresses of the styles and scripts of the page, in order."""
        qweb = self.env["ir.qweb"]
        return [
            *qweb._get_asset_links("web.assets_frontend", js=False),
            *qweb._get_asset_links("web.assets_frontend_minimal", css=False),
            *qweb._get_asset_links("web.assets_frontend_lazy", css=False),
            *qweb._get_asset_links("loyalty_b2b2c_portal.assets_app", css=False),
        ]

    def get_version(self):
        """Return a text that is another one when anything the app keeps is.

        Bundles, the worker itself, and the modules: with them come translations.
        """
        links = [
            App(self.env(context=dict(self.env.context, lang=code))).get_links()
            for code in self._get_languages().values()
        ]
        parts = [links, _read(_WORKER), self.env.registry.registry_sequence]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def get_set(self):
        """Return what a phone stores to open the page in one language.

        :return: dict with ``version``, ``page`` (its address), ``files`` and
            ``reader``, what reads codes where the browser does not
        """
        lang = self.env.lang
        return {
            "version": self.get_version(),
            "page": path("app", lang=lang),
            "files": [
                *self.get_links(),
                *_FILES,
                f"{TRANSLATIONS}?lang={lang}",
            ],
            "reader": [*_READER],
        }

    def get_worker(self):
        """Return the script of the worker, or of the one that removes it."""
        if not self.is_on():
            return _read(_WORKER_OFF)
        known = {
            "version": self.get_version(),
            "languages": self._get_languages(),
            "translations": TRANSLATIONS,
            "page": PATHS["app"],
            "scan": PATHS["scan"],
            "files": PATHS["app_files"],
            "push": PUSH,
        }
        return f"const APP = {json.dumps(known, sort_keys=True)};\n{_read(_WORKER)}"

    def get_manifest(self, company):
        """Return what a phone needs to install the pages under a company's name.

        Everything of the site is within the app: signing in, the address on a label,
        and pages whose address begins with a language.
        """
        scan = path("scan")
        icons = [
            {
                "src": self.get_icon_address(company, size),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in SIZES[1:]
            for purpose in ("any", "maskable")
        ]
        shortcuts = (
            (self.env._("Scan a code"), scan),
            (self.env._("My rewards"), path("overview")),
            (self.env._("What can I get"), path("store")),
        )
        return {
            "id": scan,
            "name": company.name,
            "short_name": company.name,
            "description": self.env._("Scan codes, collect points, get rewards."),
            "lang": self.env.lang.replace("_", "-"),
            "start_url": f"{scan}?app=1",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": get_color(company),
            "icons": icons,
            "shortcuts": [
                {"name": name, "url": address} for name, address in shortcuts
            ],
        }

    def get_icon_address(self, company, size):
        """Return where the icon of a company is, in a size of ``SIZES``."""
        changed = int(company.write_date.timestamp()) if company.write_date else 0
        return path("app_icon", size=size, company=company.id, v=changed)

    def draw_icon(self, company, size):
        """Return the icon of a company as PNG."""
        _regular, bold = get_picture_fonts()
        icon = AppIcon(company.name, get_color(company), company._get_own_logo())
        return draw_icon(icon, size, bold)

    def _get_languages(self):
        """Return the languages of the pages: how addresses begin in it -> its code."""
        languages = self.env["res.lang"]._get_frontend()
        return {data.url_code: code for code, data in sorted(languages.items())}


def get_color(company):
    """Return the colour of the frame around the app."""
    return company.primary_color or _COLOR


@functools.cache
def _read(name):
    """Return a script of the app."""
    with file_open(name) as file:
        return file.read()
