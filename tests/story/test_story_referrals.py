"""S5.4, S5.11–S5.13: who brought whom, and what three levels of recommenders earn.

Alla brought Bohdan, Bohdan brought Vira: each bought once with the other's code.  Vira
recommends to a family.  10 % for who brought the customer, half of it for each level
behind, in points of their own.
"""

from book import scene

from tools.web_client import Refused, Session

PEOPLE = ("Alla Tkach", "Bohdan Klym", "Vira Sich")


@scene("S5.13")
def test_who_may_recommend(story):
    """a school's teachers may recommend, people in other roles may not"""
    manager = story.as_user("manager")
    unit = _create(manager, "b2b2c.unit", name="Thanks", symbol="th")
    kinds = manager.search("b2b2c.document.kind", [("code", "=", "sale.order")])
    program = _create(
        manager,
        "b2b2c.program",
        name="Teachers recommend",
        unit_id=unit,
        rule_ids=[
            (
                0,
                0,
                {
                    "name": "Who brought the customer",
                    "role": "recommender",
                    "pick": "referrer",
                    "value": 10,
                    "level_count": 3,
                    "document_kind_ids": [(6, 0, kinds)],
                },
            )
        ],
    )
    manager.call("b2b2c.program", "action_start", [program])
    campaign = _create(
        manager,
        "b2b2c.referral.campaign",
        name="A school recommends",
        program_id=program,
        counts_for="always",
        role_ids=[
            (
                6,
                0,
                manager.search("b2b2c.reward.role", [("role", "=", "recommender")]),
            )
        ],
    )
    school = _create(manager, "res.partner", name="School 12", is_company=True)
    product = _create(
        Session(story.url, story.database, "admin", "admin"),
        "product.product",
        name="Exercise books, box",
        type="consu",
        list_price=100,
        taxes_id=[(5,)],
    )
    story.memory.update(unit=unit, campaign=campaign, recommended=product, codes={})
    for name in PEOPLE:
        member = _enroll(manager, name, school, "recommender")
        link = _create(
            manager,
            "b2b2c.referral.link",
            member_id=member,
            campaign_id=campaign,
        )
        code = manager.read("b2b2c.referral.link", link, "code")["code"]
        story.memory["codes"][name] = code, member
    story.show(
        "S5.13",
        "each teacher has a code with the own name",
        [code.split("-")[0] for code, _member in story.memory["codes"].values()],
        ["ALLA", "BOHDAN", "VIRA"],
    )
    owner = _enroll(manager, "Olha Holova", school, "owner")
    try:
        _create(manager, "b2b2c.referral.link", member_id=owner, campaign_id=campaign)
        refused = False
    except Refused:
        refused = True
    story.show("S5.13", "the head of the school gets none", refused, True)


@scene("S5.4")
def test_the_sale_knows(story):
    """the system knows by whose recommendation a sale came"""
    for buyer, recommender in (
        ("Bohdan Klym", "Alla Tkach"),
        ("Vira Sich", "Bohdan Klym"),
    ):
        partner = _get_person(story, buyer)
        _sell(story, partner, 1, story.memory["codes"][recommender][0])
    # 10 % of 100.00 for Bohdan's purchase and for Vira's; Alla 5 of Vira's
    story.show("S5.4", "Alla, Bohdan and Vira have", _points(story), [15, 10, 0])
    manager = story.as_user("manager")
    family = _create(manager, "res.partner", name="Family Hai", email="hai@x.example")
    story.memory["family"] = family
    order = _sell(story, family, 10, story.memory["codes"]["Vira Sich"][0])
    story.memory["first_order"] = order
    [use] = _read_uses(manager, order)
    story.show(
        "S5.4",
        "an order with Vira's code is known by it",
        (use["how"], use["link_id"][1]),
        ("code", story.memory["codes"]["Vira Sich"][0]),
    )


