from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .member_code import read_code


class B2b2cMemberFind(models.Model):
    """Finds participants by what they tell or show at a counter."""

    _inherit = "b2b2c.member"

    @api.model
    def _find_in_force(
        self, company, *, member_id=None, phone=None, email=None, code=None
    ):
        """Return the memberships of a person that are in force in a company.

        One value is enough; when there are several, all must fit.

        :param company: ``res.company``
        :param phone: as dialled in the company's country, or international
        :param code: as scanned or typed, see :func:`.member_code.read_code`
        :return: records of the superuser, the oldest first; empty when the person is
            unknown or not enrolled
        """
        members = self.sudo()
        if not (member_id or phone or email or code):
            return members.browse()
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("state", "in", ("enrolled", "suspended"))
        if member_id:
            domain &= Domain("id", "=", member_id)
        if code:
            domain &= Domain("code", "=", read_code(code) or "-")
        if email:
            address = email_normalize(email) or "-"
            domain &= Domain("partner_id.email_normalized", "=", address)
        if phone:
            number = company.partner_id._phone_format(
                number=phone, country=company.country_id, force_format="E164"
            )
            domain &= Domain("partner_id.phone_sanitized", "=", number or "-")
        return members.search(domain, order="enrolled_at, id")
