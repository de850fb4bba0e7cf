"""The scan page where there is no network: two people, two languages, an update.

A real server, a real browser, and a cable between them that is pulled out.
"""

import os
import time

import phone
import pytest
import world
from phone import CODE, INITIALS, KEPT, PATIENCE, SCAN, Phone

from tools import odoo_env
from tools.browser import open_page
from tools.cable import cable

#: a folder for pictures of what the phone showed, for people who want to look
PICTURES = os.environ.get("B2B2C_PICTURES")


@pytest.fixture
def database():
    """Name of a database whose pages a browser opens, dropped after the test."""
    from conftest import forgotten, registered

    with odoo_env.fresh_database(assets=True) as name, forgotten(name):
        registered(name)
        yield name


def picture(one, name):
    """Keep a picture of the screen, if somebody asked for it."""
    if PICTURES:
        one.page.picture(f"{PICTURES}/{name}.png")


def booked(database):
    """Return (claims, points) of the database."""
    sql = """SELECT (SELECT count(*) FROM b2b2c_claim WHERE state = 'accepted'),
                    (SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry)"""
    return tuple(int(number) for number in world.query(database, sql)[0])


def test_the_app_without_a_network(database, report):
    codes = phone.prepare(database, 5)
    with (
        odoo_env.odoo_server(database) as server,
        cable(server.url) as wire,
        open_page() as page,
    ):
        one = Phone(page, wire, database)

        # Olena was here once; in the cellar the page opens, says whose it is, and keeps
        one.sign_in("olena")
        first = one.visit()
        picture(one, "app_ready")
        wire.pull_out()
        one.open("/my/rewards/scan", KEPT)
        one.see(INITIALS["olena"])
        one.see(SCAN["olena"])
        one.scan(codes[0])
        one.see("1 scan waits")
        picture(one, "app_offline")
        one.open("/my/rewards", KEPT)
        one.see("This page needs a network")

        # Ihor takes the phone; his pages are in Ukrainian and elsewhere
        wire.plug_in()
        one.sign_in("ihor")
        one.open("/my/rewards", ".o_b2b2c_app_waiting")
        assert page.value("location.pathname") == "/uk/my/rewards"
        one.visit()
        wire.pull_out()
        for address in ("/my/rewards/scan", "/uk/my/rewards/scan?app=1"):
            one.open(address, KEPT)
            one.see(INITIALS["ihor"])
            one.see(SCAN["ihor"])
        one.scan(codes[1])
        picture(one, "app_offline_uk")

        # Olena scans again, on his phone: the page is hers, and in her language
        page.click(".o_b2b2c_other")
        page.wait(".o_b2b2c_person")
        picture(one, "app_people")
        page.value(
            "[...document.querySelectorAll('.o_b2b2c_person')]"
            f".find((el) => el.innerText.includes('{INITIALS['olena']}')).click()"
        )
        one.see(SCAN["olena"])
        one.see("1 scan waits")
        one.scan(codes[2])
        one.see("2 scans wait")

        # with the network back, nothing of hers is sent as his
        wire.plug_in()
        one.see("Sign in again, your scans are kept")
        assert booked(database) == (0, 0)
        one.open("/my/rewards/scan", CODE)
        one.see("3 pts")
        one.sign_in("olena")
        one.open("/my/rewards/scan", CODE)
        one.see("6 pts")
        assert booked(database) == (3, 9)

        # a new version: complete, or still the old one
        phone.update(database)
        wire.pull_out()
        one.open("/my/rewards/scan", KEPT)
        one.see(SCAN["olena"])
        wire.plug_in()
        # the one before serves until the new one is complete; a browser looks for it
        # when its worker had nothing to do for a second, so nobody hurries here
        end = time.monotonic() + PATIENCE
        while one.visit() == first:
            assert time.monotonic() < end, "no new version"
            time.sleep(2)
        wire.pull_out()
        one.open("/my/rewards/scan", KEPT)
        one.see(SCAN["olena"])
        one.open("/uk/my/rewards/scan", KEPT)
        one.see(SCAN["ihor"])

        # signed out, the phone tells nobody's points, and keeps what waits
        wire.plug_in()
        page.open(f"{wire.url}/my/rewards/scan", CODE)
        page.open(f"{wire.url}/web/session/logout?redirect=/web/login", "#login")
        wire.pull_out()
        one.open("/my/rewards/scan", ".o_b2b2c_person")
        assert "pts" not in page.value("JSON.stringify(localStorage)")

        # switched off, it forgets everything
        wire.plug_in()
        phone.switch_off(database)
        one.sign_in("olena")
        one.open("/my/rewards/scan", CODE)
        left = (
            "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
        )
        names = "caches.keys().then((names) => names.length)"
        for expression in (left, names):
            one.wait_until(expression, 0)
        report("app", versions=2, people=2, credited=9)
