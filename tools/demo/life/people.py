"""Offices and shops of the demo company, and the people who take part there."""

from datetime import timedelta

from odoo import fields

#: Office -> its employees who order.
OFFICES = {
    "Architects Horyzont": ("Iryna Bondar", "Maksym Hrytsenko"),
    "Clinic Zdorovia": ("Svitlana Moroz",),
    "Law Firm Savchuk": ("Yulia Savchuk", "Denys Klymenko"),
    "School of Languages Mova": ("Larysa Polishchuk",),
    "Transport Dnister": ("Viktor Rudenko",),
    "Studio Kvadrat": ("Anastasia Lysenko",),
}
#: Shop -> its owner and its salespeople.
SHOPS = {
    "Paper Corner": ("Halyna Oliinyk", ("Roman Petrenko", "Sofia Marchenko")),
    "Office World": ("Andrii Ponomarenko", ("Kateryna Vasylenko", "Ivan Tkach")),
    "Stationery 24": ("Mykola Zaiets", ("Oleksandra Bila",)),
}
TOWNS = ("Kyiv", "Lviv", "Odesa", "Dnipro", "Kharkiv", "Vinnytsia")


def add_offices(env, since, rng):
    """Create the offices; return the contacts who order."""
    contacts = env["res.partner"]
    for number, (name, people) in enumerate(OFFICES.items()):
        office = _add_company(env, name, TOWNS[number % len(TOWNS)])
        for person in people:
            contact = env["res.partner"].create(
                {
                    "name": person,
                    "parent_id": office.id,
                    "email": f"{_mail(person)}@{_mail(name)}.example",
                    "function": "Office manager",
                }
            )
            private = env["res.partner"].create(
                {"name": person, "email": f"{_mail(person)}@example.com"}
            )
            values = {"contact_id": contact.id}
            _enroll(env, private, office, "employee", since, rng, **values)
            contacts += contact
    return contacts


def add_shops(env, since, rng):
    """Create the shops.

    :return: shop -> (owner, salespeople), ``b2b2c.member`` records
    """
    shops = {}
    for number, (name, (owner, sellers)) in enumerate(SHOPS.items()):
        shop = _add_company(env, name, TOWNS[-1 - number])
        people = [_add_person(env, person, name) for person in (owner, *sellers)]
        members = [
            _enroll(env, person, shop, role, since, rng)
            for person, role in zip(
                people, ("owner", *("salesperson" for _seller in sellers)), strict=True
            )
        ]
        shops[shop] = members[0], members[1:]
    return shops


def _add_company(env, name, town):
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "city": town,
            "country_id": env.ref("base.ua").id,
            "email": f"office@{_mail(name)}.example",
        }
    )


def _add_person(env, name, shop):
    return env["res.partner"].create(
        {"name": name, "email": f"{_mail(name)}@{_mail(shop)}.example"}
    )


def _mail(name):
    return name.lower().replace(" ", "-")


def _enroll(env, person, company, role, since, rng, **values):
    """Let somebody take part since some day of the first weeks."""
    joined = min(since + timedelta(days=rng.randint(0, 60)), fields.Datetime.now())
    return env["b2b2c.member"].create(
        {
            "partner_id": person.id,
            "employer_id": company.id,
            "role": role,
            "consent_at": joined,
            "enrolled_at": joined,
            **values,
        }
    )
