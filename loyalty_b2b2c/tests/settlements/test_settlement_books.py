from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementBooks(SettlementCommon):
    """An agreed settlement becomes an invoice and a bill, which are set off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user(
            "books", "loyalty_b2b2c.group_user", "account.group_account_invoice"
        )

    def _get_agreed(self):
        """Return an agreed settlement: 10.00 they owe, 22.50 we owe."""
        self._sell(400, "2026-10-02")
        self._pay(Decimal("25.00"), "2026-10-21")
        return self._agree(self._send(self._settle()))

    def _book(self, settlement):
        settlement.with_user(self.accountant).action_book()
        settlement.invalidate_recordset()
        return settlement.invoice_id, settlement.bill_id

    def _post(self, settlement):
        invoice, bill = self._book(settlement)
        (invoice | bill).action_post()
        return invoice, bill

    def test_two_documents_equal_to_the_lines(self):
        settlement = self._get_agreed()
        self.assertEqual(settlement.books_state, "none")
        invoice, bill = self._book(settlement)
        self.assertEqual(
            [(move.move_type, move.amount_untaxed) for move in (invoice, bill)],
            [("out_invoice", 10), ("in_invoice", 22.5)],
        )
        self.assertEqual((invoice | bill).partner_id, self.jeweller)
        self.assertEqual(settlement.books_state, "draft")
        with self.assertRaisesRegex(UserError, "nothing to book"):
            self._book(settlement)

    def test_only_people_of_accounting_book_and_only_what_is_agreed(self):
        settlement = self._get_agreed()
        with self.assertRaisesRegex(UserError, "Only people of accounting"):
            settlement.with_user(self.officer).action_book()
        self._sell(100, "2026-11-02")
        with self._later():
            draft = self._settle(11)
        with self.assertRaisesRegex(UserError, "any more"):
            draft.with_user(self.accountant).action_book()

    def test_below_zero_is_a_credit_note(self):
        entry = self._sell(400, "2026-10-02")
        self._agree(self._send(self._settle()))
        self._take_back(entry, 200, "2026-11-02")
        with self._later():
            settlement = self._agree(self._send(self._settle(11)))
        invoice, bill = self._book(settlement)
        self.assertEqual(invoice.move_type, "out_refund")
        self.assertEqual(invoice.amount_untaxed, 5)
        self.assertFalse(bill)

    def test_the_chosen_product_and_journal_say_accounts_and_taxes(self):
        tax = self.env["account.tax"].create(
            {
                "name": "20 %",
                "amount": 20,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        product = self._create_product("Marketing", 0, taxes_id=[Command.set(tax.ids)])
        journal = self.env["account.journal"].create(
            {"name": "Self-billing", "code": "SELF", "type": "purchase"}
        )
        self.company.b2b2c_settlement_earned_product_id = product
        self.company.b2b2c_settlement_bill_journal_id = journal
        invoice, bill = self._book(self._get_agreed())
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (10, 12))
        self.assertEqual(bill.journal_id, journal)

    def test_they_are_set_off_and_the_rest_is_paid(self):
        settlement = self._get_agreed()
        with self.assertRaisesRegex(UserError, "Post the invoice and the bill"):
            self._book(settlement)
            settlement.with_user(self.accountant).action_net()
        invoice, bill = settlement.invoice_id, settlement.bill_id
        (invoice | bill).action_post()
        settlement.with_user(self.accountant).action_net()
        self.assertEqual((invoice.amount_residual, bill.amount_residual), (0, 12.5))
        entry = settlement.netting_id
        self.assertEqual(sum(entry.line_ids.mapped("debit")), 10)
        with self.assertRaisesRegex(UserError, "paid already"):
            settlement.with_user(self.accountant).action_net()
        settlement.with_user(self.accountant).action_undo_netting()
        self.assertEqual((invoice.amount_residual, bill.amount_residual), (10, 22.5))
        self.assertFalse(settlement.netting_id)
        settlement.with_user(self.accountant).action_net()
        self.assertEqual(settlement.books_state, "posted")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({})._create_payments()
        self.assertIn(bill.payment_state, ("paid", "in_payment"))
        settlement.invalidate_recordset()
        self.assertEqual(settlement.books_state, "paid")

    def test_a_document_the_accountant_cancelled_is_made_again(self):
        settlement = self._get_agreed()
        invoice, bill = self._book(settlement)
        bill.button_cancel()
        self.assertEqual(settlement.books_state, "none")
        again, new_bill = self._book(settlement)
        self.assertEqual(again, invoice)
        self.assertNotEqual(new_bill, bill)
        new_bill.unlink()
        settlement.invalidate_recordset()
        self.assertEqual(settlement.books_state, "none")
        self._book(settlement)
        self.assertEqual(settlement.bill_id.amount_untaxed, 22.5)

    def test_a_company_of_this_database_finds_drafts(self):
        company = self.env["res.company"].create({"name": "Daughter"})
        self.env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
        company.partner_id.email = "books@daughter.example.com"
        agreement = self._create_agreement(company.partner_id, way="company")
        self._sell(400, "2026-10-02", company.partner_id)
        self._pay(Decimal("25.00"), "2026-10-21", company.partner_id)
        settlement = self._agree(self._send(self._settle(agreement=agreement)))
        self._post(settlement)
        mirrored = settlement.document_move_ids.filtered(
            lambda move: move.company_id == company
        )
        self.assertEqual(
            {(move.move_type, move.amount_untaxed) for move in mirrored},
            {("in_invoice", 10), ("out_invoice", 22.5)},
        )
        self.assertEqual(set(mirrored.mapped("state")), {"draft"})
        self.assertEqual(mirrored.partner_id, self.company.partner_id)
        self.assertEqual(settlement.books_state, "posted")
