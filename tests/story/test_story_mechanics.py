"""G.1, G.3: every mechanic is made from its card, and they work together.

Each card of the gallery is made for one product of 100.00 (scans in a chat, and the
second one for recommendations, for another), in a unit of their own, so that what each
person has can be counted by hand.  Then one day happens: orders, a delivery, a payment,
scans, reports of other systems, a sale at the counter and one at a till, a
certification, an event.

* Iryna decides for an office what it buys: 10 pieces, 5 % of 1,000.00 = 50, the gift
  for the first order 100, and 5 % of 200.00 at the counter = 10; together 160.
* Oksana owns a shop: 6 pieces delivered 12, 20 pieces of a distributor 40, 3 pieces
  that were scanned 6; together 58.
* Petro sells there: 3 scans 30, a scan of the other product 10, a visit 20, 3 pieces
  at the till 15, the certification 8 and the event 4; of the tasks, which count his 7
  pieces, the one of three pieces 50, two steps 6, the first ten 2; together 145.
* Yasia buys those 3 pieces at the till and shows a card: 3 % of 300.00 = 9.
* Danylo is a dealer: nothing for the first 600.00, then his tier: 5 % of 400.00 = 20.
* Marko is one whose tier is a price: after 600.00 a piece costs him 95.00.
* Vira recommended a customer who buys 2 pieces: 5 % of 200.00 = 10.

Contests pay when they are over; nobody takes the task on that has to be taken on, sells
50 pieces more than before, hands in a photo, a receipt or a video, presents something,
passes the course, buys from a partner of the network or comes by two recommendations.
"""

import secrets
import time
import uuid
from datetime import datetime, timedelta, timezone

from book import scene
from test_story_api import get_client
from test_story_s1 import _take
from test_story_till_buyer import _ask, _open_till, _sell
from test_story_training import _answer, _create_survey

from tools.web_client import Session

PASSWORD = "a-story-password"
STARS = {
    "Iryna": 160,
    "Oksana": 58,
    "Petro": 145,
    "Yasia": 9,
    "Danylo": 20,
    "Vira": 10,
}
#: Mechanic -> what is entered in its dialog beside the product and the unit.
MADE = {
    "cashback": {},
    "welcome": {},
    "terminal": {},
    "scan": {"code_count": 5},
    "chat_scan": {"code_count": 5},
    "receipt": {},
    "till_seller": {},
    "till_buyer": {},
    "owner_scan": {"code_count": 0},
    "deliveries": {},
    "distributor": {},
    "event": {"event_codes": "story-visit"},
    "ladder": {"first_volume": 500, "second_volume": 5000},
    "bonus": {"first_volume": 500, "second_volume": 5000},
    "network": {},
    "recommend": {},
    "recommend_levels": {},
}
#: Challenge of the gallery -> what is entered in its dialog.
CHALLENGES = {
    "challenge_week": {"goal": 3, "points": 50},
    "challenge_steps": {"goal": 3, "points": 3},
    "challenge_take_on": {"goal": 3, "points": 500},
    "challenge_first": {"goal": 2, "points": 2},
    "challenge_better": {"goal": 50, "points": 500},
    "challenge_top": {"points": 500},
    "challenge_shops": {"points": 500},
    "challenge_shelf": {"points": 500},
    "challenge_video": {"points": 500},
    "challenge_presentation": {"points": 500},
    "challenge_course": {"points": 500},
    "challenge_certification": {"points": 8},
    "challenge_come": {"points": 4},
}
#: Those whose first round would begin next week or next month.
COUNTING = ("week", "steps", "take_on", "first", "better", "top", "shops")


@scene("G.3")
def test_each_mechanic(story):
    """a manager sets up each card of the gallery as it is suggested, and starts it"""
    manager = story.as_user("manager")
    needed = _make_subjects(story)
    gallery = manager.call("b2b2c.mechanic", "get_gallery")
    codes = [row["code"] for group in gallery for row in group["mechanics"]]
    states = {}
    for code in codes:
        model, record = _begin(manager, code, **needed.get(code, {}))
        states[code] = _start(manager, model, record)
        _stop(manager, model, record)
    story.show(
        "G.3",
        f"{len(codes)} mechanics, for {len(gallery)} kinds of people, each made and "
        "started with what its dialog suggests",
        {code: state for code, state in states.items() if state != "running"}
        or "all running",
        "all running",
    )
    wanted = {*MADE, *CHALLENGES}
    story.show(
        "G.3",
        "one for each scenario: nothing that is built is missing",
        sorted(wanted - {*codes}) or "nothing",
        "nothing",
    )


