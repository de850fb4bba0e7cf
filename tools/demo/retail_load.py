"""What the orders of the retail data set need, and what they left behind.

Shops, people, products, journals, programs before them; the dealers' ladder and the
figures after them.  What is there already is not made again.
"""

import re
from collections import defaultdict

from tools.demo import kinds

CHUNK = 500
MODULE = "__retail__"
BEGIN = "2016-12-01 00:00:00"
CREDIT_PROGRAM = "credit_program"
CREDIT_PERCENT = 5
BONUS_DEPARTMENTS = ("Drug Gm", "Cosmetics", "Nutrition")
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


# === MASTER DATA === #


def prepare(env, chosen, workers):
    """Create what the orders refer to: shops, people, products, journals, programs."""
    env = env(context={**env.context, **QUIET})
    company = env.ref("base.main_company")
    if not env["account.journal"].search_count([("type", "=", "sale")], limit=1):
        env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
    _journals(env, workers)
    _shops(env, chosen)
    _contacts(env, chosen)
    _members(env, chosen)
    _owners(env, chosen)
    categories = _categories(env, chosen)
    _products(env, chosen, categories)
    _discount_product(env, company)
    _program(env, categories)
    _credit_program(env)
    env.cr.commit()


def get_loaded(env, model):
    """External name -> id of what was loaded before."""
    rows = env["ir.model.data"].search_read(
        [("module", "=", MODULE), ("model", "=", model)], ["name", "res_id"]
    )
    return {row["name"]: row["res_id"] for row in rows}


def _create(env, model, values):
    """Create the records that are missing.

    :param values: external name -> values
    :return: external name -> id of all of them
    """
    known = get_loaded(env, model)
    names = [name for name in values if name not in known]
    for start in range(0, len(names), CHUNK):
        some = names[start : start + CHUNK]
        records = env[model].create([values[name] for name in some])
        env["ir.model.data"].create(
            [
                {"module": MODULE, "name": name, "model": model, "res_id": record.id,
                 "noupdate": True}
                for name, record in zip(some, records, strict=True)
            ]
        )  # fmt: skip
        known.update(zip(some, records.ids, strict=True))
    return known


def _journals(env, workers):
    """A pair of journals per worker: numbers of one journal are given in turn."""
    _create(
        env,
        "account.journal",
        {
            f"{kind}_{number}": {
                "name": f"Retail {kind} {number + 1}",
                "type": kind,
                "code": f"R{kind[0].upper()}{number + 1}",
            }
            for kind in ("sale", "bank")
            for number in range(workers)
        },
    )


def _shops(env, chosen):
    _create(
        env,
        "res.partner",
        {
            f"shop_{shop}": {
                "name": f"Shop {shop}",
                "is_company": True,
                "ref": f"CJ-{shop}",
                "email": f"shop{shop}@retail.example.com",
            }
            for shop in chosen.shops()
        },
    )


def _contacts(env, chosen):
    """Who orders: a household is a contact of every shop it buys at."""
    known = get_loaded(env, "res.partner")
    pairs = sorted({(basket.shop, basket.household) for basket in chosen.baskets})
    _create(
        env,
        "res.partner",
        {
            f"contact_{shop}_{household}": {
                "name": f"Household {household}",
                "parent_id": known[f"shop_{shop}"],
                "type": "contact",
                "email": f"h{household}.s{shop}@retail.example.com",
            }
            for shop, household in pairs
        },
    )


def _members(env, chosen):
    """Households with known demographics are registered at the shop they prefer."""
    homes = chosen.homes()
    partners = _create(
        env,
        "res.partner",
        {
            f"person_{household}": {
                "name": f"Household {household}",
                "email": f"household{household}@example.com",
            }
            for household in sorted(homes)
        },
    )
    _create(
        env,
        "b2b2c.member",
        {
            f"member_{household}": {
                **_participant(partners, f"person_{household}", shop, "employee"),
                "contact_id": partners[f"contact_{shop}_{household}"],
            }
            for household, shop in sorted(homes.items())
        },
    )


