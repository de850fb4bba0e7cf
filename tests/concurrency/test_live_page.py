"""An open portal page follows what other processes commit, without a reload."""

import time

import pytest
import world

from tools import odoo_env
from tools.browser import open_page
from tools.web_client import Session

LOGIN, PASSWORD = "olena", "password-of-the-live-page"
AVAILABLE = "document.querySelector('.o_b2b2c_available').textContent"
TOAST = "document.querySelector('.o_notification')?.textContent || ''"
TOASTS = "document.querySelectorAll('.o_notification')"
ROWS = "document.querySelectorAll('.o_b2b2c_row')"
BUS = "odoo.__WOWL_DEBUG__.root.env.services.bus_service"
CONNECTION = f"'is ' + {BUS}.workerState"
PATIENCE = 40


@pytest.fixture
def database():
    """Name of a database whose pages a browser opens, dropped after the test."""
    from conftest import forgotten, registered

    with odoo_env.fresh_database(assets=True) as name, forgotten(name):
        registered(name)
        yield name


def prepare(database):
    """Create a program and a participant with a login.

    :return: ids of contact and product
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program()
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": LOGIN,
                "password": PASSWORD,
                "partner_id": made.members.partner_id.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        made.members._get_account(made.unit)
        return made.contact.id, made.product.id


def buy(database, contact_id, product_id):
    """Confirm an order of 1,000.00; it is worth 50 points once it is processed."""
    with odoo_env.open_environment(database) as env:
        world.create_orders(env, contact_id, product_id, count=1)


def process(database, commit=True):
    """Book what waits, in a transaction of this process."""
    with odoo_env.open_environment(database) as env:
        env["b2b2c.event"]._process_now()
        if not commit:
            env.cr.rollback()


def wait_for(page, expression, text):
    """Wait until the value of an expression has ``text`` in it; return the value."""
    end = time.monotonic() + PATIENCE
    while text not in (value := page.value(expression) or ""):
        assert time.monotonic() < end, f"{text!r} did not come, but {value!r}"
        time.sleep(0.1)
    return value


def test_open_page_shows_points_of_other_processes(database, report):
    ids = prepare(database)
    with odoo_env.odoo_server(database) as server, open_page() as page:
        session = Session(server.url, database, LOGIN, PASSWORD)
        page.size(390, 844, mobile=True)
        page.be(server.url, session.http.cookies["session_id"])
        page.open(f"{server.url}/my/rewards", ".o_b2b2c_available")
        page.value("window.stayed = true")
        assert "0 pts" in page.value(AVAILABLE)
        wait_for(page, CONNECTION, "is CONNECTED")  # it does so in the background

        buy(database, *ids)
        process(database, commit=False)
        time.sleep(2)
        assert "0 pts" == page.value(AVAILABLE).strip(), "shown before the commit"

        process(database)
        started = time.monotonic()
        wait_for(page, AVAILABLE, "50 pts")
        seconds = time.monotonic() - started
        toast = wait_for(page, TOAST, "+50 pts for S")
        assert "They are yours to use now." in toast
        assert page.value(f"{TOASTS}.length") == 1
        assert page.value(f"{ROWS}.length") == 1

        buy(database, *ids)
        process(database)
        wait_for(page, AVAILABLE, "100 pts")
        assert page.value(f"{ROWS}.length") == 2
        assert page.value("window.stayed") is True, "the page was reloaded"
        report("live page", shown_after=f"{seconds:.1f} s")
