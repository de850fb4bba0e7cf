from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..base.days import get_today
from ..people.authority import decides
from .b2b2c_settlement_booking import BOOKS

_ACCOUNTS = {"invoice_id": "asset_receivable", "bill_id": "liability_payable"}


class B2b2cSettlement(models.Model):
    """What both owe is set off: one entry for the smaller of the two, and only the rest
    is paid."""

    _inherit = "b2b2c.settlement"

    netting_id = fields.Many2one(
        "account.move",
        string="Netting Entry",
        compute="_compute_netting_id",
        compute_sudo=True,
        groups=BOOKS,
    )

    def _compute_netting_id(self):
        for settlement in self:
            settlement.netting_id = settlement.document_move_ids.filtered(
                lambda move: (
                    move.move_type == "entry"
                    and move.state == "posted"
                    and not move.reversed_entry_id
                    and not move.reversal_move_ids
                )
            )[:1]

    @decides("partner_id")
    def action_net(self):
        """Set the invoice off against the bill (accountants).

        :raise UserError: says what has to be done before
        """
        self._check_accountant()
        for settlement in self.sudo():
            settlement._open_books(settlement.company_id)._net()
        return True

    @decides("partner_id")
    def action_undo_netting(self):
        """Take a netting back: both documents are open again (accountants)."""
        self._check_accountant()
        for settlement in self.sudo():
            own = settlement._open_books(settlement.company_id)
            entry = own.netting_id
            if not entry:
                raise UserError(self.env._("Nothing is netted here."))
            entry.line_ids.remove_move_reconcile()
            back = entry._reverse_moves(
                [{"date": get_today(own.company_id), "ref": entry.ref}], cancel=True
            )
            back.b2b2c_settlement_id = own
            settlement.invalidate_recordset()
        return True

    def _check_accountant(self):
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_user"):
            if not self.env.user.has_group("account.group_account_invoice"):
                raise UserError(self.env._("Only people of accounting net documents."))

    def _net(self):
        """Post the entry and reconcile both documents with it."""
        self._hold_in("agreed")  # the later of two waits
        self.invalidate_recordset()
        lines = {}
        for name, kind in _ACCOUNTS.items():
            move = self[name]
            if not move or move.state != "posted":
                raise UserError(self.env._("Post the invoice and the bill first."))
            if move.move_type.endswith("refund"):
                raise UserError(
                    self.env._(
                        "%s is a credit note: nothing is set off against it.", move.name
                    )
                )
            if move.payment_state == "blocked":
                raise UserError(self.env._("An accountant blocked %s.", move.name))
            lines[name] = move.line_ids.filtered(
                lambda line, kind=kind: (
                    line.account_id.account_type == kind and not line.reconciled
                )
            )
        invoice, bill = lines["invoice_id"], lines["bill_id"]
        if not invoice or not bill:
            raise UserError(self.env._("One of the documents is paid already."))
        if self.invoice_id.currency_id != self.bill_id.currency_id:
            raise UserError(self.env._("The documents are in two currencies."))
        amount = min(
            abs(sum(invoice.mapped("amount_residual_currency"))),
            abs(sum(bill.mapped("amount_residual_currency"))),
        )
        entry = self.env["account.move"].create(
            self._prepare_netting(invoice[:1], bill[:1], amount)
        )
        entry.action_post()
        for open_lines in (invoice, bill):
            account = open_lines.account_id
            own = entry.line_ids.filtered(
                lambda line, account=account: line.account_id in account
            )
            (own | open_lines).reconcile()
        self.invalidate_recordset()

    def _prepare_netting(self, invoice_line, bill_line, amount):
        """Return the values of the entry: debit payable, credit receivable."""
        company, currency = self.company_id, self.invoice_id.currency_id
        today = get_today(company)
        balance = currency._convert(amount, company.currency_id, company, today)
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("There is no journal for miscellaneous operations.")
            )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": today,
            "ref": self.env._("Netting of %s", self.name),
            "b2b2c_settlement_id": self.id,
            "line_ids": [
                Command.create(
                    {
                        "name": self.name,
                        "account_id": line.account_id.id,
                        "partner_id": line.partner_id.id,
                        "currency_id": currency.id,
                        "balance": sign * balance,
                        "amount_currency": sign * amount,
                    }
                )
                for line, sign in ((bill_line, 1), (invoice_line, -1))
            ],
        }
