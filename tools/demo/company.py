"""The demo company: a supplier whose clients' employees are rewarded.

Everything is made through the same public actions a click calls; only dates, people and
products are given.  Loading twice changes nothing.
"""

import base64
from datetime import timedelta

from odoo import fields

from tools.demo import codes, dealers, kinds, receipts, rewards, since, supply
from tools.workspace import ROOT

PASSWORDS = {
    "manager": "manager",
    "sales": "sales",
    "terminal": "terminal",
    "olena": "olena",
    "ihor": "ihor",
    "taras": "taras",
    "nina": "nina",
}
LOGINS = [
    {
        "role": "Manager (all rights)",
        "login": "manager",
        "password": PASSWORDS["manager"],
        "first_click": "Loyalty Rewards → Set-up → Programs → Office Club",
    },
    {
        "role": "Salesperson",
        "login": "sales",
        "password": PASSWORDS["sales"],
        "first_click": "Sales → an order → Rewards, the star above it",
    },
    {
        "role": "Cashier (terminal only)",
        "login": "terminal",
        "password": PASSWORDS["terminal"],
        "first_click": "067 123 45 67 → Find → an amount → Confirm; best on a phone",
    },
    {
        "role": "Participant (portal)",
        "login": "olena",
        "password": PASSWORDS["olena"],
        "first_click": "open /my/rewards, best on a phone",
    },
    {
        "role": "Shop owner (portal)",
        "login": "ihor",
        "password": PASSWORDS["ihor"],
        "first_click": "open /my/rewards/goods, what his shop received",
    },
    {
        "role": "Dealer (portal)",
        "login": "taras",
        "password": PASSWORDS["taras"],
        "first_click": "open /my/rewards/dealer, the tier and what it follows from",
    },
    {
        "role": "Shop's salesperson (portal)",
        "login": "nina",
        "password": PASSWORDS["nina"],
        "first_click": "open /my/rewards/scan on a phone and scan a label",
    },
]
MANAGER_GROUPS = (
    "base.group_erp_manager",
    "base.group_partner_manager",
    "sales_team.group_sale_manager",
    "stock.group_stock_manager",
    "account.group_account_manager",
    "loyalty_b2b2c.group_manager",
    "point_of_sale.group_pos_manager",
)
SALES_GROUPS = (
    "base.group_partner_manager",
    "sales_team.group_sale_salesman_all_leads",
    "stock.group_stock_user",
    "account.group_account_invoice",
    "loyalty_b2b2c.group_user",
)


def load(env, life=None):
    """Fill the database's first company with the demo, once.

    :param env: superuser environment; the caller commits
    :param life: called with the environment before the history of today; it begins as
        many days ago as its ``DAYS`` says
    :return: list of logins, see :data:`LOGINS`
    """
    if env.ref("__demo__.b2b2c_client_dnipro", raise_if_not_found=False):
        return LOGINS
    env = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))
    if life:
        env = env(context=dict(env.context, demo_days=life.DAYS))
    _company(env)
    users = _users(env)
    env.ref("base.main_company").b2b2c_manager_id = users["manager"]
    products = _products(env)
    clients = _clients(env)
    program(env)
    members = _members(env, users["manager"])
    _portal_user(env, "olena", members["olena"])
    shop = _shop(env)
    shop_program(env)
    _portal_user(env, "ihor", _shop_owner(env, shop))
    _portal_user(env, "nina", codes.load(env, _remember))
    receipts.load(env, _remember)
    rewards.load(env, _remember)
    dealers.load(env, _remember, PASSWORDS["taras"])
    supply.load(env, _remember)
    env.cr.commit()  # what follows happens as in daily work: each with its own commit
    if life:
        life.load(env, _remember)
    _history(env, users["sales"], products, clients)
    rewards.request(env, _remember)
    return LOGINS


def _remember(env, name, record):
    """Give a record an external id, so that a second load finds it."""
    env["ir.model.data"].create(
        {
            "module": "__demo__",
            "name": f"b2b2c_{name}",
            "model": record._name,
            "res_id": record.id,
            "noupdate": True,
        }
    )
    return record


