"""Kinds of documents that the demo's rules and ladders are for."""

#: What a customer buys, wherever it is recorded; a till only where there is one.
PURCHASES = ("sale.order", "pos.order", "invoice", "sale")
#: What reaches a shop.
GOODS = ("sale.order", "delivery", "shipment")


def get(env, *codes):
    """Return the command that sets kinds of documents by their codes."""
    kinds = env["b2b2c.document.kind"].search([("code", "in", codes)])
    return [(6, 0, kinds.ids)]
