"""S6.4, S6.9, S6.10: three partners earn and spend, and the month is settled.

A point counts 0.10.  Partners pay half of points given there; we pay 90 % of what
people pay there with points.  What the partners' tills told is prepared in the
database, on days of the last month; from then on everybody clicks.
"""

import csv
import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from book import scene, today

from tools import odoo_env
from tools.web_client import Refused, Session

#: Partner -> points given there, money paid there with points.
MONTH = {
    "Gold North": ((200, 100), ("4.00",)),  # 15.00 they owe, 3.60 we owe
    "Silver South": ((60,), ("12.00", "6.00")),  # 3.00 and 16.20
    "Pearl West": ((100,), ()),  # 5.00
}
PASSWORD = "a-partner-of-the-story"
SETTLED = "15.00 − 3.60, 3.00 − 16.20, 5.00 − 0.00"


@scene("S6.9")
def test_recorded(story):
    """all sales of the network are in the ledger, and a preview creates nothing"""
    _prepare(story)
    manager = story.as_user("manager")
    [wizard] = manager.call("b2b2c.settlement.month", "create", [{}])
    manager.call("b2b2c.settlement.month", "action_preview", [wizard])
    rows = manager.call(
        "b2b2c.settlement.month.row",
        "search_read",
        [("wizard_id", "=", wizard)],
        ["side", "count", "amount"],
    )
    seen = ", ".join(
        "{} {:.2f}".format(
            sum(row["count"] for row in rows if row["side"] == side),
            sum(row["amount"] for row in rows if row["side"] == side),
        )
        for side in ("earned", "spent")
    )
    story.show(
        "S6.9",
        "sales of three partners, looked at before they are settled: facts and sums",
        f"{seen}; {len(_settlements(story))} settlements",
        "4 23.00, 3 19.80; 0 settlements",
    )


@scene("S6.10")
def test_settle(story):
    """the manager settles the month and sends it to the partners"""
    manager = story.as_user("manager")
    [wizard] = manager.call("b2b2c.settlement.month", "create", [{}])
    manager.call("b2b2c.settlement.month", "action_settle", [wizard])
    story.show(
        "S6.10",
        "each partner's month: what it owes less what we owe",
        _word_sides(story),
        SETTLED,
    )
    ids = [row["id"] for row in _settlements(story)]
    manager.call("b2b2c.settlement", "action_send", ids)
    try:
        manager.call("b2b2c.settlement", "action_agree", ids)
        answer = "agreed"
    except Refused as refusal:
        answer = str(refusal)
    story.show(
        "S6.10",
        "sent; who made them agrees for the partners",
        answer,
        "Another person approves what you asked for.",
    )


@scene("S6.10")
def test_partners(story):
    """the partners look at receipts: two agree, one disputes a line before"""
    gold = _as_partner(story, "Gold North")
    page = _open(gold, story)
    text = gold.page(page)[1]
    table = gold.http.get(f"{story.url}{page}/table", timeout=60).content
    rows = [*csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";")][1:]
    seen = re.search(r"200 points × \$ 0\.1 × 50 %", text)
    story.show(
        "S6.10",
        "a partner reads how a receipt comes about, and adds up the table",
        f"{seen and seen[0]}; {len(rows)} receipts",
        "200 points × $ 0.1 × 50 %; 3 receipts",
    )
    line = re.search(r'name="line" value="(\d+)"', _raw(gold, page))[1]
    _send(gold, f"{page}/dispute", line=line, reason="This receipt is not ours")
    for name in MONTH:
        partner = _as_partner(story, name)
        _send(partner, f"{_open(partner, story)}/agree")
    states = [row["state"] for row in _settlements(story)]
    story.show(
        "S6.10",
        "one line is disputed and apart; the rest of all three is agreed",
        f"{states}, {_word_sides(story).split(',')[0]}",
        "['agreed', 'agreed', 'agreed'], 5.00 − 3.60",
    )
    status = _as_partner(story, "Pearl West").page(page)[0]
    story.show("S6.10", "another partner opens that page", status, 404)


@scene("S6.4")
def test_documents(story):
    """accounting makes, posts and sets off the documents"""
    manager = story.as_user("manager")
    ids = [row["id"] for row in _settlements(story)]
    manager.call("b2b2c.settlement", "action_book", ids)
    moves = manager.call(
        "account.move",
        "search_read",
        [("b2b2c_settlement_id", "in", ids)],
        ["move_type", "amount_untaxed"],
    )
    manager.call("account.move", "action_post", [move["id"] for move in moves])
    sums = {
        kind: sum(move["amount_untaxed"] for move in moves if move["move_type"] == kind)
        for kind in ("out_invoice", "in_invoice")
    }
    story.show(
        "S6.4",
        "the partners' invoices; the bills for what people paid there with points",
        f"{sums['out_invoice']:.2f}, {sums['in_invoice']:.2f}",
        "13.00, 19.80",
    )
    both = [row["id"] for row in _settlements(story) if row["earned"] and row["owed"]]
    manager.call("b2b2c.settlement", "action_net", both)
    left = manager.call(
        "account.move",
        "search_read",
        [("id", "in", [move["id"] for move in moves])],
        ["amount_residual"],
    )
    story.show(
        "S6.10",
        "set off: what is left to pay of all documents",
        f"{sum(row['amount_residual'] for row in left):.2f}",
        "19.60",  # 5.00 − 3.60, 16.20 − 3.00 and 5.00
    )


