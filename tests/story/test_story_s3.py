"""S3: a dealer's discount follows the rolling volume by itself.

The ladder of the demo: nothing, 5 % from 100,000 and 10 % from 1,000,000 invoiced
within three months; a case of paper costs 100.00.  Time passes on a second server,
whose clock is 93 days ahead.
"""

import re

from book import scene

from tools import odoo_process, workspace
from tools.demo.company import PASSWORDS
from tools.web_client import Refused, Session

LATER = 93
CASES = 10


@scene("S3.8")
def test_rules(story):
    """a manager has set the ladder up once"""
    manager = story.as_user("manager")
    ladder = manager.demo("ladder")
    tiers = manager.call(
        "b2b2c.ladder.tier",
        "search_read",
        [("ladder_id", "=", ladder)],
        ["volume_from", "discount"],
    )
    story.show(
        "S3.8",
        "the rules are written once: volume of three months, discount",
        [(row["volume_from"], row["discount"]) for row in tiers],
        [(0, 0), (100000, 5), (1000000, 10)],
    )
    story.show(
        "S3.6",
        "every dealer has what the invoices of the last three months deserve",
        [_standing(manager, key) for key in ("poltava", "kyiv", "odesa")],
        ["64,000: 0 %", "987,600: 5 %", "1,350,000: 10 %"],
    )


@scene("S3.7")
def test_order(story):
    """a salesperson only enters orders"""
    sales = story.as_user("sales")
    quotation = story.memory["dealer_order"] = _quote(story, sales, "kyiv")
    story.show(
        "S3.7",
        "entered 10 cases of 100.00 for a dealer: the system knows the discount",
        _amount(sales, quotation),
        950,
    )
    prices = [_amount(sales, _quote(story, sales, key)) for key in ("poltava", "odesa")]
    story.show(
        "S3.1", "for two other dealers: each its own, nobody asked", prices, [1000, 900]
    )


@scene("S3.3")
def test_no_favours(story):
    """a salesperson tries to sell it cheaper"""
    sales = story.as_user("sales")
    quotation = story.memory["dealer_order"]
    [line] = sales.read("sale.order", quotation, "order_line")["order_line"]
    best = _tier_pricelist(story.as_user("manager"), 10)
    dealer = story.as_user("manager").demo("dealer_kyiv")
    tries = [
        ("sale.order.line", "write", [line], {"discount": 50}),
        ("sale.order.line", "write", [line], {"price_unit": 60}),
        ("sale.order", "write", [quotation], {"pricelist_id": best}),
        ("sale.order", "write", [quotation], {"date_order": "2020-01-01 12:00:00"}),
        (
            "sale.order",
            "write",
            [quotation],
            {"order_line": [(0, 0, {"name": "Gift", "price_unit": -200})]},
        ),
        (
            "res.partner",
            "write",
            [dealer],
            {"property_product_pricelist": best},
        ),
    ]
    refused = [_is_refused(sales, *one) for one in tries]
    wizard = sales.call(
        "sale.order.discount",
        "create",
        [{"sale_order_id": quotation, "discount_percentage": 0.3}],
    )[0]
    refused.append(
        _is_refused(sales, "sale.order.discount", "action_apply_discount", [wizard])
    )
    story.show(
        "S3.3",
        "discount, price, price list, back-dating, negative line, the dealer's price "
        "list, discount wizard: refused, and the order still costs",
        f"{sum(refused)} of {len(refused)}, {_amount(sales, quotation):g}",
        "7 of 7, 950",
    )


