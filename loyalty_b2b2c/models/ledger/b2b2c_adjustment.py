from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS
from ..people.authority import decides


class B2b2cAdjustment(models.Model):
    """A correction by hand: with a reason, and above a limit with a second person."""

    _name = "b2b2c.adjustment"
    _description = "Balance Adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    account_id = fields.Many2one(
        "b2b2c.account", required=True, index=True, ondelete="restrict", tracking=True
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    symbol = fields.Char(related="account_id.unit_id.symbol")
    points = fields.Float(
        **POINTS, required=True, tracking=True, help="Negative to take points away."
    )
    reason = fields.Char(required=True, tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("posted", "Booked"),
            ("rejected", "Rejected"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
        string="Status",
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, copy=False, ondelete="restrict"
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    can_approve = fields.Boolean(compute="_compute_can_approve")

    @api.depends("account_id", "points", "reason")
    def _compute_display_name(self):
        for adjustment in self:
            points = adjustment.account_id.unit_id
            amount = points._format(adjustment.points) if points else ""
            name = adjustment.member_id.name or ""
            adjustment.display_name = f"{name} {amount}".strip()

    @api.depends("points", "account_id")
    @api.depends_context("uid")
    def _compute_needs_approval(self):
        """Tell beforehand; what decides is the counter when it is submitted."""
        days = self.env["b2b2c.officer.day"].sudo()
        user = self.env["b2b2c.authority"]._get_first_user(self.env.user)
        for adjustment in self:
            account = adjustment.account_id
            moved = days._get_moved(user, account) if account else 0
            limit = adjustment.company_id.b2b2c_adjust_limit
            adjustment.needs_approval = abs(adjustment.points) + moved > limit

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        officer = self.env.user.has_group("loyalty_b2b2c.group_officer")
        for adjustment in self:
            adjustment.can_approve = (
                officer
                and adjustment.state == "submitted"
                and adjustment.requested_by_id != self.env.user
            )

    @api.constrains("points", "reason")
    def _check_content(self):
        for adjustment in self:
            if not adjustment.points:
                raise ValidationError(self.env._("Enter the number of points."))
            if not adjustment.reason.strip():
                raise ValidationError(self.env._("Say why the balance is corrected."))
            adjustment.member_id._check_reason(adjustment.reason)

    @api.model_create_multi
    def create(self, vals_list):
        """Requests start as drafts, whatever a client sends."""
        if not self.env.su:
            closed = self._get_closed()
            vals_list = [
                {k: v for k, v in vals.items() if k not in closed} for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _get_closed(self):
        """Return the names of the fields that only buttons and dialogs set."""
        return {"state", "requested_by_id", "approved_by_id", "entry_id"}

    def write(self, vals):
        content = {"account_id", "points", "reason"}
        if vals.keys() & self._get_closed() and not self.env.su:
            raise UserError(self.env._("Use the buttons to move a request forward."))
        if vals.keys() & content and any(a.state != "draft" for a in self):
            raise UserError(self.env._("Only a draft can be edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(adjustment.state != "draft" for adjustment in self):
            raise UserError(self.env._("Only a draft can be deleted."))

    @decides("account_id.member_id")
    def action_submit(self):
        """Book a small correction at once; ask a second person for a large one."""
        self.check_access("write")
        self._submit()
        return True

    def _submit(self):
        """Book these corrections, one after the other, as long as the limit allows it;
        callers check rights."""
        days = self.env["b2b2c.officer.day"].sudo()
        user = self.env["b2b2c.authority"]._get_first_user(self.env.user)
        for adjustment in self.sudo():
            if adjustment.state != "draft":
                raise UserError(self.env._("This request was submitted already."))
            adjustment.write(
                {"state": "submitted", "requested_by_id": self.env.user.id}
            )
            points = abs(adjustment._get_exact_points())
            if days._count(user, adjustment.account_id, points):
                adjustment._post(self.env.user)

    def _get_exact_points(self):
        """Return the points as Decimal, in the unit of the account.

        :raise UserError: they are no number
        """
        return self.env["b2b2c.unit"]._to_points(self.points)

    @decides("account_id.member_id", asked_by="requested_by_id")
    def action_approve(self):
        """Book the correction of somebody else."""
        for adjustment in self:
            adjustment._check_approver()
            adjustment.sudo()._post(self.env.user)
        return True

    @decides("account_id.member_id", asked_by="requested_by_id")
    def action_reject(self):
        """Refuse the correction of somebody else."""
        for adjustment in self:
            adjustment._check_approver()
            adjustment.sudo().write(
                {"state": "rejected", "approved_by_id": self.env.user.id}
            )
        return True

    def _check_approver(self):
        """Refuse an approver who may not, or who asked himself."""
        self.check_access("write")
        if not self.can_approve:
            raise UserError(
                self.env._(
                    "A second person must decide: an officer who is not the one who "
                    "asked, and only while the request waits for approval."
                )
            )

    def _post(self, user):
        """Book what was asked for; the key makes a double click book it once."""
        self.ensure_one()
        entry = self._book(user_id=user.id, is_manual=True, reason=self.reason)
        self.write({"state": "posted", "approved_by_id": user.id, "entry_id": entry.id})

    def _book(self, **details):
        """Book the correction.

        :param details: fields of the entry
        :return: the entry
        """
        return self.account_id._adjust(
            self.points, source_key=f"{self._name},{self.id}", **details
        )
