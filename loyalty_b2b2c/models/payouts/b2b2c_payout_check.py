from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, format_amount

from ...engine import day_start, local_day, period_of
from ...values import aware, naive
from ..base.days import get_today, word_day
from ..people.addresses import is_same_name
from .b2b2c_payout import COUNTED

OK, LOOK, STOP = "ok", "look", "stop"
#: What a verdict looks like: icon, colour.
_LOOKS = {
    OK: ("fa-check", "text-success"),
    LOOK: ("fa-eye", "text-warning"),
    STOP: ("fa-ban", "text-danger"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """Something the approver should know about a payout.

    :param str code: stable and machine-readable
    :param str verdict: :data:`OK`, :data:`LOOK` (a person judges) or :data:`STOP`
        (it cannot be approved like this)
    :param str sentence: for the approver
    """

    code: str
    verdict: str
    sentence: str


class B2b2cPayout(models.Model):
    """What stands in the way of a payout, and what somebody should look at."""

    _inherit = "b2b2c.payout"

    verdict = fields.Selection(
        [(OK, "Nothing unusual"), (LOOK, "Look at it"), (STOP, "Cannot be approved")],
        compute="_compute_checks",
        string="Checks",
    )
    check_text = fields.Html(
        compute="_compute_checks", sanitize=False, string="What Was Checked"
    )

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_checks(self):
        """Only while it can change what somebody does."""
        for payout in self:
            is_open = payout.state in ("requested", "proved", "approved")
            checks = payout.sudo()._get_checks() if is_open else []
            verdicts = {check.verdict for check in checks}
            payout.verdict = next((v for v in (STOP, LOOK, OK) if v in verdicts), False)
            payout.check_text = Markup().join(map(self._word_check, checks)) or False

    def _word_check(self, check):
        """Return a check as a line of the form."""
        icon, colour = _LOOKS[check.verdict]
        return Markup('<div class="{}"><i class="fa fa-fw {}"></i> {}</div>').format(
            colour, icon, check.sentence
        )

    def _get_checks(self):
        """Return the :class:`Check` of everything that was looked at."""
        self.ensure_one()
        checks = [
            self._check_member(),
            self._check_least(),
            self._check_month(),
            self._check_tax(),
            self._check_account(),
            *self._check_signals(),
        ]
        return [check for check in checks if check]

    def _check_approval(self, user):
        """Refuse an approval that must not be.

        :raise UserError: who approves asked for it, or something stops the payout
        """
        authority = self.env["b2b2c.authority"]
        if authority._is_same_user(user, self.entered_by_id):
            raise UserError(self.env._("Another person approves what you asked for."))
        stops = [check for check in self._get_checks() if check.verdict == STOP]
        if stops:
            raise UserError(
                "\n".join([self.name, *(check.sentence for check in stops)])
            )
        if not self.env["b2b2c.officer.day"]._count_payout(user, self):
            raise UserError(
                self.env._(
                    "You approved as many payouts today as one person may: %s a day. "
                    "Another person has to approve this one.",
                    self._word_company_amount(self.company_id.b2b2c_payout_officer_day),
                )
            )

    # === WHAT STOPS A PAYOUT === #

    def _check_member(self):
        member = self.member_id._get_survivor()
        if member.state == "suspended":
            sentence = self.env._("%s is suspended.", member.name)
            return Check("suspended", STOP, sentence)
        debt = self.redemption_id.debt
        if debt:
            unit = self.redemption_id.account_id.unit_id
            sentence = self.env._(
                "A sale was undone meanwhile: %s are owed.", unit._format(debt)
            )
            return Check("debt", LOOK, sentence)
        return None

    def _check_least(self):
        least = self.company_id.b2b2c_payout_least
        if self.company_id.currency_id.compare_amounts(self._get_value(), least) >= 0:
            return None
        sentence = self.env._(
            "Less than %s is not paid out.", self._word_company_amount(least)
        )
        return Check("least", STOP, sentence)

    def _check_month(self):
        most = self.company_id.b2b2c_payout_month
        if not most:
            return None
        taken = self._get_taken(self.partner_id, self.company_id, self._get_day())
        words = {
            "taken": self._word_company_amount(taken),
            "most": self._word_company_amount(most),
        }
        if self.company_id.currency_id.compare_amounts(taken, most) > 0:
            sentence = self.env._(
                "In this month it is %(taken)s, of %(most)s at most.", **words
            )
            return Check("month", STOP, sentence)
        sentence = self.env._("In this month: %(taken)s of %(most)s.", **words)
        return Check("month", OK, sentence)

    def _check_tax(self):
        if not self._needs_tax_number(self.partner_id, self.company_id):
            return None
        number = self.tax_number or self.partner_id.vat
        if number:
            return Check("tax", OK, self.env._("Tax number: %s", number))
        sentence = self.env._("The tax number of the person is missing.")
        return Check("tax", STOP, sentence)

    def _check_account(self):
        """Tell whether money may go to the account that was asked for."""
        bank = self.bank_id
        if not bank.active:
            sentence = self.env._("The bank account was closed or deleted.")
            return Check("account", STOP, sentence)
        if not self._is_same_account():
            sentence = self.env._(
                "The number of the bank account was changed after the request."
            )
            return Check("changed", STOP, sentence)
        if bank.allow_out_payment:
            sentence = self.env._("An accountant trusts the bank account.")
            return Check("account", OK, sentence)
        is_needed = self.company_id.b2b2c_payout_trusted
        sentence = self.env._("Nobody has said yet that the bank account is right.")
        return Check("account", STOP if is_needed else LOOK, sentence)

    def _is_same_account(self):
        """Tell whether the account still has the number that was asked for."""
        number = self.bank_id.sanitized_acc_number or ""
        digest = self._digest(number)
        return bool(number) and consteq(digest, self.account_digest or "")

    # === WHAT SOMEBODY SHOULD LOOK AT === #

    def _check_signals(self):
        """Return what often goes with fraud, and seldom is one."""
        if not self.bank_id:
            return []
        found = [
            self._check_shared(),
            self._check_holder(),
            self._check_country(),
            self._check_service(),
            self._check_age(),
            self._check_address(),
        ]
        return (
            found
            if any(found)
            else [
                Check(
                    "signals",
                    OK,
                    self.env._("Account and person show nothing unusual."),
                )
            ]
        )

    def _check_shared(self):
        """Tell whose account it is as well, also where it is not used any more."""
        banks = self.env["res.partner.bank"].with_context(active_test=False)
        others = banks.search(
            [
                ("sanitized_acc_number", "=", self.bank_id.sanitized_acc_number),
                ("partner_id", "!=", self.partner_id.id),
            ]
        ).partner_id
        if not others:
            return None
        names = ", ".join(others.mapped("display_name"))
        sentence = self.env._("The same bank account belongs to %s.", names)
        return Check("shared", LOOK, sentence)

    def _check_holder(self):
        if is_same_name(self.holder, self.partner_id.name):
            return None
        sentence = self.env._(
            "The account is of “%(holder)s”, the participant is “%(name)s”.",
            holder=self.holder,
            name=self.partner_id.name,
        )
        return Check("holder", LOOK, sentence)

    def _check_country(self):
        country = self.partner_id.country_id
        code = self.account_text[:2]
        if not country or country.code == code:
            return None
        sentence = self.env._(
            "The account is in %(code)s, the person in %(country)s.",
            code=code,
            country=country.name,
        )
        return Check("country", LOOK, sentence)

    def _check_service(self):
        service = self.bank_id.money_transfer_service
        if not service:
            return None
        sentence = self.env._(
            "The account is at a money transfer service: %s.", service
        )
        return Check("service", LOOK, sentence)

    def _check_age(self):
        """Tell whether the person takes part only since a short time."""
        member = self.member_id._get_survivor()
        since = min(member._get_of_person().mapped("enrolled_at"))
        if since <= self._get_new():
            return None
        sentence = self.env._("Takes part only since %s.", word_day(self.env, since))
        return Check("age", LOOK, sentence)

    def _check_address(self):
        """Tell whether an address was added or changed a short time ago."""
        proofs = self.env["b2b2c.address.proof"]
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("proved_at", ">", self._get_new()),
        ]
        proof = proofs.search(domain, limit=1)
        if not proof:
            return None
        sentence = self.env._("An address is new: %s", proof._word())
        return Check("address", LOOK, sentence)

    def _get_new(self):
        """Return since when something is new."""
        days = self.company_id.b2b2c_payout_new_days
        return fields.Datetime.now() - timedelta(days=days)

    # === SUMS === #

    def _get_day(self):
        """Return the day of the request, for the company."""
        zone = self.company_id.b2b2c_timezone or "UTC"
        return local_day(aware(self.requested_at), zone)

    def _get_value(self):
        """Return the amount in the company's currency, of today."""
        return self._to_company(self.amount, self.currency_id, self.company_id)

    @api.model
    def _to_company(self, amount, currency, company):
        """Return an amount in a company's currency, of today."""
        return currency._convert(
            amount, company.currency_id, company, get_today(company)
        )

    @api.model
    def _get_taken(self, person, company, day):
        """Return what a person had paid out in a calendar month, or is going to have.

        :param person: ``res.partner``
        :param date day: a day of the month
        :return: in the company's currency
        """
        zone = company.b2b2c_timezone or "UTC"
        first, after, _label = period_of("month", day)
        payouts = self.search(
            [
                ("partner_id", "=", person.id),
                ("company_id", "=", company.id),
                ("state", "in", COUNTED),
                ("redemption_id.requested_at", ">=", naive(day_start(first, zone))),
                ("redemption_id.requested_at", "<", naive(day_start(after, zone))),
            ]
        )
        return sum(payout._get_value() for payout in payouts)

    @api.model
    def _needs_tax_number(self, person, company):
        """Tell whether a person has to say the tax number before money is paid out."""
        country = person.country_id or company.country_id
        return country in company.b2b2c_payout_tax_country_ids

    def _word_company_amount(self, amount):
        return format_amount(self.env, amount, self.company_id.currency_id)
