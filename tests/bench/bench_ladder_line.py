"""Adding a line to a dealer's order: what the price guard costs, and how it scales.

Both orders have the same percentage price list: one because a ladder says so, one
because somebody chose it.  History is inserted by SQL; pricing must not look at it.
"""

import time

from harness import at_most, limit, median, note, workers

SIZES = (1_000, 1_000_000)  # lines of old orders, and entries of volume
ROUNDS = 120
WARM_UP = 10
BAR = 1.05
FLAT = 0.10

_state = {}


def run(ctx):
    """Rows: milliseconds to add a line and store it, by size of the history."""
    taken = {}
    with ctx.fresh_database() as database, workers(database) as [worker]:
        worker.call("bench_ladder_line.prepare")
        for size in SIZES:
            worker.call("bench_ladder_line.grow", size=size)
            samples = worker.call("bench_ladder_line.measure", rounds=ROUNDS)
            taken[size] = {kind: median(found) for kind, found in samples.items()}
    rows = [
        at_most(f"a line, {size:,} old ones: ms, dealer against price list",
                found["dealer"], found["ordinary"], BAR)
        for size, found in taken.items()
    ]  # fmt: skip
    small, large = (taken[size]["dealer"] for size in SIZES)
    drift = large / small - 1
    ordinary = taken[SIZES[1]]["ordinary"] / taken[SIZES[0]]["ordinary"]
    return [
        *rows,
        limit(f"{SIZES[1]:,} old lines against {SIZES[0]:,}: drift of the dealer",
              drift, f"<= ±{FLAT}", abs(drift) <= FLAT),
        note("the same, ordinary price list: ratio", ordinary),
    ]  # fmt: skip


# === IN THE WORKER === #


def prepare(registry):
    """Make a dealer, a customer with a price list of the same discount, a product."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        env.ref("base.group_user").implied_ids += env.ref(
            "product.group_product_pricelist"
        )
        product = shop.open_shop(env)[0]
        dealer, other = (
            shop.create_client(env, name).parent_id for name in ("Dealer", "Customer")
        )
        ladder = env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "timezone": "UTC",
                "document_kind_ids": env["b2b2c.document.kind"].search([]).ids,
                "tier_ids": [(0, 0, {"volume_from": 0, "discount": 5})],
            }
        )
        ladder.action_start()
        standing = env["b2b2c.ladder.standing"].create(
            {"ladder_id": ladder.id, "partner_id": dealer.id}
        )
        other.specific_property_product_pricelist = standing.tier_id.pricelist_id.copy()
        _state.update(
            product=product.id,
            standing=standing.id,
            partners={"dealer": dealer.id, "ordinary": other.id},
        )


def grow(registry, size):
    """Give both customers old order lines, and the dealer entries, up to `size`."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        for partner in _state["partners"].values():
            _grow_orders(env, partner, size // 2)
        standing = env["b2b2c.ladder.standing"].browse(_state["standing"])
        cursor.execute(
            """
            INSERT INTO b2b2c_volume_day
                   (standing_id, ladder_id, company_id, day, value)
            SELECT %s, %s, %s, (now() AT TIME ZONE 'UTC')::date - n, 100
              FROM generate_series(1, 1000) AS g (n)
            ON CONFLICT DO NOTHING
            """,
            [standing.id, standing.ladder_id.id, standing.company_id.id],
        )
        _grow_entries(env, standing, size)
        cursor.commit()
    with registry.cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute("ANALYZE sale_order, sale_order_line, b2b2c_volume_entry")


def _copy_rows(env, table, number, template, **changed):
    """Insert copies of a row by SQL.

    :param changed: column -> SQL of its value; may use ``n``, the number of the copy
    """
    columns = [
        name
        for (name,) in env.execute_query(
            _sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                 " AND attnum > 0 AND NOT attisdropped AND attname <> 'id'", table)
        )
    ]  # fmt: skip
    values = [changed.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
        f" FROM {table}, generate_series(1, %s) AS g (n) WHERE id = %s",
        [number, template],
    )


def _sql(text, *values):
    from odoo.tools import SQL

    return SQL(text, *values)


def _grow_orders(env, partner, lines):
    """Add old orders of a hundred lines each."""
    [(have,)] = env.execute_query(
        _sql(
            "SELECT count(*) FROM sale_order_line l JOIN sale_order o"
            " ON o.id = l.order_id WHERE o.partner_id = %s",
            partner,
        )
    )
    while have < lines:
        order = env["sale.order"].create(
            {
                "partner_id": partner,
                "order_line": [
                    (0, 0, {"product_id": _state["product"], "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        env.flush_all()
        count = min(5000, lines - have) - 1
        _copy_rows(env, "sale_order_line", count, order.order_line.id)
        have += count + 1
        env.invalidate_all()


def _grow_entries(env, standing, number):
    """Add entries of volume that a rebuild would find."""
    env["b2b2c.event"]._process_now()
    entry = env["b2b2c.volume.entry"].search([("standing_id", "=", standing.id)])[:1]
    have = env["b2b2c.volume.entry"].search_count([])
    _copy_rows(
        env,
        "b2b2c_volume_entry",
        number - have,
        entry.id,
        source_key="'bench/' || n || '/' || clock_timestamp()",
    )


def measure(registry, rounds):
    """Add lines to an order of each customer in turn; milliseconds by customer."""
    import shop

    taken = {kind: [] for kind in _state["partners"]}
    orders = {}
    with registry.cursor() as cursor:
        env = shop.clerk(cursor)
        for kind, partner in _state["partners"].items():
            orders[kind] = env["sale.order"].create({"partner_id": partner}).id
    for number in range(WARM_UP + rounds):
        kinds = sorted(orders, reverse=bool(number % 2))
        for kind in kinds:
            with registry.cursor() as cursor:
                env = shop.clerk(cursor)
                begin = time.perf_counter()
                line = env["sale.order.line"].create(
                    {
                        "order_id": orders[kind],
                        "product_id": _state["product"],
                        "product_uom_qty": 2,
                    }
                )
                env.flush_all()
                if number >= WARM_UP:
                    taken[kind].append(1000 * (time.perf_counter() - begin))
                assert line.price_subtotal == 19, line.price_subtotal
                cursor.rollback()
    return taken
