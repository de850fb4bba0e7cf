"""Paying with points at a partner's till: shown, held, spent, given back."""

from uuid import uuid4

from odoo import http
from odoo.exceptions import UserError

from ..engine import to_decimal
from ..exceptions import (
    ApiError,
    InsufficientPoints,
    IntakeError,
    LoyaltyError,
    ProofNeeded,
    ShownTooLongAgo,
)
from ..models.spends.spend_request import SpendRequest
from ..values import shown
from .api import _membership, _moment, operation

_MINUTES = 15


class LoyaltySpendsApi(http.Controller):
    """One method per operation, as in :class:`~.api.LoyaltyApi`.

    A payment is known by the key that the till gave it.  Keys of one partner are its
    own: nobody else's payment is found by them.
    """

    @operation("/members/shown", "POST", "spend", idempotent=False)
    def show_member(self, call):
        """Tell who shows a code: enough to serve the person, and no more."""
        shown = self._read_shown(call)
        member = shown.member
        company, currency = call.env.company, self._get_currency(call)
        offers = call.env["b2b2c.spend"]._get_spendable(member, company, currency)
        return 200, {
            "name": member._get_masked_name(),
            "ticket": member._sign_shown(shown.way, company, _get_counter(call)),
            "balances": _membership(member)["balances"],
            "spendable": [
                {
                    "unit": offer["unit"].name,
                    "points": offer["points"],
                    "amount": offer["amount"],
                    "currency": currency.name,
                }
                for offer in offers
            ],
            "gains": self._get_gains(call, member),
        }

    @operation("/spends", "POST", "spend", idempotent=False)
    def hold(self, call):
        """Reserve what a person pays with points: once, by the key of the payment.

        What the person typed wrongly is an answer and no failure of the call: it has to
        stay counted.
        """
        spends = call.env["b2b2c.spend"]
        known = spends._find(self._get_key(call))
        request = self._read_request(call)
        way, problem = self._prove(call, request)
        if problem:
            error = ApiError(422, "wrong_proof", problem, "proof")
            return 422, {"error": http.request.dispatcher.to_body(error)}
        if way:
            request.details["proof"] = way
        spend = self._do(call, lambda: spends._hold(request))
        return (200 if known else 201), _spend(spend)

    @operation("/spends/code", "POST", "spend", idempotent=False)
    def send_code(self, call):
        """Send the person a code that confirms one payment."""
        request = self._read_request(call)
        place = request.place.display_name or call.env.company.name
        proof = call.env["b2b2c.spend.proof"]._get(request.member)
        address = self._do(
            call,
            lambda: proof._send_code(
                request.key, request.amount, request.currency, place
            ),
        )
        return 200, {"address": address}

    @operation("/spends/capture", "POST", "spend")
    def capture(self, call):
        """Spend what was reserved: the sale is done, nothing is refused any more."""
        spend = self._find(call)
        amount = call.body.get("amount")
        amount = None if amount is None else to_decimal(amount)
        if amount is not None and amount > to_decimal(spend.amount):
            message = call.env._("More cannot be paid than was reserved.")
            raise ApiError(422, "invalid_value", message, "amount")
        self._do(call, lambda: spend._capture(amount))
        return 200, _spend(spend)

    @operation("/spends/release", "POST", "spend")
    def release(self, call):
        """Free what was reserved: there is no sale."""
        spend = self._find(call)
        if spend.state == "spent":
            message = call.env._("%s was paid already: give it back.", spend.name)
            raise ApiError(409, "already_spent", message, "key")
        self._do(call, spend._release)
        return 200, _spend(spend)

    @operation("/spends/back", "POST", "spend")
    def give_back(self, call):
        """Give points back for goods that came back."""
        spend, body = self._find(call), call.body
        if spend.state != "spent":
            message = call.env._("%s was not paid.", spend.name)
            raise ApiError(409, "not_spent", message, "key")
        amount = to_decimal(body["amount"])
        given = self._do(call, lambda: spend._give_back(amount, body["return_key"]))
        return 200, {**_spend(spend), "given_back": given}

    # === WHO, WHERE AND WHICH === #

    def _read_request(self, call):
        """Return what the till asks for, as every counter asks it."""
        body, member = call.body, self._find_shown(call)
        place = self._get_place(call)
        reference = body.get("reference") or body["key"]
        return SpendRequest(
            member=member,
            unit=self._get_unit(call, member),
            amount=to_decimal(body["amount"]),
            currency=self._get_currency(call),
            key=self._get_key(call),
            name=f"{reference}, {place.display_name}" if place else reference,
            place=place,
            minutes=body.get("minutes", _MINUTES),
            details={"most": call.grant.spend_limit},
        )

    def _prove(self, call, request):
        """Read what the person typed, if anything.

        :return: ``(way, "")`` when it is right, ``("", sentence)`` when it is not
        """
        typed = call.body.get("proof")
        if not typed:
            return "", ""
        proof = call.env["b2b2c.spend.proof"]._get(request.member)
        return proof._prove(typed, request.key, request.amount)

    def _find_shown(self, call):
        """Return the participant (sudo) who shows a card or a code.

        A phone number shows nothing: anybody can type it, and nobody looks on here.

        :raise ApiError: nobody, not enrolled and somebody else's: the same words
        """
        return self._read_shown(call).member

    def _read_shown(self, call):
        """Return who shows what, see ``b2b2c.member``, ``_find_named``."""
        members, asker = call.env["b2b2c.member"], f"key{call.grant.key_id}"
        try:
            shown = members._find_named(
                call.body["code"],
                call.env.company,
                asker,
                place=_get_counter(call),
                pays=True,
            )
        except ShownTooLongAgo as error:
            raise ApiError(422, "refused", str(error), "code") from None
        except LoyaltyError as error:
            raise ApiError(429, "rate_limited", str(error), "code") from None
        if shown.way == "phone" or shown.member.state != "enrolled":
            message = call.env._("This person does not take part.")
            raise ApiError(404, "unknown_member", message, "code")
        return shown

    def _get_place(self, call):
        """Return the shop: of the partner whose key it is, empty for our own.

        :raise ApiError: a shop that is not the partner's
        """
        partner = call.grant.get_reporter(call.env)
        named = call.body.get("shop")
        if not named:
            return partner
        owner = (partner or call.env.company.partner_id).commercial_partner_id
        shop = call.env["res.partner"].search(
            [("id", "child_of", owner.ids), ("ref", "=", named)], limit=2
        )
        if len(shop) != 1:
            message = call.env._("There is no such shop.")
            raise ApiError(422, "unknown_partner", message, "shop")
        return shop if partner else partner

    def _get_currency(self, call):
        """Return the currency that the till sells in."""
        name = call.body.get("currency")
        if not name:
            return call.env.company.currency_id
        currency = call.env["res.currency"].search([("name", "=", name)])
        if not currency:
            message = call.env._("There is no currency “%s”.", name)
            raise ApiError(422, "unknown_currency", message, "currency")
        return currency

    def _get_unit(self, call, member):
        """Return the unit that is spent: the one named, or the only one there is."""
        spends, named = call.env["b2b2c.spend"], call.body.get("unit")
        units = member.account_ids.unit_id
        if named:
            unit = units.filtered(lambda unit: unit.name == named)
        else:
            offers = spends._get_spendable(
                member, call.env.company, self._get_currency(call)
            )
            unit = units.browse([offer["unit"].id for offer in offers])
            unit = unit[:1] or units[:1]
        if len(unit) != 1:
            message = call.env._("This person has no such points.")
            raise ApiError(422, "unknown_unit", message, "unit")
        return unit

    def _get_key(self, call):
        """Return how a payment of this partner is known here."""
        partner = call.grant.get_reporter(call.env).commercial_partner_id
        return f"api/{call.env.company.id}/{partner.id or 0}/{call.body['key']}"

    def _find(self, call):
        """Return the payment (sudo) with a key.

        :raise ApiError: there is none; that of another partner is none
        """
        spend = call.env["b2b2c.spend"]._find(self._get_key(call))
        if not spend:
            message = call.env._("There is no such payment.")
            raise ApiError(404, "unknown_spend", message, "key")
        return spend

    def _get_gains(self, call, member):
        """Return what a basket will give the person, one row per unit."""
        basket = call.body.get("basket")
        if not basket or "preview" not in call.grant.rights:
            return []
        try:
            answer = call.env["b2b2c.intake"]._preview(
                {
                    **basket,
                    "type": "sale",
                    "reference": f"shown-{uuid4()}",
                    "member": {"code": member.code},
                },
                company=call.env.company,
                channel="api",
                reporter=call.grant.get_reporter(call.env),
                mandate=call.grant.mandate,
            )
        except IntakeError as error:
            raise ApiError(422, error.code, str(error), "basket") from None
        gains = {}
        for award in answer["awards"]:
            if award["member_id"] == member.id:
                row = gains.setdefault(award["unit"], [0, 0])
                row[0] += award["points"]
                row[1] += award["points_pending"]
        return [
            {"unit": unit, "points": points, "points_pending": pending}
            for unit, (points, pending) in sorted(gains.items())
        ]

    def _do(self, call, step):
        """Take a step of a payment; what it refuses is an error of the API."""
        try:
            with call.env.cr.savepoint():
                return step()
        except ProofNeeded as error:
            raise ApiError(422, "proof_needed", str(error), "proof") from None
        except InsufficientPoints as error:
            raise ApiError(422, "not_enough_points", str(error), "amount") from None
        except LoyaltyError as error:
            raise ApiError(422, "refused", str(error)) from None
        except UserError as error:
            raise ApiError(422, "refused", error.args[0]) from None


def _get_counter(call):
    """Return whose tills hold a ticket that this key is given: no other partner's."""
    partner = call.grant.get_reporter(call.env).commercial_partner_id
    return f"api/{partner.id or 0}"


def _spend(spend):
    """Return a payment as JSON value, without the person."""
    return {
        "key": spend.key.split("/", 3)[3],
        "state": spend.state,
        "amount": spend.amount,
        "amount_back": spend.amount_back,
        "currency": spend.currency_id.name,
        "unit": spend.account_id.unit_id.name,
        "points": shown(to_decimal(spend.points)),
        "points_back": shown(to_decimal(spend.points_back)),
        "valid_until": _moment(spend.valid_until),
    }
