"""S1.29, S2.5: a task on the page of who takes it on, and of the shop's owner.

Yulia buys for her office and has a login.  The manager begins with a template: 4 boxes
in 14 days, 50 points, for who takes it on.
"""

import re
import time

import requests
from book import scene

from tools.web_client import Session

PASSWORD = "tasks-of-the-story"
TASKS = "/my/rewards/tasks"


@scene("S1.29")
def test_taken_on(story):
    """a task is taken on on the page, and counts from then on"""
    _enroll(story)
    manager, yulia = story.as_user("manager"), story.memory["tasks.yulia"]
    task = _begin(manager, story.memory["tasks.tag"])
    _order(story, 2)  # before it is taken on
    time.sleep(1.1)  # moments are kept in whole seconds: this one is over
    _status, text = yulia.page("/my/rewards")
    told = manager.call(
        "b2b2c.notification",
        "search_read",
        [("kind", "=", "challenge_started"), ("res_id", "=", task)],
        ["headline"],
    )
    story.show(
        "S1.29",
        "the manager begins with a template; Yulia is told, and opens her rewards page",
        f"{told[0]['headline']}; {_find(text, 'To take on: [0-9]+')}",
        "New for you: “Boxes for the Office”; To take on: 1",
    )
    address = _press(yulia, "join")
    story.show(
        "S1.29",
        "she takes it on",
        _find(yulia.page(address)[1], r"\d+ units? of \d+ units"),
        "0 units of 4 units",
    )


@scene("S1.29")
def test_reached(story):
    """the page says how far it is, what counted, and what did not"""
    manager, yulia = story.as_user("manager"), story.memory["tasks.yulia"]
    address = _get_address(yulia)
    seen = []
    for boxes in (3, 1):
        _order(story, boxes)
        text = yulia.page(TASKS)[1]
        seen.append(_find(text, r"1 units more for 50 pts|You reached it\."))
    member = story.memory["tasks.member"]
    points = manager.read("b2b2c.member", member, "points_available")
    story.show(
        "S1.29",
        "3 boxes, and another one",
        f"{'; '.join(seen)} {points['points_available']:g} points",
        "1 units more for 50 pts; You reached it. 50 points",
    )
    text = yulia.page(address)[1]
    counted = text.partition("What counted")[2].partition("What counts")[0]
    story.show(
        "S1.29",
        "the page of the task says what counted",
        ", ".join(re.findall(r"\d+ units", counted)),
        "1 units, 3 units",
    )


@scene("S2.5")
def test_the_owner_sees_the_people(story):
    """the shop's owner sees how far the own people are, and nobody else's"""
    owner = story.memory["tasks.owner"]
    text = owner.page(_get_address(owner))[1]
    story.show(
        "S2.5",
        "the owner opens the task of the people",
        _find(text, r"My people.*?4 units"),
        "My people Yulia 4 units",
    )
    stranger = story.as_user("olena")
    status = stranger.page(_get_address(owner))[0]
    story.show("S2.5", "somebody of another office", f"HTTP {status}", "HTTP 404")


# === WHAT PEOPLE DO === #


def _begin(manager, tag):
    """Return the id of a task begun with a template, and started."""
    [program] = manager.search("b2b2c.program", [("name", "=", "Office Club")])
    [dialog] = manager.call(
        "b2b2c.challenge.begin",
        "create",
        [
            {
                "template": "take_on",
                "name": "Boxes for the Office",
                "goal": 4,
                "points": 50,
                "program_id": program,
            }
        ],
    )
    task = manager.call("b2b2c.challenge.begin", "action_begin", [dialog])["res_id"]
    today = manager.call("b2b2c.challenge", "default_get", ["first_day"])["first_day"]
    values = {
        "first_day": today,
        "moment": "confirmed",
        "partner_tag_ids": [(6, 0, [tag])],
    }
    manager.call("b2b2c.challenge", "write", [task], values)
    manager.call("b2b2c.challenge", "action_start", [task])
    return task


def _enroll(story):
    """Let Yulia and the owner of her office take part, with logins."""
    manager, memory = story.as_user("manager"), story.memory
    admin = Session(story.url, story.database, "admin", "admin")
    [tag] = manager.call("res.partner.category", "create", [{"name": "Office Tasks"}])
    memory["tasks.tag"] = tag
    [office] = manager.call(
        "res.partner",
        "create",
        [{"name": "Office of Yulia", "is_company": True, "category_id": [(4, tag)]}],
    )
    [contact] = manager.call(
        "res.partner", "create", [{"name": "Yulia", "parent_id": office}]
    )
    memory["tasks.contact"] = contact
    for name in ("yulia", "owner"):
        [person] = manager.call(
            "res.partner",
            "create",
            [{"name": name.title(), "email": f"{name}@tasks.example"}],
        )
        values = {"partner_id": person, "employer_id": office}
        values |= {"contact_id": contact} if name == "yulia" else {"role": "owner"}
        [member] = manager.call("b2b2c.member", "create", [values])
        _model, portal = admin.call(
            "ir.model.data", "check_object_reference", "base", "group_portal"
        )
        login = f"{name}-tasks"
        admin.call(
            "res.users",
            "create",
            [
                {
                    "login": login,
                    "partner_id": person,
                    "password": PASSWORD,
                    "group_ids": [(6, 0, [portal])],
                }
            ],
            context={"no_reset_password": True},
        )
        memory[f"tasks.{name}"] = Session(story.url, story.database, login, PASSWORD)
        if name == "yulia":
            memory["tasks.member"] = member


def _order(story, boxes):
    """Confirm an order of Yulia's office."""
    sales = story.as_user("sales")
    [paper] = sales.search("product.product", [("name", "=", "Paper A4, 80 g, box")])
    [order] = sales.call(
        "sale.order",
        "create",
        [
            {
                "partner_id": story.memory["tasks.contact"],
                "order_line": [(0, 0, {"product_id": paper, "product_uom_qty": boxes})],
            }
        ],
    )
    sales.call("sale.order", "action_confirm", [order])


def _read(session):
    """Return the markup of the page of tasks."""
    response = session.http.get(session.url + TASKS, timeout=60)
    response.raise_for_status()
    return response.text


def _get_address(session):
    """Return the address of the only task on the page."""
    found = re.search(r'href="(/my/rewards/tasks/round/[^"]+)"', _read(session))
    return found[1].replace("&amp;", "&")


def _press(session, button):
    """Press a button of the task; return the address that is shown then."""
    page = _read(session)
    form = re.search(
        rf'<form[^>]*action="([^"]+)"(?:(?!</form>).)*?value="{button}"',
        page,
        flags=re.S,
    )
    token = re.search(r'name="csrf_token"\s+value="([^"]+)"', form[0])[1]
    member = re.search(r'name="member"\s+value="(\d+)"', form[0])[1]
    response = session.http.post(
        session.url + form[1],
        data={"csrf_token": token, "member": member, "do": button},
        timeout=60,
    )
    if response.status_code != requests.codes.ok:
        return f"HTTP {response.status_code}"
    return response.url.removeprefix(session.url)


def _find(text, pattern):
    """Return what a page says, empty when it does not."""
    found = re.search(pattern, text)
    return found[0] if found else ""
