"""Nobody talks a dealer's price into anything over the wire (S3.3, S3.10).

Every attack is a row of calls that a browser, an import or a script can make.  It
succeeds when a document of the dealer is cheaper than the tier says afterwards, or when
something that decides on prices has changed; what the server answered does not count.
"""

import contextlib
from datetime import datetime, timedelta
from types import SimpleNamespace

import world
from controls import replace_methods
from rpc import Client, Refused
from servers import forked
from test_rpc_forging import PASSWORD, owner

from tools import odoo_env

ROLES = {
    "salesperson": "sales_team.group_sale_salesman base.group_partner_manager",
    "sales_manager": "sales_team.group_sale_manager base.group_partner_manager",
    "importer": "sales_team.group_sale_manager base.group_partner_manager"
    " account.group_account_manager product.group_product_manager",
}
TIER, QUANTITY = 95, 10  # what a piece costs the dealer; pieces of a quotation
#: Rights alone refuse these: without the guard they fail just the same.
BY_RIGHTS = {"standing", "volume", "tier"}
# documents of the dealer that are cheaper than the tier, or dated back
CHEAP = """
WITH dealer AS (SELECT id FROM res_partner WHERE commercial_partner_id = %(dealer)s)
SELECT 'order', o.id FROM sale_order o
  LEFT JOIN LATERAL (SELECT sum(product_uom_qty * u.factor) AS quantity
              FROM sale_order_line l JOIN uom_uom u ON u.id = l.product_uom_id
             WHERE l.order_id = o.id AND l.product_id = %(product)s
               AND l.product_uom_qty > 0) l ON true
 WHERE o.state <> 'cancel'
   AND (o.partner_id IN (TABLE dealer) OR o.partner_invoice_id IN (TABLE dealer))
   AND (o.amount_untaxed < coalesce(quantity, 0) * %(tier)s - 0.01
        OR o.amount_untaxed < 0
        OR o.date_order < now() AT TIME ZONE 'UTC' - interval '2 days')
UNION ALL
SELECT 'invoice', m.id FROM account_move m
  LEFT JOIN LATERAL (SELECT sum(quantity * u.factor) AS quantity
              FROM account_move_line l JOIN uom_uom u ON u.id = l.product_uom_id
             WHERE l.move_id = m.id AND l.product_id = %(product)s
               AND l.quantity > 0) l ON true
 WHERE m.move_type = 'out_invoice' AND m.state <> 'cancel'
   AND m.partner_id IN (TABLE dealer)
   AND m.amount_untaxed < coalesce(quantity, 0) * %(tier)s - 0.01
"""
DECIDING = """
SELECT (SELECT md5(string_agg(concat_ws(',', id, parent_id, is_company,
                   specific_property_product_pricelist), '|' ORDER BY id))
          FROM res_partner WHERE id IN (%(dealer)s, %(better)s)),
       (SELECT md5(string_agg(i::text, '|' ORDER BY i.id))
          FROM product_pricelist_item i
          JOIN b2b2c_ladder_tier t ON t.pricelist_id = i.pricelist_id),
       (SELECT md5(string_agg(concat_ws(',', p.id, p.active, p.currency_id), '|'
                   ORDER BY p.id))
          FROM product_pricelist p JOIN b2b2c_ladder_tier t ON t.pricelist_id = p.id),
       (SELECT md5(string_agg(concat_ws(',', id, tier_id, active, partner_id), '|'
                   ORDER BY id)) FROM b2b2c_ladder_standing),
       (SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM b2b2c_ladder_tier t),
       (SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM b2b2c_volume_entry e
         WHERE id <= %(volume_last)s),  -- sales add others
       (SELECT count(*) FROM b2b2c_volume_entry
         WHERE standing_id = %(standing)s AND value >= 900000)
"""


# === THE WORLD === #


