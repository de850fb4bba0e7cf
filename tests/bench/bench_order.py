"""What an order costs: confirm, invoice, post and pay, with and without us.

Two databases of one template, one with our modules and 20 active rules; a third one
with a program of Odoo's own loyalty. One process each; orders alternate between them.
Every click is a committed transaction, so our processing after the commit is inside.
"""

import psutil
from harness import Watch, at_most, base_database, median, note, workers

STEPS = ("confirm", "invoice", "post", "pay")
ROUNDS = 40
WARM_UP = 5
BAR = 1.15

_state = {}


def run(ctx):
    """Rows: wall and processor time per order."""
    with (
        base_database() as plain,
        base_database() as stock,
        ctx.fresh_database() as ours,
        workers(plain, stock, ours) as running,
    ):
        for worker, kind in zip(running, ("plain", "stock", "ours"), strict=True):
            worker.call("bench_order.prepare", kind=kind)
        samples = [[], [], []]
        for number in range(WARM_UP + ROUNDS):
            for worker, taken in zip(running, samples, strict=True):
                sample = worker.call("bench_order.one_order")
                if number >= WARM_UP:
                    taken.append(sample)
        entries = running[2].call("bench_order.count", table="b2b2c_ledger_entry")
        histories = running[1].call("bench_order.count", table="loyalty_history")
    total = WARM_UP + ROUNDS
    ctx.say(f"per order: {entries / total:.0f} ledger entries of ours")
    ctx.say(f"{histories / total:.0f} rows of history of sale_loyalty")
    return _rows(*samples)


def _rows(plain, stock, ours):
    def wall(samples, steps=STEPS):
        return median(
            1000 * sum(sample["wall"][step] for step in steps) for sample in samples
        )

    def cpu(samples):
        return 1000 * sum(sample["cpu"] for sample in samples) / len(samples)

    rows = [
        at_most("order, 20 rules: wall ms", wall(ours), wall(plain), BAR),
        at_most("order, 20 rules: cpu ms", cpu(ours), cpu(plain), BAR),
        note("Odoo's sale_loyalty, 1 program: wall ms", wall(stock), wall(plain)),
        note("Odoo's sale_loyalty, 1 program: cpu ms", cpu(stock), cpu(plain)),
    ]
    rows += [note(f"  {s}: wall ms", wall(ours, [s]), wall(plain, [s])) for s in STEPS]
    return rows


# === IN THE WORKER === #


def prepare(registry, kind):
    """Make the company, the client and the program of one database."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        products = shop.open_shop(env)
        contact = shop.create_client(env, "Office Client")
        if kind == "ours":
            shop.create_members(env, contact, 3)
            shop.create_rules(env, products)
        if kind == "stock":
            _create_stock_program(env)
        _state.update(products=products.ids, partner=contact.id)


def _create_stock_program(env):
    """Odoo's own loyalty cards: a point per unit of currency."""
    env["loyalty.program"].search([]).active = False
    env["loyalty.program"].create(
        {
            "name": "Bench",
            "program_type": "loyalty",
            "trigger": "auto",
            "applies_on": "both",
            "rule_ids": [
                (0, 0, {"reward_point_mode": "money", "reward_point_amount": 1})
            ],
            "reward_ids": [(0, 0, {"required_points": 1000000, "discount": 5})],
        }
    )


def one_order(registry):
    """Create an order, then measure the four clicks on it."""
    import shop

    with registry.cursor() as cursor:
        order_id = _create_order(shop.clerk(cursor)).id
    walls, cpu = {}, -_backends_cpu(registry)
    for step in STEPS:
        with Watch() as watch, registry.cursor() as cursor:
            order = shop.clerk(cursor)["sale.order"].browse(order_id)
            _ACTIONS[step](order)
        walls[step] = watch.wall
        cpu += watch.cpu
    return {"wall": walls, "cpu": cpu + _backends_cpu(registry)}


def _create_order(env):
    return env["sale.order"].create(
        {
            "partner_id": _state["partner"],
            "order_line": [
                (0, 0, {"product_id": product, "product_uom_qty": 2})
                for product in _state["products"]
            ],
        }
    )


def _pay(order):
    wizard = (
        order.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=order.invoice_ids.ids)
        .create({})
    )
    wizard.action_create_payments()


_ACTIONS = {
    "confirm": lambda order: order.action_confirm(),
    "invoice": lambda order: order._create_invoices(),
    "post": lambda order: order.invoice_ids.action_post(),
    "pay": _pay,
}


def _backends_cpu(registry):
    """Processor seconds of the server processes behind this database's connections."""
    with registry.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        seconds = 0
        for (pid,) in cursor.fetchall():
            times = psutil.Process(pid).cpu_times()
            seconds += times.user + times.system
    return seconds


def count(registry, table):
    """How many rows a table has."""
    from odoo.tools import SQL

    with registry.cursor() as cursor:
        cursor.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
        return cursor.fetchone()[0]
