"""What a delivery costs: validating a transfer of 50 lines, with and without us.

Fifty products whose stock is kept, as a warehouse has them.  Two databases of one
template, one with our modules and 20 active rules that are measured at the delivery.
One process each; transfers alternate between them.  The validation is a committed
transaction, so our processing after the commit is inside.
"""

from harness import Watch, at_most, base_database, median, workers

LINES = 50
ROUNDS = 20
WARM_UP = 3
BAR = 1.15

_state = {}


def run(ctx):
    """Rows: wall time per validation."""
    with (
        base_database() as plain,
        ctx.fresh_database() as ours,
        workers(plain, ours) as running,
    ):
        for worker, kind in zip(running, ("plain", "ours"), strict=True):
            worker.call("bench_delivery.prepare", kind=kind)
        samples = [[], []]
        for number in range(WARM_UP + ROUNDS):
            for worker, taken in zip(running, samples, strict=True):
                seconds = worker.call("bench_delivery.one_delivery")
                if number >= WARM_UP:
                    taken.append(1000 * seconds)
        entries = running[1].call("bench_order.count", table="b2b2c_ledger_entry")
    ctx.say(f"per delivery: {entries / (WARM_UP + ROUNDS):.0f} ledger entries of ours")
    plain, ours = map(median, samples)
    return [at_most("delivery of 50 lines, 20 rules: wall ms", ours, plain, BAR)]


# === IN THE WORKER === #


def prepare(registry, kind):
    """Make the company, the client and the program of one database."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        products = shop.open_shop(env, LINES, stored=True)
        contact = shop.create_client(env, "Office Client")
        if kind == "ours":
            shop.create_members(env, contact, 3)
            shop.create_rules(env, products).rule_ids.trigger = "delivered"
        _state.update(products=products.ids, partner=contact.id)


def one_delivery(registry):
    """Create an order with its transfer, then measure the validation."""
    import shop

    with registry.cursor() as cursor:
        picking_id = _create_picking(shop.clerk(cursor)).id
    with Watch() as watch, registry.cursor() as cursor:
        shop.clerk(cursor)["stock.picking"].browse(picking_id).button_validate()
    with registry.cursor() as cursor:
        picking = shop.clerk(cursor)["stock.picking"].browse(picking_id)
        assert picking.state == "done", picking.state
    return watch.wall


def _create_picking(env):
    """Confirm an order of 50 lines; return its transfer, ready to be validated."""
    products = _state["products"]
    order = env["sale.order"].create(
        {
            "partner_id": _state["partner"],
            "order_line": [
                (
                    0,
                    0,
                    {"product_id": products[n % len(products)], "product_uom_qty": 2},
                )
                for n in range(LINES)
            ],
        }
    )
    order.action_confirm()
    picking = order.picking_ids
    for move in picking.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    return picking