@scene("G.1")
def test_together(story):
    """all mechanics run together on the documents of one day"""
    manager, memory = story.as_user("manager"), story.memory
    _make_people(story)
    _make_mechanics(story)
    tried = _try(story)
    story.show(
        "G.1",
        "tried a sale of ten pieces to the office before anything was started",
        tried,
        {"Cashback for the buyer": 50, "Welcome gift": 100},
    )
    story.show("G.1", "and nobody got anything by it", _count(story), {})
    gallery = manager.call("b2b2c.mechanic", "get_gallery")
    codes = {row["code"] for group in gallery for row in group["mechanics"]}
    states = {
        code: _start(manager, model, record)
        for code, (model, record) in memory["mechanics"].items()
    }
    story.show(
        "G.1",
        f"{len(states)} mechanics run beside each other: each card of the gallery",
        (sorted(codes - states.keys()), {*states.values()}),
        ([], {"running"}),
    )
    _live_a_day(story)
    story.show(
        "G.1",
        "one day of orders, payments, a delivery, scans and reports: each has what a "
        "hand counts",
        _count(story),
        STARS,
    )
    story.show(
        "G.1",
        "and Marko, whose tier is a price, pays for a piece",
        _sell_below(story),
        95,
    )


@scene("G.1")
def test_changed(story):
    """a mechanic is changed while all of them run"""
    manager, memory = story.as_user("manager"), story.memory
    [rule] = manager.search(
        "b2b2c.earning.rule",
        [("program_id.mechanic", "=", "scan"), ("unit_id", "=", memory["stars"])],
    )
    version = manager.call("b2b2c.earning.rule", "action_new_version", [rule])["res_id"]
    manager.call("b2b2c.earning.rule", "write", [version], {"value": 25})
    _take(memory["petro"], memory["story_codes_piece"][3])
    # 25 for Petro by the new rule, 2 for Oksana by hers, as before
    story.show(
        "G.1",
        "a scan is worth 25 from now on: the other mechanics pay as before",
        _count(story),
        {**STARS, "Petro": 170, "Oksana": 60},
    )
    for model, record in memory["mechanics"].values():
        _stop(manager, model, record)


# === CLICKS OF THE MANAGER === #


def _begin(manager, code, **values):
    """Choose a card of the gallery and press *Create*; return model and id."""
    action = manager.call("b2b2c.mechanic", "open_mechanic", code)
    model, context = action["res_model"], action["context"]
    [dialog] = manager.call(model, "create", [values], context=context)
    made = manager.call(model, "action_begin", [dialog], context=context)
    return made["res_model"], made["res_id"]


def _start(manager, model, record):
    """Press the buttons of the checklist that start something; return the state."""
    for code in ("program", "bonus", "start"):
        for step in manager.read(model, record, "checklist")["checklist"]:
            if step["code"] == code and step["button"] and not step["done"]:
                asked = manager.call(model, "action_take_step", [record], code)
                if isinstance(asked, dict):
                    _agree(manager, asked)
    return manager.read(model, record, "state")["state"]


def _agree(manager, action):
    """Press *Start* in the dialog that says what will happen."""
    model, context = action["res_model"], action["context"]
    [dialog] = manager.call(model, "create", [{}], context=context)
    manager.call(model, "action_start", [dialog], context=context)


def _stop(manager, model, record):
    """End what was started, so that later chapters have nothing of it."""
    method = "action_stop" if model == "b2b2c.challenge" else "action_close"
    manager.call(model, method, [record])
    if model == "b2b2c.ladder":
        for program in manager.search(
            "b2b2c.program", [("mechanic", "=", "bonus"), ("state", "=", "running")]
        ):
            manager.call("b2b2c.program", "action_close", [program])


def _make_mechanics(story):
    """Make the drafts of all mechanics for one product and in one unit."""
    manager, memory = story.as_user("manager"), story.memory
    common = {
        "product_ids": [(6, 0, [memory["piece"]])],
        "unit_id": memory["stars"],
    }
    # what would pay twice for the same goods is for another product
    lamp = {"product_ids": [(6, 0, [memory["lamp"]])]}
    own = dict.fromkeys(("chat_scan", "recommend_levels"), lamp)
    memory["mechanics"] = {
        code: _begin(manager, code, **{**common, **values, **own.get(code, {})})
        for code, values in MADE.items()
    }
    for product in ("piece", "lamp"):
        rows = manager.call(
            "b2b2c.code",
            "search_read",
            [("batch_id.product_id", "=", memory[product])],
            ["code"],
            order="serial",
        )
        memory[f"story_codes_{product}"] = [row["code"] for row in rows]
    _make_challenges(story)


