"""Taxes that are withheld on payment, beside Odoo's add-on for them."""

from odoo import Command
from odoo.tests import tagged

from .payout_kit import PayoutCommon


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestPayoutWithheld(PayoutCommon):
    """Of a payout of 20.00 a fifth is withheld."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.withheld = cls.env["account.account"].create(
            {
                "name": "Withheld",
                "code": "289777",
                "account_type": "liability_current",
            }
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "Income tax, 20 %",
                "amount": -20,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
                "is_withholding_tax_on_payment": True,
                "withholding_sequence_id": cls.env["ir.sequence"]
                .create({"name": "Withheld", "prefix": "WH"})
                .id,
            }
        )
        for line in (
            cls.tax.invoice_repartition_line_ids | cls.tax.refund_repartition_line_ids
        ):
            if line.repartition_type == "tax":
                line.account_id = cls.withheld
        outstanding = cls.env["account.account"].create(
            {
                "name": "Outstanding",
                "code": "189777",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        methods = cls.journal.outbound_payment_method_line_ids
        methods.payment_account_id = outstanding
        cls.outstanding = outstanding
        cls.company.b2b2c_payout_tax_ids = [Command.set(cls.tax.ids)]

    def test_it_is_withheld_when_the_payment_is_ordered(self):
        payout = self._want()
        self._approve(payout)
        self.assertEqual(payout.booked_amount, 20)
        self.assertEqual(self._balance(self.withheld), 0)
        self._order(payout)
        self.assertEqual(payout.paid_amount, 16)
        self.assertEqual(self._balance(self.withheld), -4)
        self.assertEqual(self._balance(self.outstanding), -16)
        self.assertEqual(self._balance(self.person.property_account_payable_id), 0)
        self._put_on_statement(payout)
        payout._cron_see_statements()
        self.assertEqual((payout.state, payout.paid_way), ("paid", "statement"))

    def test_what_comes_back_takes_the_tax_along(self):
        payout = self._get_ordered()
        self._give_reason(payout, "return")
        self.assertEqual(self._balance(self.withheld), 0)
        self.assertBooksBack(payout)
        self.assertEqual(self._figures(), (1000, 1000, 0, 0))
