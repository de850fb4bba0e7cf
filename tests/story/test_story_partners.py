"""A partner joins as a place where points are earned and spent: a till by the API, a
shop with a phone, and a shop with an Odoo and a database of its own. What Olena pays in
points comes back in the end.

A point pays 0.10.
"""

import re
from uuid import uuid4

from book import scene
from own_odoo import own_odoo
from test_story_api import ApiClient


@scene("S6.3")
def test_partner_joins(story):
    """a new partner takes points at its own till, by the API"""
    manager, code = story.as_user("manager"), _read(story, "code")
    shop = manager.call(
        "res.partner",
        "create",
        [{"name": "Ring Boutique", "ref": "C-900", "is_company": True}],
    )[0]
    story.memory["boutique"] = shop
    key = manager.call(
        "b2b2c.api.key",
        "create",
        [{"name": "Till of Ring Boutique", "reporter_id": shop, "can_spend": True}],
    )[0]
    action = manager.call("b2b2c.api.key", "action_new_secret", [key])
    story.memory["boutique_token"] = action["context"]["default_token"]
    till = ApiClient(story.url, story.memory["boutique_token"])
    story.memory["boutique_till"] = till
    hold = {"key": "T-1", "code": code, "amount": 5}
    status, answer = till.post("/spends", hold)
    story.show(
        "S6.3",
        "before anything is agreed its till takes no points",
        f"{status} {answer['error']['message'].partition(' cannot')[2]}",
        "422  be spent in this shop.",
    )
    _agree(story, shop)
    status, answer = till.post("/members/shown", {"code": code})
    story.show(
        "S6.3",
        "the agreement is in force: the till reads her card",
        f"{status} {answer['name']}",
        "200 Olena K.",
    )
    before = _read(story, "points_available")
    till.post("/spends", hold)
    status, answer = till.post("/spends/capture", {"key": "T-1"})
    story.show(
        "S6.3",
        "5.00 are reserved, then paid with the sale",
        f"{status} {answer['state']}, {before - _read(story, 'points_available'):g} "
        "points",
        "200 spent, 50 points",
    )


@scene("S6.11")
def test_on_own_terms(story):
    """each agreement has its own limits, rates, pauses"""
    manager, till = story.as_user("manager"), story.memory["boutique_till"]
    agreement = story.memory["boutique_agreement"]
    manager.call("b2b2c.partner.agreement", "write", [agreement], {"day_limit": 3})
    code = _read(story, "code")
    for key, amount in (("T-2", 3), ("T-3", 1)):
        answer = till.post("/spends", {"key": key, "code": code, "amount": amount})[1]
    story.show(
        "S6.11",
        "3.00 a day: what comes after them is refused, and says how much is left",
        re.sub(r"[^ .\w]", "", answer["error"]["message"]).partition("points here")[2],
        " 0.00 are left today.",
    )
    till.post("/spends/release", {"key": "T-2"})
    manager.call("b2b2c.partner.agreement", "write", [agreement], {"day_limit": 0})
    manager.call("b2b2c.partner.agreement", "action_pause", [agreement])
    status, _answer = till.post("/spends", {"key": "T-4", "code": code, "amount": 1})
    manager.call("b2b2c.partner.agreement", "action_activate", [agreement])
    back = {"key": "T-1", "return_key": "R-1", "amount": 5}
    answer = till.post("/spends/back", back)[1]
    story.show(
        "S6.11",
        "paused: no points are taken; what was paid comes back all the same",
        f"{status}, {answer['given_back']:g} back",
        "422, 5 back",
    )


@scene("S6.7")
def test_paid_on_a_phone(story):
    """a shop with a phone takes points; she confirms with her PIN"""
    manager, cashier = story.as_user("manager"), story.as_user("terminal")
    olena, before = story.as_user("olena"), _read(story, "points_available")
    _choose_pin(olena, "2580")
    [user] = manager.search("res.users", [("login", "=", "terminal")])
    shop = {"b2b2c_terminal_partner_id": story.memory["boutique"]}
    manager.call("res.users", "write", [user], shop)
    [person] = cashier.call(
        "b2b2c.terminal", "search_member", f"M:{_read(story, 'code')}"
    )["members"]
    key = str(uuid4())
    asked = cashier.call("b2b2c.terminal", "ask_payment", person["ticket"], "5", key)
    wrong = cashier.call("b2b2c.terminal", "confirm_payment", key, "1111")
    right = cashier.call("b2b2c.terminal", "confirm_payment", key, "2580")
    story.show(
        "S6.7",
        "5.00 at a partner's phone: a wrong PIN pays nothing, hers does",
        f"{asked['hint'].partition(',')[0].partition('.')[0]}; {wrong['paid']}, "
        f"{right['paid']}, {before - _read(story, 'points_available'):g} points",
        "Ask for the PIN; False, True, 50 points",
    )
    [row, *_others] = cashier.call("b2b2c.terminal", "recent")
    cashier.call("b2b2c.terminal", "cancel", row["id"], "Wrong amount")
    manager.call("res.users", "write", [user], {"b2b2c_terminal_partner_id": False})
    story.show(
        "S6.7",
        "the list of the day shows it; cancelled, the points are hers again",
        _read(story, "points_available") - before,
        0,
    )


