"""S1.19: the till knows who sold.

Vira sells at the company's own till and takes part, Danylo cashes in and does not.  A
scarf costs 100.00; who sold it gets 5 % when it is paid.  All is taken back at the end.
"""

import uuid
from datetime import datetime, timezone

from book import scene

from tools.web_client import Session

PASSWORD = "till-of-the-story"
PRICE = 100


@scene("S1.19")
def test_chosen(story):
    """who was chosen at the till is rewarded, not who cashes in"""
    admin, memory = _open_till(story), story.memory
    danylo = memory["seller.danylo"]
    found = danylo.call(
        "pos.config", "b2b2c_find_sellers", [memory["seller.till"]], "vi"
    )
    [vira] = [row for row in found["sellers"] if row["name"] == "Vira"]
    line = _sell(story, danylo, 10, b2b2c_seller_token=vira["token"])
    memory["seller.line"] = line
    story.show(
        "S1.19",
        "Danylo cashes in 10 scarves and chooses Vira as who sold them",
        f"Vira has {_points(story):g}",
        "Vira has 50",
    )
    forged = vira["token"][:-4] + "beef"
    lost = _sell(story, danylo, 10, b2b2c_seller_token=forged)
    order = admin.read("pos.order.line", lost, "order_id")["order_id"][0]
    state = admin.read("pos.order", order, "state")["state"]
    story.show(
        "S1.19",
        "a till that forges who sold: the sale goes on, nobody is rewarded",
        f"{state}, Vira has {_points(story):g}",
        "paid, Vira has 50",
    )


@scene("S1.19")
def test_nobody_in_particular(story):
    """a seller who takes no part stops no sale; the manager sees and enrolls him"""
    danylo, manager = story.memory["seller.danylo"], story.as_user("manager")
    _sell(story, danylo, 4)
    waiting = [("waiting_ids", "!=", False)]
    [seller] = manager.call(
        "b2b2c.till.seller", "search_read", waiting, ["name", "waiting_count"]
    )
    story.show(
        "S1.19",
        "Danylo sells and takes no part: listed for the manager",
        f"{seller['name']}: {seller['waiting_count']}",
        "Danylo: 1",
    )
    action = manager.call("b2b2c.till.seller", "action_open_enrolment", [seller["id"]])
    dialog = action["res_id"]
    manager.call("b2b2c.enroll", "write", [dialog], {"consent": True, "invite": False})
    member = manager.call("b2b2c.enroll", "action_enroll", [dialog])["res_id"]
    points = manager.read("b2b2c.member", member, "points_available")
    left = manager.search("b2b2c.till.seller", waiting)
    story.show(
        "S1.19",
        "the manager enrolls him from there: what he sold is credited",
        f"{points['points_available']:g} points, {len(left)} wait",
        "20 points, 0 wait",
    )


@scene("S1.19")
def test_taken_back(story):
    """what comes back is taken from who was credited, not from who takes it back"""
    danylo = story.memory["seller.danylo"]
    _sell(story, danylo, -4, refunded_orderline_id=story.memory["seller.line"])
    story.show(
        "S1.19",
        "Danylo takes 4 of the 10 scarves back",
        f"Vira has {_points(story):g}",
        "Vira has 30",
    )
    _sell(story, danylo, -6, refunded_orderline_id=story.memory["seller.line"])
    story.show(
        "S1.19",
        "and the rest",
        f"Vira has {_points(story):g}",
        "Vira has 0",
    )


@scene("S1.19")
def test_own_day(story):
    """a seller sees the own day at the till, and nobody else's"""
    vira, till = story.memory["seller.vira"], story.memory["seller.till"]
    own = vira.call("pos.config", "b2b2c_get_my_points", [till])
    story.show(
        "S1.19",
        "Vira asks the till for her points",
        f"{own['sales']} sale today, {own['units'][0]['available']}, place "
        f"{own['place']} of {own['of']}, colleagues: {own.get('colleagues')}",
        "1 sale today, 0 pts, place 2 of 2, colleagues: None",
    )


# === HELPERS === #


