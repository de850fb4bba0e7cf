from odoo import api, models
from odoo.tools import formatLang

from ...engine import to_decimal
from ...engine.typed_text import read_token
from ...exceptions import LoyaltyError
from ...values import shown
from ..base.days import get_today
from ..spends.spend_request import SpendRequest
from .terminal_answers import TerminalAnswers
from .terminal_input import MAX_TEXT

#: How long the points wait for the person to read the code out.
_MINUTES = 10
_KEY_LENGTHS = (16, MAX_TEXT - 2)
_CODE_LENGTH = 12
_RECENT = 30


class B2b2cTerminal(models.AbstractModel):
    """Paying with points at the terminal.

    The points are reserved, the person gets a code and reads it out, the points are
    spent: who only holds the phone of the counter spends nobody's points.
    """

    _inherit = "b2b2c.terminal"

    # === REMOTE METHODS === #

    @api.model
    def offer_payment(self, ticket):
        """Return what a participant can pay with points here.

        :param str ticket: from :meth:`search_member`
        :return: dict with ``amount`` (in words, "" when nothing can be paid),
            ``points`` and ``message``
        """
        counter = self._get_counter()
        member = counter.read_ticket(ticket)
        offer = self._get_offer(counter, member)
        if not offer:
            message = self.env._("Nothing can be paid with points here.")
            return {"amount": "", "points": "", "message": message}
        currency = counter.company.currency_id
        return {
            "amount": formatLang(
                counter.env, shown(offer["amount"]), currency_obj=currency
            ),
            "points": offer["unit"]._format(offer["points"]),
            "message": "",
        }

    @api.model
    def ask_payment(self, ticket, amount, key, by_code=False):
        """Reserve points, and let the person confirm the payment.

        Who has no PIN gets a code at once.

        :param str amount: money, as typed
        :param str key: made up by the client for this payment
        :param bool by_code: whether a code is sent also to who has a PIN
        :return: dict with ``amount``, ``points`` and ``hint``: what the person is asked
            for
        :raise UserError: says why it cannot be paid
        """
        counter = self._get_counter()
        request = self._read_payment(counter, ticket, amount, key)
        spends = counter.env["b2b2c.spend"]
        spend = spends._hold(request)
        if spend.state == "spent":
            raise LoyaltyError(self.env._("This was paid already."))
        spend._await_proof()
        proof = counter.env["b2b2c.spend.proof"]._get(request.member)
        hint = proof._word_ways()
        if by_code or not proof._has_pin():
            address = proof._send_code(
                request.key,
                request.amount,
                request.currency,
                request.place.display_name or counter.company.name,
            )
            hint = self.env._("A code went to %s. Let it be read out.", address)
        return {
            "amount": self._word_money(spend),
            "points": spend.account_id.unit_id._format(spend.points),
            "hint": hint,
        }

    @api.model
    def confirm_payment(self, key, code):
        """Spend what was reserved when the person's code is right.

        :param str key: see :meth:`ask_payment`
        :param str code: as the person read it out
        :return: dict with ``paid``, ``message``, ``amount`` and, once it is paid,
            ``points`` and the ``balances`` that are left; a wrong code is an answer, so
            that it stays counted
        :raise UserError: nothing is reserved, or a limit of the day
        """
        counter = self._get_counter()
        spend = self._find_payment(counter, self._get_payment_key(counter, key))
        answer = {"amount": self._word_money(spend), "paid": True, "message": ""}
        if spend.state == "released":
            raise LoyaltyError(
                self.env._("The points are free again. Begin the payment anew.")
            )
        if spend.state == "held":
            proof = counter.env["b2b2c.spend.proof"]._get(spend.member_id)
            typed = read_token(code, longest=_CODE_LENGTH)
            way, problem = proof._prove(typed, spend.key, to_decimal(spend.amount))
            if not way:
                return {**answer, "paid": False, "message": problem}
            counter.env["b2b2c.terminal.day"]._count_operation(
                counter.operator,
                counter.company,
                get_today(counter.company),
                to_decimal(spend.amount),
            )
            spend._move("held", proved_by=way)
            spend._capture()
        return {
            **answer,
            "points": spend.account_id.unit_id._format(spend.points),
            "balances": TerminalAnswers(counter).get_balances(spend.member_id),
        }

    @api.model
    def drop_payment(self, key):
        """Free what was reserved: the person does not pay with points after all."""
        counter = self._get_counter()
        spend = self._find_payment(counter, self._get_payment_key(counter, key))
        spend._release()
        return spend.state == "released"

    @api.model
    def cancel(self, operation_id, reason=None):
        """Cancel an own operation, or give an own payment back."""
        if not isinstance(operation_id, str):
            return super().cancel(operation_id, reason)
        counter = self._get_counter()
        number = operation_id.removeprefix("spend-")
        spend = counter.env["b2b2c.spend"].search(
            [
                ("id", "=", int(number) if number[:9].isdecimal() else 0),
                *self._get_own_payments(counter),
            ]
        )
        if not spend:
            raise LoyaltyError(self.env._("You recorded no such operation."))
        if not spend._is_cancelled_in_time():
            raise LoyaltyError(
                self.env._("It is too late to cancel this. Ask a loyalty officer.")
            )
        spend._give_back(to_decimal(spend.amount), "cancel")
        return self._describe_payment(counter, spend)

    # === READING === #

    def _read_payment(self, counter, ticket, amount, key):
        """Return the payment a client asks for, within the limits of the counter.

        :return: :class:`~..spends.spend_request.SpendRequest`
        """
        sale = counter.read_sale(ticket, {"amount": amount})
        offer = self._get_offer(counter, sale.member)
        if not offer:
            raise LoyaltyError(self.env._("Nothing can be paid with points here."))
        place = counter.operator.b2b2c_terminal_partner_id
        return SpendRequest(
            member=sale.member,
            unit=offer["unit"],
            amount=sale.amount,
            currency=counter.company.currency_id,
            key=self._get_payment_key(counter, key),
            name=self.env._("Terminal, %s", place.display_name or counter.company.name),
            place=place,
            minutes=_MINUTES,
            actor=counter.operator,
            details={"proof": "code"},  # nothing is spent before it was read out
        )

    def _get_offer(self, counter, member):
        """Return what of the member's points pays most here, ``None`` for nothing."""
        offers = counter.env["b2b2c.spend"]._get_spendable(
            member, counter.company, counter.company.currency_id
        )
        return max(offers, key=lambda offer: offer["amount"], default=None)

    def _get_payment_key(self, counter, key):
        """Return how a payment of this operator is known.

        :raise LoyaltyError: the client sent no key
        """
        key = read_token(key, *_KEY_LENGTHS)
        if not key:
            raise LoyaltyError(self.env._("The key of the request is missing."))
        return f"terminal/{counter.company.id}/{counter.operator.id}/{key}"

    def _find_payment(self, counter, key):
        """Return a payment of this operator.

        :raise LoyaltyError: there is none
        """
        spend = counter.env["b2b2c.spend"]._find(key)
        if not spend:
            raise LoyaltyError(self.env._("There is no such payment."))
        return spend

    def _get_own_payments(self, counter):
        """Return the domain of what this operator took here."""
        start = f"terminal/{counter.company.id}/{counter.operator.id}/"
        return [
            ("actor_id", "=", counter.operator.id),
            ("company_id", "=", counter.company.id),
            ("key", "=like", f"{start}%"),
        ]

    # === ANSWERS === #

    def _word_money(self, spend):
        return formatLang(self.env, spend.amount, currency_obj=spend.currency_id)

    def _get_recent(self, counter):
        """List what was paid with points among the operations of the day."""
        today = get_today(counter.company)
        spends = counter.env["b2b2c.spend"].search(
            [*self._get_own_payments(counter), ("state", "=", "spent")], limit=_RECENT
        )
        payments = [
            self._describe_payment(counter, spend)
            for spend in spends
            if TerminalAnswers(counter).get_day(spend.settled_at) == today
        ]
        return [*payments, *super()._get_recent(counter)]

    def _describe_payment(self, counter, spend):
        """Return a payment as a line of the operator's list."""
        answers = TerminalAnswers(counter)
        is_back = spend.amount_back > 0
        return {
            "id": f"spend-{spend.id}",
            "time": answers.word_time(spend.settled_at),
            "name": (spend.member_id.name or "").split(" ")[0],
            "amount": answers.word_amount(spend),
            "points": spend.account_id.unit_id._format(spend.points),
            "is_payment": True,
            "receipt": False,
            "product": False,
            "cancelled": is_back,
            "can_cancel": not is_back and spend._is_cancelled_in_time(),
            "cancel_until": False,
        }
