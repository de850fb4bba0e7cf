"""The storefront of 500 rewards beside Odoo's `/shop` of 500 products, in one run.

A real server; one participant of 100,000, signed in on the portal, asks for pages of
both in turns.  Rewards have all that costs something: roles, a program, a limit of the
person, pieces, a category, a picture.
"""

import base64
import io
import time

from harness import at_most, get_seconds, in_turns, limit, median, note

from tools.web_client import Session

REWARDS = 500
PARTICIPANTS = 100000
REQUESTS = 200000
ENTRIES = 1000
ROUNDS = 40
WARM_UP = 6
BAR = 1.5
LOGIN, PASSWORD = "shopper", "a-bench-password"
#: Page of the storefront -> the page of Odoo's shop it is compared with.
PAGES = {
    "catalogue": ("/my/rewards/store", "/shop"),
    "page 10": ("/my/rewards/store?page=10", "/shop/page/10"),
    "search": ("/my/rewards/store?q=thing+7", "/shop?search=thing+7"),
    "what can be had now": ("/my/rewards/store?now=1", "/shop"),
}


def run(ctx):
    """Rows: milliseconds of each page against Odoo's."""
    with ctx.fresh_database(bridges=True) as database:
        with ctx.open_environment(database) as env:
            seconds = _fill(env)
            env.cr.commit()
        ctx.say(f"{PARTICIPANTS:,} participants within {seconds:.0f} s")
        with ctx.odoo_server(database, workers=2) as server:
            session = Session(server.url, database, LOGIN, PASSWORD)
            costs = {name: compare(session, *two) for name, two in PAGES.items()}
            cards, tiles = (_count(session, page) for page in PAGES["catalogue"])
    return [
        *(
            at_most(f"{name} ms, against Odoo's shop", median(ours), median(base), BAR)
            for name, (ours, base) in costs.items()
        ),
        limit("rewards on the page", cards, "= 24", cards == 24),
        note("products on Odoo's page", tiles),
    ]


def compare(session, *pages):
    """Return the milliseconds of pages that are asked for in turns."""
    works = [
        lambda page=page: get_seconds(session.http, session.url + page)
        for page in pages
    ]
    return in_turns(works, ROUNDS, WARM_UP)


def _count(session, page):
    """Return how many rewards or products a page shows."""
    text = session.http.get(session.url + page, timeout=120).text
    return text.count("<article") or text.count('class="oe_product ')


# === FILLING === #


def _fill(env):
    """Make products, rewards and people; the seconds it took."""
    import shop

    begin = time.perf_counter()
    products = shop.open_shop(env, count=REWARDS)
    picture = _draw()
    shelves = env["product.public.category"].create(
        [{"name": f"Shelf {number}"} for number in range(10)]
    )
    for number, product in enumerate(products.product_tmpl_id):
        product.write(
            {
                "name": f"Thing {number}",
                "is_published": True,
                "public_categ_ids": shelves[number % 10].ids,
                "image_1920": picture,
            }
        )
    contact = shop.create_client(env, "Shop")
    [member] = shop.create_members(env, contact, 1)
    program = shop.create_rules(env, products)
    _create_rewards(env, program, picture)
    _open_account(env, member, program)
    _multiply(env, member)
    return time.perf_counter() - begin


def _draw():
    """Return a small picture as Odoo stores one."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#d3e6dd").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue())


def _create_rewards(env, program, picture):
    categories = env["b2b2c.reward.category"].create(
        [{"name": f"Category {number}"} for number in range(10)]
    )
    roles = env["b2b2c.reward.role"]._get_rows("employee")
    env["b2b2c.reward"].create(
        [
            {
                "name": f"Thing {number}",
                "points": 10 + number,
                "category_id": categories[number % 10].id,
                "is_limited": True,
                "stock": 10000,
                "member_limit": 5,
                "limit_period": ("ever", "day", "week", "month", "year")[number % 5],
                "role_ids": roles.ids,
                "program_ids": program.ids if number % 2 else False,
                "image_1920": picture,
            }
            for number in range(REWARDS)
        ]
    )


def _open_account(env, member, program):
    """Let the participant who is measured have a login, points and a request."""
    import shop

    unit = env.ref("loyalty_b2b2c.unit_points")
    unit.face_value = 0.1
    account = member._get_account(unit)
    for number in range(ENTRIES):
        account._earn(1, source_key=f"bench/{number}", program_id=program.id)
    env["b2b2c.redemption"]._request(
        member, env["b2b2c.reward"].search([], limit=1), request_key="bench"
    )
    shop.open_portal(env, member, LOGIN, PASSWORD)


def _multiply(env, member):
    """Write many people like this one, each with an account and requests, by SQL."""
    account, request = member.account_ids, member.redemption_ids
    rewards = env["b2b2c.reward"].search([]).ids
    env.flush_all()
    person, first = member.partner_id, _get_next(env, "res_partner")
    _copy(env, "res_partner", person.id, PARTICIPANTS, "'name', 'Person ' || n")
    people = _get_next(env, "b2b2c_member")
    _copy(
        env,
        "b2b2c_member",
        member.id,
        PARTICIPANTS,
        f"'partner_id', {first} + n, 'code', md5(n::text), 'name', 'Person ' || n",
    )
    accounts = _get_next(env, "b2b2c_account")
    _copy(env, "b2b2c_account", account.id, PARTICIPANTS, f"'member_id', {people} + n")
    _copy(
        env,
        "b2b2c_redemption",
        request.id,
        REQUESTS,
        f"""'member_id', {people} + n % {PARTICIPANTS},
            'account_id', {accounts} + n % {PARTICIPANTS}, 'state', 'fulfilled',
            'reward_id', (ARRAY{rewards})[n % {len(rewards)} + 1],
            'request_key', n::text""",
    )
    for table in ("res_partner", "b2b2c_member", "b2b2c_account", "b2b2c_redemption",
                  "b2b2c_reward", "b2b2c_ledger_entry"):  # fmt: skip
        env.cr.execute(f"ANALYZE {table}")
    env.invalidate_all()


def _get_next(env, table):
    """Return what is added to n for the ids of the rows that are copied next."""
    env.cr.execute(f"SELECT max(id) FROM {table}")
    return env.cr.fetchone()[0] + 1


def _copy(env, table, row_id, number, changes):
    """Write a row many times, n from 0, with changes given as SQL of a JSON object."""
    first = _get_next(env, table)
    env.cr.execute(
        f"""
        INSERT INTO {table}
        SELECT r.* FROM {table} o, generate_series(0, {number - 1}) AS n,
               LATERAL jsonb_populate_record(
                   o, jsonb_build_object('id', {first} + n, {changes})) AS r
         WHERE o.id = {row_id}
        """
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