def _participant(partners, person, shop, role):
    """Return the values of somebody who takes part from the beginning.

    :param partners: dict name -> id
    :param person: name of the contact
    """
    return {
        "partner_id": partners[person],
        "employer_id": partners[f"shop_{shop}"],
        "role": role,
        "enrolled_at": BEGIN,
        "consent_at": BEGIN,
        "channel_wishes": {"email": False},
    }


def _owners(env, chosen):
    """Every shop has an owner, who takes part: so every order earns."""
    partners = _create(
        env,
        "res.partner",
        {
            f"owner_{shop}": {
                "name": f"Owner of Shop {shop}",
                "email": f"owner{shop}@retail.example.com",
            }
            for shop in chosen.shops()
        },
    )
    _create(
        env,
        "b2b2c.member",
        {
            f"member_owner_{shop}": _participant(
                partners, f"owner_{shop}", shop, "owner"
            )
            for shop in chosen.shops()
        },
    )


def _categories(env, chosen):
    """Departments, and the categories in them."""
    tree = sorted({(one.department, one.category) for one in chosen.products.values()})
    departments = _create(
        env,
        "product.category",
        {_category(top): {"name": top} for top in sorted({top for top, _sub in tree})},
    )
    return _create(
        env,
        "product.category",
        {
            _category(top, sub): {
                "name": sub,
                "parent_id": departments[_category(top)],
            }
            for top, sub in tree
        },
    )


def _category(*names):
    return "category_" + re.sub(r"\W+", "_", "__".join(names)).lower()


def _products(env, chosen, categories):
    _create(
        env,
        "product.product",
        {
            f"product_{one.id}": {
                "name": one.name,
                "default_code": str(one.id),
                "type": "service",  # taken along: no delivery to plan
                "categ_id": categories[_category(one.department, one.category)],
                "invoice_policy": "order",
                "taxes_id": [(5,)],
                "supplier_taxes_id": [(5,)],
            }
            for one in chosen.products.values()
        },
    )


def _discount_product(env, company):
    """What discounts of whole orders are booked with.

    Odoo's wizard makes it for the first discount of a company: two processes would
    each make one.
    """
    order = env["sale.order"].new({"company_id": company.id})
    env["sale.order.discount"].new({"sale_order_id": order})._get_discount_product()


def _program(env, categories):
    """10 points per unit of money, more for some departments, usable when paid."""
    if "program" in get_loaded(env, "b2b2c.program"):
        return
    bonus = [
        categories[_category(name)]
        for name in BONUS_DEPARTMENTS
        if _category(name) in categories
    ]
    rule = {
        "hold": "until_paid",
        "pick": "contact",
        "cap_period_kind": "month",
        "document_kind_ids": kinds.get(env, "sale.order"),
    }
    rules = [
        {**rule, "name": "10 points per 1.00", "value": 1000, "cap_period": 5000},
        {
            **rule,
            "name": "Large basket",
            "scope": "document",
            "kind": "fixed",
            "value": 250,
            "amount_min": 100,
        },
    ]
    if bonus:
        rules.append(
            {
                **rule,
                "name": "Household and beauty: 5 more per 1.00",
                "value": 500,
                "category_ids": bonus,
            }
        )
    ids = _create(
        env,
        "b2b2c.program",
        {
            "program": {
                "name": "Shop Staff Club",
                "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
                "timezone": "UTC",
                "date_from": BEGIN,
                "rule_ids": [(0, 0, values) for values in rules],
                "notify": False,
            }
        },
    )
    env["b2b2c.program"].browse(ids["program"]).action_start()


