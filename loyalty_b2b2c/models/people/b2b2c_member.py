from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...const import POINTS
from ...engine import MemberFact
from ...values import UTC
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
    "consent_text_id",
}

#: What a document or a scan asks of its people, and not all the other columns.
FACT_FIELDS = (
    "active",
    "company_id",
    "name",
    "role",
    "program_scope",
    "partner_id",
    "employer_id",
    "contact_id",
    "enrolled_at",
    "left_at",
    "suspended_at",
    "archived_at",
    "state",
    "merged_into_id",
    "has_merged",
)


class B2b2cMember(models.Model):
    """A person in a role at an employer.

    The person is a contact *without* a parent company on purpose: a child contact
    of the shop would see all orders and invoices of the shop on the portal.
    """

    _name = "b2b2c.member"
    _description = "Participant"
    _inherit = ["b2b2c.role", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
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
    consent_text_id = fields.Many2one(
        "b2b2c.consent.text",
        string="Agreed To",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The text the person agreed to when joining with an invitation.",
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

    # Balances
    account_ids = fields.One2many("b2b2c.account", "member_id")
    account_count = fields.Integer(compute="_compute_account_count")
    lot_ids = fields.Many2many("b2b2c.ledger.lot", compute="_compute_lot_ids")
    points_available = fields.Float(**POINTS, compute="_compute_points")
    points_pending = fields.Float(**POINTS, compute="_compute_points")
    has_portal_user = fields.Boolean(compute="_compute_has_portal_user")

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

    def _compute_account_count(self):
        for member in self:
            member.account_count = len(member.account_ids)

    @api.depends("account_ids.lot_ids")
    def _compute_lot_ids(self):
        for member in self:
            member.lot_ids = member.account_ids.lot_ids

    @api.depends("account_ids")
    def _compute_points(self):
        for member in self:
            accounts = member.account_ids
            member.points_available = sum(accounts.mapped("balance_available"))
            member.points_pending = sum(accounts.mapped("balance_pending"))

    @api.depends("partner_id.user_ids")
    def _compute_has_portal_user(self):
        for member in self:
            users = member.partner_id.sudo().user_ids
            member.has_portal_user = any(user._is_portal() for user in users)

    @api.depends("program_ids")
    def _compute_program_scope(self):
        for member in self:
            member.program_scope = member.sudo().program_ids.ids or None

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
                        "country code, for instance +380 67 123 45 67.",
                        phone=partner.phone,
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
            member.account_ids and member._is_other(vals, identity) for member in self
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

    def _check_client_values(self, vals, creating=False):
        """Refuse what only buttons or managers may set.

        A later "merged into" would redirect points, an earlier enrolment would earn
        for the past.
        """
        if self.env.su:
            return
        closed = _BUTTON_ONLY & vals.keys()
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_account(self):
        if self.with_context(active_test=False).account_ids:
            raise UserError(
                self.env._(
                    "A participant with an account cannot be deleted; use “Leave”, or "
                    "“Erase Personal Data” to forget the person."
                )
            )

    # === ACTION METHODS === #

    def action_suspend(self):
        """Stop earning and spending for now."""
        self._set_state("suspended", ("enrolled",), suspended_at=fields.Datetime.now())
        return True

    def action_resume(self):
        """Let a suspended participant earn and spend again."""
        self._set_state("enrolled", ("suspended",), suspended_at=False)
        return True

    def action_leave(self):
        """End the membership now; the balance stays."""
        self._set_state(
            "left", ("enrolled", "suspended"), left_at=fields.Datetime.now()
        )
        return True

    def action_renew_code(self):
        """Give these participants new codes: what was printed or copied is void."""
        self.check_access("write")
        for member in self.sudo():
            member.code = new_code()
        return True

    def action_invite(self):
        """Send the portal invitation (Odoo's own) to the participant."""
        self.ensure_one()
        if not self.email:
            raise UserError(
                self.env._("Enter an e-mail address first: the invitation goes there.")
            )
        wizard = (
            self.env["portal.wizard"]
            .sudo()
            .with_context(active_ids=self.partner_id.ids)
            .create({})
        )
        line = wizard.user_ids.filtered(lambda u: u.partner_id == self.partner_id)
        if line.is_portal:
            line.action_invite_again()
        else:
            line.action_grant_access()
        self.message_post(body=self.env._("Portal invitation sent to %s.", self.email))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Invitation sent to %s.", self.email),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_open_accounts(self):
        """Open the accounts of this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_account_action"
        )
        accounts = self.account_ids
        if len(accounts) == 1:
            return dict(action, res_id=accounts.id, views=[(False, "form")])
        return dict(action, domain=[("member_id", "=", self.id)])

    def action_open_entries(self):
        """Open the statement of this participant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=[("account_id.member_id", "=", self.id)], context={})

    # === BUSINESS METHODS === #

    def _set_state(self, state, allowed, **values):
        """Move to ``state``; repeating is a no-op, anything else is refused."""
        self.check_access("write")
        for member in self.sudo():
            if member.state == state:
                continue
            if member.state not in allowed:
                raise UserError(
                    self.env._("%s cannot be changed any more.", member.display_name)
                )
            member.write({"state": state, **values})

    def _get_survivor(self):
        """Return the member that carries the balances after contact merges."""
        self.ensure_one()
        member = self
        while member.merged_into_id:
            member = member.merged_into_id
        return member

    def _get_balance_texts(self):
        """Return what a participant can spend, a text per unit."""
        self.ensure_one()
        accounts = self._get_survivor().account_ids.sorted("id")
        accounts.invalidate_recordset()
        return [a.unit_id._format(a.balance_available) for a in accounts]

    def _move(self, employer, *, moved_at=None, transfer=True, **values):
        """Let the person change to another employer.

        :param employer: the company or shop itself
        :param moved_at: when (naive UTC), now by default
        :param bool transfer: take the available points along
        :param values: of the new membership
        :return: the new membership
        """
        self.ensure_one()
        moved_at = moved_at or fields.Datetime.now()
        if self.state != "enrolled":
            raise UserError(
                self.env._("%s cannot be moved: not enrolled.", self.display_name)
            )
        if employer == self.employer_id:
            raise UserError(self.env._("%s works there already.", self.display_name))
        if not self.enrolled_at <= moved_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "The move must be after the enrolment and not in the future."
                )
            )
        code = self.code
        self.write({"state": "left", "left_at": moved_at, "code": new_code()})
        self.flush_recordset()
        moved = self.create(
            {
                "partner_id": self.partner_id.id,
                "role": self.role,
                "employer_id": employer.id,
                "company_id": self.company_id.id,
                "enrolled_at": moved_at,
                "consent_at": self.consent_at,
                "consent_text_id": self.consent_text_id.id,
                "notify_email": self.notify_email,
                "notify_sms": self.notify_sms,
                "code": code,  # the card in the pocket goes on
                **values,
            }
        )
        if transfer:
            self._take_points_to(moved)
        self.message_post(body=self.env._("Moved to %s.", employer.display_name))
        moved.message_post(
            body=self.env._("Moved from %s.", self.employer_id.display_name)
        )
        return moved

    def _take_points_to(self, other):
        """Transfer the available points of every unit to another membership."""
        for account in self.account_ids:
            account._fold()
            available = account._get_balances()[account.id]
            points = available["posted"] - available["held"] - available["debt"]
            if points > 0:
                account._transfer(
                    other._get_account(account.unit_id),
                    points,
                    source_key=f"move/{account.id}/{other.id}",
                    reason=self.env._("Moved to %s", other.employer_id.name),
                )

    def _merge_into(self, survivor):
        """Join this membership into ``survivor``: its points move by transfer.

        Its own history stays where it was booked; what its documents still change is
        booked on the survivor's account.
        """
        self.ensure_one()
        self.write({"state": "merged", "merged_into_id": survivor.id})
        self.flush_recordset()
        self.account_ids._fold()
        self.message_post(body=self.env._("Merged into %s.", survivor.display_name))

    def _get_account(self, unit):
        """Return this member's account in ``unit``, created when needed.

        :param unit: ``b2b2c.unit`` record
        """
        self.ensure_one()
        return self.env["b2b2c.account"]._get_or_create(
            [(self._get_survivor().id, unit.id)]
        )[(self._get_survivor().id, unit.id)]

    @api.model
    def _get_candidates(self, company, partners):
        """Return the members that documents of ``partners`` may benefit.

        Members that left stay candidates: whether they were enrolled at the
        document's date is for the engine to say.

        :param company: ``res.company`` record
        :param partners: buyers, ``res.partner`` records
        """
        commercial = partners.commercial_partner_id
        return self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id)
            & (
                Domain("employer_id", "in", commercial.ids)
                | Domain("contact_id", "in", partners.ids)
            ),
            FACT_FIELDS,
            order="enrolled_at, id",
        )

    @api.model
    def _get_of_people(self, company, partners):
        """Return the memberships of persons, wherever they work.

        :param partners: ``res.partner`` records: the persons, or their contacts
        """
        return self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id)
            & (
                Domain("partner_id", "in", partners.ids)
                | Domain("contact_id", "in", partners.ids)
            ),
            FACT_FIELDS,
            order="enrolled_at, id",
        )

    def _to_fact(self, contact):
        """Return this member as engine data for a document.

        :param contact: the ``res.partner`` named on the document
        """
        self.ensure_one()
        ends = (self.left_at, self.suspended_at, self.archived_at)
        left_at = min(filter(None, ends), default=None)
        return MemberFact(
            member_id=self.id,
            role=self.role,
            employer_id=self.employer_id.id,
            enrolled_at=self.enrolled_at.replace(tzinfo=UTC),
            left_at=left_at.replace(tzinfo=UTC) if left_at else None,
            is_contact=bool(contact) and contact in self._get_contacts(),
            program_ids=frozenset(self.program_scope or ()),
            name=self.name or "",
        )

    def _join_programs(self, programs):
        """Let this member take part in more programs.

        :param programs: what an invitation names; none: all
        """
        self.ensure_one()
        if not programs:
            self.program_ids = False
        elif self.program_ids:
            self.program_ids |= programs

    def _get_contacts(self):
        """Return who stands for this member on documents, merged members' included."""
        self.ensure_one()
        own = self.partner_id | self.contact_id
        if not self.has_merged:
            return own
        return own.union(*(member._get_contacts() for member in self.merged_from_ids))
