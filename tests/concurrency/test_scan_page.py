"""A phone that loses the network: scans wait, and each is credited once.

A real server, a real browser whose network is switched off, a camera that sees a label.
"""

import os
import time

import pytest
import world

from tools import odoo_env
from tools.browser import open_page
from tools.web_client import Session

LOGIN, PASSWORD = "olena", "password-of-the-scan-page"
PATIENCE = 40
SCAN = "document.querySelector('.o_b2b2c_scan')?.textContent || ''"
CODE = "#b2b2c_code"
#: a folder for pictures of what the phone showed, for people who want to look
PICTURES = os.environ.get("B2B2C_PICTURES")


@pytest.fixture
def database():
    """Name of a database whose pages a browser opens, dropped after the test."""
    from conftest import forgotten, registered

    with odoo_env.fresh_database(assets=True) as name, forgotten(name):
        registered(name)
        yield name


def prepare(database, count=5):
    """Create a program of 3 points a scan, a seller with a login, and codes.

    :return: the codes
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
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
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": LOGIN,
                "password": PASSWORD,
                "partner_id": made.members.partner_id.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        batch = env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": made.product.id, "count": count}
        )
        batch.action_make()
        codes = env["b2b2c.code"].search([("batch_id", "=", batch.id)], order="serial")
        return codes.mapped("code")


def wait_for(page, text, gone=False):
    """Wait until the page says something, or does not any more."""
    end = time.monotonic() + PATIENCE
    while (text in (seen := page.value(SCAN) or "")) == gone:
        assert time.monotonic() < end, f"{text!r}: {seen!r}"
        time.sleep(0.1)


def picture(page, name):
    """Keep a picture of the screen, if somebody asked for it."""
    if PICTURES:
        page.picture(f"{PICTURES}/{name}.png")


def set_network(page, offline):
    """Switch the network of the browser off or on."""
    page.command(
        "Network.emulateNetworkConditions",
        offline=offline, latency=0, downloadThroughput=-1, uploadThroughput=-1,
    )  # fmt: skip


def type_code(page, code):
    end = time.monotonic() + PATIENCE
    while left := page.value(f"document.querySelector('{CODE}').value"):
        assert time.monotonic() < end, f"{left!r} is still there"
        time.sleep(0.05)
    page.fill(CODE, code)
    page.click(".o_b2b2c_scan_ok")


def booked(database):
    """Return (claims, points) of the database."""
    sql = """SELECT (SELECT count(*) FROM b2b2c_claim WHERE state = 'accepted'),
                    (SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry)"""
    return tuple(int(number) for number in world.query(database, sql)[0])


def open_scan_page(page, server, database):
    session = Session(server.url, database, LOGIN, PASSWORD)
    page.size(390, 844, mobile=True)
    page.be(server.url, session.http.cookies["session_id"])
    page.open(f"{server.url}/my/rewards/scan", CODE)


def test_scans_without_network_are_credited_once(database, report):
    codes = prepare(database)
    with odoo_env.odoo_server(database) as server, open_page() as page:
        open_scan_page(page, server, database)
        picture(page, "scan_empty")
        set_network(page, offline=True)
        for number, code in enumerate(codes[:3], start=1):
            type_code(page, code)
            wait_for(page, f"{number} scan")
        wait_for(page, "No network")
        picture(page, "scan_offline")
        assert booked(database) == (0, 0)
        set_network(page, offline=False)
        started = time.monotonic()
        wait_for(page, "9 pts")
        seconds = time.monotonic() - started
        wait_for(page, "wait", gone=True)
        picture(page, "scan_online")
        assert booked(database) == (3, 9)

        # the page is closed while scans wait: they are sent when it is opened again
        set_network(page, offline=True)
        type_code(page, codes[3])
        wait_for(page, "No network")
        # closed for good before the network is back, or it would still send itself
        page.command("Page.navigate", url="about:blank")
        set_network(page, offline=False)
        page.open(f"{server.url}/my/rewards/scan", CODE)
        wait_for(page, "12 pts")
        assert booked(database) == (4, 12)
        type_code(page, codes[3])
        wait_for(page, "already")
        picture(page, "scan_again")
        assert booked(database) == (4, 12)
        report("offline scans", sent_after=f"{seconds:.1f} s")


def test_a_label_in_front_of_the_camera(database, report):
    from odoo.addons.loyalty_b2b2c.engine.product_code import link
    from odoo.addons.loyalty_b2b2c.tests.codes.camera import camera_flags, draw_code

    code = prepare(database)[0]
    with (
        odoo_env.odoo_server(database) as server,
        camera_flags(draw_code(link(server.url, code))) as flags,
        open_page(*flags) as page,
    ):
        open_scan_page(page, server, database)
        started = time.monotonic()
        page.click(".o_b2b2c_scan_start")
        wait_for(page, "+3 pts")
        seconds = time.monotonic() - started
        picture(page, "scan_camera")
        assert booked(database) == (1, 3)
        report("camera", credited_after=f"{seconds:.1f} s")
