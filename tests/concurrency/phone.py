"""A phone with the app on it: who holds it, and its cable to a real server."""

import contextlib
import time

import world

from tools import odoo_env
from tools.steps import UserError
from tools.web_client import Session

PASSWORD = "password-of-the-phone"
#: Login -> language; the first is signed in first.
PEOPLE = {"olena": "en_US", "ihor": "uk_UA"}
INITIALS = {"olena": "OK", "ihor": "ІП"}
_NAMES = {"olena": "Olena Kovalenko", "ihor": "Ігор Петренко"}
#: What each sees above the field for a code.
SCAN = {"olena": "Scan a code", "ihor": "Сканувати код"}
CODE, READY, KEPT = "#b2b2c_code", ".o_b2b2c_ready", ".o_b2b2c_kept_bar"
PATIENCE = 40


def prepare(database, count):
    """Create two sellers in two languages, a program of 3 points a scan, and codes.

    :return: the codes
    """
    with odoo_env.open_environment(database) as env:
        env["res.lang"]._activate_lang("uk_UA")
        made = world.make(env, members=2)
        kinds = env.ref("loyalty_b2b2c.document_kind_scan").ids
        made._create_program(
            {
                "kind": "per_unit",
                "value": 3,
                "trigger": "paid",
                "pick": "contact",
                "document_kind_ids": [(6, 0, kinds)],
            }
        )
        for member, (login, lang) in zip(made.members, PEOPLE.items(), strict=True):
            member.partner_id.write({"name": _NAMES[login], "lang": lang})
            env["res.users"].with_context(no_reset_password=True).create(
                {
                    "login": login,
                    "password": PASSWORD,
                    "partner_id": member.partner_id.id,
                    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                }
            )
        batch = env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": made.product.id, "count": count}
        )
        batch.action_make()
        codes = env["b2b2c.code"].search([("batch_id", "=", batch.id)], order="serial")
        return codes.mapped("code")


class Phone:
    """A browser of a phone's size, held by one person after another.

    :param page: of ``tools.browser``
    :param cable: of ``tools.cable``
    """

    def __init__(self, page, cable, database):
        self.page, self.cable, self.database = page, cable, database
        page.size(390, 844, mobile=True)

    def sign_in(self, login):
        """Be somebody else from now on, in the language that person reads."""
        session = Session(self.cable.url, self.database, login, PASSWORD)
        self.page.be(self.cable.url, session.http.cookies["session_id"])

    def open(self, path, until):
        try:
            self.page.open(self.cable.url + path, until)
        except UserError as error:
            seen = self.page.value("location.href + document.body.innerText")
            raise AssertionError(f"{path}: {seen}") from error

    def visit(self, path="/my/rewards/scan"):
        """Open a page with a network, and wait until it opens without one.

        :return: the version that is kept
        """
        self.open(path, READY)
        active = (
            "navigator.serviceWorker.getRegistrations().then((all) =>"
            " all.every((one) => one.active?.state === 'activated' && !one.installing))"
        )
        self.wait_until(active, True)
        return self.page.value(f"document.querySelector('{READY}').dataset.version")

    def see(self, text, gone=False):
        """Wait until the page says something, or does not any more."""
        end, seen = time.monotonic() + PATIENCE, ""
        while True:
            with contextlib.suppress(UserError):  # it is just being left
                seen = self.page.value("document.body?.innerText") or ""
                if (text in seen) != gone:
                    return
            assert time.monotonic() < end, f"{text!r}: {seen!r}"
            time.sleep(0.1)

    def scan(self, code):
        """Type a code, as a person does whose camera is broken."""
        end = time.monotonic() + PATIENCE
        while self.page.value(f"document.querySelector('{CODE}').value"):
            assert time.monotonic() < end
            time.sleep(0.05)
        self.page.fill(CODE, code)
        self.page.click(".o_b2b2c_scan_ok")

    def wait_until(self, expression, value):
        """Wait until a promise of the page brings a value."""
        end = time.monotonic() + PATIENCE
        while (found := self._get(expression)) != value:
            assert time.monotonic() < end, f"{expression}: {found!r}"
            time.sleep(0.2)

    def _get(self, expression):
        result = self.page.command(
            "Runtime.evaluate",
            expression=expression, returnByValue=True, awaitPromise=True,
        )  # fmt: skip
        return result["result"].get("value")


def update(database):
    """Let the pages have another script: another version of the app."""
    with odoo_env.open_environment(database) as env:
        bundle = "web.assets_frontend_lazy"
        path = "loyalty_b2b2c_portal/static/src/app_worker/worker_off.js"
        asset = env["ir.asset"].search([("name", "=", "Update")])
        if asset:
            asset.unlink()  # another one again
        else:
            env["ir.asset"].create({"name": "Update", "bundle": bundle, "path": path})
        _tell_server(env)


def switch_off(database):
    """Let phones forget the app."""
    with odoo_env.open_environment(database) as env:
        env["ir.config_parameter"].set_param("loyalty_b2b2c_portal.app_off", "1")
        _tell_server(env)


def _tell_server(env):
    """Commit, and let the server forget what it remembers."""
    env.cr.commit()
    env.registry.signal_changes()
