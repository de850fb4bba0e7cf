from dataclasses import dataclass
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .addresses import is_same_name

#: Who left an employer still is of that employer for so long.
_LEFT_DAYS = 30
#: Who handles points, and so is nobody's second person in an own matter.
_RIGHTS = ("loyalty_b2b2c.group_user", "loyalty_b2b2c.group_terminal")


@dataclass(frozen=True)
class Interest:
    """Who somebody is, and what is good for whom is good for that person.

    :param people: ids of ``res.partner``: the contacts that are this person
    :param addresses: digests of the phones and e-mails the person has or had
    :param companies: ids of ``res.partner`` the contacts belong to
    """

    people: frozenset
    addresses: frozenset
    companies: frozenset

    def is_person(self, people, addresses):
        """Tell whether contacts or addresses are of this person."""
        return not (
            self.people.isdisjoint(people) and self.addresses.isdisjoint(addresses)
        )


class B2b2cAuthority(models.AbstractModel):
    """May this person decide this for that person: two people are two people.

    Nobody decides for himself: not through another membership, the contact that stands
    for him at a company, a second contact with one of his addresses, nor for a company
    he owns or works for, its people included.  Who asked does not approve, and must not
    gain either.

    Every deciding method asks here, by :func:`~.authority.decides` or by itself.
    """

    _name = "b2b2c.authority"
    _description = "Who May Decide for Whom"

    # === ASKING === #

    @api.model
    def _check_decision(self, records, gains, asked_by=None):
        """Refuse that the user decides about records.

        :param gains, asked_by: see :func:`~.authority.decides`
        :raise AccessError: the user may not even see them
        :raise UserError: the user gains by it, or asked for it
        """
        records.check_access("read")
        members, partners = self._get_gainers(records.sudo(), gains)
        self._check(self.env.user, members=members, partners=partners)
        for requester in records.sudo().mapped(asked_by) if asked_by else ():
            self._check_second(requester, members, partners)

    @api.model
    def _check(self, user, *, members=(), partners=(), texts=()):
        """Refuse that a user decides for these people and companies.

        :param user: ``res.users`` who decides
        :param members: ``b2b2c.member`` who gain
        :param partners: ``res.partner`` who gain, persons or companies
        :param texts: addresses of who gains and is no contact of ours yet
        :raise UserError: the user is one of them, or belongs to one of them
        """
        if self._gains(user, members, partners, texts):
            raise UserError(
                self.env._(
                    "This concerns you, or a company you belong to. Another person has "
                    "to decide."
                )
            )

    @api.model
    def _is_self(self, user, *, members=(), partners=(), texts=()):
        """Tell whether one of these people is the user himself."""
        if self._is_system(user):
            return False
        people = self._join_people(members, partners)
        own = self._get_interest(user)
        return own.is_person(people.ids, self._get_addresses(people, texts))

    @api.model
    def _are_same(self, people, others, texts=()):
        """Tell whether one of some contacts is one of others, or has an address.

        :param people, others: ``res.partner``, persons
        :param texts: further addresses of the others
        """
        people = self._follow_contacts(self._join_people((), people))
        others = self._follow_contacts(self._join_people((), others))
        if people & others:
            return True
        addresses = self._get_addresses(others, texts)
        return not self._get_addresses(people).isdisjoint(addresses)

    @api.model
    def _is_same_user(self, user, other):
        """Tell whether two users are one person.

        An e-mail is one person's, whoever has it today; people of an office share a
        phone, so the names have to agree as well.
        """
        if user == other or self._is_system(user) or self._is_system(other):
            return user == other
        if not other or not self._get_people(user).isdisjoint(self._get_people(other)):
            return bool(other)
        mails, former = self._get_mails(user)
        their_mails, their_former = self._get_mails(other)
        if mails & (their_mails | their_former) or former & their_mails:
            return True
        own, theirs = user.sudo().partner_id, other.sudo().partner_id
        phone = own.phone_sanitized
        return bool(phone) and (
            phone == theirs.phone_sanitized and is_same_name(own.name, theirs.name)
        )

    @api.model
    def _get_first_user(self, user):
        """Return the oldest login of an officer who has several: limits count there."""
        officers = self.env.ref("loyalty_b2b2c.group_officer").sudo().all_user_ids
        same = officers.filtered(lambda other: self._is_same_user(user, other))
        return same.sorted("id")[:1] or user

    @api.model
    def _find_staff(self, partners=(), texts=()):
        """Return the users with rights to handle points who are these people.

        :param partners: ``res.partner``, persons
        :param texts: addresses of who is no contact of ours yet
        """
        people = self._follow_contacts(self._join_people((), partners))
        mails, phones = self._split(
            [
                *people.mapped("email_normalized"),
                *people.mapped("phone_sanitized"),
                *texts,
            ]
        )
        users = self.env["res.users"].sudo()
        found = users.search(
            Domain("partner_id", "in", people.ids)
            | Domain("login", "in", mails + phones)
            | Domain("partner_id.email_normalized", "in", mails)
            | Domain("partner_id.phone_sanitized", "in", phones)
        )
        return found.filtered(
            lambda user: any(user.has_group(group) for group in _RIGHTS)
        )

    # === WHO GAINS === #

    def _check_second(self, requester, members, partners):
        """Refuse the user as the second person of who asked.

        :raise UserError: it is the same person, or who asked gains
        """
        if self._is_same_user(self.env.user, requester):
            raise UserError(self.env._("Another person approves what you asked for."))
        if self._gains(requester, members, partners):
            raise UserError(
                self.env._(
                    "Who asked for this gains by it: refuse it, and let somebody else "
                    "ask."
                )
            )

    def _get_gainers(self, records, gains):
        """Return who gains, ``(members, partners)``, with superuser rights."""
        members, partners = self.env["b2b2c.member"], self.env["res.partner"]
        found = {members._name: members.sudo(), partners._name: partners.sudo()}
        for path in gains:
            gainers = records.mapped(path) if path else records
            found[gainers._name] |= gainers
        return found["b2b2c.member"], found["res.partner"]

    def _gains(self, user, members=(), partners=(), texts=()):
        """Tell whether a decision for these people is good for the user."""
        if self._is_system(user):
            return False
        own = self._get_interest(user)
        people = self._join_people(members, partners)
        if own.is_person(people.ids, self._get_addresses(people, texts)):
            return True
        # end customers belong to the shop where they buy as little as to any other
        companies = self.env["res.partner"].sudo()
        for member in members:
            if not member._buys_anywhere():
                companies |= member.employer_id
        for partner in partners:
            companies |= partner.commercial_partner_id
        return not own.companies.isdisjoint(companies.ids) or self._works_at(
            own, companies
        )

    def _works_at(self, own, companies):
        """Tell whether a person owns or works for one of some companies, or did until
        a short time ago.

        :param own: :class:`Interest` of the person
        :param companies: ``res.partner``
        """
        since = fields.Datetime.now() - timedelta(days=_LEFT_DAYS)
        former = self.env["b2b2c.former.address"].sudo()
        if former._has_left(own.people, companies, since):
            return True
        roles = {
            role
            for ability in ("owns", "sells", "is_staff", "decides_purchases")
            for role in self.env["b2b2c.role"]._get_role_codes(ability)
        }
        members = self._search_members(
            Domain("employer_id", "in", companies.ids)
            & Domain("role", "in", sorted(roles))
            & (Domain("left_at", "=", False) | Domain("left_at", ">", since))
        )
        people = members.partner_id | members.contact_id
        return own.is_person(people.ids, self._get_addresses(people))

    def _join_people(self, members, partners):
        """Return the persons among members and contacts, with superuser rights."""
        people = self.env["res.partner"].sudo().with_context(active_test=False)
        for member in members:
            member = member._get_survivor()
            people |= member.partner_id | member.contact_id
        for partner in partners:
            if not partner.is_company:
                people |= partner
        return people

    # === WHO SOMEBODY IS === #

    def _is_system(self, user):
        """Tell whether nobody decides: a scheduled action, a reaction to a document."""
        return user.id == SUPERUSER_ID

    def _get_interest(self, user):
        """Return the :class:`Interest` of a user."""
        ids = self._get_people(user)
        people = self.env["res.partner"].sudo().browse(ids)
        return Interest(
            people=ids,
            addresses=self._get_addresses(people, [user.sudo().login]),
            companies=self._get_companies(people),
        )

    def _get_people(self, user):
        """Return the ids of the contacts that are a user: the own one, those with whom
        the user takes part, and those that stand for the user at a company."""
        own = user.sudo().partner_id.with_context(active_test=False)
        mails, phones = self._split(self._get_texts(user))
        alike = self._search_members(
            Domain("partner_id.email_normalized", "in", mails)
            | Domain("partner_id.phone_sanitized", "in", phones)
            | Domain("contact_id.email_normalized", "in", mails)
            | Domain("contact_id.phone_sanitized", "in", phones)
        )
        people = own | alike.partner_id | alike.contact_id
        return frozenset(self._follow_contacts(people).ids)

    def _follow_contacts(self, people):
        """Return contacts with the persons they stand for, and the other way round."""
        members = self._search_members(
            Domain("partner_id", "in", people.ids)
            | Domain("contact_id", "in", people.ids)
        )
        return people | members.partner_id | members.contact_id

    def _get_companies(self, people):
        """Return the ids of the companies whose contacts these are.

        Not ours: who works for us often is a contact of our own company.
        """
        companies = people.commercial_partner_id
        return frozenset(companies.filtered(lambda p: not p.ref_company_ids).ids)

    def _search_members(self, domain):
        members = self.env["b2b2c.member"].sudo().with_context(active_test=False)
        return members.search(domain & Domain("erased_at", "=", False))

    # === ADDRESSES === #

    def _get_addresses(self, people, texts=()):
        """Return digests of the addresses that contacts have and had.

        :param people: ``res.partner`` with superuser rights
        :param texts: further addresses
        """
        former = self.env["b2b2c.former.address"].sudo()
        mails, phones = self._split(
            [
                *people.mapped("email_normalized"),
                *people.mapped("phone_sanitized"),
                *people.user_ids.mapped("login"),
                *texts,
            ]
        )
        known = {former._digest(text) for text in mails + phones}
        return frozenset(known | former._get_digests(people))

    def _get_texts(self, user):
        """Return the addresses a user has now, the login among them."""
        own = user.sudo().partner_id
        return [own.email_normalized, own.phone_sanitized, user.sudo().login]

    def _get_mails(self, user):
        """Return digests of a user: of the e-mails now, of all addresses before."""
        former = self.env["b2b2c.former.address"].sudo()
        mails, _phones = self._split(self._get_texts(user))
        return {former._digest(mail) for mail in mails}, former._get_digests(
            user.sudo().partner_id
        )

    def _split(self, texts):
        """Return ``(e-mails, phones)`` in normal form; other texts are none."""
        texts = [text for text in texts if text]
        mails = {email_normalize(text) for text in texts if "@" in text} - {False}
        return sorted(mails), sorted({text for text in texts if text[0] == "+"})
