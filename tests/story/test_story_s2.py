"""S2: the shop's owner is rewarded for what reaches his shop.

Corner Stationery buys from a distributor, and now and then from us.  "Shop Owners"
gives its owner 2 points per unit, whoever delivers it.
"""

import base64

from book import scene, today

from tools.web_client import Session

FILE = """Number;Date;Shop;Product;Quantity
WB-2001;{day};C-100;PAPER;12
WB-2001;{day};C-100;TONER;3
WB-2002;{day};C-100;CARD;5
"""
SALES = """Number;Date;Shop;Product;Quantity;Amount
T-501;{day};C-100;TONER;2;158,00
"""


@scene("S2.2")
def test_distributor_file(story):
    """an officer imports the distributor's list of shipments"""
    manager = story.as_user("manager")
    before = _balance(story)
    wizard = _upload(story, FILE, "shipment")
    manager.call("b2b2c.intake.import", "action_check", [wizard])
    row = manager.read("b2b2c.intake.import", wizard, "new_count", "error_count")
    story.show(
        "S2.2",
        "checked the distributor's file first: nothing is booked yet",
        f"{row['new_count']} new, {row['error_count']} errors, "
        f"{_balance(story) - before:g} points",
        "2 new, 0 errors, 0 points",
    )
    manager.call("b2b2c.intake.import", "action_import", [wizard])
    # 12 + 3 + 5 units at 2 points
    story.show(
        "S2.11",
        "imported it: the owner is credited for 20 units that were shipped to his shop",
        f"{_balance(story) - before:g} points",
        "40 points",
    )
    again = _upload(story, FILE, "shipment")
    manager.call("b2b2c.intake.import", "action_import", [again])
    row = manager.read("b2b2c.intake.import", again, "new_count", "known_count")
    story.show(
        "S2.11",
        "imported the same file again: nothing is added",
        f"{row['new_count']} new, {row['known_count']} known, "
        f"{_balance(story) - before:g} points",
        "0 new, 2 known, 40 points",
    )


@scene("S2.1")
def test_own_delivery(story):
    """our own warehouse ships a part of the shop's order"""
    sales, manager = story.as_user("sales"), story.as_user("manager")
    before = _balance(story)
    shop = manager.search("res.partner", [("ref", "=", "C-100")])[0]
    paper = manager.search("product.product", [("default_code", "=", "PAPER")])[0]
    order = sales.call(
        "sale.order",
        "create",
        [
            {
                "partner_id": shop,
                "order_line": [(0, 0, {"product_id": paper, "product_uom_qty": 10})],
            }
        ],
    )[0]
    sales.call("sale.order", "action_confirm", [order])
    story.show(
        "S2.1",
        "confirmed the shop's order: the owner, who is not the buyer, waits for goods",
        f"{_balance(story) - before:g} points",
        "0 points",
    )
    picking = sales.read("sale.order", order, "picking_ids")["picking_ids"][0]
    [move] = sales.search("stock.move", [("picking_id", "=", picking)])
    sales.call("stock.move", "write", [move], {"quantity": 6, "picked": True})
    sales.call(
        "stock.picking",
        "button_validate",
        [picking],
        context={"skip_backorder": True},
    )
    story.show(
        "S2.11",
        "shipped 6 of the 10 boxes: credited for 6, in the same request",
        f"{_balance(story) - before:g} points",
        "12 points",
    )


@scene("S2.12")
def test_notified(story):
    """the owner is told"""
    manager = story.as_user("manager")
    admin = Session(story.url, story.database, "admin", "admin")
    cron = admin.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "cron_notify"
    )[1]
    admin.call("ir.cron", "method_direct_trigger", [cron])
    messages = manager.search(
        "b2b2c.notification",
        [("member_id", "=", _owner(story)), ("document_name", "like", "WB-2001")],
    )
    states = [
        row["state"] for row in manager.read("b2b2c.notification", messages, "state")
    ]
    story.show("S2.12", "told him about WB-2001 by e-mail, once", states, ["sent"])


@scene("S2.3")
def test_goods_book(story):
    """the owner opens the record of his goods on his phone"""
    status, text = story.as_user("ihor").page("/my/rewards/goods")
    seen = [word for word in ("WB-2001", "12", "24 pts", "30 pts") if word in text]
    story.show(
        "S2.3",
        "the owner reads what his shop received, from whom, and what it earned",
        f"HTTP {status}, {', '.join(seen)}",
        "HTTP 200, WB-2001, 12, 30 pts",
    )


