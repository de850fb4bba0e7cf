"""S4: cashback for the buyer's employee, from enrolment to the statement on a phone.

The order of the story is 10 boxes of paper at 24.00 and 2 cartridges at 79.00: 398.00.
"Office Club" gives 5 % of it rounded down, 19 points, and 15 points per cartridge, 30:
49 points in all, pending until the invoice is paid.
"""

from book import scene

from tools.web_client import Session

POINTS = 49


@scene("S4.1")
def test_enroll(story):
    """a manager enrolls a contact of a client by phone and e-mail"""
    manager = story.as_user("manager")
    contact = manager.call(
        "res.partner",
        "create",
        [
            {
                "name": "Iryna Bondar",
                "parent_id": _client(story),
                "email": "iryna.bondar@kyiv-law.example",
                "phone": "067 555 44 33",
                "country_id": _ukraine(story),
            }
        ],
    )[0]
    action = manager.call("res.partner", "action_b2b2c_enroll", [contact])
    wizard = action["res_id"]
    manager.call("b2b2c.enroll", "write", [wizard], {"consent": True, "invite": False})
    member = manager.call("b2b2c.enroll", "action_enroll", [wizard])["res_id"]
    story.memory.update(contact=contact, member=member)
    person = manager.read("b2b2c.member", member, "partner_id", "state")
    phone = manager.read("res.partner", person["partner_id"][0], "phone_sanitized")
    story.show(
        "S4.1",
        "enrolled the client's employee who decides on purchases",
        person["state"],
        "enrolled",
    )
    story.show(
        "S4.2",
        "registered her phone 067 555 44 33, kept in international form",
        phone["phone_sanitized"],
        "+380675554433",
    )


@scene("S4.4")
def test_order_is_pending(story):
    """the salesperson confirms and delivers the client's order"""
    sales = story.as_user("sales")
    order = sales.call("sale.order", "create", [_order_values(story)])[0]
    preview = sales.call("sale.order", "action_b2b2c_preview", [order])
    lines = sales.search(
        "b2b2c.preview.line",
        [("preview_id", "=", preview["res_id"]), ("is_award", "=", True)],
    )
    rows = sales.read("b2b2c.preview.line", lines, "points", "points_pending")
    story.show(
        "G.2",
        "previewed the draft order: who gets what, nothing booked",
        f"{sum(row['points'] + row['points_pending'] for row in rows):g} points",
        f"{POINTS} points",
    )
    sales.call("sale.order", "action_confirm", [order])
    story.memory["order"] = order
    story.show(
        "S4.4",
        "confirmed the unpaid order: points wait for the payment",
        _balance(story),
        _points(0, POINTS),
    )


@scene("S4.3")
def test_payment_credits(story):
    """the accountant invoices and registers the payment"""
    sales = story.as_user("sales")
    order = story.memory["order"]
    invoice = sales.invoice(order)
    story.memory["invoice"] = invoice
    sales.pay(invoice)
    entries = sales.read("sale.order", order, "b2b2c_entry_count", "b2b2c_points")
    story.show(
        "S4.3",
        "registered the payment: credited within the same request",
        _balance(story),
        _points(POINTS, 0),
    )
    story.show(
        "S4.4",
        "the order's button shows what it earned",
        f"{entries['b2b2c_points']:g} points",
        f"{POINTS} points",
    )


@scene("S4.5")
def test_message(story):
    """the participant gets one e-mail about the payment"""
    manager = story.as_user("manager")
    admin = Session(story.url, story.database, "admin", "admin")
    cron = admin.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "cron_notify"
    )[1]
    for _again in range(2):  # the scheduled action may run twice: still one message
        admin.call("ir.cron", "method_direct_trigger", [cron])
    messages = manager.search(
        "b2b2c.notification",
        [("member_id", "=", story.memory["member"]), ("kind", "=", "usable")],
    )
    states = [
        row["state"] for row in manager.read("b2b2c.notification", messages, "state")
    ]
    story.show("S4.5", "told her by e-mail, once", states, ["sent"])


