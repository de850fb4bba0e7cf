"""What a till sold is seen again: on the receipt it printed, by a scanned serial."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.processing.same_goods_kit import SignsCommon

from .common import PosLoyaltyCommon


@tagged("post_install", "-at_install")
class TestPosSameGoods(SignsCommon, PosLoyaltyCommon):
    """3 points per piece to the client's employee, by whatever document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            {"kind": "per_unit", "value": 3, "trigger": "paid"}
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _hand_in(self, number, quantity=10, day=None):
        """Accept a receipt of the employee; return its claim."""
        claim, _new = self.env["b2b2c.claim"]._submit(
            self.member,
            {"kind": "receipt", "reference": number, "request_key": f"key-{number}"},
        )
        receipt = self.env["b2b2c.receipt"].create(
            {
                "claim_id": claim.id,
                "company_id": self.company.id,
                "number": number,
                "issued_on": day or fields.Date.today(),
                "amount_total": 1000,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": quantity,
                            "amount_total": 1000,
                        }
                    )
                ],
            }
        )
        receipt._fill_claim()
        claim._accept()
        self._process()
        return claim

    def test_the_receipt_of_a_till_order(self):
        order = self._sell(10)
        self._process()
        self.assertEqual(self._balances(), (30, 0, 0))
        claim = self._hand_in(order.pos_reference)
        self.assertEqual(self._balances(), (30, 0, 0))
        reasons = [
            row["reason"]
            for row in self.env["b2b2c.intake"]._explain(claim)["refusals"]
            if row["member_id"] == self.member.id
        ]
        self.assertIn(
            f"The same goods were already counted with {order.display_name}.", reasons
        )
        # all of it came back: the receipt proves a sale that is none any more
        self._bring_back(order)
        claim._cancel()
        self._process()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_the_number_of_another_day_is_another_receipt(self):
        order = self._sell(10)
        self._process()
        self._hand_in(order.pos_reference, day=order.date_order - timedelta(days=9))
        self.assertEqual(self._balances(), (60, 0, 0))

    def test_a_serial_that_the_till_sold_and_somebody_scans(self):
        tool = self._create_product(
            "Tool", 100.0, is_storable=True, tracking="serial", available_in_pos=True
        )
        lot = self.env["stock.lot"].create({"name": "S-1", "product_id": tool.id})
        self.env["stock.quant"]._update_available_quantity(
            tool, self.till.picking_type_id.default_location_src_id, 1, lot_id=lot
        )
        batch = self.env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": tool.id, "origin": "serials"}
        )
        batch.action_make()
        code = self.env["b2b2c.code"].search([("batch_id", "=", batch.id)])
        self._sell(
            1,
            line={
                "product_id": tool.id,
                "pack_lot_ids": [Command.create({"lot_name": "S-1"})],
            },
        )
        self._process()
        self.assertEqual(self._balances(), (3, 0, 0))
        answer = self.env["b2b2c.scan"]._take(self.member, code.code, "key-of-scan-1")
        self.assertEqual(answer["status"], "mine")
        self.assertIn("already counted", answer["message"])
        self.assertEqual(self._balances(), (3, 0, 0))