def _make_challenges(story):
    """Make the drafts of all challenges for the sellers of the shop, from today on."""
    manager, memory = story.as_user("manager"), story.memory
    [prizes] = manager.call(
        "b2b2c.program", "create", [{"name": "Prizes", "unit_id": memory["stars"]}]
    )
    today = manager.call("b2b2c.challenge", "default_get", ["first_day"])["first_day"]
    sellers = manager.search("b2b2c.reward.role", [("role", "=", "salesperson")])
    subjects = _make_subjects(story)
    for code, values in CHALLENGES.items():
        asked = {**values, **subjects.get(code, {}), "program_id": prizes}
        model, challenge = memory["mechanics"][code] = _begin(manager, code, **asked)
        own = {
            "shop_ids": [(6, 0, [memory["shop"]])],
            "role_ids": [(6, 0, sellers)],
        }
        if code.removeprefix("challenge_") in COUNTING:
            own["first_day"] = today
        manager.call(model, "write", [challenge], own)


def _try(story):
    """Play a sale of ten pieces to the office with two of the drafts."""
    manager, memory = story.as_user("manager"), story.memory
    found = {}
    for code in ("cashback", "welcome"):
        model, record = memory["mechanics"][code]
        action = manager.call(model, "action_try", [record])
        [dialog] = manager.call(
            action["res_model"],
            "create",
            [
                {
                    "member_id": memory["people"]["Iryna"],
                    "partner_id": memory["office"],
                    "product_id": memory["piece"],
                    "quantity": 10,
                }
            ],
            context=action["context"],
        )
        row = manager.read(action["res_model"], dialog, "total", "program_id")
        found[row["program_id"][1]] = row["total"]
    return found


# === PEOPLE === #


def _make_people(story):
    """Enroll an office, a shop, a dealer and a teacher; make the product and a unit."""
    manager, memory = story.as_user("manager"), story.memory
    for key, name in (
        ("office", "Story Office"),
        ("shop", "Story Shop"),
        ("dealer", "Story Dealer"),
        ("other", "Story Dealer by Price"),
        ("school", "Story School"),
    ):
        values = {"name": name, "is_company": True, "ref": f"STORY-{key.upper()}"}
        [memory[key]] = manager.call("res.partner", "create", [values])
    roles = {
        "Iryna": ("employee", "office"),
        "Oksana": ("owner", "shop"),
        "Petro": ("salesperson", "shop"),
        "Yasia": ("customer", "office"),
        "Danylo": ("dealer", "dealer"),
        "Vira": ("recommender", "school"),
    }
    memory["people"] = {
        name: _enroll(manager, name, role, memory[place])
        for name, (role, place) in roles.items()
    }
    memory["petro"] = _log_in(story, "Petro")
    admin = Session(story.url, story.database, "admin", "admin")
    product = {
        "name": "Story piece",
        "default_code": "STORY-PIECE",
        "type": "consu",
        "list_price": 100,
        "taxes_id": [(5, 0, 0)],
        "invoice_policy": "order",
        "available_in_pos": True,
    }
    other = {**product, "name": "Story lamp", "default_code": "STORY-LAMP"}
    memory["piece"], memory["lamp"] = admin.call(
        "product.product", "create", [product, other]
    )
    [memory["stars"]] = manager.call(
        "b2b2c.unit", "create", [{"name": "Story stars", "symbol": "★"}]
    )


def _enroll(manager, name, role, employer):
    """Enroll a person as the dialog does; return the participant's id."""
    [dialog] = manager.call(
        "b2b2c.enroll",
        "create",
        [
            {
                "name": f"{name} of the Story",
                "email": f"{name.lower()}@story.example",
                "role": role,
                "employer_id": employer,
                "consent": True,
                "invite": False,
            }
        ],
    )
    return manager.call("b2b2c.enroll", "action_enroll", [dialog])["res_id"]


