"""Who sells at a till: employees or users of Odoo, and participants of its shop.

A till names who sold by a token that the server gave it.  The token says that this
person was offered at this till, no more; whether the person sells in its shop is asked
when the sale is processed.
"""

from odoo.fields import Domain
from odoo.tools import consteq
from odoo.tools.misc import hmac

#: Letter of a token -> model of who sold.
KINDS = {"m": "b2b2c.member", "e": "hr.employee", "u": "res.users"}
_LETTERS = {model: letter for letter, model in KINDS.items()}
_SCOPE = "b2b2c-till-seller"
_LENGTH = 60  # of a token, at most


def make_token(config, person):
    """Return what a till sends back to say that a person sold.

    :param config: ``pos.config`` that the person is offered at
    :param person: a record of one of the models in :data:`KINDS`
    """
    letter = _LETTERS[person._name]
    return f"{letter}.{person.id}.{_sign(config, letter, person.id)}"


def read_token(config, token):
    """Return who a token names, empty for what was not given to this till.

    :return: a record, perhaps deleted since; ``None`` for a forged token
    """
    letter, _dot, rest = str(token)[:_LENGTH].partition(".")
    number, _dot, sign = rest.partition(".")
    model = KINDS.get(letter)
    is_known = model in config.env and number.isascii() and number.isdigit()
    if not is_known or not sign.isascii():
        return None
    person_id = int(number)
    if not consteq(sign, _sign(config, letter, person_id)):
        return None
    return config.env[model].browse(person_id)


def _sign(config, letter, person_id):
    message = f"{config.id}.{letter}.{person_id}"
    return hmac(config.env(su=True), _SCOPE, message)[:32]


def get_seller(order):
    """Return who sold a ticket as its till says, ``None`` when nobody did.

    Who was chosen, else who is logged in at the till.  What people order by themselves,
    at a kiosk or with their phone, nobody sold, whatever it says.

    :param order: ``pos.order`` as superuser
    :return: a record of one of the models in :data:`KINDS`
    """
    if order.source != "pos":
        return None
    if order.b2b2c_seller_token:
        return read_token(order.config_id, order.b2b2c_seller_token)
    if uses_employees(order.config_id):
        return order.employee_id or None
    return order.user_id or None


def uses_employees(config):
    """Tell whether employees log in at a till (module ``pos_hr``)."""
    return "module_pos_hr" in config._fields and (
        "employee_id" in config.env["pos.order"]._fields and config.module_pos_hr
    )


def get_shop(config):
    """Return the shop where a till stands, a company among contacts."""
    return (config.b2b2c_shop_id or config.company_id.partner_id).commercial_partner_id


def get_members_domain(config):
    """Return the domain of the participants of a till's shop, those who left too."""
    awarding = config.env["b2b2c.program"]._get_awarding_companies(config.company_id.id)
    return Domain("company_id", "in", list(awarding)) & Domain(
        "employer_id", "=", get_shop(config).id
    )


def get_people_domain(config, user):
    """Return the model and the domain of who may log in at a till.

    :param user: who opened it
    :return: ``("hr.employee" or "res.users", Domain)``
    """
    if uses_employees(config):
        return "hr.employee", Domain(config._employee_domain(user.id))
    groups = config.group_pos_user_id | config.group_pos_manager_id
    domain = Domain("company_ids", "in", config.company_id.ids)
    return "res.users", domain & Domain("all_group_ids", "in", groups.ids)


def get_contacts(person):
    """Return the contacts that are an employee or a user."""
    if person._name == "hr.employee":
        return person.work_contact_id | person.user_id.partner_id
    return person.partner_id