@scene("S3.10")
def test_exception(story):
    """a salesperson asks for another price, a manager decides"""
    sales, manager = story.as_user("sales"), story.as_user("manager")
    quotation = _quote(story, sales, "kyiv")
    model = "b2b2c.price.exception"
    asked = sales.call("sale.order", "action_b2b2c_exception", [quotation])["res_id"]
    [line] = sales.read(model, asked, "line_ids")["line_ids"]
    sales.call(f"{model}.line", "write", [line], {"price": 90})
    sales.call(model, "write", [asked], {"reason": "A tender of the city"})
    sales.call(model, "action_request", [asked])
    own = _is_refused(sales, model, "action_approve", [asked])
    cost = manager.read(model, asked, "cost")["cost"]
    story.show(
        "S3.10",
        "asked 90.00 for one order of 10 cases at 95.00: approving it oneself, what it "
        "costs, the order meanwhile",
        f"{'refused' if own else 'approved'}, {cost:g}, {_amount(sales, quotation):g}",
        "refused, 50, 950",
    )
    manager.call(model, "action_approve", [asked])
    others = _amount(sales, _quote(story, sales, "kyiv"))
    story.show(
        "S3.10",
        "a manager approves: this order has the price asked for, the next one not",
        [_amount(sales, quotation), others],
        [900, 950],
    )
    rows = manager.call(
        "b2b2c.price.deviation",
        "search_read",
        [("document_model", "=", "sale.order"), ("document_id", "=", quotation)],
        ["kind", "expected", "actual", "cost", "reason"],
    )
    story.show(
        "S3.3",
        "the report of deviations has it, with its cost and its reason",
        [(r["kind"], r["expected"], r["actual"], r["cost"], r["reason"]) for r in rows],
        [("exception", 95, 90, 50, "A tender of the city")],
    )


@scene("S3.4")
def test_explained(story):
    """dealer and salesperson read why, and what is missing"""
    sales = story.as_user("sales")
    info = sales.read("sale.order", story.memory["dealer_order"], "b2b2c_dealer_info")
    words = r"\$ 12,400 more until [\w ,]+ → 10 %"
    story.show(
        "S3.4",
        "the order tells the salesperson what the dealer lacks to the next tier",
        _found(words, info["b2b2c_dealer_info"]),
        "$ 12,400 more → 10 %",
    )
    status, text = story.as_user("taras").page("/my/rewards/dealer")
    story.show(
        "S3.4",
        "the dealer's buyer reads the same on the portal",
        f"HTTP {status}, {_found(words, text)}",
        "HTTP 200, $ 12,400 more → 10 %",
    )


@scene("S3.5")
def test_grows(story):
    """the dealer buys what was missing"""
    sales, manager = story.as_user("sales"), story.as_user("manager")
    shop = _shop_price(story, story.as_user("taras"))
    bought = _quote(story, sales, "kyiv", 140)  # 13,300 at 5 %
    sales.call("sale.order", "action_confirm", [bought])
    sales.invoice(bought)
    story.show(
        "S3.5",
        "invoiced 13,300 more: the tier grew in the same request",
        _standing(manager, "kyiv"),
        "1,000,900: 10 %",
    )
    story.show(
        "S3.10",
        "the open quotation was priced anew, what was confirmed keeps its price",
        [_amount(sales, story.memory["dealer_order"]), _amount(sales, bought)],
        [900, 13300],
    )
    story.show(
        "S3.10",
        "signed in to the web shop all the time, the dealer sees the new price",
        [shop, _shop_price(story, story.as_user("taras"))],
        ["95.00", "90.00"],
    )
    story.memory["till"] = till = _open_till(story, manager)
    story.show(
        "S3.10",
        "a till in our shop loads the same price for the dealer",
        _till_price(manager, till, manager.demo("dealer_kyiv")),
        "90.00",
    )


@scene("S3.11")
def test_deferred(story):
    """a dealer whose discount is paid back as bonus"""
    sales, manager = story.as_user("sales"), story.as_user("manager")
    bought = _quote(story, sales, "rivne")
    sales.call("sale.order", "action_confirm", [bought])
    invoice = sales.invoice(bought)
    before = _bonus(manager)
    manager.pay(invoice)
    story.show(
        "S3.11",
        "10 cases at full price, paid: 5 % of 1,000 are credited as bonus",
        f"{_amount(sales, bought):g}; {before}, then {_bonus(manager)}",
        "1000; 0 usable, 50 pending, then 50 usable, 0 pending",
    )


def _later(story, people):
    sales, manager = people["sales"], people["manager"]
    shop = _shop_price(story, people["taras"])
    story.show(
        "S3.2", f"{LATER} days later in the web shop: 10 % fell to 0 %", shop, "100.00"
    )
    story.show(
        "S3.2",
        "an order of that day",
        _amount(sales, _quote(story, sales, "kyiv")),
        1000,
    )
    story.show(
        "S3.2",
        "another dealer, who had 10 % from 1,350,000: his first order looks at him",
        f"{_amount(sales, _quote(story, sales, 'odesa')):g}; "
        f"{_standing(manager, 'odesa')}",
        "1000; 0: 0 %",
    )
    story.show(
        "S3.2",
        "the till",
        _till_price(manager, story.memory["till"], manager.demo("dealer_kyiv")),
        "100.00",
    )
    changes = manager.call(
        "b2b2c.ladder.change",
        "search_read",
        [("standing_id.partner_id", "=", manager.demo("dealer_kyiv"))],
        ["reason", "tier_id"],
    )
    story.show(
        "S3.2",
        "the history tells each change with its figures, newest first",
        [(row["reason"], row["tier_id"][1]) for row in changes],
        [("fall", "0 %"), ("growth", "10 %"), ("enrolled", "5 %")],
    )


