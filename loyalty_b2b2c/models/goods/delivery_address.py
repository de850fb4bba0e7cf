"""Where a participant's goods may go: the person's own addresses, or a new one."""

from ...exceptions import RedemptionError
from ..rewards.b2b2c_reward_handler import Question

NEW = "new"
#: What a new address consists of, as columns of a contact.
_PARTS = ("street", "zip", "city")


def get_addresses(member):
    """Return the own contacts of a participant that have an address.

    The person, private addresses of the person, and the shop of who owns it.
    """
    person = member.partner_id
    own = person | person.child_ids
    if member._owns():
        own |= member.employer_id
    return own.filtered(lambda contact: contact.street and contact.city)


def word(contact):
    """Return an address in one line."""
    parts = (contact.street, contact.street2, contact.zip, contact.city)
    return ", ".join(part for part in parts if part)


def get_questions(env, addresses):
    """Return what has to be asked to know where the goods go.

    :param addresses: what :func:`get_addresses` returned
    """
    is_needed = not addresses
    hint = "" if is_needed else env._("Only for another address.")
    typed = (
        Question("street", env._("Street and number"), is_required=is_needed,
                 help=hint),
        Question("zip", env._("Postal code"), is_required=False),
        Question("city", env._("Town"), is_required=is_needed),
    )  # fmt: skip
    if is_needed:
        return typed
    options = [(str(contact.id), word(contact)) for contact in addresses]
    choice = Question(
        "address",
        env._("Deliver to"),
        kind="choice",
        options=(*options, (NEW, env._("Another address: write it below"))),
        value=options[0][0],
    )
    return (choice, *typed)


def read(env, answers):
    """Return which address was chosen, or what was written.

    :param dict answers: texts, each allowed by its question
    :return: ``{"contact_id": id}`` or ``{"typed": {column: text}}``
    :raise RedemptionError: a new address is not complete
    """
    chosen = answers.get("address", NEW)
    if chosen != NEW:
        return {"contact_id": int(chosen)}
    typed = {name: answers.get(name, "") for name in _PARTS}
    if not (typed["street"] and typed["city"]):
        sentence = env._("Write street and town of the address, please.")
        raise RedemptionError("answer", sentence)
    return {"typed": typed}


def get_contact(member, answer):
    """Return the contact of an address, a new private one if it was written.

    :param member: whose address it is
    :param dict answer: what :func:`read` returned
    """
    contacts = member.env["res.partner"]
    if "contact_id" in answer:
        return contacts.browse(answer["contact_id"])
    person, typed = member.partner_id, answer["typed"]
    for known in person | person.child_ids:  # written again: not another contact
        if all((known[name] or "") == text for name, text in typed.items()):
            return known
    return contacts.create(
        {
            **typed,
            "parent_id": person.id,
            "type": "delivery",
            "country_id": (person.country_id or member.company_id.country_id).id,
        }
    )
