"""The price guard of contacts: nobody chooses the price list of a managed dealer."""

from odoo.exceptions import UserError

PRICELIST = "specific_property_product_pricelist"
#: What makes a dealer somebody else's, or somebody else's prices the dealer's.
_IDENTITY = ("parent_id", "is_company")
LOCKED = {PRICELIST, "grade_id", *_IDENTITY}


def check_contacts(partners, vals):
    """Refuse to change what the ladder of a dealer decides.

    A contact may get what its company has: core keeps them the same.

    :param partners: ``res.partner`` in the environment of who writes ``vals``
    :raise UserError: values change it
    """
    standings = partners.env["b2b2c.ladder.standing"].sudo()
    if not any(standings._get_dealer_companies().values()):
        return
    companies = partners.commercial_partner_id
    for standing in standings.search([("partner_id", "in", companies.ids)]):
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


def get_changes(partner, vals, standing):
    """Return the names of locked fields that values change for a contact.

    :param partner: one ``res.partner``
    :param standing: dealer whose company this contact is, or belongs to
    """
    names = set()
    company, shown = standing.partner_id, partner.sudo()
    if PRICELIST in vals and standing.ladder_id.benefit != "bonus":
        own = shown.with_company(standing.company_id)[PRICELIST]
        right = company.with_company(standing.company_id)[PRICELIST]
        # a property has a value for each company: others are no affair of ours
        is_here = standing.company_id == partner.env.company
        if is_here and vals[PRICELIST] not in (own.id, right.id):
            names.add(PRICELIST)
    if partner == company:
        for name in ("grade_id", *_IDENTITY):
            if name in vals:
                before = shown._fields[name].convert_to_write(shown[name], partner)
                if before != (vals[name] or False):
                    names.add(name)
    return names
