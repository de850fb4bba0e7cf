"""The price guard of contacts: nobody chooses the price list of a managed dealer."""

from odoo.exceptions import UserError

PRICELIST = "specific_property_product_pricelist"
#: The level, and what makes a dealer somebody else's: the same for all companies.
_OWN = ("grade_id", "parent_id", "is_company")
LOCKED = {PRICELIST, *_OWN}


def check_contacts(partners, vals):
    """Refuse to change what the ladder of a dealer decides.

    A contact may get what its company has: core keeps them the same.

    :param partners: ``res.partner`` in the environment of who writes ``vals``
    :raise UserError: values change it
    """
    standings = partners.env["b2b2c.ladder.standing"].sudo()
    if not _may_matter(partners.env, vals):
        return
    customers = partners.commercial_partner_id
    for standing in standings.search([("partner_id", "in", customers.ids)]):
        company = standing.partner_id
        contacts = [
            partner for partner in partners if partner.commercial_partner_id == company
        ]
        if any(get_changes(contact, vals, standing) for contact in contacts):
            raise UserError(
                partners.env._(
                    "%(dealer)s is a dealer of “%(ladder)s”, which decides on its "
                    "price list, level and company. Let the dealer go first.",
                    dealer=company.name,
                    ladder=standing.ladder_id.name,
                )
            )


def _may_matter(env, vals):
    """Tell, without a query, whether these values can be a dealer's.

    A price list is of the company somebody works in, the rest of all companies.
    """
    companies = env["b2b2c.ladder.standing"]._get_dealer_companies()
    if PRICELIST in vals and companies.get(env.company.id):
        return True
    return any(companies.values()) and not vals.keys().isdisjoint(_OWN)


def get_changes(partner, vals, standing):
    """Return the names of locked fields that values change for a contact.

    :param partner: one ``res.partner``
    :param standing: dealer whose company this contact is, or belongs to
    """
    names = set()
    company, shown = standing.partner_id, partner.sudo()
    if PRICELIST in vals and standing.ladder_id.benefit != "bonus":
        here = partner.env.company
        own = shown.with_company(here)[PRICELIST]
        right = company.with_company(here)[PRICELIST]
        # a property has a value for each company: others are no affair of ours
        is_here = here in standing._get_priced_companies()
        if is_here and vals[PRICELIST] not in (own.id, right.id):
            names.add(PRICELIST)
    if partner == company:
        for name in vals.keys() & set(_OWN):
            before = shown._fields[name].convert_to_write(shown[name], partner)
            if before != (vals[name] or False):
                names.add(name)
    return names
