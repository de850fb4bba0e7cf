from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import fields, models

from ...engine import InvalidNumber, day_start, local_day, period_of, to_decimal
from ...values import aware, naive
from .reward_words import sentence

#: More pieces than this at once are a mistake.
MAX_QUANTITY = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a participant can have a reward now, and what it would take.

    :param price: points of one piece, or those the participant chose
    :param total: points of all pieces
    :param available: points the participant can spend now
    :param missing: points the participant has to earn before, a debt included
    :param refusal: why it cannot be had, a code of ``reward_words`` or of the reward's
        kind; ``None`` when it can
    :param own_sentence: the refusal in the words of the reward's kind
    """

    reward: models.BaseModel
    member: models.BaseModel
    quantity: int
    price: Decimal
    total: Decimal
    available: Decimal
    missing: Decimal
    refusal: str | None
    own_sentence: str = ""

    @property
    def left(self):
        """What the participant would still have afterwards."""
        return max(self.available - self.total, Decimal(0))

    @property
    def progress(self):
        """How far the participant's points go, in percent of what it takes."""
        if not self.missing or not self.total:
            return 100
        return int(max(self.total - self.missing, 0) * 100 // self.total)

    def costs(self, price):
        """Tell whether a price that a page sent is still the price of one piece."""
        try:
            return to_decimal(price) == self.price
        except InvalidNumber:
            return False

    @property
    def sentence(self):
        """The refusal in the participant's words, empty when there is none."""
        if not self.refusal:
            return ""
        return self.own_sentence or sentence(self)


class B2b2cReward(models.Model):
    """Who may have a reward: the only place that knows, for screens and requests."""

    _inherit = "b2b2c.reward"

    def _get_offer(self, member, quantity=1, amount=None):
        """Return what this reward would be for a participant.

        Reads only: the guards that count are the conditional UPDATEs of a request.

        :param member: ``b2b2c.member`` record
        :param int quantity: how many pieces
        :param amount: points the participant chose, a number or a text, where the
            reward lets choose; the least by default
        """
        self.ensure_one()
        reward, member = self.sudo(), member.sudo()
        price, wrong_amount = reward._read_amount(amount)
        total = price * quantity
        balance = reward._get_balance(member)
        missing = max(total - balance, Decimal(0))
        offer = Offer(
            reward=reward,
            member=member,
            quantity=quantity,
            price=price,
            total=total,
            available=max(balance, Decimal(0)),
            missing=missing,
            refusal=reward._get_refusal(member, quantity)
            or wrong_amount
            or reward._get_unit_refusal(total),
        )
        if offer.refusal:
            return offer
        refusal = reward._get_handler()._check(offer)
        if refusal:
            return replace(offer, refusal=refusal.code, own_sentence=refusal.sentence)
        return replace(offer, refusal="points" if missing else None)

    def _read_amount(self, amount):
        """Return the points of one piece, and why a chosen amount cannot be.

        :return: ``(points, code of reward_words or None)``; with a code the least that
            can be chosen
        """
        least = to_decimal(self.points)
        if self.price_kind != "chosen" or amount in (None, ""):
            return least, None
        try:
            points = to_decimal(amount)
        except InvalidNumber:
            return least, "amount"
        most = to_decimal(self.points_most)
        step = to_decimal(self.points_step) or self.unit_id._get_step()
        if points < least or (most and points > most) or points % step:
            return least, "amount"
        return points, None

    def _get_unit_refusal(self, total):
        """Return why so many points of the unit cannot be spent on this reward.

        :return: code of ``reward_words``; ``None`` if nothing is in the way
        """
        unit = self.unit_id
        if not total:
            return None
        if not unit._is_spendable_on(self.kind):
            return "not_spendable"
        return "minimum" if total < to_decimal(unit.spending_minimum) else None

    def _get_refusal(self, member, quantity):
        """Return why a participant cannot have it, however many points there are.

        :return: code of ``reward_words``, the most lasting reason; ``None`` if none
        """
        if not self._is_for(member):
            return "not_offered"
        most = MAX_QUANTITY if self.price_kind == "fixed" else 1
        if not 1 <= quantity <= most:
            return "quantity"
        if member.state == "suspended":
            return "suspended"
        if self.is_limited and self.stock_left < quantity:
            return "sold_out" if self.stock_left < 1 else "few_left"
        if self.member_limit and self._get_limit_left(member) < quantity:
            return "limit"
        return None

    def _is_for(self, member):
        """Tell whether a participant sees this reward at all.

        Who left keeps the points, and so may spend them.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        return (
            self.active
            and self.company_id == member.company_id
            and member.state != "merged"
            and not member.erased_at
            and (not self.role_ids or member.role in self.role_ids.mapped("role"))
            and (not self.date_from or self.date_from <= now)
            and (not self.date_to or now < self.date_to)
            and (not self.program_ids or self._has_earned(member))
        )

    def _has_earned(self, member):
        """Tell whether a participant ever earned in one of the programs."""
        domain = [
            ("account_id.member_id", "in", member._get_with_merged().ids),
            ("program_id", "in", self.program_ids.ids),
        ]
        return bool(self.env["b2b2c.ledger.entry"].sudo().search_count(domain, limit=1))

    def _get_balance(self, member):
        """Return what a participant can spend, less what is owed; exact.

        The account is not opened for looking.
        """
        return member._get_spendable(self.unit_id)

    def _get_limit_left(self, member):
        """Return how many pieces a person may still request in this period.

        All memberships of the person count together.
        """
        domain = [
            ("reward_id", "=", self.id),
            ("member_id", "in", member._get_of_person().ids),
            ("state", "in", ("requested", "fulfilled")),
        ]
        if self.limit_period != "ever":
            zone = self.company_id.b2b2c_timezone or "UTC"
            today = local_day(aware(fields.Datetime.now()), zone)
            first, _after, _label = period_of(self.limit_period, today)
            domain.append(("requested_at", ">=", naive(day_start(first, zone))))
        [[taken]] = (
            self.env["b2b2c.redemption"]
            .sudo()
            ._read_group(domain, [], ["quantity:sum"])
        )
        return max(self.member_limit - (taken or 0), 0)
