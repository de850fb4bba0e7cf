"""What a till waits for: sending orders and starting, with and without us.

Two databases of one template, one with our modules, 20 active rules and a seller's
rule.  A till sends 100 orders of 10 lines in one call; calls alternate between the
databases.  Then both get 100,000 contacts, which take part in ours, and a till starts.
At last a till that was offline for a day sends 300 orders, each twice.
"""

import json
import uuid
from datetime import timedelta

from harness import Watch, at_most, base_database, limit, median, note, workers

ORDERS = 100
ROUNDS = 6
WARM_UP = 1
PEOPLE = 100_000
STARTS = 7
OFFLINE = 300
BAR = 1.12
START_BAR = 1.05
KILOBYTES = 50

_state = {}


def run(ctx):
    """Rows: seconds a till waits for, size of its start, points of an offline day."""
    with (
        base_database() as plain,
        ctx.fresh_database() as ours,
        workers(plain, ours) as running,
    ):
        for worker, kind in zip(running, ("plain", "ours"), strict=True):
            worker.call("bench_till.prepare", kind=kind)
        sent = [[], []]
        for number in range(WARM_UP + ROUNDS):
            for worker, taken in zip(running, sent, strict=True):
                sample = worker.call("bench_till.send", count=ORDERS)
                if number >= WARM_UP:
                    taken.append(sample)
        for worker in running:
            worker.call("bench_till.fill", count=PEOPLE)
        starts = [[], []]
        for number in range(1 + STARTS):
            for worker, taken in zip(running, starts, strict=True):
                sample = worker.call("bench_till.start")
                if number:
                    taken.append(sample)
        wrong = running[1].call("bench_till.send_offline", count=OFFLINE)
    return _rows(sent, starts, wrong)


def _rows(sent, starts, wrong):
    def taken(samples, name):
        return median(sample[name] for sample in samples)

    plain, ours = sent
    before, after = starts
    more = (taken(after, "bytes") - taken(before, "bytes")) / 1024
    return [
        at_most(f"{ORDERS} orders sent: ms of sync_from_ui",
                1000 * taken(ours, "call"), 1000 * taken(plain, "call"), BAR),
        note("  the same with the crediting after the commit: ms",
             1000 * taken(ours, "whole"), 1000 * taken(plain, "whole")),
        at_most(f"a till starts, {PEOPLE:,} participants: ms",
                1000 * taken(after, "wall"), 1000 * taken(before, "wall"), START_BAR),
        limit("  it loads more: kB", more, f"<= {KILOBYTES}", more <= KILOBYTES),
        limit(f"{OFFLINE} orders of an offline day, each sent twice: not credited once",
              wrong, "0", wrong == 0),
    ]  # fmt: skip


# === IN THE WORKER === #


def prepare(registry, kind):
    """Make the shop, its till and its cashier; the rules where they are to be."""
    import shop

    from odoo import Command

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        products = shop.open_shop(env)
        products.write({"available_in_pos": True, "taxes_id": [Command.clear()]})
        company = env.company
        bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        method = env["pos.payment.method"].create(
            {"name": "Card", "journal_id": bank.id}
        )
        till = env["pos.config"].create(
            {"name": "Till", "payment_method_ids": [Command.set(method.ids)]}
        )
        cashier = env["res.users"].create(
            {
                "name": "Nina",
                "login": "till-nina",
                "email": "nina@till.example.com",
                "group_ids": [
                    Command.set(
                        [
                            env.ref("base.group_user").id,
                            env.ref("point_of_sale.group_pos_user").id,
                        ]
                    )
                ],
            }
        )
        contact = shop.create_client(env, "Office Client")
        till.with_user(cashier).open_ui()
        if kind == "ours":
            shop.create_members(env, contact, 3)
            _create_seller(env, shop.create_rules(env, products), cashier)
        _state.update(
            till=till.id,
            cashier=cashier.id,
            method=method.id,
            partner=contact.id,
            lines=[(product.id, product.list_price) for product in products],
        )


def _create_seller(env, program, cashier):
    """Let the cashier take part, and get something for what it sells."""
    env["b2b2c.member"].create(
        {
            "partner_id": cashier.partner_id.id,
            "employer_id": env.company.partner_id.id,
            "role": "salesperson",
            "enrolled_at": "2020-01-01 00:00:00",
            "consent_at": "2020-01-01 00:00:00",
        }
    )
    seller = program.copy({"name": "Sellers", "rule_ids": False})
    seller.rule_ids = [
        (0, 0, {
            "name": "Seller", "role": "salesperson", "pick": "seller", "value": 1,
            "document_kind_ids": env["b2b2c.document.kind"].search([]).ids,
        })
    ]  # fmt: skip
    seller.action_start()


