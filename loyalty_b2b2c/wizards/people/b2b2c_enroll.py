from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...models.people.addresses import Reach, get_example_phone, read_phone


class B2b2cEnroll(models.TransientModel):
    """Enroll a contact: creates the private contact when the person has a parent.

    Nobody becomes a second participant by the way: who surely takes part already is the
    same person, and where that is not sure, the wizard asks.
    """

    _name = "b2b2c.enroll"
    _description = "Enroll a Participant"
    _inherit = ["b2b2c.dialog", "b2b2c.role"]

    contact_id = fields.Many2one("res.partner", readonly=True)
    employer_id = fields.Many2one(
        "res.partner", string="Company or Shop", required=True
    )
    role = fields.Selection(
        default=lambda self: self._get_role_codes("decides_purchases")[0]
    )
    name = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    consent = fields.Boolean(
        string="The person agreed to take part",
        help="Points are personal data; keep the proof of the agreement.",
    )
    employer_consent = fields.Boolean(string="The employer agrees")
    invite = fields.Boolean(string="Invite to the portal now", default=True)

    # Who it may be
    alike_ids = fields.Many2many("res.partner", compute="_compute_known")
    member_id = fields.Many2one("b2b2c.member", compute="_compute_known")
    known_text = fields.Char(compute="_compute_known")
    contact_text = fields.Char(compute="_compute_known")
    phone_example = fields.Char(compute="_compute_phone_example")
    phone_problem = fields.Char(compute="_compute_problems")
    email_problem = fields.Char(compute="_compute_problems")
    person_id = fields.Many2one(
        "res.partner",
        string="The Same Person As",
        domain="[('id', 'in', alike_ids)]",
    )
    is_somebody_else = fields.Boolean(string="Somebody else")

    @api.depends(
        "name", "phone", "email", "contact_id", "role", "employer_id", "company_id",
        "person_id",
    )  # fmt: skip
    def _compute_known(self):
        """Show who takes part already with the name and addresses entered."""
        for wizard in self:
            person, alike = wizard._find_person()
            wizard.alike_ids = alike
            if wizard.person_id in alike:
                person, alike = wizard.person_id, alike.browse()
            wizard.member_id = wizard._find_membership(person)
            wizard.known_text = (
                wizard.member_id._word_enrolled()
                if wizard.member_id
                else wizard._word_alike(alike)
                if alike
                else False
            )
            wizard.contact_text = wizard._word_contact(person)

    @api.depends("employer_id", "contact_id", "company_id")
    def _compute_phone_example(self):
        """Show how a number is written where the person works."""
        for wizard in self:
            country = wizard._get_country()
            wizard.phone_example = get_example_phone(country)

    @api.depends("phone", "email", "employer_id", "contact_id")
    @api.depends_context("lang")
    def _compute_problems(self):
        """Say at an address that it is none, while it is typed."""
        for wizard in self:
            reach = wizard._get_reach()
            wizard.phone_problem = (
                (wizard.phone or "").strip()
                and not reach.phone
                and (
                    self.env._(
                        "This is no phone number. Write it with the country code."
                    )
                )
            )
            wizard.email_problem = (
                (wizard.email or "").strip()
                and not reach.email
                and (self.env._("This is no e-mail address."))
            )

    @api.model
    def _open(self, contact):
        """Return the action that enrolls ``contact``, a company or its person."""
        is_company = contact.is_company
        wizard = self.create(
            {
                "contact_id": False if is_company else contact.id,
                "employer_id": contact.commercial_partner_id.id,
                "name": False if is_company else contact.name,
                "phone": False if is_company else contact.phone,
                "email": False if is_company else contact.email,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enroll a Participant"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_enroll(self):
        """Create the participant, invite when asked, and open the record.

        Somebody who takes part already in this role is opened as he is.
        """
        self.ensure_one()
        member = self._find_membership(self._choose_person())
        if not member:
            member = self._enroll()
            if self.invite and member.email:
                member.action_invite()
        return {
            "type": "ir.actions.act_window",
            "res_model": "b2b2c.member",
            "res_id": member.id,
            "views": [(False, "form")],
        }

    def _enroll(self):
        """Create and return the participant.

        :raise UserError: the person takes part already, or may be somebody who does
        """
        if not (self.name or "").strip():
            raise UserError(self.env._("Enter the person's name."))
        if not self.consent:
            raise UserError(
                self.env._(
                    "Nobody is enrolled without agreeing. Ask the person and tick the "
                    "box."
                )
            )
        person = self._choose_person()
        self._find_membership(person)._refuse_twice()
        person = self._fill_in(person) if person else self._create_person()
        contact = self.contact_id or self._find_contact(
            Domain("commercial_partner_id", "=", self.employer_id.id)
            & Domain("parent_id", "!=", False)
        )
        contact = contact if contact.parent_id else False
        member = self.env["b2b2c.member"].create(self._prepare_member(person, contact))
        member._see_addresses(person, self._get_seen(person))
        return member

    def _get_seen(self, person):
        """Return which addresses of a person are those entered here."""
        entered, known = self._get_reach(), person.sudo()._get_loyalty_reach()
        return [
            name
            for name in ("phone", "email")
            if getattr(entered, name) == getattr(known, name)
        ]

    def _prepare_member(self, person, contact):
        """Return the values of the participant, each package adds its own.

        :param person: the private contact
        :param contact: the contact of the company that stands for it, if any
        """
        return {
            "partner_id": person.id,
            "contact_id": contact.id if contact else False,
            "employer_id": self.employer_id.commercial_partner_id.id,
            "role": self.role,
            "company_id": self.company_id.id,
            "consent_at": fields.Datetime.now(),
            "employer_consent": self.employer_consent,
        }

    # === WHO IT IS === #

    def _find_person(self):
        """Find who is meant among the people who take part already.

        :return: ``(person, alike)``, both ``res.partner``: the private contact of the
            person, empty for somebody new; people who may be the same, and nobody knows
        """
        Member = self.env["b2b2c.member"]
        contact = self.contact_id
        own = Member.search([("contact_id", "in", contact.ids)], limit=1).partner_id
        if contact and not contact.parent_id:
            own = contact
        reach = self._get_reach()
        if Member.search_count([("partner_id", "in", own.ids)], limit=1):
            return own, own.browse()
        alike = Member._find_people(
            self.company_id, phone=reach.phone, email=reach.email
        ).filtered(lambda known: not known._get_loyalty_reach().is_other(reach))
        alike = alike.with_env(self.env)
        if len(alike) == 1 and alike._get_loyalty_reach().is_same(reach):
            return alike, alike.browse()
        if not own and not alike and not contact:
            own = self._find_contact(Domain("parent_id", "=", False))
        return own, alike

    def _find_contact(self, domain):
        """Return the contact of a person who is surely the one that is entered: nobody
        gets a second one.

        :param domain: which contacts may be meant
        :return: ``res.partner``, empty for somebody new, and when there are several
        """
        reach = self._get_reach()
        addresses = [
            Domain(name, "=", address)
            for name, address in (
                ("phone_sanitized", reach.phone),
                ("email_normalized", reach.email),
            )
            if address
        ]
        contacts = self.env["res.partner"]
        if not addresses or not contacts.has_access("read"):
            return contacts
        found = contacts.search(
            domain
            & Domain("is_company", "=", False)
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain.OR(addresses)
        ).filtered(lambda one: one._get_loyalty_reach().is_same(reach))
        return found if len(found) == 1 else contacts

    def _word_contact(self, person):
        """Return that a contact there is will be used, ``""`` for who takes part."""
        if not person or person == self.contact_id or self.member_id or self.alike_ids:
            return ""
        return self.env._("%s is a contact already, and stays one.", person.name)

    def _get_country(self):
        """Return the country whose numbers are written without a country code."""
        own = (self.contact_id or self.employer_id).country_id
        return own or self.company_id.country_id

    def _get_reach(self):
        """Return what was entered about the person in normal form."""
        phone = (self.phone or "").strip()
        return Reach(
            self.name or "",
            phone and read_phone(phone, self._get_country()),
            email_normalize(self.email) or "",
        )

    def _choose_person(self):
        """Return the private contact of the person, empty for somebody new.

        An existing participant of the same contact or with the same addresses is taken
        again, so one person enrolled in two roles is one contact.

        :raise UserError: somebody else may be the same person, and nobody said so
        """
        person, alike = self._find_person()
        if self.person_id and self.person_id in alike:
            return self.person_id
        if alike and not self.is_somebody_else:
            raise UserError(self._word_alike(alike))
        return person

    def _word_alike(self, people):
        """Return that people have the phone number or e-mail, as a question."""
        return self.env._(
            "%s has this phone number or e-mail and takes part already. Choose whether "
            "it is the same person or somebody else.",
            ", ".join(people.mapped("name")),
        )

    def _find_membership(self, person):
        """Return the membership the person has already in this role, if any."""
        return self.env["b2b2c.member"]._find_membership(
            person, self.role, self.employer_id.commercial_partner_id, self.company_id
        )

    def _fill_in(self, person):
        """Keep what was entered about a known person, and return it.

        The contact the wizard was opened on takes everything, others only what they
        lack.
        """
        values = {"name": self.name, "phone": self.phone, "email": self.email}
        changed = {key: value for key, value in values.items() if value != person[key]}
        if person == self.contact_id:
            if changed:  # who may not write contacts may enroll them as they are
                person.write(changed)
        elif missing := {k: v for k, v in values.items() if v and not person[k]}:
            self.env["b2b2c.member"].check_access("create")
            person.sudo().write(missing)
        return person

    def _create_person(self):
        """Create and return a private contact.

        Enrolling is the right of every loyalty user; creating contacts may not be.
        """
        self.env["b2b2c.member"].check_access("create")
        known = self.contact_id or self.employer_id
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "phone": self.phone,
                    "email": self.email,
                    "is_company": False,
                    "country_id": known.country_id.id,
                    "lang": known.lang,
                    "company_id": False,
                }
            )
        )
