from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.days import word_day
from .addresses import get_example_phone
from .member_code import new_code

# What the balances of a membership belong to.
_IDENTITY = {"partner_id", "employer_id", "company_id", "role"}
_BUTTON_ONLY = {
    "state",
    "left_at",
    "suspended_at",
    "archived_at",
    "merged_into_id",
    "code",
    "erased_at",
    "forfeits_points",
}


class B2b2cMember(models.Model):
    """A person in a role at an employer.

    The person is a contact *without* a parent company on purpose: a child contact
    of the shop would see all orders and invoices of the shop on the portal.
    """

    _name = "b2b2c.member"
    _description = "Participant"
    _inherit = ["b2b2c.role", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    # orders of a branch may name who takes part in the company above it
    _check_company_domain = models.check_company_domain_parent_of
    _rec_names_search = ["name", "email", "phone", "employer_id.name"]

    # Who
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    name = fields.Char(related="partner_id.name", store=True)
    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_code(),
        help="Shown as a QR code at a counter; it tells who the person is, no more.",
    )
    email = fields.Char(related="partner_id.email", readonly=False)
    phone = fields.Char(related="partner_id.phone", readonly=False)
    lang = fields.Selection(related="partner_id.lang", readonly=False)
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    active = fields.Boolean(default=True)

    # In which role, where
    role = fields.Selection(
        default=lambda self: self._get_role_codes("decides_purchases")[0],
        index=True,
        tracking=True,
    )
    employer_id = fields.Many2one(
        "res.partner",
        string="Company or Shop",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The customer this person works for, owns, or represents.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact on Documents",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', employer_id)]",
        help="The contact of the company that stands for this person on orders.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )

    # Membership
    state = fields.Selection(
        [
            ("enrolled", "Enrolled"),
            ("suspended", "Suspended"),
            ("left", "Left"),
            ("merged", "Merged"),
        ],
        required=True,
        default="enrolled",
        readonly=True,
        copy=False,
        tracking=True,
        string="Status",
    )
    enrolled_at = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        tracking=True,
        help="Documents dated from this moment on can earn.",
    )
    left_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    archived_at = fields.Datetime(readonly=True, copy=False)
    suspended_at = fields.Datetime(readonly=True, copy=False)
    merged_into_id = fields.Many2one(
        "b2b2c.member",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    merged_from_ids = fields.One2many("b2b2c.member", "merged_into_id")
    # hardly anybody: documents need not look for it with each member
    has_merged = fields.Boolean(compute="_compute_has_merged", store=True)
    consent_at = fields.Datetime(
        string="Consent Given",
        tracking=True,
        help="When the person agreed to take part.",
    )
    employer_consent = fields.Boolean(
        string="Employer Agrees",
        tracking=True,
        help="The employer knows and allows that this person is rewarded.",
    )

    program_ids = fields.Many2many(
        "b2b2c.program",
        string="Only in Programs",
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
        copy=False,
        help="The person takes part in these programs only; empty: in all. What was "
        "booked before stays.",
    )
    # the same ids in the member's own row: documents ask for no other table
    program_scope = fields.Json(compute="_compute_program_scope", store=True)

    # The person behind
    has_portal_user = fields.Boolean(compute="_compute_has_portal_user")
    other_membership_ids = fields.Many2many(
        "b2b2c.member", compute="_compute_other_memberships"
    )
    other_membership_count = fields.Integer(compute="_compute_other_memberships")
    portal_login_text = fields.Char(compute="_compute_portal_login_text")

    # Forgotten on request
    erased_at = fields.Datetime(
        string="Personal Data Erased", readonly=True, copy=False
    )
    forfeits_points = fields.Boolean(
        readonly=True,
        copy=False,
        help="Points that still come in lapse at once: the person was erased.",
    )

    _once_per_role = models.UniqueIndex(
        "(partner_id, role, employer_id, company_id) "
        "WHERE state IN ('enrolled', 'suspended')",
        "This person is already enrolled in this role at this company.",
    )
    _code_once = models.UniqueIndex("(code)", "This code belongs to somebody else.")
    _left_after_enrolled = models.Constraint(
        "CHECK (left_at IS NULL OR left_at >= enrolled_at)",
        "Nobody can leave before enrolling.",
    )

    def _init_column(self, column_name):
        """Give participants of an older version a code each, not one for all."""
        if column_name != "code":
            return super()._init_column(column_name)
        self.env.cr.execute("SELECT id FROM b2b2c_member WHERE code IS NULL")
        for (member_id,) in self.env.cr.fetchall():
            self.env.cr.execute(
                "UPDATE b2b2c_member SET code = %s WHERE id = %s",
                (new_code(), member_id),
            )
        return None

    # === COMPUTE METHODS === #

    @api.depends("name", "employer_id.name")
    def _compute_display_name(self):
        for member in self:
            employer = member.employer_id.name
            member.display_name = (
                f"{member.name} ({employer})" if employer else member.name
            )

    @api.depends("merged_from_ids")
    def _compute_has_merged(self):
        for member in self.with_context(active_test=False):
            member.has_merged = bool(member.merged_from_ids)

    @api.depends("partner_id.user_ids")
    def _compute_has_portal_user(self):
        for member in self:
            users = member.partner_id.sudo().user_ids
            member.has_portal_user = any(user._is_portal() for user in users)

    @api.depends("program_ids")
    def _compute_program_scope(self):
        for member in self:
            member.program_scope = member.sudo().program_ids.ids or None

    @api.depends("partner_id")
    def _compute_other_memberships(self):
        for member in self:
            others = self.with_context(active_test=False).search(
                [
                    ("partner_id", "=", member.partner_id.id),
                    ("id", "!=", member._origin.id),
                    ("state", "!=", "merged"),
                ]
            )
            member.other_membership_ids = others
            member.other_membership_count = len(others)

    @api.depends("partner_id.user_ids.login_date")
    @api.depends_context("lang")
    def _compute_portal_login_text(self):
        for member in self:
            seen = max(
                filter(None, member.partner_id.sudo().user_ids.mapped("login_date")),
                default=None,
            )
            member.portal_login_text = (
                self.env._("last seen %s", word_day(self.env, seen))
                if seen
                else self.env._("invited, never seen")
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("program_ids", "company_id")
    def _check_programs(self):
        for member in self:
            if member.sudo().program_ids.company_id - member.company_id:
                raise ValidationError(
                    self.env._("Choose programs of the participant's company.")
                )

    @api.constrains("partner_id", "employer_id")
    def _check_people(self):
        for member in self:
            person, employer = member.partner_id, member.employer_id
            if person.parent_id or person.is_company:
                raise ValidationError(
                    self.env._(
                        "“%s” must be a private contact without a parent company: on "
                        "the portal a company's contact sees all its orders. Use "
                        "“Enroll” on the contact, it creates the private contact.",
                        person.display_name,
                    )
                )
            if employer != employer.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Choose the company “%s” itself, not one of its contacts.",
                        employer.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "employer_id", "contact_id", "company_id")
    def _check_partner_company(self):
        """Refuse people and employers that belong to another company of ours."""
        for member in self:
            for partner in member.partner_id | member.employer_id | member.contact_id:
                if partner.company_id and partner.company_id != member.company_id:
                    raise ValidationError(
                        self.env._(
                            "“%(partner)s” belongs to %(theirs)s and cannot take part "
                            "at %(ours)s.",
                            partner=partner.display_name,
                            theirs=partner.company_id.name,
                            ours=member.company_id.name,
                        )
                    )

    @api.constrains("partner_id", "role", "employer_id", "enrolled_at", "left_at")
    def _check_overlap(self):
        for member in self.filtered(lambda m: m.state != "merged"):
            others = self.with_context(active_test=False).search(
                [
                    ("id", "!=", member.id),
                    ("partner_id", "=", member.partner_id.id),
                    ("role", "=", member.role),
                    ("employer_id", "=", member.employer_id.id),
                    ("company_id", "=", member.company_id.id),
                    ("state", "!=", "merged"),
                    "|",
                    ("left_at", "=", False),
                    ("left_at", ">", member.enrolled_at),
                ]
            )
            for other in others:
                if not member.left_at or other.enrolled_at < member.left_at:
                    raise ValidationError(
                        self.env._(
                            "%(name)s is already enrolled as %(role)s at "
                            "%(employer)s since %(since)s.",
                            name=member.name,
                            role=member._get_role_label(),
                            employer=member.employer_id.name,
                            since=fields.Date.to_string(other.enrolled_at),
                        )
                    )

    @api.model
    def _check_private(self, partners):
        """Refuse that participants become companies or contacts of companies.

        :param partners: ``res.partner`` records that would be one
        """
        domain = [("partner_id", "in", partners.ids), ("state", "!=", "merged")]
        member = self.search(domain, limit=1)
        if member:
            raise ValidationError(
                self.env._(
                    "%s takes part in a loyalty program and stays a private "
                    "contact. Create a second contact for the company.",
                    member.partner_id.name,
                )
            )

    @api.model
    def _check_nobody_takes_part(self, partners):
        """Refuse to delete the contacts of participants, and say what to do instead.

        :param partners: ``res.partner`` records to be deleted
        """
        members = self.with_context(active_test=False)
        member = members.search([("partner_id", "in", partners.ids)], limit=1)
        if member:
            raise UserError(
                self.env._(
                    "%s takes part in a loyalty program, and the books name the "
                    "participant. Use “Erase Personal Data” on the participant to "
                    "forget the person; the points stay booked without a name.",
                    member.partner_id.name,
                )
            )

    @api.constrains("partner_id")
    def _check_reachable(self):
        """Refuse a wrong phone number; the standard form is stored by Odoo beside."""
        for member in self:
            partner = member.partner_id
            if not partner.phone and not partner.email:
                raise ValidationError(
                    self.env._(
                        "Enter a phone number or an e-mail for %s.", partner.name
                    )
                )
            if partner.phone and not partner._get_loyalty_phone():
                raise ValidationError(
                    self.env._(
                        "“%(phone)s” is not a valid phone number. Write it with the "
                        "country code, for instance %(example)s.",
                        phone=partner.phone,
                        example=get_example_phone(
                            partner.country_id or member.company_id.country_id
                        ),
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_client_values(vals, creating=True)
        return super().create(vals_list)

    def write(self, vals):
        self._check_client_values(vals)
        identity = vals.keys() & _IDENTITY
        if identity and any(
            member._has_account() and member._is_other(vals, identity)
            for member in self
        ):
            raise UserError(
                self.env._(
                    "This participant has a balance that belongs to this person in "
                    "this role. Enroll again instead of handing the balance on."
                )
            )
        if "active" in vals:  # who is archived earns nothing new
            vals = {
                **vals,
                "archived_at": False if vals["active"] else fields.Datetime.now(),
            }
        return super().write(vals)

    def _is_other(self, vals, names):
        """Tell whether ``vals`` change one of the fields ``names`` of this member."""
        self.ensure_one()
        return any(
            self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in names
        )

    @api.model
    def _get_button_only(self):
        """Return the names of the fields that only buttons and pages may set."""
        return set(_BUTTON_ONLY)

    def _has_account(self):
        """Tell whether points were booked for this membership: the ledger knows."""
        self.ensure_one()
        return False

    def _check_reason(self, reason, contacts=None):
        """Check that a reason does not name these persons: it stays in the books.

        Whoever erases personal data looks at it.

        :param contacts: contacts of companies that are the same person
        :raise UserError: it does
        """

    def _check_client_values(self, vals, creating=False):
        """Refuse what only buttons or managers may set.

        A later "merged into" would redirect points, an earlier enrolment would earn
        for the past.
        """
        if self.env.su:
            return
        closed = self._get_button_only() & vals.keys()
        if (
            any(vals[name] for name in closed - {"state"})
            or vals.get("state", "enrolled") != "enrolled"
        ):
            raise UserError(self.env._("Use the buttons to change a membership."))
        if "state" in closed and not creating:
            raise UserError(self.env._("Use the buttons to change a membership."))
        since = fields.Datetime.to_datetime(vals.get("enrolled_at"))
        past = since and since < fields.Datetime.now() - timedelta(minutes=5)
        if past and not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(
                self.env._("Only a loyalty manager may enroll somebody for the past.")
            )
