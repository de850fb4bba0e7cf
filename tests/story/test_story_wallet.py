"""S1.24, S6.2: part of the price in points, on a quotation and on the own web cart.

Olena buys card stock of 38.50 for herself; a point pays 0.10, and points may pay half
of an order. All her points are back at the end.
"""

import re

import pytest
from book import scene

from tools.web_client import Refused

POINTS = "/shop/cart/points"


@scene("S1.24")
def test_quotation(story):
    """a seller's quotation, as many points as she chooses"""
    manager, before = story.as_user("manager"), _olena(story)
    line = {"product_id": manager.demo("product_card"), "product_uom_qty": 1}
    partner = manager.read("b2b2c.member", _member(story), "partner_id")["partner_id"]
    values = {"partner_id": partner[0], "order_line": [(0, 0, line)]}
    [order] = manager.call("sale.order", "create", [values])
    context = {"active_id": order, "active_model": "sale.order"}
    with pytest.raises(Refused, match="You can use up to"):
        _choose(manager, order, 193, context)  # more than half
    _choose(manager, order, 30, context)
    total = manager.read("sale.order", order, "amount_total")["amount_total"]
    manager.call("sale.order", "action_confirm", [order])
    story.show(
        "S1.24",
        "30 points on a quotation of 38.50 (193, more than half, are refused)",
        f"{total:.2f} to pay, {before - _olena(story):g} points spent",
        "35.50 to pay, 30 points spent",
    )
    invoice = manager.invoice(order)
    move = manager.read("account.move", invoice, "amount_total", "journal_id")
    paid = move["amount_total"]
    context = {"active_model": "account.move", "active_ids": [invoice]}
    values = {"journal_id": move["journal_id"][0]}
    wizard = manager.call("account.move.reversal", "create", [values], context=context)
    action = manager.call("account.move.reversal", "refund_moves", wizard)
    manager.call("account.move", "action_post", [action["res_id"]])
    money = manager.read("account.move", action["res_id"], "amount_total")
    story.show(
        "S1.24",
        "it comes back: money and points return as they were paid",
        f"{paid:.2f} invoiced, {money['amount_total']:.2f} credited, "
        f"{before - _olena(story):g} points spent",
        "35.50 invoiced, 35.50 credited, 0 points spent",
    )


@scene("S6.2")
def test_cart(story):
    """her own cart in the web shop"""
    olena, before = story.as_user("olena"), _olena(story)
    manager = story.as_user("manager")
    product_id = manager.demo("product_card")
    product = manager.read("product.product", product_id, "product_tmpl_id")
    olena.post(
        "/shop/cart/add",
        {
            "product_template_id": product["product_tmpl_id"][0],
            "product_id": product_id,
            "quantity": 1,
        },
    )
    story.show(
        "S6.2",
        "she types more than the order takes: one sentence, nothing changed",
        *_seen(olena, "193", r"You can use up to \d+ pts on this order\."),
    )
    story.show(
        "S6.2",
        "she uses 50 points",
        *_seen(olena, "50", r"Total \$ 33\.50"),
    )
    story.show(
        "S6.2",
        "nothing is taken before she pays",
        f"{before - _olena(story):g} points",
        "0 points",
    )
    _send(olena, "0")


# === HELPERS === #


def _choose(manager, order, points, context):
    dialog = manager.call(
        "b2b2c.part.payment.choose",
        "create",
        [{"order_id": order, "points": points}],
        context=context,
    )
    manager.call("b2b2c.part.payment.choose", "action_choose", dialog)


def _member(story):
    manager = story.as_user("manager")
    domain = [("name", "=", "Olena Kovalenko"), ("state", "=", "enrolled")]
    [member] = manager.search("b2b2c.member", domain)
    return member


def _olena(story):
    """Return how many points Olena can use."""
    manager = story.as_user("manager")
    return manager.read("b2b2c.member", _member(story), "points_available")[
        "points_available"
    ]


def _send(olena, points):
    """Send the form of the cart; the text of the page after it."""
    page = olena.http.get(f"{olena.url}/shop/cart", timeout=60).text
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    answer = olena.http.post(
        olena.url + POINTS,
        data={"csrf_token": token, "points": points},
        timeout=60,
    )
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", text)


def _seen(olena, points, pattern):
    """Return (what the page after sending says, what it should say)."""
    text = _send(olena, points)
    found = re.search(pattern, text)
    return (found[0], found[0]) if found else (text[-400:], pattern)
