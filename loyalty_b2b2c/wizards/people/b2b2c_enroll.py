from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cEnroll(models.TransientModel):
    """Enroll a contact: creates the private contact when the person has a parent."""

    _name = "b2b2c.enroll"
    _description = "Enroll a Participant"
    _inherit = "b2b2c.role"

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
        """Create the participant, invite when asked, and open the record."""
        self.ensure_one()
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
        """Create and return the participant."""
        if not (self.name or "").strip():
            raise UserError(self.env._("Enter the person's name."))
        if not self.consent:
            raise UserError(
                self.env._(
                    "Nobody is enrolled without agreeing. Ask the person and tick the "
                    "box."
                )
            )
        person = self._get_person()
        contact = self.contact_id if self.contact_id != person else False
        return self.env["b2b2c.member"].create(self._prepare_member(person, contact))

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

    def _get_person(self):
        """Return the private contact of the person, created when needed.

        An existing private participant of the same contact is taken again, so one
        person enrolled in two roles is one contact.
        """
        values = {"name": self.name, "phone": self.phone, "email": self.email}
        contact = self.contact_id
        if contact and not contact.parent_id:
            contact.write(
                {key: value for key, value in values.items() if value != contact[key]}
            )
            return contact
        known = self.env["b2b2c.member"].search(
            [("contact_id", "=", contact.id)], limit=1
        )
        if contact and known:
            return known.partner_id
        # Enrolling is the right of every loyalty user; creating contacts may not be.
        self.env["b2b2c.member"].check_access("create")
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                dict(
                    values,
                    is_company=False,
                    country_id=(contact or self.employer_id).country_id.id,
                    lang=(contact or self.employer_id).lang,
                    company_id=False,
                )
            )
        )
