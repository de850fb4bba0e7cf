"""What a till asks about points, read strictly and answered in sentences."""

from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.engine import InvalidNumber, to_decimal
from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import ProofNeeded
from odoo.addons.loyalty_b2b2c.models.spends.spend_request import SpendRequest
from odoo.addons.loyalty_b2b2c.values import shown

from . import settlement
from .pos_payment_method import POINTS

_LONGEST = 400


class Refused(UserError):
    """The till's question is answered with a sentence; nothing was reserved."""


@dataclass(frozen=True)
class Question:
    """What a till asks to be paid, read.

    :param member: the participant whose code was shown
    :param is_shown: whether what was shown proves who it is: a phone number does not
    :param method: ``pos.payment.method`` that takes points
    :param amount: in the till's currency, > 0
    :param uuid: identity of the payment line
    :param order_uuid: identity of its ticket
    """

    member: models.Model
    is_shown: bool
    method: models.Model
    amount: Decimal
    uuid: str
    order_uuid: str

    @property
    def key(self):
        """The identity of this payment among all that is spent."""
        return f"till/{self.uuid}"


class TillCounter:
    """One session, asked by whoever works at it.

    :param session: ``pos.session`` with superuser rights, open
    """

    def __init__(self, session):
        self.session, self.env = session, session.env
        self.company = session.company_id

    # === QUESTIONS === #

    def get_spendable(self, values):
        """See ``pos.session.b2b2c_get_spendable``."""
        return self._answer(self._word_spendable, values)

    def hold(self, values):
        """See ``pos.session.b2b2c_hold_points``."""
        return self._answer(self._hold, values)

    def send_code(self, values):
        """See ``pos.session.b2b2c_send_points_code``."""
        return self._answer(self._send_code, values)

    def release(self, values):
        """See ``pos.session.b2b2c_release_points``."""
        return self._answer(self._release, values)

    def get_refundable(self, values):
        """See ``pos.session.b2b2c_get_refundable``."""
        return self._answer(self._get_refundable, values)

    def _answer(self, method, values):
        """Return what a method answers, or why it refuses.

        What a refusal wrote before is undone, so a question is answered or it was none.
        """
        try:
            with self.env.cr.savepoint():
                return method(values if isinstance(values, dict) else {})
        except UserError as refusal:
            return {"refused": str(refusal)}

    # === READING === #

    def _read(self, values):
        """Return the question a till asks.

        :raise UserError: says what is wrong with it
        """
        uuid, order_uuid = self._read_identity(values)
        found = self._read_shown(values)
        return Question(
            member=found.member,
            is_shown=found.is_proved,
            method=self._read_method(values),
            amount=self._read_amount(values),
            uuid=uuid,
            order_uuid=order_uuid,
        )

    def _read_identity(self, values):
        uuid = read_token(values.get("uuid"), shortest=8)
        order_uuid = read_token(values.get("order_uuid"), shortest=8)
        if not uuid or not order_uuid:
            raise Refused(self.env._("This till is out of date: reload the page."))
        return uuid, order_uuid

    def _read_method(self, values):
        method = self.session.config_id.payment_method_ids.filtered(
            lambda method: (
                method.id == values.get("method")
                and method.use_payment_terminal == POINTS
            )
        )
        if not method:
            raise Refused(self.env._("This till does not take points."))
        return method

    def _read_shown(self, values):
        """Return who was shown at the till, and how (``Shown``).

        :raise UserError: nobody, of another company, suspended, or the cashier himself
        """
        token = read_token(values.get("token"), longest=_LONGEST)
        if not token:
            raise Refused(
                self.env._("Scan the customer's code first: it says whose points pay.")
            )
        asker = f"u{self.env.uid}"
        members = self.env["b2b2c.member"]
        found = members._find_named(token, self.company, asker, pays=True)
        member = found.member
        if member.state != "enrolled":  # paused since, or nobody
            raise Refused(self.env._("Nobody who takes part was found by this."))
        if self.env["b2b2c.authority"]._is_self(self.env.user, members=member):
            raise Refused(self.env._("This is you. A colleague has to serve you."))
        return found

    def _read_amount(self, values):
        """Return what is paid; the till has rounded it to its currency already."""
        try:
            amount = to_decimal(values.get("amount"))
        except InvalidNumber:
            amount = Decimal(0)
        amount = round(amount, self.session.currency_id.decimal_places)
        if amount <= 0:
            raise Refused(self.env._("Type how much is paid in points."))
        return amount

    # === ANSWERS === #

    def _word_spendable(self, values):
        found, method = self._read_shown(values), self._read_method(values)
        member, unit = found.member, method.b2b2c_unit_id
        if not found.is_proved:  # who types a number is not told what somebody has
            return {"name": member._get_masked_name(), "is_hidden": True}
        offers = self.env["b2b2c.spend"]._get_spendable(
            member, self.company, self.session.currency_id
        )
        offer = next((one for one in offers if one["unit"] == unit), None)
        return {
            "name": member._get_masked_name(),
            "points": unit._format(offer["points"] if offer else 0),
            "amount": shown(offer["amount"]) if offer else 0,
        }

    def _hold(self, values):
        question = self._read(values)
        way, problem = self._prove(question, values)
        if problem or not (way or question.is_shown):
            return self._ask_proof(question, problem)
        request = self._get_request(question, way)
        if question.member.company_id != self.company and not request.place:
            raise Refused(
                self.env._(
                    "These points are of %s: they cannot be spent here.",
                    question.member.company_id.name,
                )
            )
        payment = self.env["b2b2c.till.payment"]._open(
            self.session, question.uuid, question.order_uuid
        )
        try:
            with self.env.cr.savepoint():
                spend = self.env["b2b2c.spend"]._hold(request)
        except ProofNeeded:
            return self._ask_proof(question)
        payment._set_spend(spend)
        points = question.method.b2b2c_unit_id._format(spend.points)
        return {
            "held": str(spend.id),
            "receipt": self.env._("Paid with %s", points),
        }

    def _get_request(self, question, way):
        """Return the question as every counter asks it."""
        return SpendRequest(
            member=question.member,
            unit=question.method.b2b2c_unit_id,
            amount=question.amount,
            currency=self.session.currency_id,
            key=question.key,
            name=self.env._("Till %s", self.session.config_id.name),
            place=self.env["b2b2c.partner.agreement"]._get_till_place(
                self.company, question.member.company_id
            ),
            actor=self.env.user,
            details={"proof": way} if way else {},
        )

    # === PROOFS === #

    def _prove(self, question, values):
        """Read what the participant typed, if anything.

        :return: ``(way, sentence)``: how it was proved, or why it was not.  That is no
            refusal: what was typed wrongly must stay counted.
        """
        typed = read_token(values.get("proof"), longest=12)
        if not typed:
            return "", ""
        proof = self.env["b2b2c.spend.proof"]._get(question.member)
        return proof._prove(typed, question.key, question.amount)

    def _ask_proof(self, question, problem=""):
        """Return the answer that asks the participant to confirm."""
        proof = self.env["b2b2c.spend.proof"]._get(question.member)
        return {
            "needs_proof": True,
            "name": question.member._get_masked_name(),
            "refused": problem,
            "hint": proof._word_ways(),
            "can_send": bool(proof._get_shown_address()),
        }

    def _send_code(self, values):
        question = self._read(values)
        address = (
            self.env["b2b2c.spend.proof"]
            ._get(question.member)
            ._send_code(
                question.key,
                question.amount,
                self.session.currency_id,
                self.session.config_id.name,
            )
        )
        return {"sent": self.env._("The code was sent to %s.", address)}

    def _release(self, values):
        uuid = read_token(values.get("uuid"), shortest=8)
        payments = self.env["b2b2c.till.payment"]
        if not uuid:
            raise Refused(self.env._("This till is out of date: reload the page."))
        known = payments._find(uuid)
        if known and settlement.find_paid(known):
            raise Refused(
                self.env._("The ticket is paid: take the goods back instead.")
            )
        if not payments._take_back(self.session, uuid):
            raise Refused(
                self.env._("The ticket is paid: take the goods back instead.")
            )
        return {"released": True}

    def _get_refundable(self, values):
        ids = values.get("lines")
        ids = [one for one in ids if type(one) is int] if isinstance(ids, list) else []
        lines = self.env["pos.order.line"].browse(ids).exists()
        origin = lines.order_id
        if len(origin) != 1 or origin.company_id != self.company:
            return {"points": 0, "money": None}
        return {
            "points": shown(settlement.get_points_left(origin)),
            "money": settlement.get_money_left(origin),
        }
