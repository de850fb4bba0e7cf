"""The dealers of the demo company, with invoices of the last three months.

A case of paper costs 100.00.  "Dealer discount" is the ladder of the book: nothing, 5 %
from 100,000 and 10 % from 1,000,000 invoiced within three months.
"""

from datetime import timedelta

from odoo import fields

from tools.demo import kinds

#: key -> (name, {days ago: cases invoiced})
DEALERS = {
    "kyiv": ("Kyiv Office Trade", {70: 4000, 40: 3500, 10: 2376}),  # 987,600
    "odesa": ("Odesa Paper House", {80: 12000, 20: 1500}),  # 1,350,000
    "poltava": ("Poltava Stationers", {30: 640}),  # 64,000
}
#: on a ladder of its own that gives bonus, not prices
BONUS_DEALER = ("Rivne Copy Centre", {20: 1500})  # 150,000


def load(env, remember, password):
    """Create dealers, their history and ladders.

    :param remember: function (env, name, record) that keeps a record findable
    :param password: of the login "taras", who buys for the first dealer
    """
    env["res.config.settings"].create(
        {"group_product_pricelist": True, "group_discount_per_so_line": True}
    ).execute()
    case = env["product.product"].create(
        {
            "name": "Paper A4, case of 5 boxes",
            "type": "consu",
            "list_price": 100,
            "default_code": "CASE",
            "taxes_id": [(5,)],
            "invoice_policy": "order",
            "available_in_pos": True,
        }
    )
    if "is_published" in case._fields:  # where there is a web shop
        case.is_published = True
    remember(env, "product_case", case)
    companies = {
        key: remember(env, f"dealer_{key}", _company(env, name, key))
        for key, (name, _sales) in {**DEALERS, "rivne": BONUS_DEALER}.items()
    }
    for key, (_name, sales) in {**DEALERS, "rivne": BONUS_DEALER}.items():
        for days, quantity in sales.items():
            _sell(env, companies[key], case, quantity, days)
    ladder = env["b2b2c.ladder"].create(
        {
            "name": "Dealer discount",
            "timezone": "Europe/Kyiv",
            "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
        }
    )
    remember(env, "ladder", ladder)
    deferred = env["b2b2c.ladder"].create(
        {
            "name": "Deferred discount",
            "benefit": "bonus",
            "timezone": "Europe/Kyiv",
            "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
        }
    )
    for tier in deferred.tier_ids:
        tier.bonus = tier.discount
    (ladder | deferred).action_start()
    for key, company in companies.items():
        env["b2b2c.ladder.standing"].create(
            {
                "partner_id": company.id,
                "ladder_id": (deferred if key == "rivne" else ladder).id,
            }
        )
    _buyer(env, companies["kyiv"], password)
    _bonus(env, companies["rivne"], remember)


def _company(env, name, key):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "ref": f"DEALER-{key.upper()}",
            "email": f"office@{key}-dealer.example",
            "country_id": env.ref("base.ua").id,
            "user_id": env["res.users"].search([("login", "=", "sales")]).id,
        }
    )


def _sell(env, company, case, quantity, days):
    """Confirm and invoice an order, as of some days ago."""
    order = env["sale.order"].create(
        {
            "partner_id": company.id,
            "order_line": [
                (0, 0, {"product_id": case.id, "product_uom_qty": quantity})
            ],
        }
    )
    order.action_confirm()
    order.date_order = fields.Datetime.now() - timedelta(days=days)
    invoice = order._create_invoices()
    invoice.invoice_date = fields.Date.today() - timedelta(days=days)
    invoice.action_post()


def _buyer(env, company, password):
    """Give the first dealer's buyer a login of the portal."""
    person = env["res.partner"].create(
        {
            "name": "Taras Dealer",
            "parent_id": company.id,
            "email": "taras@kyiv-dealer.example",
        }
    )
    env["res.users"].create(
        {
            "name": person.name,
            "login": "taras",
            "password": password,
            "partner_id": person.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
            "tz": "Europe/Kyiv",
        }
    )


def _bonus(env, company, remember):
    """Start "Dealer bonus": the tier's percentage, when the invoice is paid."""
    program = env["b2b2c.program"].create(
        {
            "name": "Dealer bonus",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "The tier's percentage",
                        "kind": "tier",
                        "value": 0,
                        "role": "dealer",
                        "hold": "until_paid",
                        "document_kind_ids": kinds.get(env, *kinds.PURCHASES),
                    },
                )
            ],
        }
    )
    program.action_start()
    person = env["res.partner"].create(
        {"name": "Oksana Rivne", "email": "oksana@rivne-dealer.example"}
    )
    member = env["b2b2c.member"].create(
        {
            "partner_id": person.id,
            "employer_id": company.id,
            "role": "dealer",
            "consent_at": fields.Datetime.now(),
        }
    )
    remember(env, "member_oksana", member)
