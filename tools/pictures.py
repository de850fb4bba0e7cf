"""The pictures of the README, taken from the running demo company.

``./loyalty pictures`` calls this with a fresh database and a server on it, so that the
pictures are of today's code.
"""

import argparse
import sys
from pathlib import Path

from tools import demo_company
from tools.browser import open_page
from tools.odoo_env import open_environment
from tools.steps import say
from tools.story_client import Session

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
LAPTOP = (1280, 800)
PHONE = (390, 844)


def main():
    """Take every picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--url", required=True)
    arguments = parser.parse_args()
    with open_environment(arguments.database) as env:
        demo_company.load(env)
        ids = _find(env)
    FOLDER.mkdir(parents=True, exist_ok=True)
    people = {
        login: Session(
            arguments.url, arguments.database, login, demo_company.PASSWORDS[login]
        )
        for login in demo_company.PASSWORDS
    }
    with open_page() as page:
        for name, login, size, path, until, click in _shots(ids):
            page.size(*size, mobile=size == PHONE)
            page.be(arguments.url, people[login].http.cookies["session_id"])
            page.open(arguments.url + path, until)
            for selector in click:
                page.click(selector)
            if click:
                page.wait(click[-1])
            page.picture(FOLDER / f"{name}.png")
            say(f"docs/images/{name}.png")


def _find(env):
    """Return the ids the pictures are of."""
    member = env.ref("__demo__.b2b2c_member_olena")
    orders = env["sale.order"].search([], order="id")
    return {
        "order": orders[0].id,
        "draft": orders.filtered(lambda order: order.state == "draft")[:1].id,
        "program": env.ref("__demo__.b2b2c_program").id,
        "member": member.id,
        "account": member.account_ids[:1].id,
    }


def _shots(ids):
    """Return (name, login, screen, path, what to wait for, clicks) per picture."""
    form = ".o_form_view .o_form_sheet"
    return [
        (
            "order",
            "sales",
            LAPTOP,
            f"/odoo/action-sale.action_orders/{ids['order']}",
            "button[name=action_b2b2c_entries]",
            (),
        ),
        (
            "preview",
            "sales",
            LAPTOP,
            f"/odoo/action-sale.action_quotations/{ids['draft']}",
            form,
            ("button[name=action_b2b2c_preview]", ".modal .o_form_view"),
        ),
        (
            "program",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_program_action/{ids['program']}",
            form,
            (),
        ),
        (
            "member",
            "manager",
            LAPTOP,
            f"/odoo/action-loyalty_b2b2c.b2b2c_member_action/{ids['member']}",
            form,
            (),
        ),
        (
            "ledger",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_ledger_entry_action",
            ".o_data_row",
            (),
        ),
        (
            "shipments",
            "manager",
            LAPTOP,
            "/odoo/action-loyalty_b2b2c.b2b2c_external_document_action",
            ".o_data_row",
            (),
        ),
        ("goods", "ihor", PHONE, "/my/rewards/goods", "#wrap", ()),
        ("portal", "olena", PHONE, "/my/rewards", "#wrap", ()),
        ("statement", "olena", PHONE, f"/my/rewards/{ids['account']}", "#wrap", ()),
    ]


if __name__ == "__main__":
    sys.exit(main())