@scene("S6.8")
def test_sale_without_agreement(story):
    """a partner's sale is kept when nothing is agreed, and booked when it is"""
    manager, till = story.as_user("manager"), story.memory["boutique_till"]
    agreement = story.memory["boutique_agreement"]
    [kind] = manager.search("b2b2c.document.kind", [("code", "=", "sale")])
    unit = manager.read("b2b2c.partner.agreement", agreement, "rate_ids")
    unit = manager.read("b2b2c.partner.rate", unit["rate_ids"][0], "unit_id")
    rule = {"name": "1 %", "value": 1, "trigger": "paid", "pick": "contact",
            "document_kind_ids": [(6, 0, [kind])]}  # fmt: skip
    [program] = manager.call(
        "b2b2c.program",
        "create",
        [
            {
                "name": "Rings",
                "unit_id": unit["unit_id"][0],
                "is_network": True,
                "rule_ids": [(0, 0, rule)],
            }
        ],
    )
    manager.call("b2b2c.program", "action_start", [program])
    manager.call("b2b2c.partner.agreement", "action_pause", [agreement])
    sale = {
        "reference": "RB-1", "amount": 500, "status": "paid",
        "member": {"code": _read(story, "code")},
    }  # fmt: skip
    status, answer = till.post("/sales", sale)
    [incident] = manager.search(
        "b2b2c.spend.incident", [("kind", "=", "unagreed"), ("state", "=", "open")]
    )
    sentence = manager.read("b2b2c.spend.incident", incident, "sentence")["sentence"]
    story.show(
        "S6.8",
        "while the agreement is paused a sale is kept, and a manager reads of it",
        f"{status} {answer['state']}, {sentence.partition('would give ')[2][:5]}",
        "201 recorded, 5 pts",
    )
    manager.call("b2b2c.program", "action_close", [program])


@scene("S6.9")
def test_own_odoo(story):
    """the till of a shop with its own Odoo: shown, paid in part, recorded, returned"""
    manager = story.as_user("manager")
    agreement = story.memory["boutique_agreement"]
    manager.call("b2b2c.partner.agreement", "action_activate", [agreement])
    manager.call("b2b2c.partner.agreement", "write", [agreement], {"way": "odoo"})
    before, code = _read(story, "points_available"), _read(story, "code")
    with own_odoo() as shop:
        tested = shop.open(story.url, story.memory["boutique_token"])
        story.show(
            "S6.9",
            "a shop's own Odoo, on a server of its own, asks whether its key is known",
            tested,
            "The network knows this key.",
        )
        shown = shop.ask("b2b2c_network_show", {"code": code, "amount": 100})
        line = str(uuid4())
        held = shop.ask(
            "b2b2c_network_hold",
            {"code": code, "uuid": line, "amount": 10, "method": shop.points},
        )
        ticket = shop.sell(code, points=10, uuid=line)
        calls = shop.tell()
        story.show(
            "S6.9",
            "its till shows her card; 10.00 of 100.00 in points; the network hears it",
            f"{shown.get('name')}, {held.get('state')}, "
            f"{' '.join(call['state'] for call in calls)}",
            "Olena K., held, done done",
        )
        [sale] = [call for call in calls if call["path"] == "/sales"]
        [visit] = manager.call(
            "b2b2c.partner.visit",
            "search_read",
            [("agreement_id", "=", agreement)],
            ["ticket"],
            order="id desc",
            limit=1,
        )
        story.show(
            "S6.9",
            "the sale is noted with the agreement, under the number of the ticket",
            f"sale/{visit['ticket']}" == sale["key"],
            True,
        )
        shop.sell(code, points=10, uuid=str(uuid4()), refunded=ticket)
        shop.tell()
    story.show(
        "S6.9",
        "the goods come back at its till: so do the points",
        before - _read(story, "points_available"),
        0,
    )


# === HELPERS === #


def _agree(story, shop):
    """Let the manager make an agreement with a shop, and put it in force."""
    manager = story.as_user("manager")
    unit = manager.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "unit_points"
    )[1]
    manager.call("b2b2c.unit", "write", [unit], {"face_value": 0.1})
    rate = {"unit_id": unit, "valid_from": "2026-01-01", "point_value": 0.1}
    [agreement] = manager.call(
        "b2b2c.partner.agreement",
        "create",
        [
            {
                "partner_id": shop,
                "way": "api",
                "starts_on": "2026-01-01",
                "rate_ids": [(0, 0, rate)],
            }
        ],
    )
    manager.call("b2b2c.partner.agreement", "action_activate", [agreement])
    story.memory["boutique_agreement"] = agreement


def _choose_pin(person, pin):
    """Send the form of the page of the PIN."""
    address = f"{person.url}/my/rewards/pin"
    page = person.http.get(address, timeout=60).text
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    form = {"csrf_token": token, "pin": pin, "repeated": pin}
    person.http.post(address, data=form, timeout=60)


def _read(story, name):
    """Return a value of Olena's membership."""
    manager = story.as_user("manager")
    domain = [("name", "=", "Olena Kovalenko"), ("state", "=", "enrolled")]
    [member] = manager.search("b2b2c.member", domain)
    return manager.read("b2b2c.member", member, name)[name]
