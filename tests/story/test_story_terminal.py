"""S4.6, S4.7, S6.7: what a cashier records, by hand or by a scanned code.

The participant is the buyer's employee of the first chapter.  A receipt of 240.00 gives
5 %, 12 points; one of 100.00 with her code scanned gives 5 more.
"""

import uuid

from book import scene

from tools.web_client import Refused, Session

PHONE = "067 555 44 33"


@scene("S4.6")
def test_counter(story):
    """a cashier with the role Terminal can do nothing else"""
    cashier = story.as_user("terminal")
    closed = ("b2b2c.member", "b2b2c.account", "b2b2c.ledger.entry", "b2b2c.program")
    opened = [model for model in closed if _can_read(cashier, model)]
    story.show(
        "S4.6",
        "the cashier's login opens the terminal and nothing of the ledger",
        opened,
        [],
    )


@scene("S4.6")
def test_manual_sale(story):
    """the cashier enters phone and amount after the payment"""
    cashier = story.as_user("terminal")
    person = _find(cashier, PHONE)
    story.show(
        "S4.6",
        f"found {PHONE}: before choosing only a first name and a masked number",
        f"{person['name']}, {person['contact']}",
        "Iryna, +380 ••• 433",
    )
    sale = {"amount": "240,00", "receipt": "TILL-1-0042"}
    preview = cashier.call("b2b2c.terminal", "preview", person["ticket"], sale)
    story.show(
        "S4.6",
        "entered 240,00 and a receipt number: sees what she will get",
        preview["total"],
        "12 pts",
    )
    key = str(uuid.uuid4())
    result = _record(cashier, person, sale, key)
    story.memory["terminal_operation"] = result["operation"]["id"]
    story.show(
        "S4.7",
        "confirmed: credited by the program's rules at once",
        result["points"],
        "12 pts",
    )
    story.show(
        "S4.7",
        "the person is told by e-mail",
        result["message"],
        "Iryna gets a message by e-mail.",
    )
    again = _record(cashier, person, sale, key)
    story.show(
        "S4.6",
        "sent again after a lost connection: recorded once",
        f"repeated: {again['repeated']}, {again['balances'] == result['balances']}",
        "repeated: True, True",
    )
    story.show(
        "S4.6",
        "the same receipt a second time",
        _refusal(cashier, person, sale),
        "refused",
    )


@scene("S4.7")
def test_told(story):
    """the message about the counter goes out"""
    manager = story.as_user("manager")
    admin = Session(story.url, story.database, "admin", "admin")
    cron = admin.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", "cron_notify"
    )[1]
    admin.call("ir.cron", "method_direct_trigger", [cron])
    messages = manager.search(
        "b2b2c.notification",
        [
            ("member_id", "=", story.memory["member"]),
            ("document_name", "ilike", "TILL-1-0042"),
        ],
    )
    rows = manager.read("b2b2c.notification", messages, "state")
    story.show(
        "S4.7",
        "one message about the receipt was sent",
        [row["state"] for row in rows],
        ["sent"],
    )


@scene("S4.6")
def test_cancelled(story):
    """the cashier cancels within the minutes allowed"""
    cashier = story.as_user("terminal")
    manager = story.as_user("manager")
    before = _available(story)
    answer = cashier.call(
        "b2b2c.terminal", "cancel", story.memory["terminal_operation"], "Wrong amount"
    )
    story.show(
        "S4.6",
        "cancelled the receipt: its points are taken back",
        f"cancelled: {answer['cancelled']}, {_available(story) - before:+g} points",
        "cancelled: True, -12 points",
    )
    row = manager.read(
        "b2b2c.terminal.operation",
        story.memory["terminal_operation"],
        "operator_id",
        "cancelled_by_id",
        "cancel_reason",
        "ip",
    )
    story.show(
        "S4.6",
        "an officer sees who recorded and cancelled it, why and from where",
        f"{row['cancelled_by_id'][1]}, {row['cancel_reason']}, {row['ip']}",
        "Tania Cashier, Wrong amount, 127.0.0.1",
    )


@scene("S6.7")
def test_scanned(story):
    """a partner shop's seller scans the code on the phone and registers the sale"""
    manager = story.as_user("manager")
    shop = manager.call(
        "res.partner", "create", [{"name": "Corner Stationery", "is_company": True}]
    )[0]
    [user] = manager.search("res.users", [("login", "=", "terminal")])
    manager.call("res.users", "write", [user], {"b2b2c_terminal_partner_id": shop})
    cashier = story.as_user("terminal")
    code = manager.read("b2b2c.member", story.memory["member"], "code")["code"]
    person = _find(cashier, f"M:{code}")
    before = _available(story)
    result = _record(cashier, person, {"amount": "100", "receipt": "CS-7"})
    story.show(
        "S6.7",
        "scanned the code on her phone and recorded 100.00",
        f"{result['points']}, {_available(story) - before:+g} points",
        "5 pts, +5 points",
    )
    operation = manager.read(
        "b2b2c.terminal.operation", result["operation"]["id"], "reporter_id"
    )
    story.show(
        "S6.7",
        "the sale is reported by the seller's own shop",
        operation["reporter_id"][1],
        "Corner Stationery",
    )
    manager.call("res.users", "write", [user], {"b2b2c_terminal_partner_id": False})


# === HELPERS === #


def _can_read(user, model):
    try:
        user.search(model, [], limit=1)
    except Refused:
        return False
    return True


def _find(cashier, query):
    answer = cashier.call("b2b2c.terminal", "search_member", query)
    [person] = answer["members"]
    return person


def _record(cashier, person, sale, key=None):
    return cashier.call(
        "b2b2c.terminal", "record", person["ticket"], sale, key or str(uuid.uuid4())
    )


def _refusal(cashier, person, sale):
    try:
        _record(cashier, person, sale)
    except Refused as error:
        return "refused" if "already recorded" in str(error) else str(error)
    return "recorded"


def _available(story):
    row = story.as_user("manager").read(
        "b2b2c.member", story.memory["member"], "points_available"
    )
    return row["points_available"]
