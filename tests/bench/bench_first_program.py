"""From *New* to a running program, clicked in a browser as a newcomer would.

A real server and Chromium.  Products are there, and one person in each role takes part.
Each click on the screen is counted; of scan to earn also what a scan brings then.

With ``PICTURES=<folder>`` in the environment it leaves pictures of what it saw.
"""

import json
import os
import secrets
import time
from pathlib import Path

import shop
from harness import limit

from tools import chromium
from tools.browser import open_page
from tools.web_client import Session

CLICKS, SECONDS = 9, 90
MANAGER, SELLER, PASSWORD = "newcomer", "nina", "a-bench-password"
LAPTOP = (1440, 900)
PROGRAMS = "/odoo/loyalty-reward-programs"
PICK = ".o_field_many2many_selection input"
OPTION = ".o-autocomplete--dropdown-item a:not(.o_loading)"
PICKED = ".modal .o_field_many2many_tags .o_tag"
CREATE = ".modal button[name='action_begin']"
#: Of the dialog that asks whether to start.
ASKED = ".modal button[name='action_start']"
#: Steps of checklists that start something, in their order.
STARTING = ("program", "bonus", "start")


def run(ctx):
    """Rows: clicks and seconds of scan to earn, and of each other mechanic."""
    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            codes = _fill(env)
            env.cr.commit()
        with ctx.odoo_server(database, workers=2) as server:
            os.environ["PATH"] = f"{chromium.find()}:{os.environ['PATH']}"
            with open_page() as page:
                newcomer = Newcomer(page, server.url, database)
                rows = _measure_scan(newcomer, database)
                for code in codes:
                    rows += newcomer.set_up(code)
                newcomer.look_around()
    return rows


class Newcomer:
    """Somebody at the screen, whose clicks are counted."""

    def __init__(self, page, url, database):
        self.page, self.url = page, url
        self.session = Session(url, database, MANAGER, PASSWORD)
        self.clicks, self.since = 0, 0
        page.size(*LAPTOP)
        page.be(url, self.session.http.cookies["session_id"])
        page.open(f"{url}/odoo", ".o_main_navbar")  # scripts are in the cache then

    def begin(self):
        """Stand before the list of programs; clicks and seconds are counted anew."""
        self.page.open(self.url + PROGRAMS, ".o-kanban-button-new")
        self.clicks, self.since = 0, time.perf_counter()

    def click(self, selector):
        """Click what is seen, as soon as it is."""
        self.page.click(selector)
        self.clicks += 1

    def pick(self, name):
        """Click the field of the products, type a name, and click what is found."""
        self.page.fill(PICK, name)
        first = f"document.querySelector({json.dumps(OPTION)})?.textContent"
        while name not in (self.page.value(first) or ""):
            time.sleep(0.1)
        self.page.click(OPTION)
        self.page.wait(PICKED)
        self.clicks += 2

    def picture(self, name):
        """Leave a picture, if somebody wants to see it."""
        if folder := os.environ.get("PICTURES"):
            began = time.perf_counter()
            self.page.picture(Path(folder) / f"{name}.png")
            self.since += time.perf_counter() - began

    def choose(self, code):
        """Press *New* and choose a card of the gallery."""
        self.click(".o-kanban-button-new")
        self.page.wait(".o_b2b2c_mechanic")
        if code == "scan":
            self.picture("gallery")
        self.click(f".o_b2b2c_mechanic[data-code='{code}']")
        self.page.wait(CREATE)

    def start(self):
        """Press the buttons of the checklist that start something."""
        for code in STARTING:
            button = f"[data-step='{code}']:not(.o_b2b2c_done) button"
            if self.page.value(f'!!document.querySelector("{button}")'):
                self.click(button)
                done = (
                    f"[data-step='{code}'].o_b2b2c_done, "
                    ".o_form_view:not(:has(.o_b2b2c_checklist))"
                )
                self.page.wait(f"{ASKED}, {done}")
                if self.page.value(f'!!document.querySelector("{ASKED}")'):
                    self.click(ASKED)
                self.page.wait(done)

    def set_up(self, code):
        """Set up one mechanic with what its dialog suggests.

        :return: rows of the bench
        """
        self.begin()
        self.choose(code)
        self.picture(f"dialog_{code}")
        self.click(CREATE)
        self.page.wait(".o_form_view .o_b2b2c_checklist")
        self.start()
        self.picture(f"made_{code}")
        return self.measure(code)

    def measure(self, name):
        """Return the rows of what was counted since :meth:`begin`."""
        seconds = round(time.perf_counter() - self.since, 1)
        few, quick = self.clicks <= CLICKS, seconds <= SECONDS
        return [
            limit(f"{name}: clicks", self.clicks, f"<= {CLICKS}", few),
            limit(f"{name}: seconds", seconds, f"<= {SECONDS}", quick),
        ]

    def look_around(self):
        """Leave pictures of what was not on the way."""
        if not os.environ.get("PICTURES"):
            return
        self.page.open(self.url + PROGRAMS, ".o_kanban_record:not(.o_kanban_ghost)")
        self.picture("programs")
        challenges = f"{self.url}/odoo/loyalty-challenge-templates"
        self.page.open(challenges, ".o_b2b2c_mechanic")
        self.picture("challenge_gallery")


