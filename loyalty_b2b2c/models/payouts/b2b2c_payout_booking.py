import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..base.days import get_today

_logger = logging.getLogger(__name__)


class B2b2cPayout(models.Model):
    """What a payout is in the books: a document when it is approved, a payment when it
    is ordered, and entries against them when the money came back.

    Odoo calls a payment paid when it was entered.  That is an order, no proof: a payout
    is paid when :meth:`~.b2b2c_payout.B2b2cPayout._confirm` says so.
    """

    _inherit = "b2b2c.payout"

    document_id = fields.Many2one(
        "account.move",
        string="Booked As",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    booked_amount = fields.Monetary(
        "To Pay", readonly=True, help="What the document asks for, taxes included."
    )
    paid_amount = fields.Monetary(
        "To Arrive", readonly=True, help="The amount less taxes that were withheld."
    )

    def _open_books(self):
        """Return this payout as the books see it: the company's, with superuser rights,
        and with nothing in the context that a client put there."""
        company = self.company_id
        context = {"allowed_company_ids": company.ids, "lang": self.env.lang}
        return self.with_env(self.env(su=True, context=context)).with_company(company)

    # === THE DOCUMENT === #

    def _book(self):
        """Book what is owed to the participant.

        :raise UserError: the company has no journal or account for it
        """
        payout = self._open_books()
        kind = payout.company_id.b2b2c_payout_document
        journal = payout._get_journal("general" if kind == "entry" else "purchase")
        values = {
            "move_type": kind,
            "ref": payout.name,
            "partner_id": payout.partner_id.id,
            "journal_id": journal.id,
            "currency_id": payout.currency_id.id,
            "date": get_today(payout.company_id),
        }
        if kind == "entry":
            values["line_ids"] = payout._prepare_entry_lines(journal)
        else:
            values |= payout._prepare_bill(journal)
        document = payout.env["account.move"].create(values)
        document.action_post()
        payout.document_id = document
        payout.booked_amount = payout._get_due()

    def _get_journal(self, kind):
        """Return the journal of payouts: the chosen one, else the first of a type.

        :param str kind: type of the journal
        :raise UserError: there is none, or the chosen one is of another type
        """
        journal = self.company_id.b2b2c_payout_journal_id
        if not journal:
            journals = self.env["account.journal"]
            journal = journals.search(
                [
                    *journals._check_company_domain(self.company_id),
                    ("type", "=", kind),
                ],
                limit=1,
            )
        if journal.type != kind:
            raise UserError(
                self.env._(
                    "Choose a journal of the type “%s” for payouts in the settings.",
                    dict(journal._fields["type"]._description_selection(self.env))[
                        kind
                    ],
                )
            )
        return journal

    def _get_account(self, journal):
        """Return what a payout is booked to.

        :raise UserError: neither the settings nor the journal say it
        """
        account = self.company_id.b2b2c_payout_account_id or journal.default_account_id
        if not account:
            raise UserError(
                self.env._("Choose an account for payouts in the settings.")
            )
        return account

    def _prepare_bill(self, journal):
        """Return what a bill or a receipt needs beside what all documents have."""
        company = self.company_id
        line = {
            "name": self._word_document(),
            "account_id": self._get_account(journal).id,
            "quantity": 1,
            "price_unit": self.amount,
            "tax_ids": [Command.set(company.b2b2c_payout_tax_ids.ids)],
        }
        return {
            "invoice_date": get_today(company),
            "invoice_date_due": get_today(company),
            "partner_bank_id": self.bank_id.id,
            "invoice_line_ids": [Command.create(line)],
        }

    def _prepare_entry_lines(self, journal):
        """Return the two lines of a journal entry."""
        company = self.company_id
        account = self._get_account(journal)
        payable = self.partner_id.property_account_payable_id
        balance = self.currency_id._convert(
            self.amount, company.currency_id, company, get_today(company)
        )
        return [
            Command.create(
                {
                    "name": self._word_document(),
                    "account_id": line_account.id,
                    "partner_id": self.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "balance": sign * balance,
                    "amount_currency": sign * self.amount,
                }
            )
            for line_account, sign in ((account, 1), (payable, -1))
        ]

    def _word_document(self):
        """Return what a document calls it, in the person's language."""
        person = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return person.env._("Payout %s of your rewards", self.name)

    # === THE PAYMENT === #

    def _order_payment(self, user, journal, day, batch=None):
        """Order the payment: once, whoever asks and how often.

        :param user: ``res.users`` who orders it
        :param journal: ``account.journal`` of the bank account it is paid from
        :param date day: when it should be paid
        :param batch: ``b2b2c.payout.batch`` whose file tells the bank, if one does
        :raise UserError: it was ordered before, or must not be
        """
        self.ensure_one()
        with self.env.cr.savepoint():
            now = fields.Datetime.now()
            if not self._move_to(
                "ordered",
                "approved",
                ordered_by_id=user.id,
                ordered_at=now,
                batch_id=batch.id if batch else None,
            ):
                raise self._make_refusal("ordered")
            self._check_payable()
            if not self.env["b2b2c.payout.payment"]._take(self):
                raise UserError(
                    self.env._("The payment of %s was ordered already.", self.name)
                )
            payment = self._open_books()._pay(journal, day)
            self.env["b2b2c.payout.payment"]._keep(self, payment)
            self.write(
                {"payment_id": payment.id, "paid_amount": self._get_liquid(payment)}
            )
            self._message_log(body=self.env._("Payment ordered by %s.", user.name))

    def _check_payable(self):
        """Refuse a payment that must not be, although the payout was approved.

        :raise UserError: what changed since then
        """
        if self.document_id.payment_state == "blocked":
            raise UserError(
                self.env._("An accountant blocked the bill of %s.", self.name)
            )
        if self.document_id.state != "posted" or not self._get_open_lines():
            raise UserError(
                self.env._("The document of %s is not open any more.", self.name)
            )
        if self.currency_id.compare_amounts(self._get_due(), self.booked_amount):
            raise UserError(
                self.env._(
                    "The document of %s is of another amount than was approved.",
                    self.name,
                )
            )
        for check in (self._check_member(), self._check_account()):
            if check and check.verdict == "stop":
                raise UserError(
                    self.env._(
                        "%(payout)s: %(why)s", payout=self.name, why=check.sentence
                    )
                )

    def _get_open_lines(self):
        """Return the lines of the document that wait to be paid."""
        return self.document_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "liability_payable"
                and not line.reconciled
            )
        )

    def _get_due(self):
        """Return what is left to pay of the document."""
        return -sum(self._get_open_lines().mapped("amount_residual_currency"))

    def _pay(self, journal, day):
        """Register the payment of the document; taxes that are withheld on payment are
        withheld here.

        :return: ``account.payment``, posted
        """
        wizard = (
            self.env["account.payment.register"]
            .with_context(
                active_model="account.move.line", active_ids=self._get_open_lines().ids
            )
            .create(
                {
                    "journal_id": journal.id,
                    "payment_date": day,
                    "partner_bank_id": self.bank_id.id,
                    "communication": self.name,
                }
            )
        )
        payment = wizard._create_payments().sudo()  # Odoo gives the user's rights back
        if len(payment) != 1 or payment.partner_bank_id != self.bank_id:
            raise UserError(
                self.env._("%s cannot be paid to the account asked for.", self.name)
            )
        return payment

    def _get_liquid(self, payment):
        """Return how much of a payment leaves the bank account."""
        liquid, _counterpart, _writeoff = payment._seek_for_lines()
        return abs(sum(liquid.mapped("amount_currency"))) or payment.amount

    # === WHAT CAME BACK === #

    def _is_payment_undone(self):
        """Tell whether the payment that was ordered counts no more."""
        return self.sudo().payment_id.state in ("canceled", "rejected")

    def _undo_payment(self):
        """Take the payment out of the books, once.

        One that stands on a bank statement was made, and one of a closed month stays
        what it is: another entry is booked against these.
        """
        payout = self._open_books()
        payment = payout.payment_id
        if not payment or payout._is_payment_undone():
            return
        if not payout._is_on_statement():
            try:
                with self.env.cr.savepoint():
                    payment.action_draft()
                    payment.action_cancel()
                return
            except UserError as error:
                _logger.info("%s is not cancelled but reversed: %s", self.name, error)
        payout._reverse(payment.move_id)
        payment.action_reject()

    def _unbook(self):
        """Book against the document, once."""
        payout = self._open_books()
        document = payout.document_id
        if document.state != "posted" or payout._is_reversed(document):
            return
        payout._reverse(document)
        moves = document | document.reversal_move_ids
        moves |= payout.payment_id.move_id
        moves |= payout.payment_id.move_id.reversal_move_ids
        payout._settle(moves)

    def _is_reversed(self, move):
        return "posted" in move.reversal_move_ids.mapped("state")

    def _reverse(self, move):
        """Book the opposite of a move, today."""
        today = get_today(self.company_id)
        values = {"date": today, "ref": self.name}
        if move.is_purchase_document(include_receipts=True):
            values["invoice_date"] = today
        back = move._reverse_moves([values])
        back.action_post()

    def _settle(self, moves):
        """Reconcile what is left open by entries that cancel each other out."""
        lines = moves.filtered(lambda move: move.state == "posted").line_ids
        for account in lines.account_id.filtered("reconcile"):
            open_lines = lines.filtered(
                lambda line, account=account: (
                    line.account_id == account and not line.reconciled
                )
            )
            if len({line.balance > 0 for line in open_lines}) == 2:
                open_lines.reconcile()

    # === THE BANK STATEMENT === #

    def _is_on_statement(self):
        """Tell whether the payment was matched with a line of a bank statement."""
        payment = self.payment_id
        liquid, _counterpart, _writeoff = payment._seek_for_lines()
        matched = (
            liquid.matched_debit_ids.debit_move_id
            | liquid.matched_credit_ids.credit_move_id
        )
        return bool(matched.move_id.statement_line_id)

    @api.model
    def _cron_see_statements(self):
        """Confirm the payouts whose payments stand on a bank statement."""
        for payout in self.sudo().search([("state", "=", "ordered")], order="id"):
            if not payout._open_books()._is_on_statement():
                continue
            try:
                payout._confirm("statement", self.env["res.users"])
            except UserError as error:
                _logger.warning("%s: %s", payout.name, error)
