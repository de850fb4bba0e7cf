"""S1.6: what she scanned, the salesperson spends on the manufacturer's site.

Nina comes from "S1" with 35 points; a coffee mug takes 25.
"""

import html
import re

from book import scene

from tools.web_client import Session

STORE = "/my/rewards/store"
REQUESTS = "/my/rewards/requests"


@scene("S1.6")
def test_catalogue(story):
    """she looks at what she can have"""
    nina = story.as_user("nina")
    _status, text = nina.page(STORE)
    seen = re.search(
        r"Coffee mug 25 pts ≈ \$ 2.50 .*?Notebook A5 40 pts ≈ .*? more", text
    )
    story.show(
        "S1.6",
        "the store on her phone: the mug she can have, what the notebook still takes",
        seen[0] if seen else text,
        "Coffee mug 25 pts ≈ $ 2.50 Favourite: Coffee mug "
        "Notebook A5 40 pts ≈ $ 4.00 You need 5 pts more",
    )
    refused = _send(story, "notebook", {**_form(story, "mug"), "price": "40"})
    story.show(
        "S1.6",
        "sends a form for the notebook all the same",
        f"HTTP {refused.status_code}, {_balances(story)}",
        "HTTP 400, 35 usable, 0 reserved",
    )


@scene("S1.6")
def test_request(story):
    """she requests the mug"""
    form = story.memory["mug"] = _form(story, "mug")
    answer = _send(story, "mug", form)
    said = re.search(r"Requested:.*?reserved for it", _text(answer))
    story.show(
        "S1.6",
        "requests the mug: the points are reserved",
        f"{said[0] if said else answer.status_code}, {_balances(story)}",
        "Requested: Coffee mug . 25 pts are reserved for it, 10 usable, 25 reserved",
    )
    _send(story, "mug", form)
    story.show(
        "S1.6",
        "the phone sends the same form again",
        f"{len(_requests(story))} request, {_balances(story)}",
        "1 request, 10 usable, 25 reserved",
    )


@scene("S1.6")
def test_fulfil(story):
    """a manager fulfils it"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    [redemption] = _requests(story)
    manager.call("b2b2c.redemption", "write", [redemption], {"note": "At the counter"})
    for _click in range(2):
        manager.call("b2b2c.redemption", "action_fulfil", [redemption])
    state = manager.read("b2b2c.redemption", redemption, "state")["state"]
    story.show(
        "S1.6",
        "the manager fulfils it, with a double click: the points are spent once",
        f"{state}, {_balances(story)}, {_entries(story, redemption)}",
        "fulfilled, 10 usable, 0 reserved, hold 0 +25, redeem -25 -25",
    )
    _send_messages(story)
    history, statement = nina.page(REQUESTS)[1], nina.page("/my/rewards")[1]
    mine = re.search(
        r"Coffee mug 25 pts RW\d+ (Fulfilled) .*? (At the counter)", history
    )
    spent = re.search(r"(Coffee mug) \(RW\d+\) (Spent)", statement)
    story.show(
        "S1.6",
        "what she reads: her request, her statement, the message",
        ", ".join((*_groups(mine), *_groups(spent), _message(manager))),
        "Fulfilled, At the counter, Coffee mug, Spent, "
        "Your reward is ready: Coffee mug (sent)",
    )


@scene("S1.6")
def test_cancel(story):
    """she changes her mind about a second one"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    mug = manager.demo("reward_mug")
    manager.call("b2b2c.reward", "write", [mug], {"points": 10})
    _send(story, "mug", _form(story, "mug"))
    reserved = _balances(story)
    redemption = max(_requests(story))
    page = nina.http.get(story.url + REQUESTS, timeout=60).text
    nina.http.post(
        f"{story.url}{REQUESTS}/{redemption}/cancel",
        data={"csrf_token": re.search(r'name="csrf_token" value="(\w+)"', page)[1]},
        timeout=60,
    )
    left = manager.read("b2b2c.reward", mug, "stock_left")["stock_left"]
    manager.call("b2b2c.reward", "write", [mug], {"points": 25})
    story.show(
        "S1.6",
        "requests another one at 10 points and cancels: points and piece come back",
        f"{reserved}; {_balances(story)}, {left} left",
        "0 usable, 10 reserved; 10 usable, 0 reserved, 49 left",
    )


# === HELPERS === #


def _reward(story, name):
    return story.as_user("manager").demo(f"reward_{name}")


def _form(story, name):
    """Return what the form of the confirm page sends."""
    nina = story.as_user("nina")
    address = f"{story.url}{STORE}/{_reward(story, name)}/confirm?quantity=1"
    page = nina.http.get(address, timeout=60).text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def _send(story, name, form):
    address = f"{story.url}{STORE}/{_reward(story, name)}/request"
    return story.as_user("nina").http.post(address, data=form, timeout=60)


def _text(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(text))


def _groups(match):
    return match.groups() if match else ("nothing",)


def _requests(story):
    """Return the ids of Nina's requests."""
    manager = story.as_user("manager")
    member = manager.demo("member_nina")
    return manager.search("b2b2c.redemption", [("member_id", "=", member)])


def _balances(story):
    """Return what Nina can use, and what is reserved."""
    manager = story.as_user("manager")
    [account] = manager.search(
        "b2b2c.account", [("member_id", "=", manager.demo("member_nina"))]
    )
    row = manager.read("b2b2c.account", account, "balance_available", "balance_held")
    return f"{row['balance_available']:g} usable, {row['balance_held']:g} reserved"


def _entries(story, redemption):
    """Return type, points and reserved points of what a request booked."""
    rows = story.as_user("manager").call(
        "b2b2c.ledger.entry",
        "search_read",
        [
            ("document_model", "=", "b2b2c.redemption"),
            ("document_id", "=", redemption),
        ],
        ["entry_type", "points", "points_held"],
        order="id",
    )
    return ", ".join(
        f"{row['entry_type']} {row['points']:g} {row['points_held']:+g}" for row in rows
    )


def _send_messages(story):
    """Run the scheduled action that sends messages, as an administrator can."""
    admin = Session(story.url, story.database, "admin", "admin")
    _model, cron = admin.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "cron_notify"
    )
    admin.call("ir.cron", "method_direct_trigger", [cron])


def _message(manager):
    """Return what the message about the reward says, and its state."""
    [row] = manager.call(
        "b2b2c.notification",
        "search_read",
        [("kind", "=", "fulfilled")],
        ["headline", "state"],
    )
    return f"{row['headline']} ({row['state']})"
