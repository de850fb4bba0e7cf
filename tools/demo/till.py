"""A till of a jeweller in the demo company: it knows who buys, and takes points.

Loaded for the pictures only: the figures of the demo company stay what they are.
"""

from tools.demo import kinds

RINGS = {"Silver ring": 48, "Amber ring": 72, "Gold ring": 240}


def load(env):
    """Open a till, and enroll a buyer who has points.

    :param env: superuser environment of a demo database; committed
    :return: dict with ``till``, an id, ``card``, the code that the buyer shows, and
        ``ring``, the id of what she buys
    """
    company = env.ref("base.main_company")
    rings = env["product.template"].create(
        [
            {
                "name": name,
                "list_price": price,
                "available_in_pos": True,
                "taxes_id": [(6, 0, [])],
                "type": "consu",
            }
            for name, price in RINGS.items()
        ]
    )
    till = _open_till(env, company)
    buyer = _enroll(env, company)
    env.cr.commit()
    return {"till": till.id, "card": buyer.code, "ring": rings[1].id}


def _open_till(env, company):
    """Return an open till that takes cards and points."""
    points = env.ref("loyalty_b2b2c.unit_points")
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    owed = env["account.account"].search(
        [
            ("account_type", "=", "liability_current"),
            ("company_ids", "in", company.ids),
        ],
        limit=1,
    )
    method = env["pos.payment.method"].create({"name": "Card", "journal_id": bank.id})
    till = env["pos.config"].create(
        {"name": "Jeweller", "payment_method_ids": [(6, 0, method.ids)]}
    )
    manager = env["res.users"].search([("login", "=", "manager")])
    env["b2b2c.till.points"].with_user(manager).create(
        {"config_ids": [(6, 0, till.ids)], "unit_id": points.id, "account_id": owed.id}
    ).action_set_up()
    till.with_user(manager).open_ui()
    till.current_session_id.set_opening_control(0, "")
    return till


def _enroll(env, company):
    """Return a buyer with points, in a program for whoever buys rings."""
    points = env.ref("loyalty_b2b2c.unit_points")
    shop = env["res.partner"].create({"name": "Ring Gallery", "is_company": True})
    rule = {
        "name": "5 % of the purchase",
        "role": "customer",
        "pick": "contact",
        "value": 5,
        "trigger": "paid",
        "document_kind_ids": kinds.get(env, "pos.order"),
    }
    program = env["b2b2c.program"].create(
        {"name": "Rings", "unit_id": points.id, "rule_ids": [(0, 0, rule)]}
    )
    program.action_start()
    person = env["res.partner"].create(
        {"name": "Daryna Savchenko", "email": "daryna@example.com"}
    )
    buyer = env["b2b2c.member"].create(
        {
            "partner_id": person.id,
            "employer_id": shop.id,
            "role": "customer",
            "company_id": company.id,
            "consent_at": program.create_date,
        }
    )
    buyer._get_account(points)._earn(640, source_key="picture/daryna")
    return buyer