@scene("S6.10")
def test_answer(story):
    """the manager takes the disputed line back; it is settled with the next month"""
    manager = story.as_user("manager")
    disputes = manager.search("b2b2c.settlement.dispute", [("state", "=", "open")])
    manager.call("b2b2c.settlement.dispute", "action_accept", disputes)
    lines = manager.call(
        "b2b2c.settlement.line",
        "search_read",
        [("counted_in_id", "=", False)],
        ["amount"],
    )
    story.show(
        "S6.10",
        "accepted: the line and the line that takes it back wait for the next month",
        sorted(line["amount"] for line in lines),
        [-10.0, 10.0],
    )


# === HELPERS === #


def _prepare(story):
    """Note what the tills of three partners told, on days of the last month."""
    if story.memory.get("network"):
        return
    from odoo.addons.loyalty_b2b2c.models.spends.spend_request import SpendRequest

    with odoo_env.open_environment(story.database) as env:
        env = env(context=dict(env.context, no_reset_password=True))
        unit = env.ref("loyalty_b2b2c.unit_points")
        unit.with_company(env.company).face_value = 0.1
        person = env["res.partner"].create(
            {"name": "Buyer of the network", "email": "network@story.example.com"}
        )
        member = env["b2b2c.member"].create(
            {
                "partner_id": person.id,
                "role": "employee",
                "employer_id": env["res.partner"]
                .create({"name": "Network club", "is_company": True})
                .id,
                "company_id": env.company.id,
                "enrolled_at": "2020-01-01",
            }
        )
        account = member._get_account(unit)
        account._earn(1000, source_key="story/network")
        day = today().replace(day=1) - timedelta(days=20)
        for name, (given, paid) in MONTH.items():
            partner = _add_partner(env, name, unit)
            for number, points in enumerate(given):
                ticket = f"{name} {number}"
                document = env["res.partner.category"].create({"name": ticket})
                env["b2b2c.partner.visit"]._note(
                    document, env.company, partner, day, ticket
                )
                account._earn(
                    points,
                    source_key=f"story/{ticket}",
                    document_model=document._name,
                    document_id=document.id,
                    effective_at=datetime.combine(day, datetime.min.time()),
                )
            for number, amount in enumerate(paid):
                with _on(day):
                    env["b2b2c.spend"]._hold(
                        SpendRequest(
                            member=member,
                            unit=unit,
                            amount=Decimal(amount),
                            currency=env.company.currency_id,
                            key=f"story/{name}/{number}",
                            name=f"{name} paid {number}",
                            place=partner,
                        )
                    )._capture()
        env.cr.commit()
    story.memory["network"] = True


def _add_partner(env, name, unit):
    """Create a partner with an agreement, and a login for its contact."""
    login = name.split()[0].lower()
    partner = env["res.partner"].create({"name": name, "is_company": True})
    contact = env["res.partner"].create(
        {"name": login, "parent_id": partner.id, "email": f"{login}@story.example.com"}
    )
    env["res.users"].create(
        {
            "login": login,
            "password": PASSWORD,
            "partner_id": contact.id,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    rate = {
        "unit_id": unit.id,
        "valid_from": "2020-01-01",
        "point_value": 0.1,
        "earned_percent": 50,
        "spent_percent": 90,
    }
    env["b2b2c.partner.agreement"].create(
        {
            "partner_id": partner.id,
            "contact_id": contact.id,
            "starts_on": "2020-01-01",
            "rate_ids": [(0, 0, rate)],
        }
    ).action_activate()
    return partner


def _on(day):
    """Let the ledger believe that it is noon of a day."""
    noon = datetime.fromisoformat(f"{day} 12:00:00+00:00")

    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return noon

    return patch("odoo.addons.loyalty_b2b2c.models.ledger.ledger_door.datetime", Noon)


def _settlements(story):
    """Return the settlements with the partners of the story, in their order."""
    rows = story.as_user("manager").call(
        "b2b2c.settlement",
        "search_read",
        [("partner_id.name", "in", [*MONTH])],
        ["state", "partner_id", "earned_amount", "owed_amount"],
    )
    for row in rows:
        row["earned"], row["owed"] = row["earned_amount"], row["owed_amount"]
    names = [*MONTH]
    return sorted(rows, key=lambda row: names.index(row["partner_id"][1]))


def _word_sides(story):
    return ", ".join(
        f"{row['earned']:.2f} − {row['owed']:.2f}" for row in _settlements(story)
    )


def _as_partner(story, name):
    """Return the session of a partner's contact."""
    login = name.split()[0].lower()
    if login not in story.sessions:
        story.sessions[login] = Session(story.url, story.database, login, PASSWORD)
    return story.sessions[login]


def _raw(session, page):
    return session.http.get(session.url + page, timeout=60).text


def _open(partner, story):
    """Return the page of the settlement that the partner finds in the list."""
    return re.search(r"/my/settlements/\d+", _raw(partner, "/my/settlements"))[0]


def _send(partner, path, **values):
    """Send a form of the settlement's page."""
    page = path.rsplit("/", 1)[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', _raw(partner, page))[1]
    answer = partner.http.post(
        partner.url + path, data={"csrf_token": token, **values}, timeout=60
    )
    answer.raise_for_status()
