from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS
from ...engine import day_start, period_of, to_decimal
from ...exceptions import AmbiguousPerson, RedemptionError
from ...values import naive
from ..base.days import get_today
from ..people.member_code import read_code
from ..rewards.b2b2c_reward_handler import Question, Refusal

#: So often a participant names a recipient within the hour; whoever tries numbers one
#: after the other gets nowhere.
_TRIES = 20


class B2b2cReward(models.Model):
    """A reward may be that a colleague gets the points."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("transfer", "Points for a colleague")],
        ondelete={"transfer": "set default"},
    )
    transfer_scope = fields.Selection(
        [
            ("employer", "People of the same company or shop"),
            ("company", "All participants"),
        ],
        string="Who May Get Points",
        required=True,
        default="employer",
    )
    points_per_month = fields.Float(
        **POINTS,
        string="At Most per Month",
        tracking=True,
        help="So many points a person may give away in a month, to all together. 0: "
        "no limit.",
    )

    _month_is_a_number = models.Constraint(
        "CHECK (coalesce(points_per_month, 0) >= 0)", "A limit cannot be negative."
    )

    @api.constrains("kind", "price_kind")
    def _check_transfer(self):
        for reward in self:
            if reward.kind == "transfer" and reward.price_kind == "free":
                raise ValidationError(self.env._("A gift of points takes points."))

    def _is_limited_by_person(self):
        return super()._is_limited_by_person() or (
            self.kind == "transfer" and bool(self.points_per_month)
        )

    def _get_given_in_month(self, member):
        """Return the points a person gave, or is giving, away this month; exact.

        All memberships of the person count together.
        """
        zone = self.company_id.b2b2c_timezone or "UTC"
        first, _after, _label = period_of("month", get_today(self.company_id))
        requests = self.env["b2b2c.redemption"].search(
            [
                ("kind", "=", "transfer"),
                ("account_id.unit_id", "=", self.unit_id.id),
                ("member_id", "in", member._get_of_person().ids),
                ("state", "in", ("requested", "fulfilled")),
                ("requested_at", ">=", naive(day_start(first, zone))),
            ]
        )
        return sum(to_decimal(request.points) for request in requests)


class B2b2cRewardHandlerTransfer(models.AbstractModel):
    """A participant gives points to a colleague; they keep their expiry dates.

    Who is not there, and who may get nothing, are one answer: nobody learns who takes
    part.  What the giver sees afterwards is what the giver wrote, too.
    """

    _name = "b2b2c.reward.handler.transfer"
    _description = "Kind of Reward: Points for a Colleague"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-share"

    @api.model
    def _word_giving(self, reward):
        return self.env._("The points keep the day on which they expire.")

    @api.model
    def _check(self, offer):
        return self._check_month(offer.reward, offer.member, offer.total)

    @api.model
    def _check_month(self, reward, member, points):
        """Return why so many more points cannot be given away this month.

        :return: ``Refusal`` or ``None``
        """
        most = to_decimal(reward.points_per_month)
        if not most:
            return None
        left = most - reward._get_given_in_month(member)
        if points <= left:
            return None
        sentence = self.env._(
            "You can give away %s more this month.",
            reward.unit_id._format(max(left, 0)),
        )
        return Refusal("month", sentence)

    @api.model
    def _get_questions(self, offer):
        hint = self.env._("The member code, phone number or e-mail of your colleague.")
        return (Question("recipient", self.env._("To whom"), help=hint),)

    @api.model
    def _read_answers(self, offer, answers):
        typed = super()._read_answers(offer, answers)["recipient"]
        recipient = self._find_recipient(offer.reward, offer.member, typed)
        if not recipient:
            sentence = self.env._(
                "Nobody you can give points to was found. Ask your colleague for the "
                "member code, please."
            )
            raise RedemptionError("answer", sentence)
        return {"recipient_id": recipient.id, "typed": typed}

    @api.model
    def _find_recipient(self, reward, sender, typed):
        """Return who is meant, empty when there is nobody, or nobody who may.

        :param str typed: a member code, a phone number or an e-mail
        """
        self._count_try(sender)
        name = "phone"
        if "@" in typed:
            name = "email"
        elif read_code(typed):
            name = "code"
        members = self.env["b2b2c.member"].sudo()
        try:
            found = members._find_in_force(sender.company_id, **{name: typed})
        except AmbiguousPerson:
            found = members
        return found.filtered(lambda member: self._may_get(reward, sender, member))[:1]

    @api.model
    def _count_try(self, sender):
        """Count that a participant names somebody.

        :raise RedemptionError: too often within the hour
        """
        person = sender.partner_id
        counts = self.env["b2b2c.hour.count"].sudo()
        if not counts._count_apart(sender.company_id, {f"gift/p{person.id}": _TRIES}):
            sentence = self.env._("Too many tries. Please wait an hour.")
            raise RedemptionError("tries", sentence)

    @api.model
    def _may_get(self, reward, sender, member):
        """Tell whether a participant may get points from another one."""
        same = self.env["b2b2c.authority"]._are_same
        if member.state != "enrolled" or member.erased_at:
            return False
        if same(sender.partner_id, member.partner_id):
            return False
        return reward.transfer_scope == "company" or (
            sender.state == "enrolled"
            and member.employer_id == sender.employer_id
            # customers of one shop are no colleagues
            and not (member._buys_anywhere() or sender._buys_anywhere())
        )

    @api.model
    def _reserve(self, request, answers):
        request.write(
            {
                "recipient_id": answers["recipient_id"],
                "recipient_typed": answers["typed"],
            }
        )
        # looked at before the accounts were opened: another gift may have been faster
        refusal = self._check_month(request.reward_id, request.member_id, 0)
        if refusal:
            raise RedemptionError(refusal.code, refusal.sentence)

    @api.model
    def _is_instant(self, reward):
        return not reward.needs_approval

    @api.model
    def _spend(self, request):
        """Move the points: free for a moment, and at once the colleague's."""
        recipient, reservation = request._get_recipient(), request.hold_id
        if not self._may_get(request.reward_id, request.member_id, recipient):
            raise UserError(
                self.env._("The colleague cannot get points any more: refuse it.")
            )
        if request.decided_by_id:
            self.env["b2b2c.authority"]._check(request.decided_by_id, members=recipient)
        account = reservation.account_id
        account._release(reservation)
        sent, _arrived = account._transfer(
            recipient._get_account(account.unit_id),
            request._get_points_of(request.quantity),
            source_key=f"gift/{request.id}",
            document_model=request._name,
            document_id=request.id,
        )
        return sent

    @api.model
    def _fulfil(self, request):
        request._tell_recipient()

    @api.model
    def _get_cost(self, request, quantity):
        """Return what the points are worth: it is owed to the colleague from now on."""
        return request._get_worth_of(quantity)

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        lines = list(description.lines)
        if request.recipient_typed:
            lines.insert(0, self.env._("To: %s", request.recipient_typed))
        status = self.env._("Given") if request.state == "fulfilled" else ""
        return replace(description, lines=tuple(lines), status=status)