@scene("S2.5")
def test_shop_sales(story):
    """the shop's own sales are reported too"""
    manager = story.as_user("manager")
    before = _balance(story)
    program = manager.search("b2b2c.program", [("name", "=", "Shop Owners")])[0]
    manager.call(
        "b2b2c.earning.rule",
        "create",
        [
            {
                "program_id": program,
                "name": "10 % of what the shop sells",
                "role": "owner",
                "trigger": "paid",
                "value": 10,
                "document_kind_ids": [(6, 0, _kinds(story, "sale"))],
            }
        ],
    )
    wizard = _upload(story, SALES, "sale")
    manager.call("b2b2c.intake.import", "action_import", [wizard])
    # 10 % of 158.00, rounded down; 2 points a unit are for what reaches the shop
    story.show(
        "S2.5",
        "imported a sale of the shop over 158.00: 10 %, nothing for what left it",
        f"{_balance(story) - before:g} points",
        "15 points",
    )


@scene("S2.13")
def test_accounts(story):
    """rewards in goods, money and an internal currency"""
    manager = story.as_user("manager")
    member = _owner(story)
    company = manager.read("b2b2c.member", member, "company_id")["company_id"][0]
    currency = manager.read("res.company", company, "currency_id")["currency_id"][0]
    paper = manager.search("product.product", [("default_code", "=", "PAPER")])[0]
    units = {
        "goods": {"symbol": "boxes", "product_id": paper, "decimals": 2},
        "money": {"symbol": "money", "currency_id": currency, "decimals": 2},
        "internal": {"symbol": "stars"},
    }
    rates = {"goods": 0.05, "money": 1.2, "internal": 7}
    for kind, values in units.items():
        unit = manager.call(
            "b2b2c.unit", "create", [{"name": f"Story {kind}", "kind": kind, **values}]
        )[0]
        program = manager.call(
            "b2b2c.program",
            "create",
            [
                {
                    "name": f"Story {kind}",
                    "unit_id": unit,
                    "timezone": "UTC",
                    "rule_ids": [
                        (
                            0,
                            0,
                            {
                                "name": f"{rates[kind]} per unit",
                                "role": role,
                                "trigger": "delivered",
                                "kind": "per_unit",
                                "value": rates[kind],
                                "document_kind_ids": [
                                    (6, 0, _kinds(story, "shipment"))
                                ],
                            },
                        )
                        for role in ("owner", "employee")
                    ],
                }
            ],
        )[0]
        manager.call("b2b2c.program", "action_start", [program])
    for item, reference, person, who in (
        ("S2.13", "C-100", member, "the owner"),
        ("S4.8", "C-200", _employee(story), "the client's employee"),
    ):
        text = f"Number;Shop;Product;Quantity\nWB-{reference};{reference};TONER;10\n"
        wizard = _upload(story, text, "shipment")
        manager.call("b2b2c.intake.import", "action_import", [wizard])
        rows = manager.call(
            "b2b2c.account",
            "search_read",
            [("member_id", "=", person), ("unit_id.name", "like", "Story")],
            ["unit_id", "balance_available"],
        )
        seen = sorted(
            f"{row['unit_id'][1].split()[1]} {row['balance_available']:g}"
            for row in rows
        )
        # 10 units at 0.05, 1.2 and 7
        story.show(
            item,
            f"10 units shipped: {who} has a goods, a money and an internal account",
            ", ".join(seen),
            "goods 0.5, internal 70, money 12",
        )


# === HELPERS === #


def _owner(story):
    manager = story.as_user("manager")
    return manager.search("b2b2c.member", [("name", "=", "Ihor Shevchenko")])[0]


def _employee(story):
    """Enroll the buyer of a client, C-200."""
    manager = story.as_user("manager")
    company = manager.call(
        "res.partner",
        "create",
        [{"name": "Odesa Bureau", "is_company": True, "ref": "C-200"}],
    )[0]
    contact = manager.call(
        "res.partner",
        "create",
        [{"name": "Taras Buyer", "parent_id": company, "email": "t@odesa.example"}],
    )[0]
    wizard = manager.call("res.partner", "action_b2b2c_enroll", [contact])["res_id"]
    manager.call("b2b2c.enroll", "write", [wizard], {"consent": True, "invite": False})
    return manager.call("b2b2c.enroll", "action_enroll", [wizard])["res_id"]


def _kinds(story, code):
    manager = story.as_user("manager")
    return manager.search("b2b2c.document.kind", [("code", "=", code)])


def _balance(story):
    row = story.as_user("manager").read(
        "b2b2c.member", _owner(story), "points_available"
    )
    return row["points_available"]


def _upload(story, text, document_type):
    """Create the import wizard with a file in the Windows encoding."""
    manager = story.as_user("manager")
    distributor = manager.search("res.partner", [("ref", "=", "D-1")])[0]
    content = text.format(day=today().isoformat()).encode("cp1251")
    return manager.call(
        "b2b2c.intake.import",
        "create",
        [
            {
                "document_type": document_type,
                "reporter_id": distributor,
                "file": base64.b64encode(content).decode(),
            }
        ],
    )[0]
