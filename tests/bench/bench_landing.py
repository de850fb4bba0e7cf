"""The page of a recommendation beside a page of Odoo's portal, in one run; and orders
with a popular code beside orders without one.

A real server.  Visitors open the page in turns with the portal's own home page; what a
robot's visits leave in the database is counted.
"""

import time

import requests
from harness import at_most, get_seconds, in_turns, limit, median

from tools.web_client import Session

ROUNDS = 40
WARM_UP = 6
ORDERS = 50
PAGE_BAR, ORDER_BAR = 1.2, 1.1
LOGIN, PASSWORD = "recommender", "a-bench-password"
_TABLES = ("b2b2c_referral_touch", "b2b2c_referral_use", "b2b2c_hour_count")


def run(ctx):
    """Rows: milliseconds of the page against Odoo's, of orders with and without."""
    with ctx.fresh_database(bridges=True) as database:
        with ctx.open_environment(database) as env:
            code = _fill(env)
            plain, coded = _order(env, code)
            before = _count(env)
            env.cr.commit()
        with ctx.odoo_server(database, workers=2) as server:
            ours, base = _compare(server.url, database, f"/rewards/r/{code}")
        with ctx.open_environment(database) as env:
            written = _count(env) - before
    return [
        at_most("page ms, against Odoo's portal", median(ours), median(base), PAGE_BAR),
        limit("rows written by visits of robots", written, "= 0", written == 0),
        at_most(
            "order ms, with a code against without",
            median(coded),
            median(plain),
            ORDER_BAR,
        ),
    ]


def _fill(env):
    """Make a recommender with a login; return the code."""
    import shop

    from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

    world = type("World", (LoyaltyCommon,), {"env": env, "company": env.company})
    world._ensure_chart()
    world.unit = env.ref("loyalty_b2b2c.unit_points")
    world.client = env["res.partner"].create({"name": "School", "is_company": True})
    member = world._create_member(name="Olena Kovalenko")
    campaign = env["b2b2c.referral.campaign"].create(
        {
            "name": "Teachers recommend",
            "company_id": env.company.id,
            "program_id": world._create_program({}).id,
            "discount_percent": 10,
        }
    )
    shop.open_portal(env, member, LOGIN, PASSWORD)
    return env["b2b2c.referral.link"]._ensure(member, campaign).code


def _order(env, code):
    """Return the milliseconds of orders without and with a discount by a code.

    Both have a discount of 10 %: one by a coupon of Odoo's own, one by ours.
    """
    from odoo.fields import Command

    product = env["product.product"].create({"name": "Paper", "list_price": 100})
    own = env["loyalty.program"].create(
        {
            "name": "Coupons",
            "program_type": "coupons",
            "trigger": "with_code",
            "applies_on": "current",
            "rule_ids": [Command.clear()],
            "reward_ids": [
                Command.clear(),
                Command.create({"reward_type": "discount", "discount": 10}),
            ],
        }
    )
    costs = ([], [])
    for number in range(2 * (ORDERS + WARM_UP)):
        coupon = env["loyalty.card"].create({"program_id": own.id, "points": 1})
        customer = env["res.partner"].create({"name": f"Parent {number}"})
        line = {"product_id": product.id, "product_uom_qty": 1}
        order = env["sale.order"].create(
            {"partner_id": customer.id, "order_line": [Command.create(line)]}
        )
        env.flush_all()
        begin = time.perf_counter()
        text = code if number % 2 else coupon.code
        for card, rewards in order._try_apply_code(text).items():
            order._apply_program_reward(rewards, card)
        order.action_confirm()
        env.flush_all()
        if number >= 2 * WARM_UP:
            costs[number % 2].append(1000 * (time.perf_counter() - begin))
    return costs


def _count(env):
    """Return how many rows there are of what visits and codes leave."""
    total = 0
    for table in _TABLES:
        env.cr.execute(f"SELECT count(*) FROM {table}")
        total += env.cr.fetchone()[0]
    return total


def _compare(url, database, path):
    """Return the milliseconds of both pages, asked for in turns."""
    robot = {"User-Agent": "facebookexternalhit/1.1"}
    session = Session(url, database, LOGIN, PASSWORD)
    pages = (
        lambda: get_seconds(requests, url + path, headers=robot),
        lambda: get_seconds(session.http, f"{url}/my"),
    )
    return in_turns(pages, ROUNDS, WARM_UP)
