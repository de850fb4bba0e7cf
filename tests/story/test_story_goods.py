"""S1.20, S1.21, S2.13, S4.8, S4.9: goods and points, and what one does with them.

An order of three packs of card stock brings three packs and 60 points to each: to Nina
who sells, to Ihor who owns her shop, to Olena who buys for the client.
"""

import html
import re

from book import scene

STORE = "/my/rewards/store"
REQUESTS = "/my/rewards/requests"
HOME = {"answer_street": "Sadova 3", "answer_zip": "49000", "answer_city": "Dnipro"}


@scene("S1.20")
def test_goods_account(story):
    """a unit of goods: three packs of card stock on Nina's account"""
    manager = story.as_user("manager")
    product = manager.demo("product_card")
    unit = manager.call(
        "b2b2c.unit",
        "create",
        [
            {
                "name": "Card stock in packs",
                "symbol": "packs",
                "kind": "goods",
                "product_id": product,
                "face_value": 38.5,
            }
        ],
    )[0]
    story.memory.update(card=product, packs=unit)
    programs = [
        _start_program(story, "Card for card", unit, 1),
        _start_program(story, "Points for card", _points(story), 20),
    ]
    for client in ("shop", "client_dnipro"):
        _order(story, manager.demo(client))
    # what later chapters sell is not for these
    manager.call("b2b2c.program", "action_close", programs)
    page = story.as_user("nina").page("/my/rewards")[1]
    seen = re.search(r"3 × Card stock, 200 g", page)
    story.show(
        "S1.20",
        "Nina's page after an order of three packs",
        seen[0] if seen else page,
        "3 × Card stock, 200 g",
    )


@scene("S1.20")
def test_order_goods(story):
    """Nina has her card stock sent home"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    action = manager.call("b2b2c.unit", "action_offer_goods", [story.memory["packs"]])
    story.memory["card_reward"] = reward = action["res_id"]
    seen = re.search(r"Card stock, 200 g 1 × Card stock, 200 g", nina.page(STORE)[1])
    story.show(
        "S1.20",
        "one click lets people order it; Nina sees it in the store",
        seen[0] if seen else "nothing",
        "Card stock, 200 g 1 × Card stock, 200 g",
    )
    request = _request(story, "nina", reward, quantity=3, **HOME)
    picking = _picking(story, request)
    story.show(
        "S1.20",
        "requests all three: the warehouse has a transfer to her home, without a sale",
        f"{picking['state']}, {picking['origin'][:2]}, {picking['sale_id']}, "
        f"{_has(story, 'nina', 'packs')}",
        "assigned, RW, False, 0",
    )
    _ship(story, picking, 3)
    state = manager.read("b2b2c.redemption", request, "state")["state"]
    page = nina.page(REQUESTS)[1]
    where = re.search(r"Delivered to: Sadova 3, 49000, Dnipro", page)
    story.show(
        "S1.20",
        "the storekeeper ships it: spent",
        f"{state}, {where[0] if where else page}, {_has(story, 'nina', 'packs')}",
        "fulfilled, Delivered to: Sadova 3, 49000, Dnipro, 0",
    )


@scene("S1.21")
def test_collect(story):
    """bonus points: she collects a cup at the desk"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    reward = manager.call(
        "b2b2c.reward",
        "create",
        [{"name": "Cup", "points": 40, "pickup_place": "Reception", "cost": 3}],
    )[0]
    before = _has(story, "nina", "points")
    request = _request(story, "nina", reward)
    page = nina.page(REQUESTS)[1]
    code = re.search(r"Collect it at: Reception ((\w{4}-){3}\w{4})", page)
    story.show(
        "S1.21",
        "requests a cup for 40 points: her phone shows where, and a code",
        f"{bool(code)}, {before - _has(story, 'nina', 'points')} reserved",
        "True, 40 reserved",
    )
    wrong = manager.call("b2b2c.redemption.handover", "create", [{"code": "0" * 16}])
    shown = manager.read("b2b2c.redemption.handover", wrong[0], "is_unknown")
    story.show("S1.21", "a code nobody has finds nothing", shown["is_unknown"], True)
    desk = manager.call("b2b2c.redemption.handover", "create", [{"code": code[1]}])
    seen = manager.read("b2b2c.redemption.handover", desk[0], "member_id", "reward_id")
    manager.call("b2b2c.redemption.handover", "action_hand_over", desk)
    row = manager.read("b2b2c.redemption", request, "state", "cost", "margin")
    story.show(
        "S1.21",
        "the desk scans it, sees who stands there, and hands it over",
        f"{seen['member_id'][1].split(' ')[0]}, {seen['reward_id'][1]}, "
        f"{row['state']}, cost {row['cost']:g}, margin {row['margin']:g}",
        "Nina, Cup, fulfilled, cost 3, margin 1",
    )


