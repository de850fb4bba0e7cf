"""S6.2, S6.3: Olena pays a part in points at our own till; two tills, a PIN, a return.

She buys card stock of 38.50; a point pays 0.10. All her points are back at the end.
"""

import re
from datetime import datetime, timezone
from uuid import uuid4

from book import scene

PRICE = 38.5


@scene("S6.2")
def test_part_in_points(story):
    """a part in points at the till, the rest by card"""
    manager, before = story.as_user("manager"), _points(story)
    tills = _set_up(story, manager)
    answer = _ask(manager, tills[0], "get_spendable", token=_code(story))
    story.show(
        "S6.2",
        "the cashier reads her card: a name to compare, and what she can pay",
        f"{answer['name']}, {answer['amount']:.2f}",
        f"Olena K., {before / 10:.2f}",
    )
    uuid, answer = _hold(story, manager, tills[0], 10)
    story.show(
        "S6.2",
        "10.00 in points are reserved before the ticket is paid",
        f"{answer.get('receipt')}, {_points(story):g} left",
        f"Paid with 100 pts, {before - 100:g} left",
    )
    _uuid, answer = _hold(story, manager, tills[1], before / 10)
    story.show(
        "S6.2",
        "another till asks for all of them meanwhile: one sentence, nothing reserved",
        answer.get("refused"),
        f"Not enough points: {before - 100:g} pts available, {before:g} pts needed.",
    )
    ticket = _sync(story, manager, tills[0], (tills[0]["points"], 10, uuid))
    spend = manager.search("b2b2c.spend", [("key", "=", f"till/{uuid}")])
    state = manager.read("b2b2c.spend", spend[0], "state", "amount")
    story.show(
        "S6.2",
        "the ticket is paid: 10.00 in points, 28.50 by card",
        f"{state['state']} {state['amount']:.2f}, {before - _points(story):g} points",
        "spent 10.00, 100 points",
    )
    story.memory["till_ticket"] = ticket


@scene("S6.3")
def test_pin_and_return(story):
    """much at once is confirmed, and goods bring the points back"""
    manager = story.as_user("manager")
    tills, before = story.memory["points_tills"], _points(story)
    story.show(
        "S6.3",
        "she chooses a PIN on her own page",
        "Your PIN is chosen" in _choose_pin(story.as_user("olena"), "2580"),
        True,
    )
    _limit(manager, 5)
    uuid, answer = _hold(story, manager, tills[0], 8)
    story.show(
        "S6.3",
        "more than 5.00 within a day: the till asks for a PIN or a code",
        answer.get("needs_proof"),
        True,
    )
    _uuid, wrong = _hold(story, manager, tills[0], 8, uuid=uuid, proof="0000")
    _uuid, right = _hold(story, manager, tills[0], 8, uuid=uuid, proof="2580")
    story.show(
        "S6.3",
        "a wrong PIN reserves nothing, the right one does",
        f"{wrong.get('refused')} / {right.get('receipt')}",
        "This PIN is not right. It can be tried 4 more times. / Paid with 80 pts",
    )
    released = _ask(manager, tills[0], "release_points", uuid=uuid)
    _limit(manager, 0)
    story.show(
        "S6.3",
        "she changes her mind: the line is deleted, its points are free",
        f"{released}, {before - _points(story):g} points",
        "{'released': True}, 0 points",
    )
    _sync(
        story,
        manager,
        tills[0],
        (tills[0]["points"], -10, str(uuid4())),
        refunded=story.memory["till_ticket"],
    )
    incidents = manager.search("b2b2c.spend.incident", [("kind", "like", "till_%")])
    story.show(
        "S6.3",
        "the goods come back: points as points, money as money, nothing to look at",
        f"{_points(story) - before:g} points back, {len(incidents)} incidents",
        "100 points back, 0 incidents",
    )


# === HELPERS === #