def prepare(database):
    """Make a dealer at 5 %, a better one at 10 %, a stranger, and the attackers.

    :return: their ids
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        env.ref("base.group_user").implied_ids += env.ref(
            "product.group_product_pricelist"
        )
        ladder = env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "timezone": "UTC",
                "document_kind_ids": made._get_document_kinds().ids,
            }
        )
        ladder.action_start()
        better, stranger = (
            made.client.copy({"name": name}) for name in ("Better", "Stranger")
        )
        world.create_orders(env, made.client.id, made.product.id, 1, quantity=1000)
        world.create_orders(env, better.id, made.product.id, 1, quantity=10000)
        standings = env["b2b2c.ladder.standing"].create(
            [
                {"ladder_id": ladder.id, "partner_id": partner.id}
                for partner in (made.client, better)
            ]
        )
        assert standings.tier_id.mapped("discount") == [5, 10]
        made.product.invoice_policy = "order"
        rebate = made._create_product("Rebate", 0, type="service")
        env.company.sale_discount_product_id = rebate  # of the wizard
        vip = env["product.pricelist"].create({"name": "VIP", "sequence": 2000})
        vip.item_ids = [(0, 0, {"compute_price": "percentage", "percent_price": 50.0})]
        for role, groups in ROLES.items():
            env["res.users"].create(
                {
                    "name": role,
                    "login": role,
                    "password": PASSWORD,
                    "group_ids": [(6, 0, [env.ref(g).id for g in groups.split()])],
                }
            )
        env.cr.commit()
        return SimpleNamespace(
            dealer=made.client.id,
            better=better.id,
            stranger=stranger.id,
            product=made.product.id,
            other=rebate.id,
            dozen=env.ref("uom.product_uom_dozen").id,
            vip=vip.id,
            tier=standings[0].tier_id.id,
            tier_list=standings[0].tier_id.pricelist_id.id,
            item=standings[0].tier_id.pricelist_id.item_ids[:1].id,
            standing=standings[0].id,
            volume=env["b2b2c.volume.entry"].search([], limit=1).id,
            volume_last=max(env["b2b2c.volume.entry"].search([]).ids),
        )


class Attacker:
    """A logged in user who sells to the dealer."""

    def __init__(self, client, ids):
        self.call, self.ids = client.call, ids

    def quote(self, partner=None, quantity=QUANTITY, product=None, **values):
        """Return (order, its line)."""
        product = product or self.ids.product
        line = {"product_id": product, "product_uom_qty": quantity, **values}
        order = self.call(
            "sale.order",
            "create",
            {"partner_id": partner or self.ids.dealer, "order_line": [(0, 0, line)]},
        )
        [read] = self.call("sale.order", "read", [order], ["order_line"])
        return order, read["order_line"][0]

    def confirmed(self, partner=None):
        order, line = self.quote(partner)
        self.call("sale.order", "action_confirm", [order])
        return order, line

    def bill(self):
        """Return (draft invoice, its line)."""
        order, _line = self.confirmed()
        wizard = self.call(
            "sale.advance.payment.inv",
            "create",
            {
                "advance_payment_method": "delivered",
                "sale_order_ids": [(6, 0, [order])],
            },
        )
        self.call("sale.advance.payment.inv", "create_invoices", [wizard])
        [read] = self.call("sale.order", "read", [order], ["invoice_ids"])
        invoice = read["invoice_ids"][0]
        [read] = self.call("account.move", "read", [invoice], ["invoice_line_ids"])
        return invoice, read["invoice_line_ids"][0]

    def write(self, model, number, values, **context):
        self.call(model, "write", [number], values, context=context)


# === ATTACKS === #


def line_values(at, made, **values):
    """Write a line in three ways, each on a document of its own."""
    order, line = made()
    with contextlib.suppress(Refused):
        at.write("sale.order.line", line, values)
    with contextlib.suppress(Refused):
        at.write("sale.order", order, {"order_line": [(1, line, values)]})
    at.call("sale.order", "web_save", [order], {"order_line": [(1, line, values)]}, {})


def order_values(at, **values):
    order, _line = at.quote()
    with contextlib.suppress(Refused):
        at.write("sale.order", order, values)
    at.call("sale.order", "action_update_prices", [order])


def totals(at):
    order, _line = at.quote()
    at.write("sale.order", order, {"amount_untaxed": 1})


def added_line(at, **values):
    order, _line = at.quote()
    values = {"name": "Rebate", "product_id": at.ids.other, **values}
    with contextlib.suppress(Refused):
        at.write("sale.order", order, {"order_line": [(0, 0, values)]})
    at.call("sale.order.line", "create", {"order_id": order, **values})


def swapped(at):
    """A service that costs nothing is confirmed, and becomes goods."""
    order, line = at.quote(product=at.ids.other)
    at.call("sale.order", "action_confirm", [order])
    values = {"product_id": at.ids.product, "price_unit": 0}
    with contextlib.suppress(Refused):
        at.write("sale.order.line", line, values)
    at.write("sale.order", order, {"order_line": [(1, line, values)]})


def taken_along(at):
    """A contact buys at a free price, and becomes the dealer's: moved, or merged."""
    for merges in (False, True):
        contact = at.call("res.partner", "create", {"name": "Free"})
        order, line = at.quote(contact)
        at.write("sale.order.line", line, {"price_unit": 1})
        at.call("sale.order", "action_confirm", [order])
        with contextlib.suppress(Refused):
            if merges:
                model = "base.partner.merge.automatic.wizard"
                values = {
                    "partner_ids": [(6, 0, [contact, at.ids.dealer])],
                    "dst_partner_id": at.ids.dealer,
                    "state": "selection",
                }
                merge = at.call(model, "create", values)
                at.call(model, "action_merge", [merge])
            else:
                at.write("res.partner", contact, {"parent_id": at.ids.dealer})


