from dataclasses import replace

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from odoo.addons.base_iban.models.res_partner_bank import (
    normalize_iban,
    validate_iban,
)

from ...engine.bank_file import NAME_LENGTH, BankFileError, to_bank_text
from ...exceptions import RedemptionError
from ..base.days import get_today
from ..joining.join_input import clean, is_name
from ..rewards.b2b2c_reward_handler import Question, Refusal
from .b2b2c_payout import OPEN

_TAX_LENGTH = 30


class B2b2cRewardHandlerPayout(models.AbstractModel):
    """Money for points: asks where it goes, and leaves the rest to ``b2b2c.payout``."""

    _name = "b2b2c.reward.handler.payout"
    _description = "Kind of Reward: Payout"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-money"

    # === CAN IT BE HAD === #

    @api.model
    def _word_giving(self, reward):
        return self.env._(
            "We check your request; then the money goes to your bank account."
        )

    @api.model
    def _check(self, offer):
        payouts = self.env["b2b2c.payout"].sudo()
        company = offer.reward.company_id.sudo()
        amount, currency = payouts._get_worth(
            offer.reward.unit_id, company, offer.total
        )
        if amount <= 0:
            sentence = self.env._("What you have is not paid out at the moment.")
            return Refusal("no_value", sentence)
        value = payouts._to_company(amount, currency, company)
        return self._check_least(company, value) or self._check_month(
            company, offer.member, value
        )

    def _check_least(self, company, value):
        """Refuse less money than the company pays out."""
        least = company.b2b2c_payout_least
        if company.currency_id.compare_amounts(value, least) >= 0:
            return None
        words = format_amount(self.env, least, company.currency_id)
        return Refusal(
            "payout_least", self.env._("%s is the least that is paid out.", words)
        )

    def _check_month(self, company, member, value):
        """Refuse more money than a person can have in a month."""
        most = company.b2b2c_payout_month
        if not most:
            return None
        person = member._get_survivor().partner_id
        taken = (
            self.env["b2b2c.payout"]
            .sudo()
            ._get_taken(person, company, get_today(company))
        )
        if company.currency_id.compare_amounts(taken + value, most) <= 0:
            return None
        left = format_amount(self.env, max(most - taken, 0), company.currency_id)
        return Refusal(
            "payout_month",
            self.env._("You can have %s more paid out in this month.", left),
        )

    # === WHAT HAS TO BE KNOWN === #

    @api.model
    def _get_questions(self, offer):
        known = self._get_accounts(offer.member)
        is_first = not known
        other = self.env._("Only for another account.") if known else ""
        questions = [
            Question(
                name="holder",
                label=self.env._("Account holder"),
                value="" if known else offer.member.partner_id.name or "",
                help=other,
                is_required=is_first,
            ),
            Question(
                name="iban",
                label=self.env._("IBAN"),
                help=self.env._(
                    "%s go there. We check it, and never show it in full again.",
                    self._word_amount(offer),
                ),
                is_required=is_first,
            ),
        ]
        if known:
            choice = Question(
                name="account",
                label=self.env._("Where to"),
                kind="choice",
                options=tuple(
                    [
                        *known.items(),
                        ("new", self.env._("Another account, below")),
                    ]
                ),
                value=next(iter(known)),
            )
            questions.insert(0, choice)
        if self._asks_for_tax_number(offer):
            questions.append(
                Question(name="tax_number", label=self.env._("Your tax number"))
            )
        return tuple(questions)

    def _word_amount(self, offer):
        """Return the money that an offer would be."""
        company = offer.reward.company_id
        amount, currency = self.env["b2b2c.payout"]._get_worth(
            offer.reward.unit_id, company, offer.total
        )
        return format_amount(self.env, amount, currency)

    def _asks_for_tax_number(self, offer):
        """Tell whether the person has to say a tax number we do not have."""
        person = offer.member._get_survivor().partner_id
        payouts = self.env["b2b2c.payout"].sudo()
        company = offer.reward.company_id.sudo()
        return not person.vat and payouts._needs_tax_number(person, company)

    def _get_accounts(self, member):
        """Return id -> masked number of the accounts a person was paid to before."""
        person = member._get_survivor().partner_id
        payouts = self.env["b2b2c.payout"].sudo()
        paid = payouts.search([("partner_id", "=", person.id), ("state", "=", "paid")])
        return {
            str(payout.bank_id.id): payout.account_text
            for payout in paid.sorted("id", reverse=True)
            if payout.bank_id.active and payout._is_same_account()
        }

    @api.model
    def _read_answers(self, offer, answers):
        read = super()._read_answers(offer, answers)
        chosen = read.get("account", "new")
        if chosen != "new":
            earlier = (
                self.env["b2b2c.payout"]
                .sudo()
                .search(
                    [("bank_id", "=", int(chosen)), ("state", "=", "paid")], limit=1
                )
            )
            iban = earlier.bank_id.sanitized_acc_number
            holder = earlier.holder
        else:
            iban = self._read_iban(read["iban"])
            holder = self._read_holder(read["holder"])
        tax_number = clean(read.get("tax_number", ""), _TAX_LENGTH)
        if self._asks_for_tax_number(offer) and not any(map(str.isdigit, tax_number)):
            raise RedemptionError(
                "answer", self.env._("This is not a tax number: it has no digits.")
            )
        return {"iban": iban, "holder": holder, "tax_number": tax_number}

    def _read_iban(self, text):
        """Return an account number that exists, without blanks.

        :raise RedemptionError: it does not, or it is one of ours
        """
        iban = normalize_iban(clean(text, 100)).upper()
        try:
            validate_iban(iban)
        except ValidationError:
            raise RedemptionError(
                "answer",
                self.env._(
                    "This IBAN is not right. Please compare it with your card or your "
                    "bank's app, letter by letter."
                ),
            ) from None
        banks = self.env["res.partner.bank"].sudo().with_context(active_test=False)
        same = banks.search([("sanitized_acc_number", "=", iban)])
        if same.partner_id.ref_company_ids or same.journal_id:
            raise RedemptionError(
                "answer", self.env._("This is an account of ours. Where is yours?")
            )
        return iban

    def _read_holder(self, text):
        """Return the name of an account holder as banks take it.

        :raise RedemptionError: it is no name
        """
        holder = clean(text, NAME_LENGTH)
        try:
            is_taken = bool(to_bank_text(holder, NAME_LENGTH))
        except BankFileError:
            is_taken = False
        if not (is_taken and is_name(holder)):
            raise RedemptionError(
                "answer",
                self.env._("Please write the account holder's name as the bank does."),
            )
        return holder

    # === WHAT HAPPENS === #

    @api.model
    def _is_by_hand(self, request):
        return False

    @api.model
    def _may_cancel(self, request):
        return request.payout_ids.state in OPEN

    @api.model
    def _reserve(self, request, answers):
        self._check_month_again(request)
        self.env["b2b2c.payout"]._open(request, answers)

    def _check_month_again(self, request):
        """Refuse what somebody asked for while this person asked, too: the accounts
        are locked by now.

        :raise RedemptionError: the month's money was taken in the meantime
        """
        payouts = self.env["b2b2c.payout"]
        company = request.company_id
        amount, currency = payouts._get_worth(
            request.account_id.unit_id, company, request.points
        )
        value = payouts._to_company(amount, currency, company)
        refusal = self._check_month(company, request.member_id, value)
        if refusal:
            raise RedemptionError(refusal.code, refusal.sentence)

    @api.model
    def _fulfil(self, request):
        payout = request.payout_ids
        payout._become_paid()
        person = payout.with_context(lang=request.member_id.lang or self.env.lang)
        request.note = person._word_arrived()

    @api.model
    def _release(self, request):
        request.payout_ids._become_free(is_refused=request.state == "refused")

    @api.model
    def _take_back(self, request):
        request.payout_ids._become_returned()

    # === WHAT THE PARTICIPANT READS === #

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        payout = request.payout_ids
        if not payout:
            return description
        amount = payout._word_amount()
        description = replace(
            description,
            title=f"{description.title}: {amount}",
            lines=(*payout._word_steps(), *description.lines),
            status=payout._word_state(),
        )
        if payout.state != "requested":
            return description
        path = payout.company_id._get_rewards_path("payout_proof", payout=payout.id)
        return replace(
            description,
            next_step=self.env._("Confirm that it is you"),
            next_url=path,
        )
