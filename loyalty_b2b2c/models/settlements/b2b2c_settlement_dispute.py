from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import to_decimal
from ..base.days import get_today
from ..base.rows import insert_rows, update_in_state
from ..people.authority import decides


class B2b2cSettlementDispute(models.Model):
    """A line of a settlement that the partner does not agree to, and our answer.

    The line is apart until it is answered, and the rest goes on.  Refused, it counts
    again; accepted, a line that names it takes it back, in the same settlement or, when
    that was agreed meanwhile, in the next.
    """

    _name = "b2b2c.settlement.dispute"
    _description = "Disputed Line of a Settlement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "ticket"

    line_id = fields.Many2one(
        "b2b2c.settlement.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    settlement_id = fields.Many2one(
        "b2b2c.settlement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="settlement_id.partner_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    ticket = fields.Char(related="line_id.ticket")
    side = fields.Selection(related="line_id.side")
    amount = fields.Monetary(related="line_id.amount")
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("accepted", "Accepted"), ("refused", "Refused")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
    )
    answer = fields.Text(help="What the partner reads.")
    accepted_amount = fields.Monetary(
        help="How much of the line is taken back. 0: all of it."
    )
    disputed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex(
        "(line_id) WHERE state = 'open'", "This line is disputed already."
    )

    def write(self, vals):
        """Clients write the answer while it is open, not their own company's; buttons
        decide."""
        allowed = ("answer", "accepted_amount", "activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Use the buttons to answer."))
        if {"answer", "accepted_amount"} & vals.keys() and not self.env.su:
            if any(dispute.state != "open" for dispute in self):
                raise UserError(self.env._("It was answered already."))
            partners = self.sudo().partner_id
            self.env["b2b2c.authority"]._check(self.env.user, partners=partners)
        return super().write(vals)

    # === DISPUTING === #

    @api.model
    def _open(self, line, reason, user):
        """Set a line apart because the partner does not agree to it.

        :param line: ``b2b2c.settlement.line`` (sudo)
        :param str reason: the partner's words
        :param user: ``res.users`` who says so
        :return: the dispute (sudo)
        :raise UserError: it cannot be disputed any more, or there is no reason
        """
        settlement = line.counted_in_id
        if not reason.strip():
            raise UserError(self.env._("Please say what is wrong with this line."))
        if line.is_disputed:
            raise UserError(self.env._("This line is disputed already."))
        if settlement.state != "sent" or line.dispute_id:
            raise UserError(
                self.env._("This line cannot be disputed any more: write to us.")
            )
        # whoever agrees at the same time waits, and then finds another state
        settlement._hold_in("sent")
        dispute = self.sudo().create(
            {
                "line_id": line.id,
                "settlement_id": settlement.id,
                "company_id": line.company_id.id,
                "reason": reason.strip(),
                "disputed_by_id": user.id,
            }
        )
        line._set_apart(settlement.browse(), is_disputed=True)
        settlement._recount()
        responsible = settlement.agreement_id.responsible_id
        dispute.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Answer the partner"),
            user_id=(responsible or settlement.made_by_id).id or self.env.uid,
        )
        return dispute

    # === ANSWERING === #

    @decides("partner_id")
    def action_accept(self):
        """Take a disputed line back, or a part of it (officers)."""
        for dispute in self._check_officer():
            dispute._check_part()
            dispute._answer("accepted")
            dispute._make_good()
        return True

    @decides("partner_id")
    def action_refuse(self):
        """Let a disputed line count again (officers)."""
        for dispute in self._check_officer():
            if not (dispute.answer or "").strip():
                raise UserError(self.env._("Say why it stays in the settlement."))
            dispute._answer("refused")
        return True

    def _check_officer(self):
        """Return these disputes (sudo) for an officer."""
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer answers partners."))
        self.check_access("read")
        return self.sudo()

    def _check_part(self):
        """Refuse to take back more than the line is."""
        part, amount = self.accepted_amount, self.amount
        if part < 0 or self.currency_id.compare_amounts(part, abs(amount)) > 0:
            raise UserError(
                self.env._("Take back between 0 and what the line comes to.")
            )

    def _answer(self, state):
        """Write the answer down; the UPDATE is the guard.

        The line counts where it was, if that is still open, else in the next one.
        """
        if not update_in_state(
            self,
            ("open",),
            state=state,
            answered_by_id=self.env.uid,
            answered_at=fields.Datetime.now(),
        ):
            raise UserError(self.env._("It was answered already."))
        self.line_id._set_apart(self._get_place(), is_disputed=False)
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self.settlement_id._recount()

    def _get_place(self):
        """Return the settlement in which the line counts, empty for the next one."""
        settlement = self.settlement_id
        return settlement if settlement.state == "sent" else settlement.browse()

    def _make_good(self):
        """Insert the line that takes back what was accepted."""
        line = self.line_id
        amount = to_decimal(line.amount)
        if self.accepted_amount:
            sign = 1 if amount >= 0 else -1
            amount = sign * to_decimal(self.accepted_amount)
        insert_rows(
            line,
            [
                {
                    "settlement_id": self.settlement_id.id,
                    "counted_in_id": self._get_place().id or None,
                    "agreement_id": line.agreement_id.id,
                    "company_id": line.company_id.id,
                    "currency_id": line.currency_id.id,
                    "side": line.side,
                    "dispute_id": self.id,
                    "corrects_id": line.id,
                    "visit_id": line.visit_id.id or None,
                    "spend_id": line.spend_id.id or None,
                    "day": get_today(line.company_id),
                    "sold_on": line.sold_on,
                    "shop_id": line.shop_id.id or None,
                    "ticket": line.ticket,
                    "unit_id": line.unit_id.id or None,
                    "exact": -amount,
                    "amount": -amount,
                }
            ],
        )
        self.settlement_id._recount()
