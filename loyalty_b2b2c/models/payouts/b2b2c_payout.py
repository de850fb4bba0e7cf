from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, hmac

from ...const import POINTS
from ...engine import to_decimal
from ...exceptions import RedemptionError
from ..base.rows import update_in_state

#: Money that left, or may have left, and did not come back.
COUNTED = ("requested", "proved", "approved", "ordered", "paid")
#: Nothing has left yet, and nobody has said yes: the participant may change his mind.
OPEN = ("requested", "proved")


class B2b2cPayout(models.Model):
    """Money for points, to the bank account of a participant: one per request.

    requested → proved → approved → ordered → paid → returned, or refused, or cancelled.
    The participant asks and, above a limit, proves who he is; another person approves;
    a payment is ordered; it is paid when somebody other than Odoo says so: a bank
    statement, the bank's answer, or a person.

    Each step is a conditional UPDATE, so one of several people takes it.  What concerns
    the points goes through the request (``b2b2c.redemption``), whose row changes before
    the payout's: they are spent when the money arrived, and free again when it did not.

    This file is the way of a payout.  The buttons are in ``b2b2c_payout_desk.py``, what
    the approver reads in ``b2b2c_payout_check.py``, the proof of who asks in
    ``b2b2c_payout_proof.py``, books and payment in ``b2b2c_payout_booking.py``.
    """

    _name = "b2b2c.payout"
    _description = "Payout"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    redemption_id = fields.Many2one(
        "b2b2c.redemption",
        string="Request",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    points = fields.Float(**POINTS, related="redemption_id.points")
    symbol = fields.Char(related="redemption_id.symbol")
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("requested", "To Confirm"),
            ("proved", "To Approve"),
            ("approved", "To Pay"),
            ("ordered", "Payment Ordered"),
            ("paid", "Paid"),
            ("returned", "Returned"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="requested",
        index=True,
    )
    requested_at = fields.Datetime(
        related="redemption_id.requested_at", string="Requested On"
    )
    entered_by_id = fields.Many2one(
        "res.users", string="Asked By", readonly=True, ondelete="set null"
    )

    # Where to: never shown in full, not even to who approves
    bank_id = fields.Many2one(
        "res.partner.bank",
        string="Bank Account",
        readonly=True,
        ondelete="set null",
        groups="account.group_account_invoice",
    )
    account_text = fields.Char("Account", readonly=True)
    account_digest = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    holder = fields.Char("Account Holder", readonly=True)
    tax_number = fields.Char(readonly=True)

    # Decided
    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    approved_at = fields.Datetime("Approved On", readonly=True)
    ordered_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    ordered_at = fields.Datetime("Ordered On", readonly=True)
    paid_at = fields.Datetime("Paid On", readonly=True)
    paid_way = fields.Selection(
        [
            ("statement", "Bank statement"),
            ("answer", "Answer of the bank"),
            ("hand", "Somebody saw it"),
        ],
        string="Confirmed By",
        readonly=True,
    )
    reason = fields.Char(readonly=True, help="Why it was refused or came back.")

    # the desk of the day counts them
    _on_desk = models.Index("(id) WHERE state IN ('proved', 'approved')")
    _of_request = models.UniqueIndex(
        "(redemption_id)", "This request has a payout already."
    )
    _number = models.UniqueIndex("(name)", "There is a payout with this number.")
    _some_money = models.Constraint("CHECK (amount > 0)", "A payout is of some money.")

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients handle the activities only; states change by the buttons."""
        allowed = ("activity_", "my_activity_", "message_")
        if not self.env.su and any(not name.startswith(allowed) for name in vals):
            raise UserError(self.env._("Use the buttons to decide on a payout."))
        return super().write(vals)

    # === ASKING: called by the handler of the reward's kind === #

    @api.model
    def _get_worth(self, unit, company, points):
        """Return what points are paid out as.

        :param Decimal points: of one request
        :return: ``(amount, currency)``; no amount where points have no value
        """
        value, currency = unit._get_face_value(company)
        exact = to_decimal(points) * value
        amount = float(exact)  # float: what Odoo's currencies round
        return currency.round(amount), currency

    @api.model
    def _open(self, request, answers):
        """Begin the payout of a request.

        :param request: ``b2b2c.redemption``; its points are reserved
        :param dict answers: ``holder``, ``iban`` and ``tax_number`` as they were read
        :return: the payout
        """
        company = request.company_id
        amount, currency = self._get_worth(
            request.account_id.unit_id, company, request.points
        )
        person = request.member_id._get_survivor().partner_id
        bank = self._get_bank(person, answers["iban"], answers["holder"])
        payout = self.create(
            {
                "name": self.env["ir.sequence"].next_by_code(self._name),
                "redemption_id": request.id,
                "member_id": request.member_id.id,
                "partner_id": person.id,
                "company_id": company.id,
                "amount": amount,
                "currency_id": currency.id,
                "entered_by_id": self.env.uid,
                "bank_id": bank.id,
                "account_text": self._mask(answers["iban"]),
                "account_digest": self._digest(answers["iban"]),
                "holder": answers["holder"],
                "tax_number": answers["tax_number"],
            }
        )
        if not payout._needs_proof():
            payout._move_to("proved", "requested")
            payout._tell_approver()
        return payout

    @api.model
    def _get_bank(self, person, iban, holder):
        """Return the bank account of a person, a new one if need be.

        A known account is not changed: an accountant may have trusted it as it is.

        :raise RedemptionError: somebody closed it; its text is for the participant
        """
        banks = self.env["res.partner.bank"].with_context(active_test=False)
        bank = banks.search(
            [("sanitized_acc_number", "=", iban), ("partner_id", "=", person.id)]
        )
        if bank and not bank.active:
            raise RedemptionError(
                "answer",
                self.env._(
                    "We do not pay to this account any more. Please choose another "
                    "one, or ask us."
                ),
            )
        return bank or banks.create(
            {"acc_number": iban, "partner_id": person.id, "acc_holder_name": holder}
        )

    @api.model
    def _mask(self, iban):
        """Return an account number of which country and the last four are left."""
        return f"{iban[:2]}•• •••• {iban[-4:]}"

    @api.model
    def _digest(self, iban):
        """Return what tells whether an account number is still the one asked for."""
        return hmac(self.env(su=True), "b2b2c_payout_account", iban)

    # === DECIDING: callers check rights === #

    def _approve(self, user):
        """Say yes: the payout is booked, and waits to be paid.

        :raise UserError: something stands in its way
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            now = fields.Datetime.now()
            if not self._move_to(
                "approved", "proved", approved_by_id=user.id, approved_at=now
            ):
                return self._check_state("approved")
            self._check_approval(user)
            self._book()
            self.activity_unlink(["mail.mail_activity_data_todo"])
            self._message_log(body=self.env._("Approved by %s.", user.name))
            self._tell_approved()
        return None

    def _confirm(self, way, user):
        """Say that the money arrived: the points are spent.

        :param str way: how it is known, a value of ``paid_way``
        :param user: ``res.users`` who says so, empty when the bank does
        :raise UserError: no payment was ordered
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            self.redemption_id._fulfil(user)
            if self.state == "paid" and not self.paid_way:
                self.paid_way = way
                self._message_log(body=self._word_confirmed(user))

    def _become_paid(self):
        """Take what follows from a request that is being fulfilled."""
        if not self._move_to("paid", "ordered", paid_at=fields.Datetime.now()):
            raise RedemptionError(
                "unpaid",
                self.env._("No payment of %s has been ordered yet.", self.name),
            )

    def _come_back(self, user, reason):
        """Say that the money did not arrive: payment and booking are undone, and the
        points are free again.

        :param user: ``res.users`` who says so, empty when the bank does
        :param str reason: why; the participant reads it
        :raise UserError: nothing was ordered, so nothing can come back
        """
        self.ensure_one()
        if self.state == "returned":
            return
        if self.state not in ("ordered", "paid"):
            raise UserError(
                self.env._("No payment of %s has been ordered yet.", self.name)
            )
        with self.env.cr.savepoint():
            self._line_up()
            self._undo_payment()
            if self.state == "paid":
                self.redemption_id._return(user, reason)
            else:
                self.redemption_id._refuse(user or self.env.user, reason)

    def _become_free(self, is_refused):
        """Take what follows from a request whose points are free again.

        :param bool is_refused: somebody said no, else the participant called it off
        :raise RedemptionError: money may be on its way
        """
        was_ordered = self.state == "ordered"
        if was_ordered and not self._is_payment_undone():
            raise RedemptionError(
                "ordered",
                self.env._(
                    "The payment of %s is on its way. Say that it came back when the "
                    "bank says so.",
                    self.name,
                ),
            )
        state = "refused" if is_refused else "cancelled"
        state = "returned" if was_ordered else state
        left = ("ordered",) if was_ordered else ("requested", "proved", "approved")
        reason = self.redemption_id.note or ""
        if not self._move_to(state, *left, reason=reason, code_hash=None):
            self._check_state(state)
        self._unbook()
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _become_returned(self):
        """Take what follows from a request that was fulfilled, and came back."""
        if not self._move_to("returned", "paid", reason=self.redemption_id.note):
            self._check_state("returned")
        self._undo_payment()
        self._unbook()

    # === STATES === #

    def _move_to(self, state, *left, **vals):
        """Leave a state; the UPDATE lets one of several succeed.

        :param left: states it has to be in
        :param vals: columns that are written with it
        :return: whether it did
        """
        return update_in_state(self, left, state=state, **vals)

    def _check_state(self, state):
        """Take a double click for what it is.

        :raise UserError: somebody decided otherwise, or it is not that far yet
        """
        if self.state != state:
            raise self._make_refusal(state)

    def _make_refusal(self, state):
        """Return the error that it cannot get to a state from where it is."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return UserError(
            self.env._(
                "%(payout)s cannot become “%(wanted)s”: it is “%(now)s”.",
                payout=self.name,
                wanted=states[state],
                now=states[self.state],
            )
        )

    def _line_up(self):
        """Lock the request's row, which changes before the payout's everywhere."""
        self.env.execute_query(
            SQL(
                "SELECT id FROM b2b2c_redemption WHERE id = %s FOR UPDATE",
                self.redemption_id.id,
            )
        )

    # === TELLING === #

    def _tell_approver(self):
        """Ask who decides on payouts to look at it."""
        officer = self.company_id._get_loyalty_officer()
        if officer:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=officer.id,
                summary=self.env._("Approve or refuse"),
            )

    def _tell_approved(self):
        """Tell the participant that the money is going to be paid."""
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "payout_approved",
                    "key": f"payout_approved/{self.id}",
                    "is_numbered": False,
                    "account_id": self.redemption_id.account_id._get_holder().id,
                    "document_name": self._word_amount(),
                    "details": {"account": self.account_text},
                }
            ]
        )

    def _word_amount(self, amount=None):
        """Return an amount of this payout with its currency, its own by default."""
        return format_amount(
            self.env, self.amount if amount is None else amount, self.currency_id
        )

    def _word_confirmed(self, user):
        """Return how it is known that the money arrived."""
        ways = dict(self._fields["paid_way"]._description_selection(self.env))
        if user:
            return self.env._("Paid, %s says.", user.name)
        return self.env._("Paid: %s.", ways[self.paid_way].lower())