def _set_up(story, manager):
    """Return two open tills that take points: dicts of ids."""
    [account] = manager.search(
        "account.account", [("account_type", "=", "liability_current")], limit=1
    )
    card = manager.search(
        "pos.payment.method",
        [("journal_id.type", "=", "bank"), ("use_payment_terminal", "=", False)],
        limit=1,
    )
    if not card:
        journal = manager.search("account.journal", [("type", "=", "bank")], limit=1)
        values = {"name": "Card", "journal_id": journal[0]}
        card = manager.call("pos.payment.method", "create", [values])
    configs = [
        manager.call(
            "pos.config",
            "create",
            [{"name": name, "payment_method_ids": [(6, 0, card)]}],
        )[0]
        for name in ("Counter", "Second counter")
    ]
    [unit] = manager.search("b2b2c.unit", [("kind", "=", "points")], limit=1)
    values = {
        "config_ids": [(6, 0, configs)],
        "unit_id": unit,
        "account_id": account,
        "proof_above": 0,
    }
    wizard = manager.call("b2b2c.till.points", "create", [values])
    manager.call("b2b2c.till.points", "action_set_up", wizard)
    tills = []
    for config in configs:
        manager.call("pos.config", "open_ui", [config])
        row = manager.read("pos.config", config, "current_session_id")
        session = row["current_session_id"][0]
        manager.call("pos.session", "set_opening_control", [session], 0, "")
        [method] = manager.search(
            "pos.payment.method",
            [("config_ids", "in", [config]), ("b2b2c_unit_id", "!=", False)],
        )
        tills.append({"session": session, "points": method, "card": card[0]})
    story.memory["points_tills"] = tills
    return tills


def _choose_pin(olena, pin):
    """Send the form of the page of the PIN; the text of the page after it."""
    address = f"{olena.url}/my/rewards/pin"
    page = olena.http.get(address, timeout=60).text
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    form = {"csrf_token": token, "pin": pin, "repeated": pin}
    return olena.http.post(address, data=form, timeout=60).text


def _limit(manager, amount):
    """Say above what a payment is confirmed."""
    [company] = manager.search("res.company", [], limit=1)
    manager.call("res.company", "write", [company], {"b2b2c_spend_proof_above": amount})


def _ask(manager, till, question, **values):
    values.setdefault("method", till["points"])
    return manager.call("pos.session", f"b2b2c_{question}", [till["session"]], values)


def _hold(story, manager, till, amount, uuid=None, **values):
    """Ask as the screen does; return the identity of the line and the answer."""
    uuid = uuid or str(uuid4())
    answer = _ask(
        manager,
        till,
        "hold_points",
        uuid=uuid,
        order_uuid=f"order-{uuid}",
        amount=amount,
        token=_code(story),
        **values,
    )
    return uuid, answer


def _sync(story, manager, till, points, refunded=None):
    """Send a ticket of 38.50 as a till does; the rest is paid by card."""
    method, amount, uuid = points
    sign = -1 if refunded else 1
    total = sign * PRICE
    line = {
        "product_id": manager.demo("product_card"),
        "qty": sign,
        "price_unit": PRICE,
        "price_subtotal": total,
        "price_subtotal_incl": total,
        "discount": 0,
        "tax_ids": [(5,)],
        "uuid": str(uuid4()),
    }
    if refunded:
        rows = manager.read("pos.order", refunded, "lines")
        line["refunded_orderline_id"] = rows["lines"][0]
    session = manager.read("pos.session", till["session"], "user_id", "config_id")
    ticket = {
        "uuid": str(uuid4()),
        "access_token": str(uuid4()),
        "state": "paid",
        "session_id": till["session"],
        "user_id": session["user_id"][0],
        "partner_id": False,
        "date_order": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S"),
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "is_refund": bool(refunded),
        "lines": [(0, 0, line)],
        "payment_ids": [
            (0, 0, {"payment_method_id": method, "amount": amount, "uuid": uuid}),
            (
                0,
                0,
                {
                    "payment_method_id": till["card"],
                    "amount": total - amount,
                    "uuid": str(uuid4()),
                },
            ),
        ],
    }
    manager.call("pos.order", "sync_from_ui", [ticket])
    [order] = manager.search("pos.order", [("uuid", "=", ticket["uuid"])])
    return order


def _member(story):
    manager = story.as_user("manager")
    domain = [("name", "=", "Olena Kovalenko"), ("state", "=", "enrolled")]
    [member] = manager.search("b2b2c.member", domain)
    return {"id": member, **manager.read("b2b2c.member", member, "code")}


def _code(story):
    return _member(story)["code"]


def _points(story):
    """Return how many points Olena can use; pieces of goods are no points."""
    manager = story.as_user("manager")
    domain = [("member_id", "=", _member(story)["id"]), ("unit_id.kind", "=", "points")]
    [account] = manager.search("b2b2c.account", domain)
    return manager.read("b2b2c.account", account, "balance_available")[
        "balance_available"
    ]
