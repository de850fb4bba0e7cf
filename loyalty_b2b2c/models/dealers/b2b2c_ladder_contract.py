from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.days import get_today, word_day
from ..people.authority import decides

#: Whom the tier of a contract is good for: those who count together.
_DEALERS = ("standing_id.partner_id", "standing_id.head_id.partner_id")


class B2b2cLadderContract(models.Model):
    """A minimum tier with an end date, approved by a second person."""

    _name = "b2b2c.ladder.contract"
    _description = "Dealer Contract"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    standing_id = fields.Many2one(
        "b2b2c.ladder.standing",
        required=True,
        index=True,
        string="Dealer",
        ondelete="restrict",
        check_company=True,
    )
    ladder_id = fields.Many2one(related="standing_id.ladder_id")
    company_id = fields.Many2one(related="standing_id.company_id", store=True)
    tier_id = fields.Many2one(
        "b2b2c.ladder.tier",
        required=True,
        string="Minimum Tier",
        domain="[('ladder_id', '=', ladder_id)]",
        ondelete="restrict",
        tracking=True,
    )
    date_from = fields.Date(
        required=True, default=lambda self: get_today(self.env.company), tracking=True
    )
    date_to = fields.Date(required=True, string="Last Day", tracking=True)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("requested", "Waiting for approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("ended", "Ended"),
        ],
        required=True,
        readonly=True,
        default="requested",
        copy=False,
        tracking=True,
        string="Status",
    )
    requested_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A contract ends after it begins."
    )

    @api.depends("standing_id", "tier_id", "date_to")
    def _compute_display_name(self):
        for contract in self:
            known = contract.standing_id and contract.tier_id and contract.date_to
            contract.display_name = bool(known) and self.env._(
                "%(dealer)s: at least %(tier)s until %(day)s",
                dealer=contract.standing_id.partner_id.name,
                tier=contract.tier_id.name,
                day=word_day(self.env, contract.date_to),
            )

    @api.constrains("standing_id", "tier_id")
    def _check_tier(self):
        for contract in self:
            if contract.tier_id.ladder_id != contract.standing_id.ladder_id:
                raise ValidationError(
                    self.env._("The tier of a contract is one of the dealer's ladder.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # who asks is who is logged in, and nothing is approved by creating it
        forced = {
            "requested_by_id": self.env.uid,
            "state": "requested",
            "approved_by_id": False,
        }
        contracts = super().create([{**vals, **forced} for vals in vals_list])
        dealers = contracts.sudo().standing_id
        self.env["b2b2c.authority"]._check(
            self.env.user, partners=dealers.partner_id | dealers.head_id.partner_id
        )
        return contracts

    def write(self, vals):
        """Keep what was asked for: a request that changes is another request."""
        self.check_access("write")
        own = {name for name in vals if name in self._fields} - {
            "activity_ids",
            "message_follower_ids",
            "message_ids",
        }
        if not self.env.su and own & {
            "state",
            "requested_by_id",
            "approved_by_id",
            "standing_id",
            "tier_id",
            "date_from",
            "date_to",
            "reason",
        }:
            raise UserError(
                self.env._(
                    "A contract stays as it was asked for. End it, and ask for "
                    "another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_requested_only(self):
        if self.filtered(lambda contract: contract.state in ("approved", "ended")):
            raise UserError(
                self.env._("A contract that was in force is ended, not deleted.")
            )

    # === ACTIONS === #

    @decides(*_DEALERS, asked_by="requested_by_id")
    def action_approve(self):
        """Approve as the second person (officers)."""
        self._check_officer()
        for contract in self:
            if contract.state != "requested":
                raise UserError(self.env._("This contract is not waiting."))
            contract.sudo().write({"state": "approved", "approved_by_id": self.env.uid})
        self.standing_id.sudo()._evaluate()
        return True

    @decides(*_DEALERS)
    def action_refuse(self):
        """Refuse a request (officers)."""
        self._check_officer()
        waiting = self.filtered(lambda contract: contract.state == "requested")
        waiting.sudo().write({"state": "refused", "approved_by_id": self.env.uid})
        return True

    @decides(*_DEALERS)
    def action_end(self):
        """End an approved contract today (officers)."""
        self._check_officer()
        running = self.filtered(lambda contract: contract.state == "approved")
        running.sudo().write({"state": "ended"})
        running.standing_id.sudo()._evaluate()
        return True

    def _check_officer(self):
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer decides on contracts."))
        self.check_access("write")

    def _get_in_force(self, day):
        """Return the approved contracts in force on ``day``."""
        return self.filtered(
            lambda contract: (
                contract.state == "approved"
                and contract.date_from <= day <= contract.date_to
            )
        )
