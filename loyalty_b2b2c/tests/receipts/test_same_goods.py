"""The same goods pay once, whatever documents show them, by pair of kinds of documents.

The owner of the shop gets 2 points per piece that reached it, by whatever document; the
seller 3 per piece sold, by scans and receipts.
"""

from odoo import Command
from odoo.tests import tagged

from ..codes.test_scan import ScanCommon
from ..processing.same_goods_kit import SignsCommon
from .receipt_kit import ReceiptCommon


@tagged("post_install", "-at_install")
class TestSameGoods(SignsCommon, ScanCommon, ReceiptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.action_close()
        cls.both = cls._create_program(
            {
                "name": "2 points per piece",
                "role": "owner",
                "kind": "per_unit",
                "value": 2,
                "trigger": "delivered",
            },
            {
                "name": "3 points per piece sold",
                "role": "salesperson",
                "pick": "contact",
                "kind": "per_unit",
                "value": 3,
                "trigger": "paid",
                "document_kind_ids": [
                    Command.set(cls._get_document_kinds("scan", "receipt").ids)
                ],
            },
        )
        cls.stock = (
            cls.env["stock.warehouse"]
            .search([("company_id", "=", cls.company.id)], limit=1)
            .lot_stock_id
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    # === BUILDERS === #

    def _create_tracked(self, tracking="serial", count=3, quantity=1):
        """Return lots of a new product at 50.00, each in stock."""
        product = self._create_product(
            "Tool", 50.0, is_storable=True, tracking=tracking
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"S-{n}", "product_id": product.id} for n in range(count)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, self.stock, quantity, lot_id=lot
            )
        return lots

    def _order(self, quantity=10, product=None, **values):
        """Confirm an order of the shop."""
        values = {"partner_id": self.shop.id, **values}
        return self._create_order(quantity, product, **values)

    def _deliver_lots(self, order, lots, quantity=1):
        """Deliver exactly these lots of an order."""
        move = order.order_line.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "picking_id": move.picking_id.id,
                }
            )
            for lot in lots
        ]
        move.picked = True
        move.picking_id.with_context(skip_backorder=True).button_validate()
        self._process()
        return move.picking_id

    def _create_codes(self, lots, **values):
        """Return a code for each of some serial numbers, usable at once."""
        values = {"origin": "serials", "product_id": lots.product_id.id, **values}
        return self._codes(self._create_batch(**values))

    def _report(self, reference, quantity=10, lines=None, **values):
        """Record that the shop got goods, by somebody's number."""
        values = {
            "type": "shipment",
            "reference": reference,
            "partner": {"id": self.shop.id},
            "lines": lines
            or [{"product": {"id": self.product.id}, "quantity": quantity}],
            **values,
        }
        document, _new = self.env["b2b2c.intake"]._record(
            values, company=self.company, channel="api"
        )
        self._process()
        return document

    def _why_not(self, document, member=None):
        """Return why a participant gets nothing for a document."""
        result = self.env["b2b2c.intake"]._explain(document)
        return {
            row["reason"]
            for row in result["refusals"]
            if row["member_id"] == (member or self.owner).id
        }

    def _counted_with(self, document):
        return {f"The same goods were already counted with {document.display_name}."}

    # === SCANS === #

    def test_a_delivered_serial_that_is_scanned(self):
        """The owner was paid for the delivery, the seller is for the scan."""
        lots = self._create_tracked()
        codes = self._create_codes(lots)
        order = self._order(3, lots.product_id)
        self._deliver_lots(order, lots)
        self.assertEqual(self._available(self.owner, self.seller), [6, 0])
        self._scan(codes[0])
        self.assertEqual(self._available(self.owner, self.seller), [6, 3])
        self.assertEqual(self._why_not(self._last()), self._counted_with(order))

    def test_a_serial_that_was_scanned_and_is_delivered(self):
        """One of three is counted with the scan, two come with the order."""
        lots = self._create_tracked()
        codes = self._create_codes(lots)
        self._scan(codes[0])
        scan = self._last()
        self.assertEqual(self._available(self.owner), [2])
        order = self._order(3, lots.product_id)
        self._deliver_lots(order, lots)
        self.assertEqual(self._available(self.owner), [6])
        entries = self.env["b2b2c.ledger.entry"].search(
            [("document_model", "=", "sale.order"), ("document_id", "=", order.id)]
        )
        texts = " ".join(entries.mapped("explanation_text"))
        self.assertIn(f"the rest was counted with {scan.display_name}", texts)
        scan._cancel()
        self._process()
        self.assertEqual(self._available(self.owner), [6])

    def test_goods_that_came_back_count_nowhere(self):
        lots = self._create_tracked()
        codes = self._create_codes(lots)
        order = self._order(3, lots.product_id)
        picking = self._deliver_lots(order, lots)
        self._scan(codes[1])
        self.assertEqual(self._available(self.owner, self.seller), [6, 3])
        self._return(picking, 3)
        self._process()
        # the goods are back, and so is what was scanned on them
        self.assertEqual(self._available(self.owner, self.seller), [0, 0])

    def test_a_delivery_without_an_order(self):
        lots = self._create_tracked()
        codes = self._create_codes(lots)
        picking = self._move(lots)
        self.assertEqual(self._available(self.owner), [6])
        self._scan(codes[2])
        self.assertEqual(self._available(self.owner, self.seller), [6, 3])
        self.assertEqual(self._why_not(self._last()), self._counted_with(picking))

    def _move(self, lots, quantity=1):
        """Send lots to the shop without an order."""
        kind = (
            self.env["stock.warehouse"]
            .search([("company_id", "=", self.company.id)], limit=1)
            .out_type_id
        )
        customers = self.env.ref("stock.stock_location_customers")
        ways = {"location_id": self.stock.id, "location_dest_id": customers.id}
        lines = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "quantity": quantity,
                    "lot_id": lot.id,
                    **ways,
                }
            )
            for lot in lots
        ]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": self.shop.id,
                **ways,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": lots.product_id.id,
                            "product_uom_qty": quantity * len(lots),
                            **ways,
                            "move_line_ids": lines,
                        }
                    )
                ],
            }
        )
        picking.move_ids.picked = True
        picking._action_done()
        self._process()
        return picking

    def test_two_codes_on_one_serial(self):
        """The second one pays nobody: neither the owner nor the seller."""
        lots = self._create_tracked(count=1)
        codes = self._create_codes(lots)
        codes |= self._codes(self._create_batch(product_id=lots.product_id.id, count=1))
        codes[1:]._write({"lot_id": lots.id})  # as two lists of codes can name it
        self.env.invalidate_all()
        self._scan(codes[0])
        first = self._last()
        answer = self._scan(codes[1], self.colleague)
        self.assertEqual(
            self._available(self.owner, self.seller, self.colleague), [2, 3, 0]
        )
        self.assertEqual(
            (answer["status"], {answer["message"]}),
            ("mine", self._counted_with(first)),
        )
        reasons = self._why_not(self._last(), self.colleague)
        self.assertEqual(reasons, self._counted_with(first))

    def test_the_codes_of_a_lot_that_went_to_one_order(self):
        lots = self._create_tracked("lot", count=1, quantity=10)
        codes = self._codes(
            self._create_batch(product_id=lots.product_id.id, lot_id=lots.id)
        )
        order = self._order(10, lots.product_id)
        self._deliver_lots(order, lots, 10)
        self._scan(codes[0])
        self.assertEqual(self._available(self.owner, self.seller), [20, 3])

    def test_the_pieces_of_a_lot_are_not_told_apart(self):
        """Half of it went here, half there: which piece was scanned nobody knows."""
        lots = self._create_tracked("lot", count=1, quantity=10)
        codes = self._codes(
            self._create_batch(product_id=lots.product_id.id, lot_id=lots.id)
        )
        self._deliver_lots(self._order(5, lots.product_id), lots, 5)
        self._deliver_lots(
            self._order(5, lots.product_id, partner_id=self.client.id), lots, 5
        )
        self._scan(codes[0])
        self.assertEqual(self._available(self.owner, self.seller), [12, 3])

    # === REPORTED DOCUMENTS === #

    def test_a_reported_shipment_has_the_number_of_an_order(self):
        order = self._order(10)
        self._deliver(order)
        self._process()
        reported = self._report(order.name.lower())
        self.assertEqual(self._available(self.owner), [20])
        self.assertEqual(self._why_not(reported), self._counted_with(order))

    def test_the_order_comes_after_what_was_reported(self):
        """4 of 10 were reported under the customer's number, 6 come with the order."""
        reported = self._report("PO-77", 4)
        self.assertEqual(self._available(self.owner), [8])
        order = self._order(10, client_order_ref="PO-77")
        self._deliver(order)
        self._process()
        self.assertEqual(self._available(self.owner), [20])
        self.env["b2b2c.intake"]._cancel(reported, reason="wrong")
        self._process()
        self.assertEqual(self._available(self.owner), [20])

    def test_when_the_first_comes_to_nothing_the_other_counts(self):
        """The reported document is paid when the order is cancelled after all."""
        self.both.rule_ids.trigger = "confirmed"
        order = self._order(10)
        self._process()
        reported = self._report(order.name, 7)
        self.assertEqual(self._why_not(reported), self._counted_with(order))
        order._action_cancel()
        self._process()
        self.assertEqual(self._available(self.owner), [14])
        order.action_draft()
        order.action_confirm()
        self._process()
        self.assertEqual(self._available(self.owner), [20])

    def test_more_than_the_order_is_new(self):
        order = self._order(10)
        self._deliver(order)
        self._process()
        self._report(order.name, 12)
        self.assertEqual(self._available(self.owner), [24])

    def test_another_product_under_the_same_number_is_something_else(self):
        order = self._order(10)
        self._deliver(order)
        self._process()
        other = self._create_product("Other", 10.0)
        self._report(order.name, lines=[{"product": {"id": other.id}, "quantity": 5}])
        self.assertEqual(self._available(self.owner), [30])

    def test_numbers_of_strangers_are_their_own(self):
        order = self._order(10, partner_id=self.client.id)
        self._deliver(order)
        self._process()
        self._report(order.name)
        self.assertEqual(self._available(self.owner), [20])

    def test_numbers_of_invoices_and_deliveries(self):
        order = self._order(10)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._process()
        for number in (picking.name, invoice.name):
            with self.subTest(number=number):
                self._report(number, 10)
                self.assertEqual(self._available(self.owner), [20])

    def test_an_amount_is_a_part_of_the_order_by_its_amount(self):
        """5 % of 250.00 were reported; 5 % of the other 750.00 come with the order."""
        self.both.action_close()
        self._create_program({"role": "owner", "trigger": "confirmed"})
        self._report("PO-78", lines=[{"amount": 250}], type="sale")
        self.assertEqual(self._available(self.owner), [12])
        self._order(10, client_order_ref="PO-78")
        self._process()
        self.assertEqual(self._available(self.owner), [12 + 37])

    # === RECEIPTS === #

    def test_a_receipt_with_the_number_of_an_invoice(self):
        order = self._order(2)
        self._deliver(order)
        invoice = self._invoice(order)
        self._process()
        receipt = self._upload()
        receipt.write(
            {
                "number": invoice.name,
                "issued_on": self.today,
                "amount_total": 200,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 2,
                            "amount_total": 200,
                        }
                    )
                ],
            }
        )
        receipt._fill_claim()
        receipt.claim_id._accept()
        self._process()
        self.assertEqual(self._available(self.owner, self.seller), [4, 6])
        self.assertEqual(self._why_not(receipt.claim_id), self._counted_with(order))

    def test_a_receipt_of_a_sale_that_the_till_of_the_shop_reported(self):
        reported = self._report("100234", 2, type="sale")
        self.assertEqual(self._available(self.owner), [4])
        receipt = self._hand_in()
        self._process()
        self.assertEqual(receipt.state, "accepted")
        self.assertEqual(self._available(self.owner, self.seller), [4, 6])
        self.assertEqual(self._why_not(receipt.claim_id), self._counted_with(reported))

    # === SEVERAL AT ONCE === #

    def test_what_follows_the_same_order_shares_its_goods(self):
        """Of 3 pieces 2 were reported; a scan takes the third, the next one nothing."""
        lots = self._create_tracked()
        codes = self._create_codes(lots)
        order = self._order(3, lots.product_id, client_order_ref="PO-79")
        self.both.rule_ids.filtered(lambda rule: rule.role == "owner").trigger = "paid"
        self._deliver_lots(order, lots)
        self._report(
            "PO-79",
            lines=[{"product": {"id": lots.product_id.id}, "quantity": 2}],
            status="paid",
        )
        self.assertEqual(self._available(self.owner), [4])
        self._scan(codes[0])
        self.assertEqual(self._available(self.owner), [6])
        self._scan(codes[1])
        self.assertEqual(self._available(self.owner), [6])
        self._pay(self._invoice(order))
        self._process()
        self.assertEqual(self._available(self.owner), [6])

    def test_another_program_pays_for_its_own_reasons(self):
        order = self._order(10)
        self._deliver(order)
        self._process()
        self._create_program(
            {
                "role": "owner",
                "kind": "per_unit",
                "value": 1,
                "document_kind_ids": [
                    Command.set(self._get_document_kinds("shipment").ids)
                ],
            }
        )
        self._report(order.name)
        self.assertEqual(self._available(self.owner), [20 + 10])

    def test_nothing_is_looked_up_where_kinds_do_not_meet(self):
        """A role that one kind of documents pays costs no statement."""
        self.both.action_close()
        kinds = [Command.set(self._get_document_kinds("sale.order").ids)]
        self.both.rule_ids.document_kind_ids = self._get_document_kinds("sale.order")
        self._create_program({"role": "owner", "document_kind_ids": kinds})
        called = []
        goods = type(self.env["b2b2c.same.goods"])
        self.patch(goods, "_find", lambda *args: called.append(args) or {})
        self._order(10)
        self._process()
        self.assertFalse(called)
