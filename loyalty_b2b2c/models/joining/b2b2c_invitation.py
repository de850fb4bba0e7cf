import base64
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.typed_text import read_token
from ..base.days import get_today

_BYTES = 16  # 128 random bits
_DAYS = 90
_QR_SIZE = 600
_METHOD_ONLY = {"token", "uses", "revoked_at"}

APPROVALS = [
    ("none", "At once"),
    ("owner", "After the shop's owner agreed"),
    ("manager", "After a loyalty officer agreed"),
]


def new_token():
    """Return a token nobody guesses."""
    return secrets.token_urlsafe(_BYTES)


class B2b2cInvitation(models.Model):
    """A link, and its QR code, with which people join at one shop in one role.

    Unknown, expired, used up and revoked links are the same thing for who opens them:
    there is no invitation.
    """

    _name = "b2b2c.invitation"
    _description = "Invitation to Join"
    _inherit = "b2b2c.role"
    _order = "id desc"
    _rec_names_search = ["employer_id.name"]

    employer_id = fields.Many2one(
        "res.partner",
        string="Company or Shop",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_company', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    role = fields.Selection(default=lambda self: self._get_role_codes("sells")[0])
    program_ids = fields.Many2many(
        "b2b2c.program",
        string="Programs",
        domain="[('company_id', '=', company_id)]",
        help="Who joins takes part in these programs only; they are named on the page. "
        "Empty: all programs.",
    )
    approval = fields.Selection(
        APPROVALS,
        required=True,
        string="Joining Counts",
        default=lambda self: self.env.company.b2b2c_join_approval,
    )
    employer_consent = fields.Boolean(
        string="Employer Agrees",
        help="The shop agreed that its people are rewarded. An approval by the owner "
        "says so too.",
    )

    # Until when, how often
    valid_until = fields.Date(
        string="Last Day",
        default=lambda self: get_today(self.env.company) + timedelta(days=_DAYS),
        help="Empty: until it is revoked.",
    )
    max_uses = fields.Integer(
        string="At Most",
        required=True,
        default=0,
        help="So many people can join with this link. 0: no limit.",
    )
    uses = fields.Integer(
        string="Joined or Waiting", required=True, default=0, readonly=True, copy=False
    )
    revoked_at = fields.Datetime(string="Revoked", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("active", "Active"),
            ("full", "Used Up"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        string="Status",
    )

    # The link
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_token(),
    )
    link = fields.Char(compute="_compute_link")
    address_problem = fields.Selection(related="company_id.b2b2c_address_problem")
    qr_code = fields.Binary(compute="_compute_qr_code", string="QR Code")
    join_ids = fields.One2many("b2b2c.join", "invitation_id")
    waiting_count = fields.Integer(compute="_compute_waiting_count")

    _token_once = models.UniqueIndex("(token)")
    _not_too_often = models.Constraint(
        "CHECK (uses >= 0 AND max_uses >= 0 AND (max_uses = 0 OR uses <= max_uses))",
        "More people than this have joined with the link already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("employer_id.name", "role")
    def _compute_display_name(self):
        for invitation in self:
            role = invitation._get_role_label()
            shop = invitation.employer_id.name
            invitation.display_name = f"{shop} · {role}" if shop else False

    @api.depends("revoked_at", "valid_until", "uses", "max_uses")
    def _compute_state(self):
        for invitation in self:
            invitation.state = invitation._get_state()

    @api.depends("token")
    def _compute_link(self):
        for invitation in self:
            company, token = invitation.company_id, invitation.token
            invitation.link = company._get_rewards_url("join", token=token)

    @api.depends("link")
    def _compute_qr_code(self):
        for invitation in self:
            invitation.qr_code = base64.b64encode(invitation._get_qr_png())

    def _compute_waiting_count(self):
        for invitation in self:
            invitation.waiting_count = self.env["b2b2c.join"].search_count(
                [("invitation_id", "=", invitation.id), ("state", "=", "waiting")]
            )

    def _get_state(self):
        self.ensure_one()
        if self.revoked_at:
            return "revoked"
        if self.valid_until and self.valid_until < get_today(self.company_id):
            return "expired"
        return "full" if 0 < self.max_uses <= self.uses else "active"

    def _get_approval(self):
        """Return whose agreement joining needs now.

        When the company lets officers agree, no older or other link lets owners, and
        none lets people in at once.
        """
        self.ensure_one()
        if self.company_id.b2b2c_join_approval == "manager":
            return "manager"
        return self.approval

    def _get_qr_png(self):
        """Return the picture of the link."""
        self.ensure_one()
        return self.env["ir.actions.report"].barcode(
            "QR", self.link, width=_QR_SIZE, height=_QR_SIZE, barLevel="M"
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("employer_id", "company_id", "program_ids")
    def _check_shop(self):
        for invitation in self:
            shop = invitation.employer_id
            if shop != shop.commercial_partner_id:
                raise ValidationError(
                    self.env._("Choose the company or shop itself, not a contact.")
                )
            if shop.company_id and shop.company_id != invitation.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(partner)s” belongs to %(theirs)s.",
                        partner=shop.display_name,
                        theirs=shop.company_id.name,
                    )
                )
            if invitation.program_ids.company_id - invitation.company_id:
                raise ValidationError(
                    self.env._("Choose programs of the invitation's company.")
                )

    @api.constrains("role", "approval")
    def _check_approval(self):
        for invitation in self:
            if invitation.approval == "owner" and not invitation._is_staff():
                raise ValidationError(
                    self.env._(
                        "An owner approves the people who work in the shop. Let a "
                        "loyalty officer approve this role."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_client_values(vals)
        invitations = super().create(vals_list)
        invitations._check_inviter()
        for company in invitations.company_id:
            # the page itself only reads
            self.env["b2b2c.consent.text"]._get_current(company)
        return invitations

    def write(self, vals):
        self.check_access("write")
        self._check_client_values(vals)
        fixed = {"employer_id", "company_id", "role"} & vals.keys()
        if fixed and self.sudo().join_ids:
            raise UserError(
                self.env._(
                    "People used this link already. Revoke it and create another one."
                )
            )
        self._check_inviter()
        result = super().write(vals)
        self._check_inviter()
        return result

    def _check_inviter(self):
        """Refuse officers who invite to their own company: the rights of an officer are
        not for it."""
        if not self.env.su:
            self.env["b2b2c.authority"]._check(
                self.env.user, partners=self.sudo().employer_id
            )

    def _check_client_values(self, vals):
        if not self.env.su and _METHOD_ONLY & vals.keys():
            raise UserError(self.env._("Use the buttons to change an invitation."))

    # === ACTION METHODS === #

    def action_revoke(self):
        """Let nobody join with these links any more."""
        self.check_access("write")
        self.sudo().filtered(lambda invitation: not invitation.revoked_at).write(
            {"revoked_at": fields.Datetime.now()}
        )
        return True

    def action_new_link(self):
        """Replace the links: those that were printed or sent are void."""
        self.check_access("write")
        for invitation in self.sudo():
            invitation.write({"token": new_token(), "revoked_at": False})
        return True

    def action_open_joins(self):
        """Open who used this link."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_join_action"
        )
        return dict(action, domain=[("invitation_id", "=", self.id)], context={})

    def action_open_poster(self):
        """Open the page to print."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.company_id._get_rewards_path("poster", token=self.token),
            "target": "new",
        }

    # === USING === #

    @api.model
    def _find(self, token):
        """Return the invitation of a link, empty unless it can be used now.

        :return: ``b2b2c.invitation`` with superuser rights
        """
        token = read_token(token)
        invitation = self.sudo().search([("token", "=", token)], limit=1)
        if not invitation or invitation._get_state() in ("revoked", "expired"):
            return invitation.browse()
        return invitation.with_context(allowed_company_ids=invitation.company_id.ids)

    def _take_use(self):
        """Count one more person, unless there is no place any more.

        The condition is part of the statement: of people who come at once, one is
        served and the transactions of the others are repeated.

        :return: whether there was a place
        """
        self.ensure_one()
        self.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_invitation SET uses = uses + 1
                 WHERE id = %s AND revoked_at IS NULL
                   AND (max_uses = 0 OR uses < max_uses)
                   AND (valid_until IS NULL OR valid_until >= %s)
             RETURNING id
                """,
                self.id,
                get_today(self.company_id),
            )
        )
        self.invalidate_recordset(["uses"])
        return bool(taken)

    def _give_use_back(self):
        """Make place again."""
        self.ensure_one()
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_invitation SET uses = uses - 1 "
                "WHERE id = %s AND uses > 0 RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["uses"])
