"""S1.22, S6.2: a storefront for those who sell, and for those who buy at any shop.

Nina and the rewards come from "rewards", Daryna and her 12 points from "api".
"""

import html
import re
from functools import partial

from book import scene

from tools.web_client import Session

STORE = "/my/rewards/store"
PASSWORD = "daryna-chose-it"


@scene("S1.22")
def test_find(story):
    """she finds what she wants, and keeps it in mind"""
    nina = story.as_user("nina")
    story.show(
        "S1.22",
        "types a part of a name, taps a category, sorts by price",
        "; ".join(
            ", ".join(_names(nina, query))
            for query in (
                "?q=MUG",
                f"?category={_get_shelf(story, 'way')}",
                "?q=co&sort=price",
            )
        ),
        "Coffee mug; City rucksack; Coffee mug",
    )
    mug = story.as_user("manager").demo("reward_mug")
    for _click in range(2):
        _send(nina, f"{STORE}?q=mug", f"{STORE}/{mug}/favourite", wanted="1")
    story.show(
        "S1.22",
        "marks the mug with a double tap: it is among her favourites once",
        ", ".join(_names(nina, "?favourites=1")),
        "Coffee mug",
    )


@scene("S1.22")
def test_missing(story):
    """what she cannot have yet says how far it is"""
    nina, manager = story.as_user("nina"), story.as_user("manager")
    [account] = manager.search(
        "b2b2c.account", [("member_id", "=", manager.demo("member_nina"))]
    )
    usable = manager.read("b2b2c.account", account, "balance_available")
    missing = 260 - usable["balance_available"]
    said = re.search(r"You need ([\d.]+) pts more", nina.page(f"{STORE}?q=rucksack")[1])
    story.show(
        "S1.22",
        "the rucksack of 260 points names what her balance lacks",
        said[1] if said else "nothing",
        f"{missing:g}",
    )
    text = nina.page(f"{STORE}/{manager.demo('reward_rucksack')}")[1]
    facts = re.search(r"(In stock \d+ left) (For each person .*? year)", text)
    story.show(
        "S1.22",
        "its page says how many there are, and how often she may have it",
        ", ".join(facts.groups()) if facts else text,
        "In stock 12 left, For each person 1 per year",
    )


@scene("S1.22")
def test_preview(story):
    """the manager sees the storefront as she does"""
    nina, manager = story.as_user("nina"), story.as_user("manager")
    there = f"/my/rewards/preview/{manager.demo('member_nina')}"
    mine, theirs = _names(nina, ""), _names(manager, "", there)
    stranger = nina.http.get(nina.url + there, timeout=60).status_code
    form = re.search(r'method="post"', manager.http.get(manager.url + there).text)
    story.show(
        "S1.22",
        "the manager's preview: the same rewards, no form; for herself it is not there",
        f"{'the same' if mine == theirs and mine else theirs}, "
        f"{'a form' if form else 'no form'}, HTTP {stranger}",
        "the same, no form, HTTP 404",
    )


@scene("S6.2")
def test_customer_spends(story):
    """an end customer spends on the manufacturer's site what a partner's till gave"""
    manager, daryna = story.as_user("manager"), _let_in(story, "Daryna Customer")
    [role] = manager.search("b2b2c.reward.role", [("role", "=", "customer")])
    bag = manager.call(
        "b2b2c.reward",
        "create",
        [{"name": "Tote bag", "points": 10, "role_ids": [(6, 0, [role])]}],
    )[0]
    seen = {
        "Daryna": "Tote bag" in _names(daryna, "?q=tote"),
        "Nina": "Tote bag" in _names(story.as_user("nina"), "?q=tote"),
    }
    story.show(
        "S6.2",
        "a bag for end customers stands in her storefront, and in no salesperson's",
        ", ".join(
            f"{who} {'sees' if does else 'does not'}" for who, does in seen.items()
        ),
        "Daryna sees, Nina does not",
    )
    page = f"{STORE}/{bag}/confirm?quantity=1"
    text = daryna.http.get(daryna.url + page, timeout=60).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    answers = [
        daryna.http.post(f"{daryna.url}{STORE}/{bag}/request", data=form, timeout=60)
        for _click in range(2)
    ]
    said = re.search(r"Requested:.*?reserved for it", _words(answers[0].text))
    requests = manager.search("b2b2c.redemption", [("reward_id", "=", bag)])
    story.show(
        "S6.2",
        "requests it with a double click: once, 12 − 10 points are left",
        f"{said[0] if said else answers[0].status_code}; {len(requests)} request, "
        f"{_purse(daryna)}",
        "Requested: Tote bag . 10 pts are reserved for it; 1 request, 2 pts",
    )
    manager.call("b2b2c.redemption", "action_fulfil", requests)
    steps = re.search(
        r"Tote bag 10 pts RW\d+ (Fulfilled) (Requested) .*? (Fulfilled)",
        daryna.page("/my/rewards/requests")[1],
    )
    story.show(
        "S6.2",
        "the manager hands it over; she reads how it went",
        " → ".join(steps.groups()[1:]) if steps else "nothing",
        "Requested → Fulfilled",
    )


# === HELPERS === #


def _get_shelf(story, name):
    return story.as_user("manager").demo(f"reward_category_{name}")


def _names(person, query, there=STORE):
    """Return the names of the rewards on a page of the storefront."""
    text = person.http.get(f"{person.url}{there}{query}", timeout=60).text
    links = re.findall(r'<a class="stretched-link[^>]*>(.*?)</a>', text, re.S)
    return [html.unescape(name).strip() for name in links]


def _send(person, page, path, **data):
    """Send a form of a page."""
    text = person.http.get(person.url + page, timeout=60).text
    data["csrf_token"] = re.search(r'name="csrf_token" value="(\w+)"', text)[1]
    return person.http.post(person.url + path, data=data, timeout=60)


def _purse(person):
    """Return what somebody can spend, as the storefront says."""
    said = re.search(r"You have ([\d.,]+ pts)", person.page(STORE)[1])
    return said[1] if said else "nothing"


def _words(text):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(text))


def _let_in(story, name):
    """Invite somebody to the portal as the manager does; return the person's session.

    The link of the invitation is in a mail, so an administrator sets the password.
    """
    manager = story.as_user("manager")
    email = f"{name.split()[0].lower()}@mail.example"
    [member] = manager.search("b2b2c.member", [("name", "=", name)])
    person = manager.read("b2b2c.member", member, "partner_id")["partner_id"][0]
    manager.call("res.partner", "write", [person], {"email": email})
    manager.call("b2b2c.member", "action_invite", [member])
    login_as = partial(Session, story.url, story.database)
    admin = login_as("admin", "admin")
    [user] = admin.search("res.users", [("partner_id", "=", person)])
    admin.call("res.users", "write", [user], {"password": PASSWORD})
    return login_as(admin.read("res.users", user, "login")["login"], PASSWORD)
