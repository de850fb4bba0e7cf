"""Three partners of a network in the demo company, and a month that is settled.

Loaded for the pictures only: the figures of the demo company stay what they are.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from unittest.mock import patch

#: Login and password of the contact of the partner whose settlement is shown.
PARTNER = "anna"

#: Partner -> its shops: name, street, town, latitude, longitude, opening hours.
PARTNERS = {
    "Amber Jewellers": (
        ("Market Square", "Rynok 12", "Lviv", 49.8419, 24.0315, "Mon–Sat 10–19"),
        ("Opera", "Svobody 28", "Lviv", 49.8440, 24.0262, "daily 10–20"),
        ("Station", "Dvirtseva 1", "Lviv", 49.8397, 23.9939, "Mon–Fri 8–20"),
    ),
    "Golden Thread": (
        ("Halytska", "Halytska 5", "Lviv", 49.8390, 24.0330, "Mon–Fri 9–18"),
        ("Sykhiv", "Chervonoi Kalyny 62", "Lviv", 49.8016, 24.0564, "daily 9–21"),
    ),
    "Café Kolo": (
        ("Park", "Stryiska 45", "Lviv", 49.8261, 24.0178, "daily 8–22"),
        ("University", "Universytetska 1", "Lviv", 49.8404, 24.0223, ""),
    ),
}


def load(env):
    """Create the partners, what people did there last month, and a settlement sent.

    :return: dict with ``settlement`` (id) and ``partner`` (login and password)
    """
    env = env(context=dict(env.context, no_reset_password=True, tracking_disable=True))
    unit = env.ref("loyalty_b2b2c.unit_points")
    member = env.ref("__demo__.b2b2c_member_olena")
    account = member._get_account(unit)
    last = datetime.now().date().replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    agreements = [_add(env, name, unit) for name in PARTNERS]
    for number, agreement in enumerate(agreements):
        for step in range(6):
            shop = agreement.shop_ids[step % len(agreement.shop_ids)]
            day = first + timedelta(days=3 * step + number)
            _sell(env, account, shop, day, 40 + 15 * step + 7 * number, number, step)
    shop = agreements[0].shop_ids[0]
    for step, amount in enumerate(("6.50", "4.20")):
        _pay(env, member, unit, shop, first + timedelta(days=12 + step), amount, step)
    settlement = env["b2b2c.settlement"]._draft(agreements[0], first, last)
    settlement.action_send()
    env.cr.commit()
    return {"settlement": settlement.id}


def _add(env, name, unit):
    """Create a partner with shops, an agreement, and a login for its contact."""
    partner = env["res.partner"].create({"name": name, "is_company": True})
    shops = env["res.partner"].create(
        [
            {
                "name": shop,
                "type": "delivery",
                "parent_id": partner.id,
                "street": street,
                "city": town,
                "partner_latitude": latitude,
                "partner_longitude": longitude,
                "b2b2c_opening_hours": hours,
            }
            for shop, street, town, latitude, longitude, hours in PARTNERS[name]
        ]
    )
    contact = env["res.partner"].create(
        {
            "name": f"Books of {name}",
            "parent_id": partner.id,
            "email": f"books@{name.split()[0].lower()}.example",
        }
    )
    if not env["res.users"].search_count([("login", "=", PARTNER)]):
        env["res.users"].create(
            {
                "login": PARTNER,
                "password": PARTNER,
                "partner_id": contact.id,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
    rate = {
        "unit_id": unit.id,
        "valid_from": "2020-01-01",
        "point_value": 0.1,
        "earned_percent": 50,
        "spent_percent": 90,
    }
    agreement = env["b2b2c.partner.agreement"].create(
        {
            "partner_id": partner.id,
            "contact_id": contact.id,
            "starts_on": "2020-01-01",
            "shop_ids": [(6, 0, shops.ids)],
            "rate_ids": [(0, 0, rate)],
        }
    )
    agreement.action_activate()
    return agreement


def _sell(env, account, shop, day, points, number, step):
    """Let a sale at a shop give points."""
    ticket = f"R-{number}{step:03}"
    document = env["res.partner.category"].create({"name": ticket})
    env["b2b2c.partner.visit"]._note(document, env.company, shop, day, ticket)
    account._earn(
        points,
        source_key=f"demo/network/{ticket}",
        document_model=document._name,
        document_id=document.id,
        effective_at=datetime.combine(day, time(12)),
    )


def _pay(env, member, unit, shop, day, amount, step):
    """Let somebody pay with points at a shop, on a day of the last month."""
    from odoo.addons.loyalty_b2b2c.models.spends.spend_request import SpendRequest

    noon = datetime.fromisoformat(f"{day} 12:00:00+00:00")

    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return noon

    request = SpendRequest(
        member=member,
        unit=unit,
        amount=Decimal(amount),
        currency=env.company.currency_id,
        key=f"demo/network/{step}",
        name=f"R-9{step:03}",
        place=shop,
    )
    door = "odoo.addons.loyalty_b2b2c.models.ledger.ledger_door"
    with patch(f"{door}.datetime", Noon):
        env["b2b2c.spend"]._hold(request)._capture()
