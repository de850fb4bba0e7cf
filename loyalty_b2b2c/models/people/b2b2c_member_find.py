from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...exceptions import AmbiguousPerson
from .member_code import read_code


class B2b2cMemberFind(models.Model):
    """Finds participants by what they tell or show at a counter."""

    _inherit = "b2b2c.member"

    @api.model_create_multi
    def create(self, vals_list):
        """Let no client enroll a person twice under two contacts."""
        members = super().create(vals_list)
        if not self.env.su:
            members._check_not_twice()
        return members

    def _check_not_twice(self):
        """Refuse memberships of somebody who has the same one under another contact.

        :raise UserError: says since when
        """
        for member in self.sudo():
            reach = member.partner_id._get_loyalty_reach()
            people = self._find_people(
                member.company_id, phone=reach.phone, email=reach.email
            )
            for person in people - member.partner_id:
                if person._get_loyalty_reach().is_same(reach):
                    member._find_same(person)._refuse_twice()

    def _find_same(self, person):
        """Return the membership in force that is this one under another contact."""
        self.ensure_one()
        return self._find_membership(
            person, self.role, self.employer_id, self.company_id
        )

    @api.model
    def _find_membership(self, person, role, employer, company):
        """Return the membership of a person that is in force, empty without one."""
        return self.search(
            [
                ("partner_id", "in", person.ids),
                ("role", "=", role),
                ("employer_id", "=", employer.id),
                ("company_id", "=", company.id),
                ("state", "in", ("enrolled", "suspended")),
            ],
            limit=1,
        )

    def _refuse_twice(self):
        """Refuse to enroll the person of this membership again; nothing if empty.

        :raise UserError: says since when
        """
        if self:
            raise UserError(self._word_enrolled())

    def _word_enrolled(self):
        """Return that the person takes part, in which role, where and since when."""
        self.ensure_one()
        return self.env._(
            "%(name)s takes part already as %(role)s at %(employer)s since %(since)s.",
            name=self.name,
            role=self._get_role_label(),
            employer=self.employer_id.name,
            since=fields.Date.to_string(self.enrolled_at),
        )

    @api.model
    def _find_in_force(
        self, company, *, member_id=None, phone=None, email=None, code=None
    ):
        """Return the memberships of a person that are in force in a company.

        One value is enough; when there are several, all must fit.  An address counts
        where it was proved (:class:`~.b2b2c_address_proof.B2b2cAddressProof`): who
        writes somebody else's number on his own page is not found by it.

        :param company: ``res.company``
        :param phone: as dialled in the company's country, or international
        :param code: as scanned or typed, see :func:`.member_code.read_code`
        :return: records of the superuser, the oldest first; empty when the person is
            unknown or not enrolled
        :raise AmbiguousPerson: several people have this phone number or e-mail
        """
        return self._search_in_force(
            company, member_id=member_id, phone=phone, email=email, code=code
        )._check_one_person()

    @api.model
    def _search_in_force(
        self, company, *, member_id=None, phone=None, email=None, code=None
    ):
        """Return the memberships in force that fit, of several people perhaps.

        For callers that ask who of them is meant; see :meth:`_find_in_force`.
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
            address = email_normalize(email)
            domain &= self._has_address("email_normalized", address, is_proved=True)
        if phone:
            number = company.partner_id._phone_format(
                number=phone, country=company.country_id, force_format="E164"
            )
            domain &= self._has_address("phone_sanitized", number, is_proved=True)
        return members.search(domain, order="enrolled_at, id")

    @api.model
    def _has_address(self, name, address, is_proved):
        """Return the domain of the members whose person has an address.

        :param str name: field of the contact
        :param address: in normal form; empty for what is none: nobody has it
        :param bool is_proved: whether that it was written down is not enough
        """
        address = address or "-"
        domain = Domain(f"partner_id.{name}", "=", address)
        if is_proved:
            holders = self.env["b2b2c.address.proof"].sudo()._get_holders(address)
            # nobody's address is looked for all the same: time tells nothing
            domain &= Domain("partner_id", "in", holders or [-1])
        return domain

    def _check_one_person(self):
        """Return these memberships, all of one person.

        :raise AmbiguousPerson: they are of several people
        """
        if len(self.partner_id) > 1:
            raise AmbiguousPerson(
                self.env._(
                    "Several people take part with this phone number or e-mail; name "
                    "the person by the participant's code."
                )
            )
        return self

    @api.model
    def _find_people(self, company, *, phone=None, email=None, is_proved=False):
        """Return the private contacts of who takes part, or did, with an address.

        One of both addresses is enough.

        :param company: ``res.company`` that may see the contacts
        :param phone: in international form
        :param email: in normal form
        :param bool is_proved: only who proved it
        :return: ``res.partner`` of the superuser, the oldest first
        """
        addresses = []
        if email:
            addresses.append(self._has_address("email_normalized", email, is_proved))
        if phone:
            addresses.append(self._has_address("phone_sanitized", phone, is_proved))
        members = self.sudo().search(
            Domain("state", "!=", "merged")
            & Domain("partner_id.company_id", "in", (False, company.id))
            & Domain.OR(addresses)
        )
        return members.partner_id.sorted("id")