@scene("S4.5")
def test_statement(story):
    """the participant reads balance and statement on the portal"""
    status, text = story.as_user("olena").page("/my/rewards")
    manager = story.as_user("manager")
    olena = manager.search("b2b2c.member", [("name", "=", "Olena Kovalenko")])
    account = manager.search("b2b2c.account", [("member_id", "in", olena)])[0]
    available = manager.read("b2b2c.account", account, "balance_available")
    figure = f"{available['balance_available']:,.0f}"
    story.show(
        "S4.5",
        "a participant opens /my/rewards and sees her balance",
        f"HTTP {status}, {figure if figure in text else 'another figure'}",
        f"HTTP 200, {figure}",
    )
    status, text = story.as_user("olena").page(f"/my/rewards/{account}")
    story.show(
        "S4.5",
        "her statement explains each line",
        f"HTTP {status}, {'explained' if 'Rate:' in text else 'not explained'}",
        "HTTP 200, explained",
    )


@scene("S4.4")
def test_payment_undone(story):
    """the payment is cancelled, and made again"""
    sales = story.as_user("sales")
    payment = sales.search(
        "account.payment", [("invoice_ids", "in", [story.memory["invoice"]])]
    )[0]
    sales.call("account.payment", "action_draft", [payment])
    sales.call("account.payment", "action_cancel", [payment])
    story.show(
        "S4.4",
        "cancelled the payment: the points wait again",
        _balance(story),
        _points(0, POINTS),
    )
    story.as_user("sales").pay(story.memory["invoice"])
    story.show(
        "S4.4",
        "paid again: credited again, once",
        _balance(story),
        _points(POINTS, 0),
    )


@scene("S4.4")
def test_order_cancelled(story):
    """a credit note and the cancelled order take everything back"""
    sales = story.as_user("sales")
    order = story.memory["order"]
    wizard = sales.call(
        "account.move.reversal",
        "create",
        [{"journal_id": _journal(story), "reason": "Returned"}],
        context={
            "active_model": "account.move",
            "active_ids": [story.memory["invoice"]],
        },
    )[0]
    sales.call("account.move.reversal", "refund_moves", [wizard])
    refund = sales.search(
        "account.move", [("reversed_entry_id", "=", story.memory["invoice"])]
    )
    sales.call("account.move", "action_post", refund)
    story.show(
        "S4.4",
        "credited the invoice in full: nothing is usable any more",
        _balance(story).split(",")[0],
        "0 usable",
    )
    sales.call("sale.order", "action_cancel", [order])
    story.show(
        "S4.4",
        "cancelled the order: nothing is pending either",
        _balance(story),
        _points(0, 0),
    )


def _journal(story):
    row = story.as_user("sales").read(
        "account.move", story.memory["invoice"], "journal_id"
    )
    return row["journal_id"][0]


@scene("S4.4")
def test_books(story):
    """the manager verifies the books"""
    manager = story.as_user("manager")
    result = manager.call("b2b2c.account", "action_verify_all")
    story.show(
        "S4.4",
        "verified every balance against its entries",
        result["params"]["type"],
        "success",
    )


# === HELPERS === #


def _client(story):
    if "client" not in story.memory:
        story.memory["client"] = story.as_user("manager").call(
            "res.partner",
            "create",
            [
                {
                    "name": "Kyiv Law Partners",
                    "is_company": True,
                    "country_id": _ukraine(story),
                }
            ],
        )[0]
    return story.memory["client"]


def _ukraine(story):
    return story.as_user("manager").search("res.country", [("code", "=", "UA")])[0]


def _order_values(story):
    manager = story.as_user("manager")
    paper, toner = (
        manager.search("product.product", [("name", "=", name)])[0]
        for name in ("Paper A4, 80 g, box", "Toner cartridge black")
    )
    return {
        "partner_id": story.memory["contact"],
        "order_line": [
            (0, 0, {"product_id": paper, "product_uom_qty": 10}),
            (0, 0, {"product_id": toner, "product_uom_qty": 2}),
        ],
    }


def _points(available, pending):
    return f"{available:g} usable, {pending:g} pending"


def _balance(story):
    manager = story.as_user("manager")
    row = manager.read(
        "b2b2c.member", story.memory["member"], "points_available", "points_pending"
    )
    return _points(row["points_available"], row["points_pending"])