def _credit_program(env):
    """5 % for the owner of the shop: promised until paid, and once more when paid.

    Nothing narrows or caps these rules, so what each order gives can be told from its
    documents alone (see :mod:`tools.demo.retail_check`).
    """
    if CREDIT_PROGRAM in get_loaded(env, "b2b2c.program"):
        return
    unit = env["b2b2c.unit"].create(
        {"name": "Shop credit", "symbol": "credit", "decimals": 2}
    )
    rule = {
        "role": "owner",
        "pick": "each",
        "scope": "document",
        "kind": "percent",
        "value": CREDIT_PERCENT,
        "document_kind_ids": kinds.get(env, "sale.order"),
    }
    rules = [
        {**rule, "name": "Ordered", "trigger": "confirmed", "hold": "until_paid"},
        {**rule, "name": "Paid", "trigger": "paid", "hold": "none"},
    ]
    ids = _create(
        env,
        "b2b2c.program",
        {
            CREDIT_PROGRAM: {
                "name": "Shop Owners' Credit",
                "unit_id": unit.id,
                "timezone": "UTC",
                "date_from": BEGIN,
                "rule_ids": [(0, 0, values) for values in rules],
                "notify": False,
            }
        },
    )
    env["b2b2c.program"].browse(ids[CREDIT_PROGRAM]).action_start()


# === DEALERS === #

LADDER = "Retail Shops"
#: Volumes of three months of one shop are a few hundred: the ladder is cut to them.
TIERS = ((0, 0), (250, 5), (1000, 10))


def enroll_dealers(env):
    """Let every shop climb a ladder by its paid value; whoever is on it stays.

    :return: number of dealers
    """
    env = env(context={**env.context, **QUIET})
    env["res.config.settings"].create({"group_product_pricelist": True}).execute()
    ladders = env["b2b2c.ladder"]
    ladder = ladders.search([("name", "=", LADDER)], limit=1)
    if not ladder:
        ladder = ladders.create(
            {
                "name": LADDER,
                "moment": "invoiced",
                "timezone": "UTC",
                "document_kind_ids": kinds.get(env, "sale.order"),
                "tier_ids": [
                    (0, 0, {"volume_from": volume, "discount": discount})
                    for volume, discount in TIERS
                ],
            }
        )
        ladder.action_start()
    shops = set(get_loaded(env, "res.partner").items())
    ids = {key for name, key in shops if name.startswith("shop_")}
    new = sorted(ids - set(ladder.standing_ids.partner_id.ids))
    for start in range(0, len(new), CHUNK):
        env["b2b2c.ladder.standing"].create(
            [
                {"ladder_id": ladder.id, "partner_id": shop}
                for shop in new[start : start + CHUNK]
            ]
        )
        env.cr.commit()
    return len(ids)


# === FIGURES === #


def figures(env):
    """What the load left behind, as a dict of numbers."""
    env.cr.execute(
        """
        SELECT (SELECT count(*) FROM sale_order WHERE client_order_ref LIKE 'CJ/%'),
               (SELECT count(*) FROM sale_order_line l JOIN sale_order o
                    ON o.id = l.order_id WHERE o.client_order_ref LIKE 'CJ/%'),
               (SELECT count(*) FROM b2b2c_event WHERE state IN ('new', 'failed'))
        """
    )
    orders, lines, open_events = env.cr.fetchone()
    env.cr.execute(
        "SELECT e.entry_type || ' ' || (u.symbol->>'en_US'), count(*),"
        " sum(e.points)::float, sum(e.points_pending)::float"
        " FROM b2b2c_ledger_entry e JOIN b2b2c_unit u ON u.id = e.unit_id"
        " GROUP BY 1 ORDER BY 1"
    )
    entries = defaultdict(dict)
    for kind, count, points, pending in env.cr.fetchall():
        entries[kind] = {"entries": count, "points": points, "pending": pending}
    problems = env["b2b2c.account"]._verify_all()
    return {
        "orders": orders,
        "lines": lines,
        "open_events": open_events,
        "entries": dict(entries),
        "problems": [str(problem) for problem in problems],
    }