@scene("S5.12")
def test_three_levels(story):
    """three levels are paid, and a return is taken back from all three"""
    # of 1,000.00: Vira 100, Bohdan 50, Alla 25
    story.show("S5.12", "Alla, Bohdan and Vira have", _points(story), [40, 60, 100])
    manager = story.as_user("manager")
    order = story.memory["first_order"]
    [picking] = manager.read("sale.order", order, "picking_ids")["picking_ids"]
    _ship(manager, picking, 10)
    _take_back(manager, picking, 4)
    # of the 600.00 that are left: 60, 30 and 15
    story.show("S5.12", "four of ten boxes came back", _points(story), [30, 40, 60])
    name = "Vira Sich"
    code, member = story.memory["codes"][name]
    own = _create(
        manager,
        "sale.order",
        partner_id=_get_person(story, name),
        order_line=[(0, 0, {"product_id": story.memory["recommended"]})],
    )
    try:
        manager.call("sale.order", "write", [own], {"b2b2c_referral_code": code})
        said = "taken"
    except Refused as error:
        said = str(error)
    story.show(
        "S5.12",
        "Vira tries her own code",
        said,
        "This is your own code: give it to somebody else.",
    )


@scene("S5.11")
def test_all_sales(story):
    """what the family buys later is Vira's customer's, too"""
    manager = story.as_user("manager")
    order = _sell(story, story.memory["family"], 2)
    [use] = _read_uses(manager, order)
    story.show("S5.11", "a later order without a code", use["how"], "customer")
    # of 200.00: 20, 10 and 5
    story.show("S5.11", "Alla, Bohdan and Vira have", _points(story), [35, 50, 80])
    campaign = [("campaign_id", "=", story.memory["campaign"])]
    [row] = manager.call(
        "b2b2c.referral.report",
        "formatted_read_group",
        campaign,
        [],
        ["named:sum", "sold:sum", "brought:sum", "points:sum"],
    )
    found = [row[f"{name}:sum"] for name in ("named", "sold", "brought", "points")]
    story.show(
        "S5.11",
        "codes used, purchases, new customers, points of all",
        [int(figure) for figure in found],
        [3, 4, 3, 165],
    )


def _create(session, model, **values):
    [record] = session.call(model, "create", [values])
    return record


def _enroll(session, name, employer, role):
    first = name.split()[0].lower()
    person = _create(
        session, "res.partner", name=name, email=f"{first}@school12.example"
    )
    return _create(
        session, "b2b2c.member", partner_id=person, employer_id=employer, role=role
    )


def _get_person(story, name):
    """Return the contact of a recommender."""
    member = story.memory["codes"][name][1]
    manager = story.as_user("manager")
    return manager.read("b2b2c.member", member, "partner_id")["partner_id"][0]


def _sell(story, partner, quantity, code=""):
    """Let a customer order boxes, with a code typed on the quotation."""
    manager = story.as_user("manager")
    line = {"product_id": story.memory["recommended"], "product_uom_qty": quantity}
    order = _create(
        manager, "sale.order", partner_id=partner, order_line=[(0, 0, line)]
    )
    if code:
        values = {"b2b2c_referral_code": code.lower().replace("-", " ")}
        manager.call("sale.order", "write", [order], values)
    manager.call("sale.order", "action_confirm", [order])
    return order


def _read_uses(session, order):
    return session.call(
        "b2b2c.referral.use",
        "search_read",
        [("document_model", "=", "sale.order"), ("document_id", "=", order)],
        ["how", "link_id"],
    )


def _points(story):
    """Return what Alla, Bohdan and Vira have."""
    manager = story.as_user("manager")
    found = []
    for name in PEOPLE:
        domain = [
            ("member_id", "=", story.memory["codes"][name][1]),
            ("unit_id", "=", story.memory["unit"]),
        ]
        rows = manager.call(
            "b2b2c.account", "search_read", domain, ["balance_available"]
        )
        found.append(int(sum(row["balance_available"] for row in rows)))
    return found


def _ship(session, picking, quantity):
    moves = session.read("stock.picking", picking, "move_ids")["move_ids"]
    values = {"quantity": quantity, "picked": True}
    session.call("stock.move", "write", moves, values)
    context = {"skip_backorder": True, "skip_sms": True}
    session.call("stock.picking", "button_validate", [picking], context=context)


def _take_back(session, picking, quantity):
    """Take pieces of a transfer back, as the dialog does."""
    context = {"active_id": picking, "active_model": "stock.picking"}
    dialog = session.call("stock.return.picking", "create", [{}], context=context)
    lines = session.read("stock.return.picking", dialog[0], "product_return_moves")
    session.call(
        "stock.return.picking.line",
        "write",
        lines["product_return_moves"],
        {"quantity": quantity},
    )
    action = session.call("stock.return.picking", "action_create_returns", dialog)
    _ship(session, action["res_id"], quantity)
