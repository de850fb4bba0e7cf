"""The page beside the demo that shows the chat on a phone, walked as a newcomer does.

The demo company on a real server with its scheduled actions, a server of Telegram's
kind with the page, and a browser: somebody new joins, scans, spends and recommends.
"""

import os
import re
import time

import pytest

from tools import (
    chat_servers,  # noqa: F401  makes ``chat_servers`` importable
    odoo_env,
    odoo_process,
)
from tools.browser import open_page
from tools.demo import company, phone
from tools.web_client import Session

#: a folder for pictures of what the phone showed, for people who want to look
PICTURES = os.environ.get("B2B2C_PICTURES")
PATIENCE = 60
NAME = "Vasyl Novyi"
POINTS = 100


@pytest.fixture
def database():
    """Name of a database, dropped after the test."""
    from conftest import forgotten, registered

    with odoo_env.fresh_database(assets=True) as name, forgotten(name):
        registered(name)
        yield name


class Walk:
    """Somebody in front of the page."""

    def __init__(self, page, address):
        self.page, self.address = page, address

    def begin(self):
        """Open the link of the invitation that the page offers, on the new phone."""
        self.page.open(self.address, "#people button")
        [link] = self.page.value(
            "[...document.querySelectorAll('#hints a')].map((el) => el.href)"
        )
        self.page.open(link, "#people button")
        self.click("#people li:last-child button")
        self.click("#start")

    def click(self, selector):
        self.page.click(selector)

    def write(self, text):
        self.page.fill("#text", text)
        self.click("#write .send")

    def press(self, label):
        """Press the last button of the chat that says this."""
        self.wait_for(label)
        found = self.page.value(
            "(() => { const all = [...document.querySelectorAll('.buttons button, "
            ".keys button')].filter((el) => el.innerText.includes("
            f"{label!r})); all.at(-1)?.click(); return all.length; }})()"
        )
        assert found, f"no button {label!r}: {self.said()[-600:]}"

    def said(self):
        return self.page.value("document.querySelector('.phone').innerText") or ""

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.said():
            assert time.monotonic() < end, f"{text!r}: {self.said()[-900:]}"
            time.sleep(0.2)

    def picture(self, name):
        if PICTURES:
            self.page.picture(f"{PICTURES}/{name}.png")


def _prepare(database, port):
    """Fill the demo company; return what the phones need, a link to join, codes."""
    with odoo_env.open_environment(database) as env:
        company.load(env)
        told = phone.load(env, port)
        values = {"name": "Friends", "discount_percent": 10}
        values["program_id"] = env.ref("__demo__.b2b2c_program").id
        env["b2b2c.referral.campaign"].create(values)
        told["codes"] = phone._get_cards(env)[:3].mapped("code")
        env.cr.commit()
    return told


def _read_code(server, database, phones):
    """Return the code that came by SMS, once the phone shows it."""
    session = Session(server.url, database, *phone.ADMINISTRATOR)
    end, last = time.monotonic() + PATIENCE, 0
    person = [*phones.people.values()][-1]
    while not person.notices:
        assert time.monotonic() < end, "no code by SMS"
        last = phone.show_short_messages(session, phones, last)
        time.sleep(0.2)
    return re.search(r"\d{6}", person.notices[-1]).group()


def _give(database):
    """Let who joined have enough points for a reward."""
    with odoo_env.open_environment(database) as env:
        member = env["b2b2c.member"].search([("partner_id.name", "=", NAME)])
        unit = env.ref("loyalty_b2b2c.unit_points")
        member._get_account(unit)._earn(POINTS, source_key="walk")
        env.cr.commit()


def test_a_newcomer_on_the_demos_phone(database, report):
    from chat_servers.phone_server import PhoneServer

    port = odoo_process.free_port()
    told = _prepare(database, port)
    with (
        odoo_env.odoo_server(database, workers=2, with_crons=True) as server,
        PhoneServer(
            phone.PEOPLE,
            {},
            told["hints"],
            token=phone.TOKEN,
            username=phone.BOT,
            port=port,
        ) as phones,
        open_page() as page,
    ):
        hook = f"{server.url}{told['path']}"
        phones.call("setWebhook", {"url": hook, "secret_token": told["secret"]})
        page.size(1100, 860)
        walk = Walk(page, phones.base)

        # joins
        walk.begin()
        walk.press("I agree")
        walk.wait_for("first and last name")
        walk.write(NAME)
        walk.wait_for("share the number")
        walk.click("#keys button")
        walk.wait_for("I sent a code")
        walk.write(_read_code(server, database, phones))
        walk.wait_for("Welcome!")
        walk.click("#notice")  # the code is read

        # scans
        walk.write(told["codes"][0])
        walk.wait_for("You get")
        walk.picture("chat_scan")

        # spends: 10 + 100 - 25 stay
        _give(database)
        walk.write("/rewards")
        walk.press("Coffee mug")
        walk.wait_for("In stock: 50 left")
        walk.picture("chat_rewards")
        walk.press("I want this")
        walk.wait_for("Where should we hand it over?")
        walk.write("In the shop")
        walk.press("Yes, request it")
        walk.wait_for("Requested!")
        walk.wait_for("85 pts")

        # recommends
        walk.write("/recommend")
        walk.press("Get my code")
        walk.wait_for("My code: VASYL-")
        walk.wait_for("Poster to print")
        walk.picture("chat_recommend")
    assert _count(database) == (1, 1)
    report("newcomer on the demo's phone", joined=1, scanned=1, asked=1, recommends=1)


def _count(database):
    """Return how many requests and recommendations the newcomer has."""
    with odoo_env.open_environment(database) as env:
        member = env["b2b2c.member"].search([("partner_id.name", "=", NAME)])
        return tuple(
            env[model].search_count([("member_id", "=", member.id)])
            for model in ("b2b2c.redemption", "b2b2c.referral.link")
        )