@scene("S2.13")
def test_partial_delivery(story):
    """the shop's owner gets two of three packs, and one of them goes back"""
    manager = story.as_user("manager")
    reward = story.memory["card_reward"]
    request = _request(story, "ihor", reward, quantity=3, **HOME)
    picking = _picking(story, request)
    _ship(story, picking, 2)
    row = manager.read("b2b2c.redemption", request, "state", "quantity_given")
    story.show(
        "S2.13",
        "two of the owner's three packs arrive: two are spent, one waits",
        f"{row['state']}, {row['quantity_given']} given, "
        f"{_has(story, 'ihor', 'packs')} usable, {_held(story, 'ihor')} reserved",
        "requested, 2 given, 0 usable, 1 reserved",
    )
    rest = _picking(story, request)
    manager.call("stock.picking", "action_cancel", [rest["id"]])
    row = manager.read("b2b2c.redemption", request, "state", "note")
    story.show(
        "S2.13",
        "the rest is cancelled in the warehouse: his third pack is his to use again",
        f"{row['state']}, {row['note']}, {_has(story, 'ihor', 'packs')} usable",
        "fulfilled, The rest is not delivered., 1 usable",
    )
    _take_back(story, picking, 1)
    row = manager.read("b2b2c.redemption", request, "state", "quantity_returned")
    story.show(
        "S2.13",
        "one pack comes back: another one is his to use",
        f"{row['state']}, {row['quantity_returned']} returned, "
        f"{_has(story, 'ihor', 'packs')} usable",
        "fulfilled, 1 returned, 2 usable",
    )


@scene("S4.8")
def test_buyer(story):
    """the client's employee has the same accounts, and reads what they are worth"""
    page = story.as_user("olena").page("/my/rewards")[1]
    seen = re.search(r"3 × Card stock, 200 g worth \D{0,3}115[.,]50", page)
    story.show(
        "S4.8",
        "the client's employee has three packs of card stock, and reads their worth",
        bool(seen) or page,
        True,
    )


@scene("S4.9")
def test_buyer_spends(story):
    """she spends in the same ways: donates, gives to a colleague, has goods sent"""
    manager = story.as_user("manager")
    school = manager.call("res.partner", "create", [{"name": "School 5"}])[0]
    cause = manager.call(
        "b2b2c.cause", "create", [{"name": "Books", "partner_id": school}]
    )[0]
    donation, gift = manager.call(
        "b2b2c.reward",
        "create",
        [
            {
                "name": "Help the school",
                "kind": "donation",
                "price_kind": "chosen",
                "points": 5,
                "cause_ids": [(6, 0, [cause])],
            },
            {
                "name": "Points for a colleague",
                "kind": "transfer",
                "price_kind": "chosen",
                "points": 5,
            },
        ],
    )
    request = _request(story, "olena", donation, amount=20)
    row = manager.read("b2b2c.redemption", request, "state", "worth", "points")
    bill = _bill(story, cause)
    story.show(
        "S4.9",
        "donates 20 points: spent, and a draft bill pays the school their worth",
        f"{row['state']}, {row['points']:g} pts, {row['worth']:g}, bill {bill}",
        "fulfilled, 20 pts, 2, bill 2 draft",
    )
    said = _text(_send(story, "olena", gift, amount=10, answer_recipient="nobody@x.ua"))
    other = _text(
        _send(
            story,
            "olena",
            gift,
            amount=10,
            answer_recipient="nina@corner-stationery.example",
        )
    )
    answer = "Nobody you can give points to was found."
    story.show(
        "S4.9",
        "who is not there and who works elsewhere are the same answer",
        [answer in said, answer in other],
        [True, True],
    )
    colleague, code = _enroll_colleague(story)
    _request(story, "olena", gift, amount=10, answer_recipient=code)
    got = manager.read("b2b2c.member", colleague, "points_available")
    story.show(
        "S4.9",
        "gives 10 points to a colleague, found by the member code",
        f"{got['points_available']:g} pts",
        "10 pts",
    )
    request = _request(story, "olena", story.memory["card_reward"], quantity=1, **HOME)
    _ship(story, _picking(story, request), 1)
    state = manager.read("b2b2c.redemption", request, "state")["state"]
    story.show(
        "S4.9",
        "has a pack sent",
        f"{state}, {_has(story, 'olena', 'packs')} left",
        "fulfilled, 2 left",
    )


# === HELPERS: what a click does === #


def _points(story):
    manager = story.as_user("manager")
    return manager.search("b2b2c.unit", [("kind", "=", "points")], limit=1)[0]


def _start_program(story, name, unit, value):
    """Start a program that gives all three so much per pack of an order."""
    manager = story.as_user("manager")
    kinds = manager.search("b2b2c.document.kind", [("code", "=", "sale.order")])
    rules = [
        (
            0,
            0,
            {
                "name": f"{value} per pack",
                "role": role,
                "trigger": "confirmed",
                "kind": "per_unit",
                "value": value,
                "document_kind_ids": [(6, 0, kinds)],
                "product_domain": f"[('id', '=', {story.memory['card']})]",
            },
        )
        for role in ("salesperson", "owner", "employee")
    ]
    program = manager.call(
        "b2b2c.program",
        "create",
        [{"name": name, "unit_id": unit, "timezone": "UTC", "rule_ids": rules}],
    )
    manager.call("b2b2c.program", "action_start", program)
    return program[0]