def taken_out(at):
    """A contact of the dealer leaves, buys at a free price, and comes back."""
    values = {"name": "Out and In", "parent_id": at.ids.dealer}
    contact = at.call("res.partner", "create", values)
    at.write("res.partner", contact, {"parent_id": False})
    order, line = at.quote(contact)
    at.write("sale.order.line", line, {"price_unit": 1})
    at.call("sale.order", "action_confirm", [order])
    at.write("res.partner", contact, {"parent_id": at.ids.dealer})


def moved_line(at):
    """A line of a stranger's order goes to the dealer's."""
    order, _line = at.confirmed()
    _cheap, line = at.quote(at.ids.stranger)
    at.write("sale.order.line", line, {"price_unit": 1})
    at.call("sale.order", "action_confirm", [_cheap])
    at.write("sale.order.line", line, {"order_id": order})


def stranger_link(at):
    """A line of an invoice names the order of a stranger."""
    order, line = at.quote(at.ids.stranger)
    at.write("sale.order.line", line, {"price_unit": 1})
    at.call("sale.order", "action_confirm", [order])
    invoice, item = at.bill()
    values = {"sale_line_ids": [(4, line)], "price_unit": 1}
    with contextlib.suppress(Refused):
        at.write("account.move.line", item, values)
    values = {
        "product_id": at.ids.product,
        "quantity": 100,
        "price_unit": 1,
        "sale_line_ids": [(6, 0, [line])],
    }
    at.write("account.move", invoice, {"invoice_line_ids": [(0, 0, values)]})


def wizard(at):
    order, _line = at.quote()
    opened = at.call(
        "sale.order.discount",
        "create",
        {
            "sale_order_id": order,
            "discount_type": "so_discount",
            "discount_percentage": 0.5,
        },
    )
    at.call("sale.order.discount", "action_apply_discount", [opened])


def to_better(at):
    order, _line = at.quote()
    values = {"partner_id": at.ids.better, "partner_invoice_id": at.ids.dealer}
    at.write("sale.order", order, values)
    at.call("sale.order", "action_update_prices", [order])


def from_better(at):
    order, _line = at.confirmed(at.ids.better)
    at.write("sale.order", order, {"partner_id": at.ids.dealer})


def from_stranger(at, confirm):
    order, line = at.quote(at.ids.stranger)
    at.write("sale.order.line", line, {"price_unit": 1})
    if confirm:
        at.call("sale.order", "action_confirm", [order])
    with contextlib.suppress(Refused):
        at.write("sale.order", order, {"partner_id": at.ids.dealer})
    at.write("sale.order", order, {"partner_invoice_id": at.ids.dealer})


def imported(at):
    names = [f"order_line/{n}" for n in ("product_id/.id", "product_uom_qty")]
    at.call(
        "sale.order",
        "load",
        ["partner_id/.id", *names, "order_line/price_unit"],
        [[str(at.ids.dealer), str(at.ids.product), "10", "1"]],
    )


def imported_over(at):
    _order, line = at.quote()
    at.call("sale.order.line", "load", [".id", "price_unit"], [[str(line), "1"]])


def context_keys(at):
    for keys in (
        {"sale_write_from_compute": True},
        {"force_price_recomputation": True},
        {"import_file": True, "install_mode": True},
        {"b2b2c_price_marks": ["ladder", "reprice"], "su": True},
        {"default_b2b2c_net_price": 1, "default_b2b2c_net_quantity": 1},
    ):
        _order, line = at.quote()
        with contextlib.suppress(Refused):
            at.write("sale.order.line", line, {"price_unit": 1}, **keys)


def prewritten(at, **values):
    line = {"product_id": at.ids.product, "product_uom_qty": 10, "price_unit": 1}
    at.call(
        "sale.order",
        "create",
        {
            "partner_id": at.ids.dealer,
            "order_line": [(0, 0, {**line, "technical_price_unit": 1})],
            **values,
        },
    )


def copied(at):
    order, _line = at.quote()
    line = {"product_id": at.ids.product, "product_uom_qty": 10, "price_unit": 1}
    at.call("sale.order", "copy", [order], {"order_line": [(0, 0, line)]})


