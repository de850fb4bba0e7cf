"""A till in the demo company that knows who buys, and takes points.

Loaded for the pictures only: the figures of the demo company stay what they are.
"""

PRODUCTS = ("paper", "card")


def load(env):
    """Open a till.

    :param env: superuser environment of a demo database; committed
    :return: ``{"till": id of the till, "card": what Olena shows there}``
    """
    from odoo import Command

    company = env.ref("base.main_company")
    for name in PRODUCTS:
        env.ref(f"__demo__.b2b2c_product_{name}").available_in_pos = True
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    method = env["pos.payment.method"].create({"name": "Card", "journal_id": bank.id})
    till = env["pos.config"].create(
        {"name": "Shop", "payment_method_ids": [Command.set(method.ids)]}
    )
    owed = env["account.account"].search(
        [
            ("account_type", "=", "liability_current"),
            ("company_ids", "in", company.ids),
        ],
        limit=1,
    )
    manager = env["res.users"].search([("login", "=", "manager")])
    env["b2b2c.till.points"].with_user(manager).create(
        {
            "config_ids": [Command.set(till.ids)],
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "account_id": owed.id,
        }
    ).action_set_up()
    till.with_user(manager).open_ui()
    till.current_session_id.set_opening_control(0, "")
    env.cr.commit()
    return {"till": till.id, "card": env.ref("__demo__.b2b2c_member_olena").code}
