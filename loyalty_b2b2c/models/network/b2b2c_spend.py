from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ...engine import to_decimal, to_fraction
from ...engine.numbers import as_decimal
from ...exceptions import FactError, LoyaltyError
from ...values import shown
from ..base.days import get_today
from ..base.rates import get_document_rate

ZERO = Decimal(0)


class B2b2cSpend(models.Model):
    """Points are spent at a partner under its agreement, within its limits."""

    _inherit = "b2b2c.spend"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    counted_on = fields.Date(readonly=True)
    amount_counted = fields.Float(
        digits=False,
        readonly=True,
        help="How much of the limits of the day this takes, in the currency of the "
        "agreement.",
    )

    @api.model
    def _check_request(self, request):
        result = super()._check_request(request)
        if request.place:
            agreement = self._get_agreement(request)
            if not agreement.can_spend:
                raise LoyaltyError(
                    self.env._(
                        "Points of %s cannot be spent in this shop.",
                        request.member.sudo().company_id.name,
                    )
                )
        return result

    @api.model
    def _get_extra_columns(self, request):
        columns = super()._get_extra_columns(request)
        agreement = self._get_agreement(request) if request.place else None
        return {**columns, "agreement_id": agreement.id if agreement else None}

    @api.model
    def _get_agreement(self, request):
        """Return the agreement under which a shop takes points today, empty without."""
        company = request.member.sudo().company_id
        agreements = self.env["b2b2c.partner.agreement"]
        agreement = agreements._get_in_force(company, request.place, get_today(company))
        return agreement.filtered(lambda one: one.state == "active")

    # === LIMITS OF THE DAY === #

    def _reserve(self, request, points):
        if not self.agreement_id:
            return super()._reserve(request, points)
        with self.env.cr.savepoint():  # a limit leaves what was reserved before
            result = super()._reserve(request, points)
            if self.state == "held":
                self._count_day(to_decimal(self.amount), is_refused=True)
        return result

    def _capture(self, amount=None):
        result = super()._capture(amount)
        self._count_day(to_decimal(self.amount))
        return result

    def _release(self):
        result = super()._release()
        for spend in self.filtered(lambda one: one.state == "released"):
            spend._count_day(ZERO)
        return result

    def _count_day(self, amount, is_refused=False):
        """Let this payment take so much of the limits of its agreement.

        :param amount: Decimal in the currency of the payment
        :param bool is_refused: whether a limit refuses it; what is done already is
            counted beyond it
        :raise LoyaltyError: it would be more than agreed for a day
        """
        agreement = self.agreement_id
        limits = {
            agreement.env["b2b2c.account"]: to_decimal(agreement.day_limit or 0),
            self.account_id: to_decimal(agreement.buyer_limit or 0),
        }
        if not any(limits.values()) and not self.amount_counted:
            return
        day = self.counted_on or get_today(self.company_id)
        target = self._to_agreed(amount)
        more = target - to_decimal(self.amount_counted or 0)
        if not more:
            return
        for account, limit in limits.items():  # in one order: no deadlocks
            if not limit:
                continue
            counters = self.env["b2b2c.partner.day"].sudo()
            most = limit if is_refused else 0
            if not counters._count(agreement, account, day, more, most):
                raise LoyaltyError(self._word_limit(account, limit, day))
        self._move(self.state, counted_on=day, amount_counted=target)

    def _to_agreed(self, amount):
        """Return an amount in the currency of the agreement.

        :raise LoyaltyError: there is no exchange rate
        """
        currency, agreed = self.currency_id, self.agreement_id.currency_id
        if currency == agreed:
            return amount
        company, day = self.company_id, get_today(self.company_id)
        try:
            factor = get_document_rate(currency, company, day)
            factor /= get_document_rate(agreed, company, day)
        except FactError as error:
            raise LoyaltyError(str(error)) from error
        exact = as_decimal(to_fraction(amount) * factor)
        return round(exact, agreed.decimal_places)

    def _word_limit(self, account, limit, day):
        """Return why nothing more can be spent today."""
        agreement = self.agreement_id
        counted = self.env["b2b2c.partner.day"]._get_counted(agreement, account, day)
        left = max(shown(limit) - counted, 0)
        money = {"currency_obj": agreement.currency_id}
        words = {
            "limit": formatLang(self.env, shown(limit), **money),
            "left": formatLang(self.env, left, **money),
        }
        if account:
            return self.env._(
                "One buyer pays at most %(limit)s a day with points here; %(left)s are "
                "left today.",
                **words,
            )
        return self.env._(
            "At most %(limit)s a day are paid with points here; %(left)s are left "
            "today.",
            **words,
        )