def _order(story, client):
    """Confirm an order of three packs."""
    sales = story.as_user("sales")
    line = {"product_id": story.memory["card"], "product_uom_qty": 3}
    order = sales.call(
        "sale.order",
        "create",
        [{"partner_id": client, "order_line": [(0, 0, line)]}],
    )
    sales.call("sale.order", "action_confirm", order)


def _send(story, login, reward, quantity=1, amount=None, **answers):
    """Send the form of the confirm page; return the response."""
    session = story.as_user(login)
    wanted = f"quantity={quantity}" + (f"&amount={amount}" if amount else "")
    address = f"{story.url}{STORE}/{reward}/confirm?{wanted}"
    page = session.http.get(address, timeout=60).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    if 'name="answer_address"' in page:
        form["answer_address"] = "new"
    return session.http.post(
        f"{story.url}{STORE}/{reward}/request", data={**form, **answers}, timeout=60
    )


def _request(story, login, reward, **form):
    """Request a reward on the portal; return the id of the request."""
    answer = _send(story, login, reward, **form)
    assert answer.status_code == 200, _text(answer)
    manager = story.as_user("manager")
    return manager.search(
        "b2b2c.redemption", [("reward_id", "=", reward)], order="id desc", limit=1
    )[0]


def _text(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(text))


def _picking(story, request):
    """Return the open transfer of a request."""
    manager = story.as_user("manager")
    ids = manager.read("b2b2c.redemption", request, "picking_ids")["picking_ids"]
    rows = manager.read(
        "stock.picking", ids, "state", "origin", "sale_id", "move_ids", "move_line_ids"
    )
    return next(row for row in rows if row["state"] not in ("done", "cancel"))


def _ship(story, picking, quantity):
    """Ship some pieces; the others stay in a backorder."""
    sales = story.as_user("sales")
    sales.call(
        "stock.move",
        "write",
        picking["move_ids"],
        {"quantity": quantity, "picked": True},
    )
    sales.call(
        "stock.picking",
        "button_validate",
        [picking["id"]],
        context={"skip_backorder": True, "skip_sms": True},
    )


def _take_back(story, picking, quantity):
    """Take pieces of a transfer back, as the dialog does."""
    sales = story.as_user("sales")
    context = {"active_id": picking["id"], "active_model": "stock.picking"}
    dialog = sales.call("stock.return.picking", "create", [{}], context=context)
    lines = sales.read("stock.return.picking", dialog[0], "product_return_moves")
    sales.call(
        "stock.return.picking.line",
        "write",
        lines["product_return_moves"],
        {"quantity": quantity},
    )
    action = sales.call("stock.return.picking", "action_create_returns", dialog)
    back = sales.read("stock.picking", action["res_id"], "move_ids")
    _ship(story, {"id": action["res_id"], "move_ids": back["move_ids"]}, quantity)


def _account(story, login, unit):
    manager = story.as_user("manager")
    unit = _points(story) if unit == "points" else story.memory[unit]
    rows = manager.call(
        "b2b2c.account",
        "search_read",
        [
            ("member_id", "=", manager.demo(f"member_{login}")),
            ("unit_id", "=", unit),
        ],
        ["balance_available", "balance_held"],
    )
    return rows[0]


def _has(story, login, unit):
    return int(_account(story, login, unit)["balance_available"])


def _held(story, login):
    return int(_account(story, login, "packs")["balance_held"])


def _bill(story, cause):
    """Pay the donations of this month out; return the bill's amount and status."""
    manager = story.as_user("manager")
    dialog = manager.call(
        "b2b2c.cause.bill",
        "create",
        [
            {
                "cause_ids": [(6, 0, [cause])],
                "date_from": "2000-01-01",
                "date_to": "2099-12-31",
            }
        ],
    )
    action = manager.call("b2b2c.cause.bill", "action_bill", dialog)
    [bill] = manager.call(
        "account.move", "search_read", action["domain"], ["amount_total", "state"]
    )
    return f"{bill['amount_total']:g} {bill['state']}"


def _enroll_colleague(story):
    """Enroll somebody of Olena's company; return the member's id and code."""
    manager = story.as_user("manager")
    olena = manager.read(
        "b2b2c.member", manager.demo("member_olena"), "employer_id", "company_id"
    )
    person = manager.call(
        "res.partner",
        "create",
        [{"name": "Ostap Colleague", "email": "ostap@colleague.example"}],
    )[0]
    member = manager.call(
        "b2b2c.member",
        "create",
        [
            {
                "partner_id": person,
                "employer_id": olena["employer_id"][0],
                "role": "employee",
                "company_id": olena["company_id"][0],
                "consent_at": "2026-01-01 00:00:00",
            }
        ],
    )[0]
    return member, manager.read("b2b2c.member", member, "code")["code"]