def _log_in(story, name):
    """Give a participant a login of the portal; return the session."""
    admin = Session(story.url, story.database, "admin", "admin")
    member = story.memory["people"][name]
    person = admin.read("b2b2c.member", member, "partner_id")["partner_id"][0]
    _model, portal = admin.call(
        "ir.model.data", "check_object_reference", "base", "group_portal"
    )
    login = f"{name.lower()}-story"
    values = {
        "login": login,
        "partner_id": person,
        "password": PASSWORD,
        "group_ids": [(6, 0, [portal])],
    }
    context = {"no_reset_password": True}
    admin.call("res.users", "create", [values], context=context)
    return Session(story.url, story.database, login, PASSWORD)


def _make_subjects(story):
    """Make what has to be passed, once; return challenge -> what its dialog asks."""
    memory = story.memory
    if "story_event" not in memory:
        admin = memory["admin"] = Session(story.url, story.database, "admin", "admin")
        _let_choose(admin)
        memory["story_survey"] = _make_survey(admin)
        memory["story_course"] = _make_course(admin)
        now = datetime.now(timezone.utc)
        [memory["story_event"]] = admin.call(
            "event.event",
            "create",
            [
                {
                    "name": "Story Event",
                    "date_begin": f"{now - timedelta(hours=3):%Y-%m-%d %H:%M:%S}",
                    "date_end": f"{now + timedelta(hours=9):%Y-%m-%d %H:%M:%S}",
                }
            ],
        )
    return {
        "challenge_course": {"course_id": memory["story_course"]},
        "challenge_certification": {"survey_id": memory["story_survey"]},
        "challenge_come": {"event_ids": [(6, 0, [memory["story_event"]])]},
    }


def _let_choose(admin):
    """Let the manager see the surveys and events that a dialog asks for."""
    [manager] = admin.search("res.users", [("login", "=", "manager")])
    for addon, name in (("survey", "group_survey_user"), ("event", "group_event_user")):
        _model, group = admin.call(
            "ir.model.data", "check_object_reference", addon, name
        )
        admin.call("res.users", "write", [manager], {"group_ids": [(4, group)]})


def _make_survey(admin):
    """Return a certification that only who is logged in can pass."""
    survey = _create_survey(admin)
    admin.call("survey.survey", "write", [survey], {"users_login_required": True})
    return survey


def _make_course(admin):
    """Return a published course with a certification."""
    lesson = {
        "name": "Certification",
        "slide_category": "certification",
        "survey_id": _make_survey(admin),
        "is_published": True,
    }
    [course] = admin.call(
        "slide.channel",
        "create",
        [{"name": "Story course", "is_published": True, "slide_ids": [(0, 0, lesson)]}],
    )
    return course


# === THE DAY === #


def _live_a_day(story):
    """Let everything happen, each as the person or system that does it."""
    memory = story.memory
    _order(story, "office", 10, pay=True)
    _order(story, "shop", 6, deliver=True)
    distributor = get_client(
        story, "Warehouse of the distributor", "D-1", reports_shipment=True
    )
    line = {"product": "STORY-PIECE", "quantity": 20}
    distributor.post(
        "/shipments",
        {"reference": "STORY-1", "partner": {"ref": "STORY-SHOP"}, "lines": [line]},
    )
    for code in (*memory["story_codes_piece"][:3], memory["story_codes_lamp"][0]):
        _take(memory["petro"], code, secrets.token_hex(16))
    books = get_client(story, "Accounting")
    books.post(
        "/events",
        {
            "reference": "STORY-2",
            "event_code": "story-visit",
            "member": {"email": "petro@story.example"},
        },
    )
    _sell_at_counter(story)
    _sell_at_till(story)
    _sell_to_dealer(story)
    _recommend(story)
    _train(story)


def _order(story, buyer, quantity, pay=False, deliver=False, **values):
    """Confirm an order of pieces; deliver it, or invoice it and let it be paid."""
    sales = story.as_user("sales")
    line = {"product_id": story.memory["piece"], "product_uom_qty": quantity}
    [order] = sales.call(
        "sale.order",
        "create",
        [{"partner_id": story.memory[buyer], "order_line": [(0, 0, line)], **values}],
    )
    sales.call("sale.order", "action_confirm", [order])
    if deliver:
        [picking] = sales.read("sale.order", order, "picking_ids")["picking_ids"]
        moves = sales.search("stock.move", [("picking_id", "=", picking)])
        done = {"quantity": quantity, "picked": True}
        sales.call("stock.move", "write", moves, done)
        sales.call("stock.picking", "button_validate", [picking])
    if pay:
        manager = story.as_user("manager")
        manager.pay(manager.invoice(order))
    return order


