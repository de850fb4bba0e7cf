"""Lines of points on invoices are documents of ours on the account of points owed."""

from odoo.tests import tagged

from .common import PartPaymentCommon


@tagged("post_install", "-at_install")
class TestPartPaymentLiability(PartPaymentCommon):
    """Paper costs 100.00; 300 points pay 30.00 of it."""

    def test_what_points_pay_is_named(self):
        owed = self.env["account.account"].create(
            {"name": "Points", "account_type": "liability_current", "code": "280008"}
        )
        self.company.b2b2c_wallet_account_id = owed
        order = self._quote()
        self._choose(order, 300)
        order.action_confirm()
        self._invoice(order)
        self.env.flush_all()
        documents = self.env["b2b2c.liability.run"]._get_liability_documents()
        rows = dict(self.env.execute_query(documents["part_payment"][1]))
        lines = self.env["account.move.line"].browse(rows)
        self.assertEqual(
            [(line.account_id, line.balance, rows[line.id]) for line in lines],
            [(owed, 30, self.unit.id)],
        )
