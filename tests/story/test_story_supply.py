"""S2.14, S2.15: the shop's owner orders our goods for points, we owe the distributor.

Ihor's shop is served by Dnipro Distribution, which is outside this database.  A point
is worth 0.10; points pay half of an order at most; we compensate 80 % of it.
"""

import re

from book import scene
from test_story_api import get_client

from tools.web_client import Session

PAGE = "/my/rewards/order"


@scene("S2.14")
def test_order(story):
    """he orders two boxes of paper on his phone"""
    ihor = story.as_user("ihor")
    before = _usable(story)
    pieces = f"pieces_{story.as_user('manager').demo('product_paper')}"
    _status, text = ihor.page(f"{PAGE}/confirm?{pieces}=2&points=100")
    # 2 × 24.00, of which 100 points pay 10.00
    seen = re.search(
        r"100 pts pay − \S*\s?(10.00).*?You pay the distributor \S*\s?(38.00)", text
    )
    story.show(
        "S2.14",
        "2 boxes for 48.00: what 100 points pay, what is left to pay",
        ", ".join(seen.groups()) if seen else text[:400],
        "10.00, 38.00",
    )
    form = _form(ihor, f"{PAGE}/confirm?{pieces}=2&points=100")
    for _click in range(2):
        ihor.http.post(f"{story.url}{PAGE}/send", data=form, timeout=60)
    [order] = _orders(story)
    story.show(
        "S2.14",
        "sent with a double click: one order, the points are reserved",
        f"{order['state']}, {before - _usable(story):g} fewer usable",
        "sent, 100 fewer usable",
    )


@scene("S2.14")
def test_distributor(story):
    """the distributor's system takes the order and ships one box"""
    manager = story.as_user("manager")
    [told] = _dnipro(story).get("/supply-orders")[1]["orders"]
    story.show(
        "S2.14",
        "the distributor asks the API what to ship, and to whom",
        f"{told['lines'][0]['quantity']} × {told['lines'][0]['product']} "
        f"to {told['shop']['name']}",
        "2 × PAPER to Corner Stationery",
    )
    _tell(story, told["order"], "accepted", reference="D-4711")
    for _time in range(2):
        _tell(story, told["order"], "shipped", lines=[{"line": 1, "shipped": 1}])
    [order] = _orders(story)
    owed = manager.call(
        "b2b2c.compensation",
        "search_read",
        [("order_id", "=", order["id"])],
        ["amount"],
    )
    story.show(
        "S2.15",
        "ships one of two boxes: half of the points are spent, 80 % of 5.00 is owed",
        f"{order['points_spent']:g} spent, owed {[row['amount'] for row in owed]}",
        "50 spent, owed [4.0]",
    )


@scene("S2.15")
def test_compensation(story):
    """the rest comes, and the manager writes the bill"""
    admin = Session(story.url, story.database, "admin", "admin")
    [order] = _orders(story)
    _tell(story, order["name"], "shipped", lines=[{"line": 1, "shipped": 2}])
    [order] = _orders(story)
    rows = admin.search("b2b2c.compensation", [("order_id", "=", order["id"])])
    action = admin.call("b2b2c.compensation", "action_bill", rows)
    bill = admin.call(
        "account.move",
        "search_read",
        action["domain"],
        ["state", "move_type", "amount_untaxed"],
    )[0]
    story.show(
        "S2.15",
        "all is shipped: a draft vendor bill over the compensation",
        f"{order['state']}, {bill['state']} {bill['move_type']} "
        f"{bill['amount_untaxed']:.2f}",
        "done, draft in_invoice 8.00",
    )
    _status, text = story.as_user("ihor").page(PAGE)
    seen = re.search(r"2 × Paper A4.*?100 pts \+ \S*\s?38.00 (Done)", text)
    story.show(
        "S2.14",
        "the owner reads on his phone that it is complete",
        seen[1] if seen else text[:400],
        "Done",
    )


@scene("S2.15")
def test_settled_with_a_partner(story):
    """the distributor becomes a partner: what it ships is settled with the rest"""
    admin = Session(story.url, story.database, "admin", "admin")
    [distributor] = admin.call(
        "b2b2c.distributor", "search_read", [], ["partner_id"], limit=1
    )
    unit = admin.search("b2b2c.unit", [("kind", "=", "points")], limit=1)[0]
    [agreement] = admin.call(
        "b2b2c.partner.agreement",
        "create",
        [
            {
                "partner_id": distributor["partner_id"][0],
                "rate_ids": [(0, 0, {"unit_id": unit, "point_value": 0.1})],
            }
        ],
    )
    admin.call("b2b2c.partner.agreement", "action_activate", [agreement])
    ihor = story.as_user("ihor")
    pieces = f"pieces_{story.as_user('manager').demo('product_paper')}"
    form = _form(ihor, f"{PAGE}/confirm?{pieces}=1&points=50")
    ihor.http.post(f"{story.url}{PAGE}/send", data=form, timeout=60)
    order = next(order for order in _orders(story) if order["state"] == "sent")
    _tell(story, order["name"], "accepted")
    _tell(story, order["name"], "shipped", lines=[{"line": 1, "shipped": 1}])
    found = admin.read(
        "b2b2c.partner.agreement", agreement, "open_owed", "settlement_count"
    )
    story.show(
        "S2.15",
        "one box more: 80 % of 5.00 are open with the partner, not what has a bill",
        f"{found['open_owed']:.2f}, {found['settlement_count']} settlements",
        "4.00, 0 settlements",
    )


# === HELPERS === #


def _form(session, address):
    """Return what the form that sends an order sends."""
    page = session.http.get(session.url + address, timeout=60).text
    page = page[page.index("/order/send") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def _orders(story):
    return story.as_user("manager").call(
        "b2b2c.supply.order",
        "search_read",
        [],
        ["name", "state", "points_spent"],
    )


def _usable(story):
    """Return how many points Ihor can use."""
    manager = story.as_user("manager")
    rows = manager.call(
        "b2b2c.account",
        "search_read",
        [
            ("member_id", "=", manager.demo("member_ihor")),
            ("unit_id.kind", "=", "points"),
        ],
        ["balance_available"],
    )
    return sum(row["balance_available"] for row in rows)


def _dnipro(story):
    """Return the client of the distributor's key."""
    return get_client(story, "Dnipro's warehouse", "D-1", reports_shipment=True)


def _tell(story, order, status, **values):
    """Say what the distributor did with an order."""
    body = {"order": order, "status": status, **values}
    return _dnipro(story).post("/supply-orders/status", body)
