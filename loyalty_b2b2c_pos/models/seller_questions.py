"""Answers to what a till asks about sellers, see ``pos.config``.

Each takes the till as superuser, and the user who asks.
"""

from odoo.fields import Domain
from odoo.tools import consteq

from . import till_people
from .seller_today import SellerToday

#: So many people are shown at once; who is not among them is searched for.
_SHOWN = 20
#: PINs that are tried for one employee within the hour, right ones too.
_PINS = 10


def find_sellers(config, user, words):
    """Return who may have sold at a till, see ``pos.config.b2b2c_find_sellers``.

    :param str words: a part of the name
    """
    env, named = config.env, Domain("name", "ilike", words)
    sells = env["b2b2c.role"]._get_role_codes("sells")
    members = env["b2b2c.member"].search(
        till_people.get_members_domain(config)
        & Domain("state", "=", "enrolled")
        & Domain("role", "in", sells)
        & named,
        order="name, id",
        limit=_SHOWN + 1,
    )
    model, domain = till_people.get_people_domain(config, user)
    people = env[model].search(domain & named, order="name, id", limit=_SHOWN + 1)
    known = members.partner_id | members.contact_id
    # a person with two memberships is one seller
    found = [*{member.partner_id: member for member in reversed(members)}.values()]
    found += [one for one in people if not till_people.get_contacts(one) & known]
    found.sort(key=lambda one: (one.name or "").casefold())
    stranger = env._("takes no part yet")
    return {
        "sellers": [
            {
                "token": till_people.make_token(config, person),
                "name": person.name,
                "note": "" if person._name == "b2b2c.member" else stranger,
            }
            for person in found[:_SHOWN]
        ],
        "more": len(found) > _SHOWN,
    }


def tell_own_points(config, user, employee_id, pin):
    """Return the own day of who is logged in, see ``pos.config.b2b2c_get_my_points``.

    :param int employee_id: who is logged in, where employees do
    :param str pin: as it was typed
    """
    env, person = config.env, user.sudo()
    if till_people.uses_employees(config):
        model, domain = till_people.get_people_domain(config, user)
        person = env[model].search(domain & Domain("id", "=", employee_id))
        refusal = _refuse(config, person, user, pin)
        if refusal:
            return refusal
    seller = env["b2b2c.till.seller"]._find(
        (config.company_id.id, person._name, person.id)
    )
    if seller:
        ids = seller._find_participant(config, user)
    else:
        member = seller._find_alike(config, user, person)
        ids = member.partner_id.id, member.employer_id.id
    partner, employer = (env["res.partner"].browse(one or ()) for one in ids)
    if not partner:
        return _say(
            env._(
                "%s takes no part in the program yet. Sales are kept; ask your "
                "manager.",
                person.name,
            )
        )
    return {
        "name": person.name,
        **SellerToday(config, seller, partner, employer).tell(),
    }


def _refuse(config, employee, user, pin):
    """Return why an employee is shown nothing yet, ``None`` when nothing is wrong.

    :param employee: who is logged in; empty: nobody of this till
    """
    env = config.env
    if not employee:
        return _say(env._("You are not one of the people of this till."))
    if employee.user_id == user:
        return None
    if not employee.pin:
        return _say(
            env._(
                "Only somebody with a PIN sees own points here. Ask for one, or look "
                "at your own page."
            )
        )
    if not pin:
        return {"asks_pin": True}
    tries = {f"till-pin/e{employee.id}": _PINS}
    if not env["b2b2c.hour.count"]._count_apart(config.company_id, tries):
        return _say(env._("Asked too often. Try again in an hour."))
    if not consteq(pin.encode(), employee.pin.encode()):
        return _say(env._("This is not your PIN."))
    return None


def _say(problem):
    return {"problem": problem}
