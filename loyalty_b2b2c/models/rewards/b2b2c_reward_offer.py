from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ...engine import InvalidNumber, to_decimal
from .circumstances import Circumstances
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
        known = Circumstances(member.sudo())
        refusal = None if self._is_for(member, known) else "not_offered"
        return self.sudo()._make_offer(
            known.members, known, refusal, quantity=quantity, amount=amount
        )

    def _get_offers(self, known, **wanted):
        """Yield what each of these rewards would be for the participants who see it.

        One after the other: who needs only the first few asks for no more.

        :param known: the :class:`~.circumstances.Circumstances` of the participants
        :param wanted: how much of each, see :meth:`_get_offer`
        :return: tuples of offers, the one to propose first; empty where nobody sees it
        """
        rewards = self.sudo()
        seen = {
            member: set(rewards.filtered_domain(self._get_seen(member, known))._ids)
            for member in known.members
        }
        for reward in rewards:
            offers = [
                reward._make_offer(member, known, **wanted)
                for member in known.members
                if reward.id in seen[member]
            ]
            yield tuple(sorted(offers, key=_rank))

    def _make_offer(self, member, known, refusal=None, quantity=1, amount=None):
        """Return what this reward would be for a participant who sees it.

        :param known: see :class:`~.circumstances.Circumstances`
        :param str refusal: why it cannot be had, if that is known
        """
        price, wrong_amount = self._read_amount(amount)
        total = price * quantity
        balance = known.get_balance(member, self.unit_id)
        missing = max(total - balance, Decimal(0))
        offer = Offer(
            reward=self,
            member=member,
            quantity=quantity,
            price=price,
            total=total,
            available=max(balance, Decimal(0)),
            missing=missing,
            refusal=refusal
            or self._get_refusal(member, quantity, known)
            or wrong_amount
            or self._get_unit_refusal(total),
        )
        if offer.refusal:
            return offer
        refusal = self._get_handler()._check(offer)
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

    def _get_refusal(self, member, quantity, known):
        """Return why a participant cannot have it, however many points there are.

        :param known: see :class:`~.circumstances.Circumstances`
        :return: code of ``reward_words``, the most lasting reason; ``None`` if none
        """
        most = MAX_QUANTITY if self.price_kind == "fixed" else 1
        if not 1 <= quantity <= most:
            return "quantity"
        if member.state == "suspended":
            return "suspended"
        if self.is_limited and self.stock_left < quantity:
            return "sold_out" if self.stock_left < 1 else "few_left"
        if self.member_limit:
            taken = known.get_taken(member, self)
            if self.member_limit - taken < quantity:
                return "limit"
        return None

    # === WHO SEES IT === #

    def _is_for(self, member, known=None):
        """Tell whether a participant sees this reward at all.

        :param known: see :class:`~.circumstances.Circumstances`
        """
        self.ensure_one()
        member = member.sudo()
        known = known or Circumstances(member)
        return bool(self.sudo().filtered_domain(self._get_seen(member, known)))

    @api.model
    def _get_seen(self, member, known):
        """Return the domain of the rewards a participant sees.

        Who left keeps the points, and so may spend them.

        :param known: see :class:`~.circumstances.Circumstances`
        """
        if member.state == "merged" or member.erased_at:
            return Domain.FALSE
        earned = Domain("program_ids", "in", known.get_programs(member))
        return (
            Domain("active", "=", True)
            & Domain("company_id", "=", member.company_id.id)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", known.now))
            & (Domain("date_to", "=", False) | Domain("date_to", ">", known.now))
            & (
                Domain("role_ids", "=", False)
                | Domain("role_ids.role", "=", member.role)
            )
            & (Domain("program_ids", "=", False) | earned)
        )


def _rank(offer):
    """Return how an offer is ranked among those of one person: what can be had first,
    where most points are."""
    return bool(offer.refusal), offer.missing, -offer.available
