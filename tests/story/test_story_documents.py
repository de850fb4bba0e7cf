"""S4.4 in ordinary life: a price that is lowered, a discount, a down payment.

Each order is 100 boxes of paper at 24.00: 2,400.00.  "Office Club" gives 5 % of it, 120
points, pending until it is paid.
"""

from book import scene
from test_story_s4 import _balance, _journal, _points

from tools.web_client import Session

BOXES = 100


@scene("S4.4")
def test_price_note(story):
    """accounting credits 10 % of the price of a paid invoice, nothing comes back"""
    sales = story.as_user("sales")
    order = _sell(story)
    invoice = story.memory["invoice"] = sales.invoice(order)
    sales.pay(invoice)
    story.show("S4.4", "paid 100 boxes at 24.00", _balance(story), _points(120, 0))
    context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = sales.call(
        "account.move.reversal",
        "create",
        [{"journal_id": _journal(story), "reason": "Price agreed later"}],
        context=context,
    )[0]
    sales.call("account.move.reversal", "refund_moves", [wizard])
    [note] = sales.search("account.move", [("reversed_entry_id", "=", invoice)])
    lines = sales.search(
        "account.move.line", [("move_id", "=", note), ("display_type", "=", "product")]
    )
    sales.call(
        "account.move",
        "write",
        [note],
        {"invoice_line_ids": [(1, line, {"price_unit": 2.4}) for line in lines]},
    )
    sales.call("account.move", "action_post", [note])
    story.show(
        "S4.4",
        "a credit note of 2.40 a box takes its money, not the boxes",
        _balance(story),
        _points(108, 0),
    )


@scene("S4.4")
def test_discount(story):
    """the salesperson gives half of an order away as a discount"""
    sales = story.as_user("sales")
    order = _sell(story, confirm=False)
    # the first time Odoo lets only an administrator: it makes the discount's product
    admin = Session(story.url, story.database, "admin", "admin")
    wizard = admin.call(
        "sale.order.discount",
        "create",
        [
            {
                "sale_order_id": order,
                "discount_type": "so_discount",
                "discount_percentage": 0.5,
            }
        ],
    )
    admin.call("sale.order.discount", "action_apply_discount", wizard)
    sales.call("sale.order", "action_confirm", [order])
    story.show(
        "S4.4",
        "50 % off the whole order: half of the points wait",
        _balance(story),
        _points(108, 60),
    )
    sales.pay(sales.invoice(order))
    story.show("S4.4", "paid 1,200.00", _balance(story), _points(168, 0))


@scene("S4.4")
def test_down_payment(story):
    """half is asked in advance and not paid, the rest is"""
    sales = story.as_user("sales")
    order = _sell(story)
    wizard = sales.call(
        "sale.advance.payment.inv",
        "create",
        [
            {
                "advance_payment_method": "percentage",
                "amount": 50,
                "sale_order_ids": [(6, 0, [order])],
            }
        ],
    )
    sales.call("sale.advance.payment.inv", "create_invoices", wizard)
    [advance] = sales.read("sale.order", order, "invoice_ids")["invoice_ids"]
    sales.call("account.move", "action_post", [advance])
    final = sales.invoice(order)
    sales.pay(final)
    story.show(
        "S4.4",
        "the final invoice is paid, the one in advance is not: half counts",
        _balance(story),
        _points(228, 60),
    )
    sales.pay(advance)
    story.show("S4.4", "paid in advance after all", _balance(story), _points(288, 0))


def _sell(story, confirm=True):
    """Return the id of an order of 100 boxes of paper."""
    sales = story.as_user("sales")
    [paper] = sales.search("product.product", [("name", "=", "Paper A4, 80 g, box")])
    [order] = sales.call(
        "sale.order",
        "create",
        [
            {
                "partner_id": story.memory["contact"],
                "order_line": [(0, 0, {"product_id": paper, "product_uom_qty": BOXES})],
            }
        ],
    )
    if confirm:
        sales.call("sale.order", "action_confirm", [order])
    return order
