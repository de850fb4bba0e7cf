from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine import to_decimal
from ...exceptions import InsufficientPoints, RedemptionError
from ..base.rows import insert_rows, update_in_state
from ..people.authority import decides
from . import reward_words


class B2b2cRedemption(models.Model):
    """A participant's request for a reward: points are reserved, then spent or freed.

    Reserve → fulfil, or release; what was fulfilled may be returned.  Each step is
    once: the state moves by a conditional UPDATE, the ledger's entries follow from it
    in the same transaction, and so does what the handler of the reward's kind does.  A
    step that fails leaves nothing behind, whoever catches the error.  Rows change in
    one order everywhere (request, account, reward, what the handler keeps), so nobody
    deadlocks.
    """

    _name = "b2b2c.redemption"
    _description = "Reward Request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True)
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reward_id = fields.Many2one(
        "b2b2c.reward", required=True, readonly=True, ondelete="restrict"
    )
    image_128 = fields.Image(related="reward_id.image_128")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    quantity = fields.Integer(required=True, readonly=True)
    quantity_given = fields.Integer("Pieces Given", readonly=True)
    quantity_returned = fields.Integer("Pieces Returned", readonly=True)
    points = fields.Float(**POINTS, required=True, readonly=True)
    symbol = fields.Char(related="account_id.unit_id.symbol")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("fulfilled", "Fulfilled"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
            ("returned", "Returned"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="requested",
    )
    note = fields.Char("Note to the Participant")
    handover_wish = fields.Char(
        string="Hand It Over",
        readonly=True,
        copy=False,
        help="Where and how, as the participant asked.",
    )
    is_by_hand = fields.Boolean(compute="_compute_is_by_hand")

    # When, by whom
    request_key = fields.Char(required=True, readonly=True)
    requested_at = fields.Datetime("Requested On", required=True, readonly=True)
    decided_at = fields.Datetime(readonly=True, string="Decided On")
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    # What was booked
    hold_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, ondelete="restrict", string="Reservation"
    )
    entry_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, ondelete="restrict", string="Booked As"
    )
    took_stock = fields.Boolean(readonly=True)
    debt = fields.Float(**POINTS, compute="_compute_debt")

    _once = models.UniqueIndex(
        "(member_id, request_key)", "This request was sent already."
    )
    _waiting = models.Index("(requested_at) WHERE state = 'requested'")
    _of_reward = models.Index("(reward_id, member_id)")
    _some_pieces = models.Constraint(
        "CHECK (quantity > 0 AND points >= 0)", "A request is for something."
    )
    # the last line of defence behind _give and _return
    _never_too_many = models.Constraint(
        "CHECK (coalesce(quantity_given, 0) BETWEEN 0 AND quantity"
        " AND coalesce(quantity_returned, 0)"
        " BETWEEN 0 AND coalesce(quantity_given, 0))",
        "No more pieces are given than were requested, nor returned than were given.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("reward_id.name", "quantity", "name")
    def _compute_display_name(self):
        for redemption in self:
            reward = redemption.reward_id.name
            if redemption.quantity > 1:
                reward = f"{redemption.quantity} × {reward}"
            redemption.display_name = f"{reward} ({redemption.name})"

    @api.depends("account_id", "state")
    def _compute_debt(self):
        """What the participant owes: a sale was undone while the points wait."""
        for redemption in self:
            redemption.debt = (
                redemption.account_id.balance_debt
                if redemption.state == "requested"
                else 0
            )

    @api.depends("state", "reward_id.kind")
    def _compute_is_by_hand(self):
        """Whether an officer fulfils it, rather than a document of its kind."""
        for redemption in self:
            redemption.is_by_hand = (
                redemption.state == "requested"
                and redemption.reward_id._get_handler()._is_by_hand(redemption)
            )

    # === CRUD METHODS === #

    def write(self, vals):
        """Let clients write the note while it can still be read; states change by the
        buttons."""
        if not self.env.su:
            allowed = ("activity_", "my_activity_", "message_")
            closed = [name for name in vals if not name.startswith(allowed)]
            if set(closed) - {"note"}:
                raise UserError(self.env._("Use the buttons to decide on a request."))
            if closed and any(request.state != "requested" for request in self):
                raise UserError(
                    self.env._("The participant has read the note already.")
                )
        return super().write(vals)

    # === REQUESTING === #

    @api.model
    def _request(
        self,
        member,
        reward,
        *,
        request_key,
        price=None,
        answers=None,
        values=None,
        **wanted,
    ):
        """Reserve points for a reward, once per request of a participant.

        :param member: ``b2b2c.member`` record
        :param reward: ``b2b2c.reward`` record
        :param wanted: how much of it (``quantity``, ``amount``), see
            ``b2b2c.reward._get_offer``
        :param answers: what the participant answered, see
            ``b2b2c_reward_handler.Question``
        :param str request_key: chosen by the page: sending again is the same request
        :param price: points of one piece the participant agreed to, if somebody did
        :param dict values: other columns of the request, such as a note, when it is not
            the participant who requests
        :return: the request (with sudo)
        :raise RedemptionError: nothing was reserved; its text is for the participant
        """
        member, reward, requests = member.sudo(), reward.sudo(), self.sudo()
        request = requests._find(member, request_key)
        if request:
            return request
        offer = reward._get_offer(member, **wanted)
        if offer.refusal:
            raise RedemptionError(offer.refusal, offer.sentence)
        if price is not None and not offer.costs(price):
            raise RedemptionError("price", reward_words.word(self.env, "price"))
        read = reward._get_handler()._read_answers(offer, answers or {})
        with self.env.cr.savepoint():
            return requests._reserve(offer, request_key, read, values)

    def _find(self, member, request_key):
        """Return what a participant requested under a key, empty if nothing."""
        return self.search(
            [("member_id", "=", member.id), ("request_key", "=", request_key)]
        )

    def _reserve(self, offer, request_key, answers, values=None):
        """Book an offer as a request; fulfil it if its kind needs nobody's decision.

        :return: the request, the earlier one if it was sent before
        """
        request = self._insert(offer, request_key, values or {})
        if not request:
            return self._find(offer.member, request_key)
        request._take(offer)
        handler = request.reward_id._get_handler()
        handler._reserve(request, answers)
        request._message_log(
            body=self.env._("Requested; the points are reserved.")
            if request.points
            else self.env._("Requested.")
        )
        if handler._is_instant(request.reward_id):
            request._fulfil(self.env["res.users"])
        return request

    def _insert(self, offer, request_key, values):
        """Store a request; return it, empty when it is stored already."""
        row = self._prepare_row(offer)
        row.update(values, request_key=request_key)
        return self.browse(insert_rows(self, [row]))

    def _prepare_row(self, offer):
        """Return the columns of a new request; packages add theirs."""
        member, reward = offer.member, offer.reward
        return {
            "name": self.env["ir.sequence"].next_by_code(self._name),
            "member_id": member.id,
            "account_id": member._get_account(reward.unit_id).id,
            "reward_id": reward.id,
            "company_id": reward.company_id.id,
            "quantity": offer.quantity,
            "quantity_given": 0,
            "quantity_returned": 0,
            "points": offer.total,
            "state": "requested",
            "requested_at": fields.Datetime.now(),
        }

    def _take(self, offer):
        """Reserve the points of an offer and take its pieces.

        :raise RedemptionError: others were faster
        """
        if offer.reward._is_limited_by_person():
            self._line_up_person(offer.reward.unit_id)
        if offer.total:
            self.hold_id = self._reserve_points(offer.total)
        took = self.reward_id._take_stock(offer.quantity)
        if took is None:
            raise RedemptionError("sold_out", reward_words.word(self.env, "sold_out"))
        self.took_stock = took

    def _reserve_points(self, points):
        """Return the reservation of the points of this request.

        :raise RedemptionError: they were spent in the meantime
        """
        try:
            return self.account_id._reserve(
                points,
                source_key=f"{self._name},{self.id}",
                document_model=self._name,
                document_id=self.id,
            )
        except InsufficientPoints as error:
            raise RedemptionError("points", str(error)) from None

    def _line_up_person(self, unit):
        """Let requests of one person by several memberships come one after the other.

        What is left of the limit was read before: of two that open the same accounts,
        Odoo repeats the later one, which then sees the first.
        """
        accounts = self.member_id._get_of_person().account_ids
        door = self.account_id._get_door()
        for account in accounts.filtered(lambda a: a.unit_id == unit).sorted("id"):
            door.open(account.id)

    # === DECIDING: internal callers check rights === #

    def _fulfil(self, user):
        """Spend the reserved points: the participant has, or gets, the reward.

        Who is suspended is given nothing; what a document of the kind proves, such as
        money that arrived, was given already.

        :param user: ``res.users`` who decided, empty when the request fulfils itself
        :raise UserError: it was decided otherwise, the participant is suspended, or
            the reward cannot be given
        """
        self.ensure_one()
        if self.reward_id._get_handler()._is_by_hand(self):
            self._check_not_suspended()  # what a bank proves has happened already
        with self.env.cr.savepoint():
            if not self._move_to("fulfilled", user):
                return
            self._spend_rest()
            self.reward_id._get_handler()._fulfil(self)
            self._message_log(
                body=self.env._("Fulfilled by %s.", user.name)
                if user
                else self.env._("Fulfilled at once.")
            )
            self._get_messages()._queue_fulfilled(**self._get_news())

    def _check_not_suspended(self):
        """Refuse to give anything to who is suspended."""
        if self.member_id.state == "suspended":
            raise UserError(
                self.env._(
                    "%s is suspended: refuse the request, or resume the participation "
                    "first.",
                    self.member_id.name,
                )
            )

    def _refuse(self, user, note):
        """Free the points: the participant does not get the reward, or the rest of it.

        :param user: ``res.users`` who decided, empty when a document did
        :param str note: why; the participant reads it
        """
        self.ensure_one()
        if not (note or "").strip():
            raise UserError(self.env._("Say why: the participant reads it."))
        with self.env.cr.savepoint():
            if not self._move_to(self._get_end("refused"), user, note=note.strip()):
                return
            points = self._free()
            self._message_log(
                body=self.env._("Refused by %s.", user.name)
                if user
                else self.env._("Refused: %s", self.note)
            )
            self._get_messages()._queue_refused(**self._get_news(points))

    def _cancel(self, user):
        """Free the points: the participant does not want the reward any more.

        :raise UserError: it is too late for that
        """
        self.ensure_one()
        if not self._may_cancel():
            raise UserError(
                self.env._("%s cannot be cancelled any more.", self.display_name)
            )
        self._call_off(user)

    def _call_off(self, user):
        """Cancel a request whether or not the participant still could."""
        with self.env.cr.savepoint():
            if self._move_to(self._get_end("cancelled"), user):
                self._free()
                self._message_log(body=self.env._("Cancelled by %s.", user.name))

    def _may_cancel(self):
        """Tell whether the participant may take this request back."""
        handler = self.reward_id._get_handler()
        return self.state != "requested" or handler._may_cancel(self)

    def _move_to(self, state, user, note=None, left="requested"):
        """Leave a state; the UPDATE lets one of several succeed.

        :param str left: the state it has to be in
        :return: whether it did; ``False`` when it is there already (a double click)
        :raise UserError: it was decided otherwise
        """
        columns = {"state": state, "decided_by_id": user.id}
        columns["decided_at"] = fields.Datetime.now()
        if note is not None:
            columns["note"] = note
        moved = update_in_state(self, [left], **columns)
        if not moved and self.state != state:
            raise UserError(self.env._("%s was decided already.", self.display_name))
        return moved

    # === TELLING THE PARTICIPANT === #

    def _describe(self):
        """Return what the participant reads about this request.

        :return: ``b2b2c_reward_handler.Description``
        """
        self.ensure_one()
        return self.reward_id._get_handler()._describe(self)

    def _get_messages(self):
        return self.env["b2b2c.notification"].sudo()

    def _get_news(self, points=None):
        """Return what a message about the decision says.

        :param points: Decimal, those of the request by default
        """
        lang = self.member_id.lang or self.env.lang
        return {
            # after a merge of contacts the balance is the survivor's
            "account": self.account_id._get_holder(),
            "reward": self.reward_id.with_context(lang=lang).name,
            "reference": f"{self._name},{self.id}",
            "points": to_decimal(self.points) if points is None else points,
            "note": self.note or "",
        }

    # === ACTION METHODS === #

    @decides("member_id")
    def action_fulfil(self):
        """Hand the reward over: the reserved points are spent (officers)."""
        requests = self._check_officer()
        for request in requests:
            if request.state == "requested" and not request.is_by_hand:
                raise UserError(
                    self.env._(
                        "%s is fulfilled by its own document, not by hand.",
                        request.display_name,
                    )
                )
        for request in requests._in_one_order():
            request._fulfil(self.env.user)
        return True

    @decides("member_id")
    def action_refuse(self):
        """Ask why these requests are refused (officers)."""
        self._check_officer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "b2b2c.redemption.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_redemption_ids": self.ids},
        }

    def _in_one_order(self):
        """Return these requests by their accounts: two people with many requests do
        not deadlock."""
        return self.sorted(lambda request: (request.account_id.id, request.id))

    def _check_officer(self):
        """Return these requests (with sudo) for an officer who may decide on them.

        :raise UserError: the user is none
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on requests.")
            )
        self.check_access("read")
        return self.sudo()