def copied_from_stranger(at):
    order, line = at.quote(at.ids.stranger)
    at.write("sale.order.line", line, {"price_unit": 1})
    at.call("sale.order", "copy", [order], {"partner_id": at.ids.dealer})


def through_partner(at):
    order, line = at.quote()
    commands = [(1, order, {"order_line": [(1, line, {"price_unit": 1})]})]
    at.write("res.partner", at.ids.dealer, {"sale_order_ids": commands})


def user_default(at):
    at.call("ir.default", "set", "sale.order.line", "discount", 50, user_id=True)
    try:
        at.quote(discount=50)
    finally:
        at.call("ir.default", "set", "sale.order.line", "discount", 0, user_id=True)


def self_approved(at):
    order, _line = at.quote()
    action = at.call("sale.order", "action_b2b2c_exception", [order])
    exception, model = action["res_id"], "b2b2c.price.exception"
    [read] = at.call(model, "read", [exception], ["line_ids"])
    at.write(f"{model}.line", read["line_ids"][0], {"price": 1})
    at.write(model, exception, {"reason": "Because"})
    at.call(model, "action_request", [exception])
    with contextlib.suppress(Refused):
        at.write(model, exception, {"state": "approved"})
    at.call(model, "action_approve", [exception])


def bill_values(at, **values):
    invoice, line = at.bill()
    with contextlib.suppress(Refused):
        at.write("account.move.line", line, values)
    at.write("account.move", invoice, {"invoice_line_ids": [(1, line, values)]})


def bill_line(at):
    invoice, _line = at.bill()
    line = {"name": "Rebate", "price_unit": -100}
    at.write("account.move", invoice, {"invoice_line_ids": [(0, 0, line)]})


def bill_without_order(at):
    line = {"product_id": at.ids.product, "quantity": 10, "price_unit": 1}
    at.call(
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "partner_id": at.ids.dealer,
            "invoice_line_ids": [(0, 0, line)],
        },
    )


def each(at, *calls):
    """Try calls ``(model, method, *args)`` one after the other."""
    for model, method, *args in calls:
        with contextlib.suppress(Refused):
            at.call(model, method, *args)


def partner_values(at, **values):
    at.write("res.partner", at.ids.dealer, values)


def price_list(at):
    ids, item = at.ids, {"percent_price": 50.0}
    each(
        at,
        ("product.pricelist.item", "write", [ids.item], item),
        (
            "product.pricelist",
            "write",
            [ids.tier_list],
            {"item_ids": [(1, ids.item, item)]},
        ),
        ("product.pricelist.item", "create", {"pricelist_id": ids.tier_list, **item}),
        ("product.pricelist", "action_archive", [ids.tier_list]),
    )


def standing(at):
    model, number = "b2b2c.ladder.standing", at.ids.standing
    each(
        at,
        (model, "unlink", [number]),
        (model, "write", [number], {"active": False}),
        (model, "action_end", [number]),
        (model, "create", {"partner_id": at.ids.stranger}),
        ("b2b2c.ladder.contract", "create", {"standing_id": number}),
    )


def volume(at):
    model, number = "b2b2c.volume.entry", at.ids.volume
    each(
        at,
        (model, "unlink", [number]),
        (model, "write", [number], {"value": 1000000}),
        (model, "create", {"standing_id": at.ids.standing, "value": 1000000}),
    )


def tier(at):
    each(at, ("b2b2c.ladder.tier", "write", [at.ids.tier], {"discount": 50}))


