"""Builders of invoices, payments and notes, and what the books say about them."""

from datetime import date
from fractions import Fraction
from unittest.mock import patch

from odoo import Command, fields

from ...models.documents import books
from ..common import LoyaltyCommon

DAY, LATER = date(2026, 3, 10), date(2026, 3, 20)


class BooksCommon(LoyaltyCommon):
    """Every sale is 10 × 100.00 = 1000 unless told otherwise."""

    def assertPaid(self, invoice, share, settled=None, day=None):
        """Fail unless an invoice is paid to a share.

        :param share: as text or number: "2/5", 1, 0.4
        :param settled: what of it counts, the same by default
        """
        self.env.flush_all()
        paid = books.get_paid(invoice)
        settled = share if settled is None else settled
        self.assertEqual(
            (paid.share, paid.settled), (Fraction(str(share)), Fraction(str(settled)))
        )
        if day:
            self.assertEqual(paid.at, day)

    def _create_sale(self, amount=1000, move_type="out_invoice", post=True, **values):
        """Create an invoice (or note) of one line without an order."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.contact.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _note(self, invoice, amount=None):
        """Post a note of a document, in full or over an amount; not reconciled."""
        note = invoice._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=False
        )
        if amount is not None:
            note.invoice_line_ids.filtered("product_id").write(
                {"quantity": 1, "price_unit": amount}
            )
        note.action_post()
        self._unsettle(note)  # Odoo reconciles it with what it credits
        return note

    def _receive(self, invoices, amount=None, day=None, **values):
        """Register a payment, in full by default."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(
                {
                    **({"amount": amount} if amount else {}),
                    **({"payment_date": day} if day else {}),
                    **values,
                }
            )
        )
        return wizard._create_payments()

    def _write_off(self, invoice, amount, account, **values):
        """Receive an amount and write the rest of an invoice off to an account."""
        return self._receive(
            invoice,
            amount,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
            **values,
        )

    def _open_items(self, *moves):
        """Return the open items of customers."""
        items = self.env["account.move"].union(*moves).line_ids
        return items.filtered(
            lambda item: (
                item.account_id.account_type == "asset_receivable"
                and not item.reconciled
            )
        )

    def _settle(self, *moves):
        """Reconcile the open items of moves with each other."""
        self._open_items(*moves).reconcile()

    def _unsettle(self, *moves):
        """Undo the reconciliations of moves."""
        self.env["account.move"].union(*moves).line_ids.remove_move_reconcile()

    def _create_account(self, code, account_type, **values):
        """Create an account in the general ledger."""
        return self.env["account.account"].create(
            {"name": code, "code": code, "account_type": account_type, **values}
        )

    def _book(self, *items, day=DAY):
        """Post a journal entry; items are (account, amount, partner or none)."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner and partner.id,
                            "debit": max(amount, 0),
                            "credit": max(-amount, 0),
                        }
                    )
                    for account, amount, partner in items
                ],
            }
        )
        entry.action_post()
        return entry

    def _down_payment(self, order, percent):
        """Post the invoice of a down payment."""
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_ids=order.ids, active_model="sale.order"
        )
        wizard = wizard.create(
            {"advance_payment_method": "percentage", "amount": percent}
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    def _final(self, order):
        """Post the invoice that deducts the down payments."""
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def _create_provider_refund(self, payment, amount):
        """Create what a payment provider gives back of a payment, not yet posted."""
        refund = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.contact.id,
                "amount": amount,
                "journal_id": payment.journal_id.id,
            }
        )
        refund.source_payment_id = payment
        return refund

    def _without_entries(self):
        """Have payments without an entry, as with the accounting of Enterprise."""
        moves = type(self.env["account.move"])
        return patch.object(
            moves, "_get_invoice_in_payment_state", lambda self: "in_payment"
        )

    @property
    def _receivable(self):
        return self.contact.property_account_receivable_id
