"""Scanning on the phone: the routes, and the page in a real browser with a camera."""

import base64
import json
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import lxml.html

from odoo import fields
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.engine.product_code import link, new_codes
from odoo.addons.loyalty_b2b2c.tests.claims.test_claims import ClaimCommon
from odoo.addons.loyalty_b2b2c.tests.codes.camera import camera_sees, draw_code
from odoo.addons.loyalty_b2b2c.tests.codes.test_scan import ScanCommon

from ..pages.scan import ScanPage
from .common import PASSWORD, PortalCommon

#: Codes the tours know, with right check characters; the last one has a PIN.
KNOWN = (
    "SCANME0000000110",
    "SCANME000000029Z",
    "SCANME00000003J9",
    "SCANME00000004S4",
)


class PortalScanCommon(ScanCommon, PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller_user = cls._create_portal_user("nina", cls.seller.partner_id)
        cls.codes = cls._codes()
        for code, text in zip(cls.codes, KNOWN, strict=False):
            cls.env.cr.execute(
                "UPDATE b2b2c_code SET code = %s WHERE id = %s", (text, code.id)
            )
        cls.env.invalidate_all()

    def _take(self, code, login="nina", key="key-of-scan-1", **params):
        """Send a code as the page does."""
        self.authenticate(login, PASSWORD if login else None)
        return self._take_all([{"code": code, "key": key, **params}])[0]

    def _take_all(self, scans):
        return self.make_jsonrpc_request("/my/rewards/scan/take", {"scans": scans})


@tagged("post_install", "-at_install")
class TestPortalScan(PortalScanCommon, HttpCase):
    def test_a_scan_is_credited_in_the_same_request(self):
        answer = self._take(KNOWN[0])
        self.assertEqual(
            (answer["status"], answer["points"], answer["balances"]),
            ("credited", "3 pts", ["3 pts"]),
        )
        self.assertEqual(self._take(KNOWN[0]), answer)

    def test_a_page_says_which_language_it_is_in(self):
        """By that the browser keeps the translations of what it draws itself."""
        self.env["res.lang"]._activate_lang("uk_UA")
        self.seller.partner_id.lang = "uk_UA"
        page = lxml.html.fromstring(self._get("/my/rewards/scan", "nina").text)
        self.assertEqual(page.xpath("/html/@lang"), ["uk-UA"])

    def test_the_address_in_the_code_leads_to_the_page(self):
        for address in (
            link("", KNOWN[0]),
            link("", KNOWN[0], "4006381333931"),
        ):
            response = self._get(address, login="nina")
            self.assertIn(f"/my/rewards/scan?code={KNOWN[0]}", response.url)
            self.assertIn(KNOWN[0], response.text)
        self.assertEqual(self.codes[0].state, "printed")

    def test_without_a_login_the_code_waits(self):
        """Opening the address tells nothing and changes nothing."""
        pages = []
        for code in (KNOWN[0], new_codes(1)[0]):
            response = self._get(link("", code), login=None)
            self.assertIn("This package brings you points", response.text)
            self.assertIn(
                f"/web/login?redirect=%2Fmy%2Frewards%2Fscan%3Fcode%3D{code}",
                response.text,
            )
            pages.append(len(response.text))
        self.assertEqual(*pages)
        self.assertEqual(self.codes[0].state, "printed")

    def test_strangers_do_not_scan(self):
        self._create_portal_user("nobody")
        self.assertIn(
            "You do not take part", self._get("/my/rewards/scan", "nobody").text
        )
        self.assertEqual(self._take(KNOWN[0], "nobody")["status"], "refused")
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._take(KNOWN[0], login=None)
        response = self._get("/my/rewards/scan", login=None, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertEqual(self.codes[0].state, "printed")

    def test_nobody_scans_for_somebody_else(self):
        """A membership of somebody else is not chosen."""
        self._take(KNOWN[0], member=self.colleague.id)
        self.assertEqual(self._last().submitter_id, self.seller)

    def test_garbage_is_answered(self):
        for number, (code, params) in enumerate(
            (
                (None, {}),
                ("", {}),
                ("\x00" * 50, {}),
                ("ü" * 5000, {}),
                (["x"], {}),
                ({"a": 1}, {}),
                (KNOWN[0][:-1] + "X", {"pin": ["1"]}),
                (KNOWN[1], {"at": "yesterday", "place": "here", "member": "me"}),
                (KNOWN[2], {"at": 1e300, "place": [1e9, None], "member": [1]}),
                (KNOWN[3], {"at": -5, "place": [True, 1], "member": {}}),
            )
        ):
            with self.subTest(code=code):
                answer = self._take(code, key=f"key-number-{number}", **params)
                self.assertIn(answer["status"], ("typo", "credited"))
                self.assertTrue(answer["message"])
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._take(KNOWN[0], key="short")
        scan = {"code": KNOWN[0], "key": "key-of-scan-1"}
        for scans in (None, [], {}, "x", [None], [[scan]], [{}], [scan] * 51):
            with self.subTest(scans=scans), mute_logger("odoo.http"):
                with self.assertRaises(JsonRpcException):
                    self._take_all(scans)

    def test_what_became_of_scans_is_listed(self):
        self.company.b2b2c_scan_audit = 100
        for number, code in enumerate(KNOWN[:3]):
            self._take(code, key=f"key-number-{number}")
        self._take(new_codes(1)[0], key="key-of-a-guess")
        refused, cancelled, _waiting = self.env["b2b2c.claim"].search(
            [("state", "=", "review")], order="id"
        )
        refused._refuse("by_person", self.env.user)
        cancelled._accept()
        cancelled._cancel()
        rows = ScanPage(self.seller.sudo()).recent()
        states = [(row["state"], row["points"]) for row in rows]
        self.assertEqual(states, [("review", ""), ("cancelled", ""), ("refused", "")])

    def test_the_phone_is_asked_where_it_is_only_when_that_is_compared(self):
        def is_asked():
            page = lxml.html.fromstring(self._get("/my/rewards/scan", "nina").content)
            [component] = page.xpath("//owl-component[contains(@props, 'recent')]")
            return json.loads(component.get("props"))["place"]

        self.assertFalse(is_asked())
        self.company.b2b2c_scan_radius = 5
        self.assertFalse(is_asked(), "nobody knows where the shop is")
        self.shop.write({"partner_latitude": 50.45, "partner_longitude": 30.52})
        self.assertTrue(is_asked())

    def test_the_overview_has_a_button(self):
        self.assertIn("/my/rewards/scan", self._get("/my/rewards", "nina").text)


@tagged("post_install", "-at_install")
class TestPortalScanTour(PortalScanCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_typing(self):
        self.start_tour("/my/rewards/scan", "b2b2c_scan_typing", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_the_page_is_in_the_language_of_the_person(self):
        """What the browser draws, as well as what the server answers."""
        self.env["res.lang"]._activate_lang("uk_UA")
        self.seller.partner_id.lang = "uk_UA"
        self.start_tour("/my/rewards/scan", "b2b2c_scan_ukrainian", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_the_camera_reads_the_label(self):
        address = link(self.base_url(), KNOWN[0])
        with camera_sees(draw_code(address)):
            self.start_tour("/my/rewards/scan", "b2b2c_scan_camera", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_scans_wait_for_the_network(self):
        """What waited is sent in one request; what is refused stays in the list."""
        sent = []
        take_all = self.registry["b2b2c.scan"]._take_all

        def look(service, members, scans, **origin):
            sent.append(len(scans))
            return take_all(service, members, scans, **origin)

        with patch.object(self.registry["b2b2c.scan"], "_take_all", look):
            self.start_tour("/my/rewards/scan", "b2b2c_scan_offline", login="nina")
        self.assertEqual(self._available(self.seller), [9])
        self.assertEqual(sent, [4])

    def test_one_bad_scan_does_not_keep_the_others(self):
        """A request that fails is sent again, scan by scan."""
        sent = []
        take_all = self.registry["b2b2c.scan"]._take_all

        def fail(service, members, scans, **origin):
            sent.append([scan["text"] for scan in scans])
            if KNOWN[1] in sent[-1]:
                raise ValueError("The server cannot read this one.")
            return take_all(service, members, scans, **origin)

        with (
            patch.object(self.registry["b2b2c.scan"], "_take_all", fail),
            mute_logger("odoo.http"),
        ):
            self.start_tour("/my/rewards/scan", "b2b2c_scan_bad_one", login="nina")
        self.assertEqual(self._available(self.seller), [6])
        together, *apart = sent[:4]
        self.assertEqual(together, list(KNOWN[:3]))
        self.assertEqual(apart, [[code] for code in KNOWN[:3]])

    def test_who_was_signed_out_loses_nothing(self):
        with mute_logger("odoo.http"):
            self.start_tour("/my/rewards/scan", "b2b2c_scan_signed_out", login="nina")
        self.assertEqual(self._available(self.seller), [3])

    def test_who_signs_in_first_is_credited(self):
        """The phone's own camera opened the package's address."""
        self.start_tour(link("", KNOWN[0]), "b2b2c_scan_sign_in", login=None)
        self.assertEqual(self._available(self.seller), [3])

    def test_pages_of_one_phone_show_the_same(self):
        self.start_tour("/my/rewards/scan", "b2b2c_scan_two_pages", login="nina")


@tagged("post_install", "-at_install")
class TestPortalScanSmallPhone(TestPortalScanTour):
    browser_size = "320x568"


@tagged("post_install", "-at_install")
class TestPortalOutsideCodes(PortalScanCommon, HttpCase):
    """Codes of other makers, whatever is in them, open from the labels we print."""

    #: As the other maker printed them; upper case already, as a code is compared.
    ODD = (
        "AB/2026/000117",
        "AB//000118",
        "AB?N=119&X=2",
        "AB#000120",
        "AB%2F000121",
        "AB%ZZ000122",
        "ЖЮК/000123",
        "ЩИТ#000124",
        "AB+000125",
        "AB:000126/",
        "AB/../000127",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = "Code\n" + "".join(f'"{code}"\n' for code in cls.ODD)
        cls.outside = cls.env["b2b2c.code.batch"].create(
            {
                "name": "Theirs",
                "product_id": cls.product.id,
                "origin": "import",
                "import_file": base64.b64encode(text.encode()),
                "import_name": "theirs.csv",
            }
        )
        cls.outside._prepare_making()
        cls.outside._move("making", ("draft",))
        cls.outside._make_all()

    def _open(self, address):
        """Return the code with which the scan page opens."""
        page = lxml.html.fromstring(self._get(address, login="nina").content)
        [component] = page.xpath("//owl-component[contains(@props, 'recent')]")
        return json.loads(component.get("props"))["code"]

    def test_all_were_imported(self):
        self.assertEqual(self.outside.made, len(self.ODD), self.outside.import_report)

    def test_each_opens_from_its_label_and_is_credited(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        codes = self._codes(self.outside).mapped("code")
        for number, code in enumerate(codes, start=1):
            for gtin in (None, "4006381333931"):
                for lang in ("en_US", "uk_UA"):
                    with self.subTest(code=code, gtin=gtin, lang=lang):
                        self.opener.cookies["frontend_lang"] = lang
                        self.assertEqual(self._open(link("", code, gtin)), code)
            answer = self._take(self._open(link("", code)), key=f"odd-{number:04}")
            self.assertEqual(answer["balances"], [f"{3 * number} pts"], code)

    def test_the_camera_gives_the_whole_address(self):
        for number, code in enumerate(self._codes(self.outside).mapped("code")):
            address = link("https://rewards.example", code)
            answer = self._take(address, key=f"camera-{number:04}")
            self.assertEqual(answer["status"], "credited", code)

    def test_who_signs_in_first_does_not_lose_it(self):
        code = self.ODD[0]
        page = self._get(link("", code), login=None)
        [href] = lxml.html.fromstring(page.content).xpath(
            "//a[contains(@href, '/web/login?redirect')]/@href"
        )
        [inner] = parse_qs(urlsplit(href).query)["redirect"]
        self.assertEqual(parse_qs(urlsplit(inner).query), {"code": [code]})


@tagged("post_install", "-at_install")
class TestPortalButtons(ClaimCommon, PortalCommon, HttpCase):
    """“Scan a code” and “Send a receipt” are for those whose scans reward somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_portal_user("nina", cls.seller.partner_id)
        cls._create_portal_user("ihor", cls.owner.partner_id)
        batch = cls.env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": cls.product.id, "count": 3}
        )
        batch.action_make()

    def _create_rule(self, kind, **rule):
        kinds = self.env.ref(f"loyalty_b2b2c.document_kind_{kind}").ids
        rule = {"trigger": "paid", "document_kind_ids": [(6, 0, kinds)], **rule}
        return self._create_program(rule, name=f"{kind} {rule}")

    def _buttons(self, login):
        """Return (scan, receipt): which buttons a person sees."""
        text = self._get("/my/rewards", login=login).text
        return "/my/rewards/scan" in text, "/my/rewards/receipts" in text

    def test_codes_alone_are_no_reason(self):
        self.assertEqual(self._buttons("nina"), (False, False))

    def test_for_the_own_role(self):
        self._create_rule("scan", role="salesperson", pick="contact")
        self._create_rule("receipt", role="owner", pick="contact")
        self.assertEqual(self._buttons("nina"), (True, False))
        self.assertEqual(self._buttons("ihor"), (False, True))
        self.assertEqual(self._buttons("olena"), (False, False))

    def test_a_salesperson_scans_for_the_owner(self):
        program = self._create_rule("scan", role="owner", pick="contact_or_first")
        self.assertEqual(self._buttons("nina"), (True, False))
        self.assertEqual(self._buttons("olena"), (True, False), "Petro owns hers")
        self.other_member.action_leave()
        self.assertEqual(self._buttons("olena"), (False, False), "no owner at hers")
        self.owner.action_leave()
        self.assertEqual(self._buttons("nina"), (False, False), "nobody would get it")
        self.owner.copy({"enrolled_at": fields.Datetime.now(), "left_at": False})
        self.assertEqual(self._buttons("nina"), (True, False))
        program.action_close()
        self.assertEqual(self._buttons("nina"), (False, False))

    def test_shares_and_programs_count(self):
        program = self._create_rule(
            "receipt",
            share_ids=[
                (0, 0, {"role": "owner", "percent": 40}),
                (0, 0, {"role": "salesperson", "pick": "contact", "percent": 60}),
            ],
        )
        self.assertEqual(self._buttons("nina"), (False, True))
        others = self._create_program(name="Others")
        (self.seller | self.owner).program_ids = others
        self.assertEqual(self._buttons("nina"), (False, False))
        self.owner.program_ids = program
        self.assertEqual(self._buttons("nina"), (False, True))