def _sell_at_counter(story):
    """The cashier enters 200.00 that Iryna's office paid."""
    cashier = story.as_user("terminal")
    answer = cashier.call("b2b2c.terminal", "search_member", "iryna@story.example")
    sale = {"amount": "200,00", "receipt": "STORY-3"}
    [person] = answer["members"]
    cashier.call("b2b2c.terminal", "record", person["ticket"], sale, str(uuid.uuid4()))


def _sell_at_till(story):
    """Petro sells Yasia, who shows a card, three pieces at a till of the shop."""
    manager, memory = story.as_user("manager"), story.memory
    shop = {"b2b2c_shop_id": memory["shop"]}
    till = memory["story_till"] = _open_till(story, "Story Till", shop)
    memory["ring"] = memory["piece"]  # what the chapter of the till sells
    card = manager.read("b2b2c.member", memory["people"]["Yasia"], "code")["code"]
    shown = _ask(story, "story_till", "b2b2c_show_buyer", f"M:{card}")
    found = manager.call(
        "pos.config", "b2b2c_find_sellers", [till["config"]], "Petro of the Story"
    )
    [seller] = found["sellers"]
    token = {"b2b2c_seller_token": seller["token"]}
    _sell(story, "story_till", 3, shown["ticket"], **token)


def _sell_to_dealer(story):
    """The dealer buys for 600.00, which lifts him into a tier, and for 400.00."""
    _add_dealer(story, "bonus", "dealer")
    _order(story, "dealer", 6, pay=True)
    time.sleep(1.5)  # the tier is in force from the next whole second on
    _order(story, "dealer", 4, pay=True)


def _sell_below(story):
    """A dealer buys for 600.00, and asks for a piece more; return its price."""
    sales = story.as_user("sales")
    _add_dealer(story, "ladder", "other")
    _order(story, "other", 6, pay=True)
    time.sleep(1.5)
    order = _order(story, "other", 1)
    [line] = sales.read("sale.order", order, "order_line")["order_line"]
    row = sales.read("sale.order.line", line, "price_subtotal")
    return row["price_subtotal"]


def _add_dealer(story, code, partner):
    """Put a company on a ladder, by the button of its checklist."""
    manager, memory = story.as_user("manager"), story.memory
    model, ladder = memory["mechanics"][code]
    action = manager.call(model, "action_take_step", [ladder], "dealers")
    manager.call(
        action["res_model"],
        "create",
        [{"partner_id": memory[partner]}],
        context=action["context"],
    )


def _train(story):
    """Petro passes the certification, and shows his card at the door of the event."""
    manager, memory = story.as_user("manager"), story.memory
    memory["survey"], memory["browser of petro"] = (
        memory["story_survey"],
        memory["petro"],
    )
    _answer(story, "petro", 2)
    admin, event = memory["admin"], memory["story_event"]
    seat = {"event_id": event, "name": "Petro", "email": "petro@story.example"}
    admin.call("event.registration", "create", [seat])
    member = memory["people"]["Petro"]
    card = manager.read("b2b2c.member", member, "code")["code"]
    admin.call("event.registration", "register_attendee", f"M:{card}", event)


def _recommend(story):
    """A new customer names Vira's code and buys two pieces."""
    manager, memory = story.as_user("manager"), story.memory
    [campaign] = manager.search(
        "b2b2c.referral.campaign",
        [("program_id", "=", memory["mechanics"]["recommend"][1])],
    )
    [link] = manager.call(
        "b2b2c.referral.link",
        "create",
        [{"member_id": memory["people"]["Vira"], "campaign_id": campaign}],
    )
    code = manager.read("b2b2c.referral.link", link, "code")["code"]
    [memory["parent"]] = manager.call(
        "res.partner", "create", [{"name": "Story Parent"}]
    )
    _order(story, "parent", 2, pay=True, b2b2c_referral_code=code)


def _count(story):
    """Return name -> stars, usable and pending together, of who has some."""
    manager, memory = story.as_user("manager"), story.memory
    rows = manager.call(
        "b2b2c.account",
        "search_read",
        [("unit_id", "=", memory["stars"])],
        ["member_id", "balance_available", "balance_pending"],
    )
    names = {member: name for name, member in memory["people"].items()}
    totals = {
        names.get(row["member_id"][0], row["member_id"][1]): row["balance_available"]
        + row["balance_pending"]
        for row in rows
    }
    return {name: totals[name] for name in (*STARS, *totals) if totals.get(name)}