@scene("S3.2")
def test_falls(story):
    """nothing is bought for three months, and nobody does anything"""
    url, database = story.url, story.database
    server = odoo_process.start_server(
        workspace.from_environment(), database, days_later=LATER
    )
    try:
        story.url = server.url
        people = {
            login: Session(server.url, database, login, PASSWORDS[login])
            for login in ("sales", "manager", "taras")
        }
        _later(story, people)
    finally:
        story.url = url
        server.stop()


# === WHAT PEOPLE CALL === #


def _standing(manager, key):
    """Return "volume: tier" of a dealer."""
    [row] = manager.call(
        "b2b2c.ladder.standing",
        "search_read",
        [("partner_id", "=", manager.demo(f"dealer_{key}"))],
        ["volume", "tier_id"],
    )
    return f"{row['volume']:,.0f}: {row['tier_id'][1]}"


def _quote(story, sales, key, quantity=CASES):
    case = story.as_user("manager").demo("product_case")
    dealer = story.as_user("manager").demo(f"dealer_{key}")
    return sales.call(
        "sale.order",
        "create",
        [
            {
                "partner_id": dealer,
                "order_line": [
                    (0, 0, {"product_id": case, "product_uom_qty": quantity})
                ],
            }
        ],
    )[0]


def _amount(person, order_id):
    return person.read("sale.order", order_id, "amount_untaxed")["amount_untaxed"]


def _is_refused(person, *call):
    try:
        person.call(*call)
    except Refused:
        return True
    return False


def _found(words, text):
    """Return the sentence without its date, or the whole text."""
    text = text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    match = re.search(words, text)
    return re.sub(r" until .* →", " →", match[0]) if match else text


def _tier_pricelist(manager, discount):
    [row] = manager.call(
        "b2b2c.ladder.tier",
        "search_read",
        [("ladder_id", "=", manager.demo("ladder")), ("discount", "=", discount)],
        ["pricelist_id"],
    )
    return row["pricelist_id"][0]


def _bonus(manager):
    member = manager.demo("member_oksana")
    rows = manager.call(
        "b2b2c.account",
        "search_read",
        [("member_id", "=", member)],
        ["balance_available", "balance_pending"],
    ) or [{"balance_available": 0, "balance_pending": 0}]
    return (
        f"{rows[0]['balance_available']:g} usable, "
        f"{rows[0]['balance_pending']:g} pending"
    )


# === SHOPS === #


def _shop_price(story, buyer):
    """Return the price on the product's page in the web shop."""
    manager = story.as_user("manager")
    case = manager.demo("product_case")
    address = manager.read("product.product", case, "website_url")["website_url"]
    page = buyer.http.get(story.url + address, timeout=60).text
    [price, *_others] = re.findall(r'class="oe_currency_value">([^<]+)<', page)
    return price


def _open_till(story, manager):
    """Return the session of a new till."""
    till = manager.call("pos.config", "create", [{"name": "Showroom"}])[0]
    manager.call("pos.config", "open_ui", [till])
    return manager.read("pos.config", till, "current_session_id")["current_session_id"][
        0
    ]


def _till_price(manager, session, dealer):
    """Return what a case costs by the price list the till takes for the dealer."""
    data = manager.call("pos.session", "load_data", [session], [])
    own = manager.call("res.partner", "read", [dealer], ["property_product_pricelist"])[
        0
    ]["property_product_pricelist"][0]
    [percent] = [
        item["percent_price"]
        for item in data["product.pricelist.item"]
        if item["pricelist_id"] == own
    ]
    [case] = [
        row
        for row in data["product.template"]
        if row.get("default_code") == "CASE" or row["display_name"].endswith("boxes")
    ]
    return f"{case['list_price'] * (1 - percent / 100):.2f}"
