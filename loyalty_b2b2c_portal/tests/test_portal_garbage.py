"""Every route of ours: garbage is refused (A18, R21), and nobody keeps a page (A21)."""

import threading
from unittest.mock import patch
from urllib.parse import quote

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.tests.garbage import (
    TEXTS,
    VALUES,
    get_accident,
    to_body,
)

from .common import PASSWORD
from .test_portal_join import PortalJoinCommon

_OURS = "odoo.addons.loyalty_b2b2c"
_FIELDS = (
    "key", "code", "name", "email", "phone", "consent", "quantity", "member", "price",
    "before", "page", "kind", "lang", "request_id", "member_id", "owner_id", "sent",
    "q", "category", "sort", "now", "favourites", "wanted", "back", "w", "amount",
    "answer",
)  # fmt: skip
#: Routes whose answers may be kept, and why.
KEPT = {
    "/my/rewards/store/<int:reward_id>/image": "the picture of a reward is nobody's",
}


class RouteCommon(PortalJoinCommon):
    def _get_rules(self):
        """Return the routes of all our add-ons."""
        # the map asks the thread for its database, which some runners do not name
        thread, name = threading.current_thread(), self.env.cr.dbname
        with patch.object(thread, "dbname", name, create=True):
            rules = [*self.env["ir.http"].routing_map().iter_rules()]
        return [r for r in rules if r.endpoint.func.__module__.startswith(_OURS)]

    def _get_path(self, rule, text, number):
        """Return the path of a route with a text and a number in its places."""
        return "".join(
            part
            if not is_dynamic
            else quote(
                str(number)
                if type(rule._converters[part]).__name__ == "IntegerConverter"
                else text,
                safe="",
                errors="surrogatepass",
            )
            for is_dynamic, part in rule._trace
        ).partition("|")[2]

    def _send(self, rule, method, path, value):
        """Send a value in every field a route may look at."""
        self.env.flush_all()
        url = f"{self.base_url()}{path}"
        options = {"timeout": 60, "allow_redirects": False}
        if rule.endpoint.routing["type"] == "jsonrpc":
            params = dict.fromkeys((*_FIELDS, "scans", "message"), value)
            params["scans"] = [{"code": value, "key": value, "at": value, "pin": value}]
            return self.opener.post(
                url,
                data=to_body({"params": params}),
                headers={"Content-Type": "application/json"},
                **options,
            )
        text = value if isinstance(value, str) else repr(value)
        form = dict.fromkeys(_FIELDS, text.encode("utf-8", "surrogatepass"))
        if method == "GET":
            return self.opener.get(url, params=form, **options)
        form["csrf_token"] = Request.csrf_token(self)
        return self.opener.post(url, data=form, **options)


@tagged("post_install", "-at_install")
class TestPortalGarbage(RouteCommon, HttpCase):
    def _attack(self):
        """Send garbage to every route; return what broke, and how much was sent."""
        accidents, sent = {}, 0
        for number, rule in enumerate(self._get_rules()):
            methods = (rule.methods or {"GET", "POST"}) & {"GET", "POST"}
            for method in sorted(methods):
                for step in range(4):
                    text = TEXTS[(number + step) % len(TEXTS)] or "-"
                    value = VALUES[(number * 4 + step) % len(VALUES)]
                    whole = (0, 1, 2**31, 10**25)[step]
                    path = self._get_path(rule, text, whole)
                    with mute_logger("odoo.http", "odoo.sql_db"):
                        answer = self._send(rule, method, path, value)
                    sent += 1
                    if accident := get_accident(answer):
                        accidents[f"{method} {path:.80} {value!r:.40}"] = accident
        return accidents, sent

    def test_every_route_with_garbage(self):
        for login in (None, "olena", "ihor", "admin"):
            password = {None: None, "admin": "admin"}.get(login, PASSWORD)
            self.authenticate(login, password)
            with self.subTest(login=login):
                accidents, sent = self._attack()
                self.assertGreater(sent, 80)
                self.assertFalse(
                    accidents, "\n".join(f"{k}: {v}" for k, v in accidents.items())
                )

    def test_what_broke_before(self):
        """The named ones: a token, a poster, three keys, labels of nothing."""
        self.authenticate("olena", PASSWORD)
        rules = {rule.rule: rule for rule in self._get_rules()}
        scan = rules["/my/rewards/scan/take"]
        for path, status in (
            ("/rewards/join/%00", (400, 404)),
            ("/rewards/join/%00/poster", (400, 404)),
            ("/report/pdf/loyalty_b2b2c.code_labels/1", (403, 404)),
            ("/report/html/loyalty_b2b2c.code_labels/1", (403, 404)),
        ):
            with self.subTest(path=path), mute_logger("odoo.http"):
                answer = self.url_open(path, allow_redirects=False)
                self.assertIn(answer.status_code, status)
        for value in ("\0" * 10, "\ud800" * 10):
            with self.subTest(key=value), mute_logger("odoo.http"):
                answer = self._send(scan, "POST", "/my/rewards/scan/take", value)
                self.assertEqual(get_accident(answer), "")
                self.assertIn("json", answer.headers["Content-Type"])

    def test_control_without_the_gate_something_breaks(self):
        self.authenticate("olena", PASSWORD)
        handler = self.env.registry["ir.http"]
        with (
            patch.object(handler, "_b2b2c_get_sound", lambda params: params),
            patch("odoo.addons.loyalty_b2b2c.models.base.ir_http.is_storable", bool),
        ):
            accidents, _sent = self._attack()
        self.assertTrue(accidents)


@tagged("post_install", "-at_install")
class TestNobodyKeepsAPage(RouteCommon, HttpCase):
    """Pages about a person or with a token are kept by no browser."""

    def _ask(self, rule):
        method = "POST" if rule.methods and "GET" not in rule.methods else "GET"
        path = self._get_path(rule, self.invitation.token, 1)
        with mute_logger("odoo.http"):
            return self._send(rule, method, path, "1")

    def test_every_route_of_ours(self):
        for login in (None, "olena", "ihor"):
            self.authenticate(login, PASSWORD if login else None)
            for rule in self._get_rules():
                if rule.rule in KEPT or rule.rule.startswith("/loyalty/api"):
                    continue  # calls of the API: its own tests look at each answer
                with self.subTest(login=login, rule=rule.rule):
                    answer = self._ask(rule)
                    kept = answer.headers.get("Cache-Control", "")
                    self.assertIn("no-store", kept, answer.status_code)

    def test_pages_with_a_token_of_odoo(self):
        self.authenticate(None, None)
        token = self.member.partner_id._generate_signup_token()
        for path in ("/web/signup", "/web/reset_password"):
            answer = self.url_open(f"{path}?token={token}")
            self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_control_without_the_header(self):
        self.authenticate("olena", PASSWORD)
        handler = self.env.registry["ir.http"]
        with patch.object(handler, "_b2b2c_is_private", lambda path: False):
            answer = self.url_open("/my/rewards")
        self.assertNotIn("no-store", answer.headers.get("Cache-Control", ""))

    def test_other_pages_are_kept_as_ever(self):
        answer = self.url_open("/web/static/img/favicon.ico")
        self.assertNotIn("no-store", answer.headers.get("Cache-Control", ""))