def _company(env):
    company = env.ref("base.main_company")
    company.write({"name": "Nova Paper Supplies", "email": "hello@novapaper.example"})
    company.country_id = env.ref("base.ua")
    company.b2b2c_timezone = "Europe/Kyiv"  # where its people are
    env.ref("loyalty_b2b2c.unit_points").point_value = 0.1  # ten points are 1.00
    if "b2b2c_wallet_unit_id" in company._fields:  # orders, beside Odoo's loyalty
        company.write(
            {
                "b2b2c_wallet_unit_id": env.ref("loyalty_b2b2c.unit_points").id,
                "b2b2c_wallet_limit": 50,
            }
        )
    icon = ROOT / "loyalty_b2b2c" / "static" / "description" / "icon.png"
    company.logo = base64.b64encode(icon.read_bytes())
    if "website" in env:
        env["website"].search([("company_id", "=", company.id)]).logo = company.logo
    if "has_received_warning_stock_sms" in company._fields:
        # Odoo asks once whether deliveries send an SMS; the demo has answered "no"
        company.write(
            {
                "has_received_warning_stock_sms": True,
                "stock_text_confirmation": False,
            }
        )
    if not env["account.journal"].search_count([("type", "=", "sale")], limit=1):
        env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )


def _users(env):
    people = {
        "manager": ("Maria Manager", MANAGER_GROUPS),
        "sales": ("Sam Salesperson", SALES_GROUPS),
        "terminal": ("Tania Cashier", ("loyalty_b2b2c.group_terminal",)),
    }
    return {
        login: env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": PASSWORDS[login],
                "email": f"{login}@novapaper.example",
                "tz": "Europe/Kyiv",
                "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
            }
        )
        for login, (name, groups) in people.items()
    }


def _products(env):
    category = env["product.category"]
    paper = category.create({"name": "Paper"})
    toner = category.create({"name": "Toner"})
    _remember(env, "category_toner", toner)
    rows = {
        "paper": ("Paper A4, 80 g, box", 24.0, paper, "PAPER"),
        "card": ("Card stock, 200 g", 38.5, paper, "CARD"),
        "toner": ("Toner cartridge black", 79.0, toner, "TONER"),
    }
    products = {}
    for key, (name, price, categ, code) in rows.items():
        products[key] = env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "default_code": code,
                "categ_id": categ.id,
                "taxes_id": [(5,)],
                "invoice_policy": "order",
                "b2b2c_terminal_ok": True,
            }
        )
        _remember(env, f"product_{key}", products[key])
    if "is_published" in products["card"]._fields:  # beside the web shop
        products["card"].write(
            {
                "is_published": True,
                "image_1920": base64.b64encode(rewards.picture("card")),
            }
        )
    return products


def _clients(env):
    rows = {
        "dnipro": (
            "Dnipro Office Centre",
            "Olena Kovalenko",
            "olena.kovalenko@dnipro-office.example",
            "+380 67 123 45 67",
        ),
        "lviv": (
            "Lviv Print House",
            "Petro Melnyk",
            "petro.melnyk@lviv-print.example",
            "+380 50 765 43 21",
        ),
    }
    clients = {}
    for key, (company, person, email, phone) in rows.items():
        client = env["res.partner"].create(
            {
                "name": company,
                "is_company": True,
                "country_id": env.ref("base.ua").id,
                "email": f"info@{email.split('@')[1]}",
            }
        )
        contact = env["res.partner"].create(
            {
                "name": person,
                "parent_id": client.id,
                "email": email,
                "phone": phone,
                "function": "Office manager",
            }
        )
        _remember(env, f"client_{key}", client)
        _remember(env, f"contact_{key}", contact)
        clients[key] = contact
    return clients


def program(env):
    """Create and start the program "Office Club" of the first company.

    5 % of every order, usable when its invoice is paid, for 12 months; 15 more points
    per toner cartridge; at most 2,000 points a person and month.
    """
    club = env["b2b2c.program"].create(
        {
            "name": "Office Club",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "budget_points": 100000,
            "date_from": since.get_start(env),
            "description": "<p>Order office supplies from us, collect points.</p>",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "5 % of every paid order",
                        "value": 5,
                        "scope": "document",
                        "hold": "until_paid",
                        "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
                        "cap_period": 2000,
                        "expiry": "months",
                        "expiry_count": 12,
                    },
                ),
                (
                    0,
                    0,
                    {
                        "name": "15 points per toner cartridge",
                        "kind": "per_unit",
                        "value": 15,
                        "hold": "until_paid",
                        "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
                        "category_ids": [
                            (6, 0, [env.ref("__demo__.b2b2c_category_toner").id])
                        ],
                        "expiry": "months",
                        "expiry_count": 12,
                    },
                ),
            ],
        }
    )
    club.action_start()
    return _remember(env, "program", club)


def _members(env, manager):
    members = {}
    for key, contact in (("olena", "dnipro"), ("petro", "lviv")):
        contact = env.ref(f"__demo__.b2b2c_contact_{contact}")
        action = contact.with_user(manager).action_b2b2c_enroll()
        wizard = env["b2b2c.enroll"].with_user(manager).browse(action["res_id"])
        wizard.write({"consent": True, "employer_consent": True, "invite": False})
        result = wizard.action_enroll()
        member = env["b2b2c.member"].browse(result["res_id"])
        # the demo's history is older than today
        member.enrolled_at = since.get_start(env, 90)
        members[key] = _remember(env, f"member_{key}", member)
    return members


