"""The picture of a company that stands on labels, posters and phones."""

import base64


def get_own_logo(company):
    """Return the file of a company's logo, empty while it is Odoo's own.

    :param company: ``res.company``
    """
    company = company.sudo()
    if company.uses_default_logo or not company.logo:
        return b""
    return base64.b64decode(company.logo)