def _make_order(session_id, date_order):
    """An order of ten lines, as a till sends it."""
    total = sum(price for _product, price in _state["lines"])
    return {
        "uuid": str(uuid.uuid4()), "access_token": str(uuid.uuid4()),
        "session_id": session_id, "user_id": _state["cashier"],
        "partner_id": _state["partner"], "pricelist_id": False,
        "fiscal_position_id": False, "date_order": str(date_order),
        "pos_reference": str(uuid.uuid4()), "sequence_number": 1, "state": "paid",
        "to_invoice": False, "last_order_preparation_change": "{}",
        "amount_total": total, "amount_paid": total, "amount_tax": 0,
        "amount_return": 0,
        "lines": [
            (0, 0, {
                "uuid": str(uuid.uuid4()), "product_id": product, "qty": 1,
                "price_unit": price, "price_subtotal": price,
                "price_subtotal_incl": price, "discount": 0, "tax_ids": [(5, 0, 0)],
                "pack_lot_ids": [],
            })
            for product, price in _state["lines"]
        ],
        "payment_ids": [
            (0, 0, {
                "uuid": str(uuid.uuid4()), "amount": total, "name": str(date_order),
                "payment_method_id": _state["method"],
            })
        ],
    }  # fmt: skip


def _open_till(cursor):
    """The till's session and orders, in the environment of the cashier."""
    import shop

    env = shop.superuser(cursor)(user=_state["cashier"])
    session = env["pos.config"].browse(_state["till"]).current_session_id
    return session, env["pos.order"].with_context(generate_pdf=False)


def send(registry, count):
    """Send orders in one call: seconds of the call, and with its commit."""
    from odoo import fields

    with Watch() as whole, registry.cursor() as cursor:
        session, orders = _open_till(cursor)
        now = fields.Datetime.now()
        made = [_make_order(session.id, now) for _number in range(count)]
        with Watch() as call:
            orders.sync_from_ui(made)
            orders.env.flush_all()
    return {"call": call.wall, "whole": whole.wall}


def fill(registry, count):
    """Insert contacts; where our modules are, each takes part."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        person = env["res.partner"].create({"name": "Person", "email": "p@example.com"})
        own = {"id": "nextval('res_partner_id_seq')", "name": "'Person ' || n"}
        own["email"] = "'p' || n || '@example.com'"
        _copy(env, person, own, count)
        cursor.execute("UPDATE res_partner SET commercial_partner_id = id"
                       " WHERE name LIKE 'Person %'")  # fmt: skip
        if "b2b2c.member" in registry:
            member = env["b2b2c.member"].create(
                {
                    "partner_id": person.id,
                    "employer_id": env.company.partner_id.id,
                    "role": "salesperson",
                }
            )
            first = "(SELECT max(id) FROM res_partner WHERE name = 'Person 1') + n - 1"
            own = {"id": "nextval('b2b2c_member_id_seq')", "partner_id": first}
            own |= {"code": "md5('bench' || n)", "name": "'Person ' || n"}
            _copy(env, member, own, count)
        cursor.execute("ANALYZE res_partner")


def _copy(env, record, own, count):
    """Insert copies of a record's row.

    :param dict own: column -> SQL of what each copy has of its own, of its number ``n``
    """
    env.flush_all()
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    values = [own.get(name, f'r."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
        f" FROM {table} r, generate_series(1, {int(count)}) n WHERE r.id = %s"
        " ORDER BY n",
        [record.id],
    )


def start(registry):
    """Start the till: seconds, and bytes of what it loads."""
    with registry.cursor() as cursor:
        session, _orders = _open_till(cursor)
        with Watch() as watch:
            data = session.load_data([])
        size = len(json.dumps(data, default=str))
    return {"wall": watch.wall, "bytes": size}


def send_offline(registry, count):
    """Send orders of yesterday, each twice and one by one: how many the seller was not
    credited for exactly once."""
    from odoo import fields

    yesterday = fields.Datetime.now() - timedelta(days=1)
    with registry.cursor() as cursor:
        session, _orders = _open_till(cursor)
        made = [_make_order(session.id, yesterday) for _number in range(count)]
    for order in [*made, *made]:
        with registry.cursor() as cursor:
            _session, orders = _open_till(cursor)
            orders.sync_from_ui([json.loads(json.dumps(order))])
    with registry.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pos_order o
             WHERE o.uuid = ANY(%s) AND 1 != (  -- one award of a ticket, by one rule
                   SELECT count(*) FROM b2b2c_ledger_entry e
                     JOIN b2b2c_account a ON a.id = e.account_id
                     JOIN b2b2c_member m ON m.id = a.member_id
                    WHERE e.document_model = 'pos.order' AND e.document_id = o.id
                      AND m.role = 'salesperson')
            """,
            [[order["uuid"] for order in made]],
        )
        wrong = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pos_order WHERE uuid = ANY(%s)",
                       [[order["uuid"] for order in made]])  # fmt: skip
        return wrong + count - cursor.fetchone()[0]