def attacks(ids):
    """Return name -> function of an :class:`Attacker`; what changes terms is last."""
    old = str(datetime.now() - timedelta(days=400))[:19]
    return {
        "price": lambda at: line_values(at, at.quote, price_unit=1),
        "discount": lambda at: line_values(at, at.quote, discount=50),
        "both": lambda at: line_values(at, at.quote, price_unit=500, discount=99),
        "negative quantity": lambda at: line_values(
            at, at.quote, product_uom_qty=-1, price_unit=TIER
        ),
        "price list": lambda at: order_values(at, pricelist_id=ids.vip),
        "back-dated": lambda at: order_values(at, date_order=old),
        "totals": totals,
        "negative line": lambda at: added_line(at, price_unit=-100),
        "down payment": lambda at: added_line(at, price_unit=-100, is_downpayment=True),
        "expense": lambda at: added_line(at, price_unit=-100, is_expense=True),
        "wizard": wizard,
        "to a better dealer": to_better,
        "from a better dealer": from_better,
        "from a stranger": lambda at: from_stranger(at, confirm=False),
        "from a stranger, confirmed": lambda at: from_stranger(at, confirm=True),
        "confirmed price": lambda at: line_values(at, at.confirmed, price_unit=1),
        "confirmed discount": lambda at: line_values(at, at.confirmed, discount=50),
        "confirmed unit": lambda at: line_values(
            at,
            at.confirmed,
            product_uom_id=ids.dozen,
            product_uom_qty=QUANTITY,
            price_unit=TIER,
        ),
        "confirmed product": swapped,
        "contact taken along": taken_along,
        "contact taken out": taken_out,
        "line of a stranger's order": moved_line,
        "link to a stranger's order": stranger_link,
        "import": imported,
        "import over": imported_over,
        "context": context_keys,
        "prewritten": prewritten,
        "prewritten, confirmed": lambda at: prewritten(
            at, state="sale", pricelist_id=ids.tier_list
        ),
        "copy": copied,
        "copy of a stranger's": copied_from_stranger,
        "through the partner": through_partner,
        "default of a user": user_default,
        "own exception": self_approved,
        "invoice price": lambda at: bill_values(at, price_unit=1),
        "invoice discount": lambda at: bill_values(at, discount=50),
        "invoice line": bill_line,
        "invoice without order": bill_without_order,
        "standing": standing,
        "volume": volume,
        "tier": tier,
        "price list of a tier": price_list,
        "dealer's price list": lambda at: partner_values(
            at, specific_property_product_pricelist=ids.vip
        ),
        "dealer's other price list": lambda at: partner_values(
            at, property_product_pricelist=ids.vip
        ),
        "dealer's company": lambda at: partner_values(at, parent_id=ids.better),
    }


class Watch:
    """Sees from outside what an attack did."""

    def __init__(self, connection, ids):
        self._cursor = connection.cursor()
        self._values = {**vars(ids), "tier": TIER}
        self.seen = self._look()

    def _look(self):
        self._cursor.execute(CHEAP, self._values)
        cheap = set(self._cursor.fetchall())
        self._cursor.execute(DECIDING, self._values)
        return cheap, self._cursor.fetchone()

    def breached(self):
        """Tell whether there is a cheap document more, or other terms, since."""
        (cheap, terms), self.seen = self.seen, self._look()
        return bool(self.seen[0] - cheap) or self.seen[1] != terms


def attack(database, url, ids):
    """Try every attack, by one role after the other until it succeeds.

    :return: (list of ``(role, attack)`` tried, those that succeeded)
    """
    tried, succeeded = [], []
    clients = {role: Client(url, database, role, PASSWORD) for role in ROLES}
    for client in clients.values():
        client.authenticate()
    with owner(database) as connection:
        watch = Watch(connection, ids)
        for name, function in attacks(ids).items():
            for role, client in clients.items():
                with contextlib.suppress(Refused):
                    function(Attacker(client, ids))
                tried.append((role, name))
                if watch.breached():
                    succeeded.append((role, name))
                    break
    return tried, succeeded


# === TESTS === #


def test_nobody_sells_to_a_dealer_below_the_tier(database, report):
    ids = prepare(database)
    with forked(database) as [url]:
        tried, succeeded = attack(database, url, ids)
    report("price lock", attacks=len(tried), succeeded=len(succeeded))
    assert not succeeded, succeeded
    assert len(tried) == len(attacks(ids)) * len(ROLES)


def ask(order):
    """Draft a request, also for who is no dealer."""
    exceptions = order.env["b2b2c.price.exception"]
    return {"res_id": exceptions.create(exceptions._get_draft(order)).id}


def remove_guard(registry):
    """Know of no company with dealers and of no tier that runs, and ask nobody."""
    replace_methods(
        registry["b2b2c.ladder.standing"], _get_dealer_companies=lambda self: {}
    )
    replace_methods(
        registry["b2b2c.ladder.tier"],
        _get_running_lists=lambda self, company=None: set(),
    )
    replace_methods(registry["sale.order"], action_b2b2c_exception=ask)
    replace_methods(
        registry["b2b2c.price.exception"],
        _request=lambda self, user: self._approve(user),
        _approve=lambda self, user: self.line_ids._apply(),
    )


def test_control_without_the_guard_they_all_succeed(database, report):
    ids = prepare(database)
    with forked(database, sabotage=remove_guard) as [url]:
        tried, succeeded = attack(database, url, ids)
    report("price lock, guard removed", attacks=len(tried), succeeded=len(succeeded))
    missed = {name for _role, name in tried} - {name for _role, name in succeeded}
    assert missed <= BY_RIGHTS, f"the harness did not notice: {sorted(missed)}"