def _measure_scan(newcomer, database):
    """Set up scan to earn for one product, and let the seller scan a code."""
    page = newcomer.page
    newcomer.begin()
    newcomer.picture("empty")
    newcomer.choose("scan")
    newcomer.picture("dialog_scan")
    newcomer.pick("Notebook")
    newcomer.click(CREATE)
    page.wait("[data-step='start'] button")
    newcomer.picture("made_scan")
    newcomer.start()
    rows = newcomer.measure("scan")
    newcomer.picture("started_scan")
    rows.append(_scan(newcomer, database))
    if os.environ.get("PICTURES"):
        newcomer.click("button[name='action_try']")
        page.wait(".modal .o_field_x2many_list .o_data_row")
        newcomer.picture("try_scan")
    return rows


def _scan(newcomer, database):
    """Let the seller scan a code that was made on the way; the row of its points."""
    session = newcomer.session
    [code] = session.call(
        "b2b2c.code", "search_read", [("level", "=", "unit")], ["code"], limit=1
    )
    nina = Session(newcomer.url, database, SELLER, PASSWORD)
    scans = [{"code": code["code"], "key": secrets.token_hex(16)}]
    [answer] = nina.post("/my/rewards/scan/take", {"scans": scans})
    paid = answer["points"]
    return limit("scan: pays", paid, "= 10 pts", paid == "10 pts")


def _fill(env):
    """Make products, people and the manager; return the mechanics but the first."""
    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    products = shop.open_shop(env, count=3)
    for product, name in zip(products, ("Notebook", "Pen", "Rucksack"), strict=True):
        product.name = name
    world = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    world.client = env["res.partner"].create(
        {"name": "Corner Stationery", "is_company": True}
    )
    for number, role in enumerate(env["b2b2c.role"]._get_roles()):
        member = world._create_member(
            name="Nina Seller" if role == "salesperson" else f"Somebody, {role}",
            email=f"{role}@example.com",
            phone=f"+380 67 123 46 {number:02}",
            role=role,
        )
        if role == "salesperson":
            shop.open_portal(env, member, SELLER, PASSWORD)
    env["res.config.settings"].create({"group_product_pricelist": True}).execute()
    groups = (
        "loyalty_b2b2c.group_manager",
        "sales_team.group_sale_manager",
        "base.group_partner_manager",
    )
    manager = world._create_user(MANAGER, *groups)
    manager.password = PASSWORD
    gallery = env["b2b2c.mechanic"].with_user(manager).get_gallery()
    codes = [row["code"] for group in gallery for row in group["mechanics"]]
    return [code for code in codes if code != "scan"]
