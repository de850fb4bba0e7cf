"""The company of the benches: chart of accounts, products, clients, members."""

from odoo import SUPERUSER_ID, Command, api

ADMIN = 2
LINES = 10


def open_shop(env, count=LINES, stored=False):
    """Give the company a chart of accounts, and products in ten categories.

    :param int count: number of products
    :param bool stored: whether their stock is kept, and there is plenty of each
    """
    company = env.ref("base.main_company")
    if not env["account.journal"].search_count([("type", "=", "sale")], limit=1):
        env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
    categories = env["product.category"].create(
        [{"name": f"Category {number}"} for number in range(LINES)]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Product {number}",
                "type": "consu",
                "is_storable": stored,
                "list_price": 10 + number,
                "categ_id": categories[number % LINES].id,
                "invoice_policy": "order",
            }
            for number in range(count)
        ]
    )
    if stored:
        place = env.ref("stock.stock_location_stock")
        for product in products:
            env["stock.quant"]._update_available_quantity(product, place, 100000)
    return products


def create_client(env, name):
    """A client company with a contact who orders."""
    client = env["res.partner"].create({"name": name, "is_company": True})
    return env["res.partner"].create(
        {
            "name": f"Buyer of {name}",
            "parent_id": client.id,
            "email": f"buyer@{name.lower().replace(' ', '-')}.example.com",
        }
    )


def create_members(env, contact, number):
    """Enroll private persons at the contact's company, the first as that contact."""
    partners = env["res.partner"].create(
        [
            {"name": f"Person {index}", "email": f"person{index}@example.com"}
            for index in range(number)
        ]
    )
    return env["b2b2c.member"].create(
        [
            {
                "partner_id": partner.id,
                "employer_id": contact.parent_id.id,
                "contact_id": contact.id if index == 0 else False,
                "role": "employee",
                "enrolled_at": "2020-01-01 00:00:00",
                "consent_at": "2020-01-01 00:00:00",
            }
            for index, partner in enumerate(partners)
        ]
    )


def open_portal(env, member, login, password):
    """Give a participant a login of the portal."""
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": login,
            "password": password,
            "partner_id": member.partner_id.id,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )


def create_rules(env, products):
    """A program with 20 active rules, of which 17 give something for the order.

    One per category (10), one for every other product (5), one for the whole document
    and one with a monthly limit; three that are tested and give nothing.
    """
    rules = [
        {"name": f"Category {n}", "value": 20, "category_ids": product.categ_id.ids}
        for n, product in enumerate(products[:LINES])
    ]
    rules += [
        {
            "name": f"Product {n}", "kind": "per_unit", "value": 3,
            "product_ids": products[n::LINES].ids, "trigger": "paid",
        }
        for n in range(0, LINES, 2)
    ]  # fmt: skip
    rules += [
        {"name": "Document", "scope": "document", "value": 5, "hold": "until_paid"},
        {
            "name": "Limited", "scope": "document", "kind": "fixed", "value": 10,
            "cap_period": 1000000,
        },
        {"name": "Owner", "role": "owner", "value": 1},
        {"name": "Large orders", "amount_min": 100000, "value": 1},
        {"name": "Filter", "product_domain": "[('list_price', '>', 1000)]", "value": 1},
    ]  # fmt: skip
    for rule in rules[:5]:
        rule["hold"] = "until_paid"
    # every kind: what costs most
    kinds = env["b2b2c.document.kind"].search([]).ids
    program = env["b2b2c.program"].create(
        {
            "name": "Bench",
            "timezone": "UTC",
            "rule_ids": [
                Command.create({**rule, "document_kind_ids": kinds}) for rule in rules
            ],
        }
    )
    program.action_start()
    return program


def superuser(cursor):
    """The environment that prepares."""
    return api.Environment(cursor, SUPERUSER_ID, {})


def clerk(cursor):
    """The environment of the user whose clicks are measured."""
    return api.Environment(cursor, ADMIN, {})