def _open_till(story):
    """Make the till, its cashiers and the rule; return the administrator's session."""
    admin = Session(story.url, story.database, "admin", "admin")
    manager, memory = story.as_user("manager"), story.memory
    [user] = manager.search("res.users", [("login", "=", "manager")])
    company = manager.read("res.users", user, "company_id")["company_id"][0]
    shop = manager.read("res.company", company, "partner_id")["partner_id"][0]
    bank = manager.search(
        "account.journal",
        [("type", "=", "bank"), ("company_id", "=", company)],
        limit=1,
    )
    [method] = admin.call(
        "pos.payment.method", "create", [{"name": "Card", "journal_id": bank[0]}]
    )
    [till] = admin.call(
        "pos.config",
        "create",
        [{"name": "Story", "payment_method_ids": [(6, 0, [method])]}],
    )
    if "module_pos_hr" in admin.call("pos.config", "fields_get"):
        admin.call("pos.config", "write", [till], {"module_pos_hr": False})
    [product] = admin.call(
        "product.product",
        "create",
        [
            {
                "name": "Scarf",
                "list_price": PRICE,
                "taxes_id": [(5, 0, 0)],
                "available_in_pos": True,
            }
        ],
    )
    memory.update({"seller.till": till, "seller.method": method})
    memory["seller.product"] = product
    for name in ("Vira", "Danylo"):
        memory[f"seller.{name.lower()}"] = _create_cashier(story, admin, name, company)
    person = manager.search("res.partner", [("email", "=", "vira@till.example.com")])
    [member] = manager.call(
        "b2b2c.member",
        "create",
        [{"partner_id": person[0], "employer_id": shop, "role": "salesperson"}],
    )
    memory["seller.member"] = member
    [kind] = manager.search("b2b2c.document.kind", [("code", "=", "pos.order")])
    rule = {
        "name": "Who sold gets 5 %",
        "role": "salesperson",
        "pick": "seller",
        "trigger": "paid",
        "value": 5,
        "product_ids": [(6, 0, [product])],
        "document_kind_ids": [(6, 0, [kind])],
    }
    [program] = manager.call(
        "b2b2c.program", "create", [{"name": "Till Club", "rule_ids": [(0, 0, rule)]}]
    )
    manager.call("b2b2c.program", "action_start", [program])
    memory["seller.danylo"].call("pos.config", "open_ui", [till])
    return admin


def _create_cashier(story, admin, name, company):
    """Create a user who may sell at tills; return the session."""
    login = f"till-{name.lower()}"
    groups = admin.call(
        "ir.model.data",
        "search_read",
        [("name", "in", ["group_user", "group_pos_user"]),
         ("module", "in", ["base", "point_of_sale"])],
        ["res_id"],
    )  # fmt: skip
    admin.call(
        "res.users",
        "create",
        [
            {
                "name": name,
                "login": login,
                "email": f"{name.lower()}@till.example.com",
                "password": PASSWORD,
                "company_id": company,
                "company_ids": [(6, 0, [company])],
                "group_ids": [(6, 0, [row["res_id"] for row in groups])],
            }
        ],
    )
    return Session(story.url, story.database, login, PASSWORD)


def _sell(story, session, pieces, refunded_orderline_id=False, **values):
    """Send an order as a till does; return the id of its line."""
    memory = story.memory
    till = session.read("pos.config", memory["seller.till"], "current_session_id")
    total, now = pieces * PRICE, datetime.now(timezone.utc).strftime("%F %T")
    users = session.search("res.users", [("login", "=", session.login)])
    order = {
        "uuid": str(uuid.uuid4()),
        "access_token": str(uuid.uuid4()),
        "session_id": till["current_session_id"][0],
        "user_id": users[0],
        "partner_id": False,
        "date_order": now,
        "pos_reference": str(uuid.uuid4()),
        "sequence_number": 1,
        "state": "paid",
        "to_invoice": False,
        "last_order_preparation_change": "{}",
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "lines": [
            (0, 0, {
                "uuid": str(uuid.uuid4()), "product_id": memory["seller.product"],
                "qty": pieces, "price_unit": PRICE, "price_subtotal": total,
                "price_subtotal_incl": total, "discount": 0, "tax_ids": [(5, 0, 0)],
                "pack_lot_ids": [], "refunded_orderline_id": refunded_orderline_id,
            })
        ],
        "payment_ids": [
            (0, 0, {
                "uuid": str(uuid.uuid4()), "amount": total, "name": now,
                "payment_method_id": memory["seller.method"],
            })
        ],
        **values,
    }  # fmt: skip
    answer = session.call("pos.order", "sync_from_ui", [order])
    uuids = {line[2]["uuid"] for line in order["lines"]}
    [line] = [row["id"] for row in answer["pos.order.line"] if row["uuid"] in uuids]
    return line


def _points(story):
    """Return how many points Vira can use."""
    manager = story.as_user("manager")
    member = story.memory["seller.member"]
    return manager.read("b2b2c.member", member, "points_available")["points_available"]