def _portal_user(env, login, member):
    env["res.users"].create(
        {
            "name": member.name,
            "login": login,
            "password": PASSWORDS[login],
            "partner_id": member.partner_id.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
            "tz": "Europe/Kyiv",
        }
    )


def _shop(env):
    """A third-party shop, and the distributor it buys from."""
    distributor = env["res.partner"].create(
        {
            "name": "Dnipro Distribution",
            "is_company": True,
            "ref": "D-1",
            "country_id": env.ref("base.ua").id,
        }
    )
    _remember(env, "distributor", distributor)
    shop = env["res.partner"].create(
        {
            "name": "Corner Stationery",
            "is_company": True,
            "ref": "C-100",
            "country_id": env.ref("base.ua").id,
            "email": "shop@corner-stationery.example",
        }
    )
    return _remember(env, "shop", shop)


def shop_program(env):
    """Create and start "Shop Owners": 2 points per unit that reaches the shop.

    Goods that nobody reports reach it as well: the scan of their code shows them.
    """
    owners = env["b2b2c.program"].create(
        {
            "name": "Shop Owners",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "date_from": since.get_start(env),
            "description": "<p>Sell our paper, collect points for every box.</p>",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "2 points per unit delivered",
                        "role": "owner",
                        "trigger": "delivered",
                        "kind": "per_unit",
                        "value": 2,
                        "document_kind_ids": kinds.get(env, *kinds.GOODS, "scan"),
                    },
                )
            ],
        }
    )
    owners.action_start()
    return _remember(env, "program_owners", owners)


def _shop_owner(env, shop):
    person = env["res.partner"].create(
        {
            "name": "Ihor Shevchenko",
            "email": "ihor@corner-stationery.example",
            "phone": "+380 67 765 43 21",
            "country_id": env.ref("base.ua").id,
        }
    )
    owner = env["b2b2c.member"].create(
        {
            "partner_id": person.id,
            "employer_id": shop.id,
            "role": "owner",
            "consent_at": fields.Datetime.now(),
            "enrolled_at": since.get_start(env, 90),
        }
    )
    _remember(env, "member_ihor", owner)
    distributor = env.ref("__demo__.b2b2c_distributor")
    for reference, days, lines in (
        ("WB-0981", 21, {"PAPER": 40, "TONER": 6}),
        ("WB-1017", 6, {"PAPER": 25, "CARD": 10}),
    ):
        env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": reference,
                "occurred_at": (
                    fields.Datetime.now() - timedelta(days=days)
                ).isoformat(),
                "partner": {"id": shop.id},
                "lines": [
                    {"product": product, "quantity": quantity}
                    for product, quantity in lines.items()
                ],
            },
            company=owner.company_id,
            channel="import",
            reporter=distributor,
        )
    return owner


def _history(env, sales, products, clients):
    """Orders in every stage a manager wants to see."""
    env = env(user=sales)
    paid = _order(env, clients["dnipro"], {products["paper"]: 20, products["toner"]: 4})
    _deliver(paid)
    _pay(_invoice(paid))
    env.cr.commit()
    credited = _order(env, clients["dnipro"], {products["card"]: 12})
    _deliver(credited)
    invoice = _invoice(credited)
    _pay(invoice)
    env.cr.commit()
    refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
    refund.invoice_line_ids.quantity = 2
    refund.action_post()
    env.cr.commit()
    _deliver(_order(env, clients["dnipro"], {products["paper"]: 35}))
    env.cr.commit()
    _order(env, clients["lviv"], {products["toner"]: 10, products["paper"]: 10})
    cancelled = _order(env, clients["dnipro"], {products["toner"]: 2})
    env.cr.commit()
    cancelled._action_cancel()
    env.cr.commit()
    env["sale.order"].create(_order_values(clients["dnipro"], {products["toner"]: 6}))
    env.cr.commit()


def _order_values(contact, lines):
    return {
        "partner_id": contact.id,
        "order_line": [
            (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
            for product, quantity in lines.items()
        ],
    }


def _order(env, contact, lines):
    order = env["sale.order"].create(_order_values(contact, lines))
    order.action_confirm()
    env.cr.commit()
    return order


def _deliver(order):
    for picking in order.picking_ids:
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        if picking.state != "done":
            raise RuntimeError(f"Delivery {picking.name} asks something first")


def _invoice(order):
    invoice = order._create_invoices()
    invoice.action_post()
    return invoice


def _pay(invoice):
    wizard = invoice.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    return wizard.create({})._create_payments()
