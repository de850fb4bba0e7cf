"""The app: what a phone keeps is about nobody, complete, and can be taken back."""

import io
import json
import re

from lxml import html
from PIL import Image

from odoo.tests import HttpCase, tagged
from odoo.tools.image import image_to_base64

from ..pages.app import OFF
from .common import PortalCommon

WORKER, PAGE = "/my/rewards/service-worker.js", "/my/rewards/app"
FILES, MANIFEST = f"{PAGE}/files", f"{PAGE}/manifest.webmanifest"


@tagged("post_install", "-at_install")
class TestPortalApp(PortalCommon, HttpCase):
    def _get_worker(self, login=None):
        """Return the worker's version, its settings and its script."""
        answer = self._get(WORKER, login)
        self.assertEqual(
            answer.headers["Content-Type"], "text/javascript; charset=utf-8"
        )
        known = re.match(r"const APP = (.*);\n", answer.text)
        return json.loads(known[1]) if known else None

    def _get_set(self, lang="en_US", login=None):
        return self._get(f"{FILES}?lang={lang}", login).json()

    def _switch_off(self):
        self.env["ir.config_parameter"].set_param(OFF, "True")

    # === WHAT A PHONE KEEPS === #

    def test_the_kept_page_is_about_nobody(self):
        """It is the same for everybody, to the letter."""
        pages = [
            self._get(f"{PAGE}?lang=en_US", login).text
            for login in ("olena", "petro", None)
        ]
        self.assertEqual(len({*pages}), 1)
        for trace in ("Olena", "olena", "Petro", "petro"):
            self.assertNotIn(trace, pages[0])
        self.assertIn('csrf_token: ""', pages[0])

    def test_it_answers_at_once_whoever_asks(self):
        """A worker cannot keep an answer that sends it elsewhere."""
        self.env["res.lang"]._activate_lang("uk_UA")
        self.member.partner_id.lang = "uk_UA"
        self.opener.cookies["frontend_lang"] = "uk_UA"
        for address in (PAGE, FILES, MANIFEST, WORKER, "/my/rewards/scan"):
            answer = self._get(address, "olena", allow_redirects=False)
            self.assertEqual(answer.status_code, 200, address)

    def test_everything_on_the_list_is_there(self):
        found = self._get_set()
        page = html.fromstring(self._get(found["page"], None).content)
        wanted = page.xpath("//link/@href | //script/@src")
        self.assertEqual(len(wanted), 4)
        self.assertLessEqual({*wanted}, {*found["files"]})
        for address in (*found["files"], *found["reader"]):
            answer = self._get(address, None, allow_redirects=False)
            self.assertEqual(answer.status_code, 200, address)

    def test_in_each_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        for lang in ("en_US", "uk_UA"):
            found = self._get_set(lang)
            self.assertIn(f"/website/translations?lang={lang}", found["files"])
            page = html.fromstring(self._get(found["page"], None).content)
            self.assertEqual(page.get("lang"), lang.replace("_", "-"))
        known = self._get_worker()["languages"]
        self.assertEqual({*known.values()}, {"en_US", "uk_UA"})

    def test_the_texts_of_the_page_are_among_what_is_kept(self):
        """In the language of the person, without a network as well."""
        self.env["res.lang"]._activate_lang("uk_UA")
        found = self._get_set("uk_UA")
        [address] = [one for one in found["files"] if "translations" in one]
        modules = self._get(address, None).json()["modules"]
        texts = {
            text["id"]: text["string"]
            for text in modules["loyalty_b2b2c_portal"]["messages"]
        }
        self.assertEqual(texts["Open the camera"], "Відкрити камеру")

    # === VERSIONS === #

    def test_one_version_for_worker_and_list_in_every_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        versions = {
            self._get_worker(login)["version"] for login in ("olena", "petro", None)
        } | {self._get_set(lang)["version"] for lang in ("en_US", "uk_UA")}
        self.assertEqual(len(versions), 1)

    def test_new_scripts_are_a_new_version(self):
        before = self._get_worker()["version"]
        self.env["ir.asset"].create(
            {
                "name": "New script",
                "bundle": "web.assets_frontend_lazy",
                "path": "loyalty_b2b2c_portal/static/src/app_worker/worker_off.js",
            }
        )
        self.assertNotEqual(self._get_worker()["version"], before)

    def test_new_modules_are_a_new_version(self):
        """With them come translations; nothing else of the page may be another."""
        before = self._get_worker()["version"]
        registry = self.env.registry
        self.patch(registry, "registry_sequence", registry.registry_sequence + 1)
        self.assertNotEqual(self._get_worker()["version"], before)

    # === SWITCHED OFF === #

    def test_switched_off_a_phone_forgets_everything(self):
        self.assertIn('rel="manifest"', self._get("/my/rewards", "olena").text)
        self._switch_off()
        answer = self._get(WORKER, None)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("registration.unregister()", answer.text)
        self.assertNotIn("fetch", answer.text)
        for address in (PAGE, FILES, MANIFEST):
            self.assertEqual(self._get(address, None).status_code, 404, address)
        self.assertNotIn('rel="manifest"', self._get("/my/rewards", "olena").text)
        self.assertEqual(self._get("/my/rewards/scan", "olena").status_code, 200)

    def test_the_switch_is_among_the_settings(self):
        self.env["res.config.settings"].create({"b2b2c_app_off": True}).execute()
        self.assertIsNone(self._get_worker())
        self.env["res.config.settings"].create({"b2b2c_app_off": False}).execute()
        self.assertTrue(self._get_worker())

    def test_a_worker_may_be_registered_beside_its_folder(self):
        """Pages of other languages are beside /my; nothing may keep an old worker."""
        answer = self._get(WORKER, None)
        self.assertEqual(answer.headers["Service-Worker-Allowed"], "/")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    # === NAME AND ICON === #

    def test_it_is_installed_under_the_company(self):
        self.company.write({"primary_color": "#1f6f54"})
        manifest = self._get(MANIFEST, "olena").json()
        self.assertEqual(manifest["name"], self.company.name)
        self.assertEqual(manifest["theme_color"], "#1f6f54")
        self.assertEqual(manifest["start_url"], "/my/rewards/scan?app=1")
        self.assertEqual(
            [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]],
            [
                ("192x192", "any"), ("192x192", "maskable"),
                ("512x512", "any"), ("512x512", "maskable"),
            ],
        )  # fmt: skip
        for icon in manifest["icons"]:
            answer = self._get(icon["src"], None)
            picture = Image.open(io.BytesIO(answer.content))
            width = int(icon["sizes"].partition("x")[0])
            self.assertEqual((picture.format, picture.size), ("PNG", (width, width)))
            self.assertIn("max-age", answer.headers["Cache-Control"])
        for shortcut in manifest["shortcuts"]:
            self.assertEqual(self._get(shortcut["url"], "olena").status_code, 200)

    def test_letters_on_the_colour_or_the_logo_on_white(self):
        self.company.write({"primary_color": "#1f6f54"})
        self.assertEqual(self._get_corner(), (31, 111, 84))
        self.company.logo = image_to_base64(
            Image.new("RGB", (300, 90), "#aa0000"), "PNG"
        )
        self.assertEqual(self._get_corner(), (255, 255, 255))
        self.assertEqual(self._get_corner(middle=True), (170, 0, 0))

    def _get_corner(self, middle=False):
        """Return the colour of a corner of the icon, or of its middle."""
        [src, *_more] = [i["src"] for i in self._get(MANIFEST, "olena").json()["icons"]]
        picture = Image.open(io.BytesIO(self._get(src, None).content)).convert("RGB")
        return picture.getpixel((96, 96) if middle else (1, 1))

    def test_no_other_icons(self):
        for address in (
            f"{PAGE}/icon-193.png?company={self.company.id}",
            f"{PAGE}/icon-192.png?company=99999999",
            f"{PAGE}/icon-192.png?company=x",
            f"{PAGE}/icon-192.png",
        ):
            self.assertEqual(self._get(address, None).status_code, 404, address)
