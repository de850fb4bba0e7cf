"""Codes follow the goods: activated by the shipment, bound to the shop, taken back."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_scan import ScanCommon


@tagged("post_install", "-at_install")
class TestCodeShipping(ScanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.other = cls.env["res.partner"].create(
            {"name": "Other Shop", "is_company": True}
        )
        cls.stranger = cls._create_staff("Taras", "salesperson", shop=cls.other)

    def _create_tracked(self, tracking="serial", count=3):
        """Return lots of a new product that are in stock, one unit each."""
        product = self.env["product.product"].create(
            {"name": "Tool", "is_storable": True, "tracking": tracking}
        )
        lots = self.env["stock.lot"].create(
            [{"name": f"S-{n}", "product_id": product.id} for n in range(count)]
        )
        for lot in lots:
            self._stock(product, 1 if tracking == "serial" else 10, lot_id=lot)
        return lots

    def _stock(self, product, quantity, lot_id=None, package_id=None):
        self.env["stock.quant"]._update_available_quantity(
            product, self.stock, quantity, lot_id=lot_id, package_id=package_id
        )

    def _move(self, lines, partner, back=False):
        """Do a transfer of lines of ``(product, quantity, lot, package)``."""
        source, target = self.stock, self.customers
        kind = self.warehouse.out_type_id
        if back:
            source, target, kind = target, source, self.warehouse.in_type_id
        ways = {"location_id": source.id, "location_dest_id": target.id}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": partner.id,
                **ways,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            **ways,
                            "move_line_ids": [
                                Command.create(
                                    {
                                        "product_id": product.id,
                                        "quantity": quantity,
                                        "lot_id": lot and lot.id,
                                        "package_id": package and package.id,
                                        "result_package_id": package and package.id,
                                        **ways,
                                    }
                                )
                            ],
                        }
                    )
                    for product, quantity, lot, package in lines
                ],
            }
        )
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.env.invalidate_all()
        return picking

    def _ship(self, lots, partner, **options):
        return self._move(
            [(lot.product_id, 1, lot, None) for lot in lots], partner, **options
        )

    def _create_serials(self, lots, **values):
        values = {"activation": "shipped", **values}
        return self._codes(
            self._create_batch(
                product_id=lots.product_id.id, origin="serials", **values
            )
        )

    def test_stolen_stock_is_worthless(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self.assertEqual(self._scan(codes[0])["status"], "refused")
        self.assertEqual(self._last().reason_code, "not_active")
        picking = self._ship(lots[0], self.shop)
        self.assertEqual(codes.mapped("state"), ["active", "printed", "printed"])
        self.assertEqual(codes[0].shop_id, self.shop)
        self.assertEqual(codes[0].picking_id, picking)
        self.assertEqual(self._scan(codes[0])["status"], "credited")
        self.assertEqual(self._scan(codes[1])["status"], "refused")

    def test_goods_of_another_shop_are_reviewed(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self.assertEqual(self._scan(codes[0], self.stranger)["status"], "review")
        self.assertEqual(self._last().findings_text.split(" (")[0],
                         "The goods were shipped to another shop.")  # fmt: skip
        self.assertEqual(self._scan(codes[1], self.seller)["status"], "credited")

    def test_an_address_of_the_shop_is_the_shop(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        address = self.env["res.partner"].create(
            {"name": "Back Door", "type": "delivery", "parent_id": self.shop.id}
        )
        self._ship(lots[0], address)
        self.assertEqual(codes[0].shop_id, self.shop)

    def test_what_a_distributor_gets_is_for_every_shop(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        distributor = self.env["res.partner"].create(
            {"name": "Distributor", "is_company": True}
        )
        self._ship(lots, distributor)
        self.assertFalse(codes.shop_id)
        self.assertEqual(self._scan(codes[0], self.seller)["status"], "credited")
        self.assertEqual(self._scan(codes[1], self.stranger)["status"], "credited")

    def test_goods_that_come_back(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self._scan(codes[0])
        self._ship(lots, self.shop, back=True)
        self.assertEqual(codes.mapped("state"), ["returned"] * 3)
        self.assertEqual(self._scan(codes[1])["status"], "refused")
        self.assertEqual(self._last().reason_code, "returned")
        self._ship(lots[1], self.other)
        self.assertEqual(codes[1].state, "active")
        self.assertEqual(self._scan(codes[1], self.stranger)["status"], "credited")

    def test_other_batches_keep_their_activation_but_know_the_shop(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots, activation="now")
        self._ship(lots[0], self.shop)
        self.assertEqual(codes[0].state, "printed")
        self.assertEqual(codes[0].shop_id, self.shop)
        self.assertEqual(self._scan(codes[0], self.stranger)["status"], "review")
        self.assertEqual(self._scan(codes[1], self.stranger)["status"], "credited")

    def test_a_frozen_batch_stays_frozen(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        codes.batch_id.action_freeze()
        self._ship(lots, self.shop)
        self.assertEqual(self._scan(codes[0])["status"], "refused")
        codes.batch_id.action_unfreeze()
        self.assertEqual(self._scan(codes[0])["status"], "credited")

    def test_a_lot_goes_to_many_shops(self):
        lot = self._create_tracked("lot", count=1)
        codes = self._codes(
            self._create_batch(
                product_id=lot.product_id.id, lot_id=lot.id, activation="shipped"
            )
        )
        self.assertEqual(self._scan(codes[0])["status"], "refused")
        self._move([(lot.product_id, 4, lot, None)], self.shop)
        self.assertEqual(set(codes.mapped("state")), {"active"})
        self.assertFalse(codes.shop_id)
        self._move([(lot.product_id, 4, lot, None)], self.shop, back=True)
        self.assertEqual(set(codes.mapped("state")), {"active"})

    def test_packages(self):
        self.product.is_storable = True
        packages = self.env["stock.package"].create([{"name": "P-1"}, {"name": "P-2"}])
        for package in packages:
            self._stock(self.product, 6, package_id=package)
        codes = self._codes(
            self._create_batch(origin="packages", level="block", activation="shipped"),
            "block",
        )
        self.assertEqual(codes.package_id, packages)
        self._move([(self.product, 6, None, packages[0])], self.shop)
        self.assertEqual(codes.mapped("state"), ["active", "printed"])
        answer = self._scan(codes[0])
        self.assertEqual((answer["status"], answer["quantity"]), ("credited", "6"))

    def test_a_fault_never_stops_a_delivery(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        broken = patch.object(
            type(self.env["b2b2c.code"]), "_ship", side_effect=ValueError("broken")
        )
        logger = "odoo.addons.loyalty_b2b2c.models.codes.stock_move"
        with broken, mute_logger(logger):
            self._ship(lots, self.shop)
        self.assertEqual(codes[0].state, "printed")

    # === WHAT WAS CLAIMED COMES BACK === #

    def test_a_claim_is_reversed_when_its_goods_come_back(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self._scan(codes[0])
        self._scan(codes[1])
        claim = codes[0].claim_id
        self.assertEqual(self._available(self.seller, self.owner), [6, 4])
        self._ship(lots[0], self.shop, back=True)
        self._process()
        self.assertEqual(codes.mapped("state"), ["returned", "claimed", "active"])
        self.assertRecordValues(
            claim, [{"state": "cancelled", "reason_text": "The goods were returned."}]
        )
        self.assertEqual(self._available(self.seller, self.owner), [3, 2])
        self.assertEqual(codes[0].claim_id, claim, "who had claimed it stays known")
        self.assertBooksRight()
        # a scan says the one sentence, to whoever
        for member in (self.seller, self.stranger):
            answer = self._scan(codes[0], member)
            self.assertEqual(answer["status"], "refused")
            self.assertEqual(self._last().reason_code, "returned")

    def test_what_was_claimed_once_is_not_activated_again(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self._scan(codes[0])
        self._ship(lots, self.shop, back=True)
        self._ship(lots, self.other)
        self._process()
        self.assertEqual(codes.mapped("state"), ["returned", "active", "active"])
        self.assertEqual(codes.mapped("shop_id"), self.other)
        self.assertEqual(self._scan(codes[0], self.stranger)["status"], "refused")
        self.assertEqual(self._scan(codes[1], self.stranger)["status"], "credited")
        self.assertEqual(self._available(self.seller, self.stranger), [0, 3])
        self.assertBooksRight()

    def test_points_that_were_spent_become_a_debt(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self._scan(codes[0])
        self.seller._get_account(self.unit)._redeem(2, source_key="gift")
        self._ship(lots[0], self.shop, back=True)
        self._process()
        self.assertEqual(self._balances(self.seller), (0, 0, 2))
        self.assertBooksRight()

    def test_a_claim_that_waits_is_refused(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        self._ship(lots, self.shop)
        self.assertEqual(self._scan(codes[0], self.stranger)["status"], "review")
        claim = codes[0].claim_id
        self._ship(lots[0], self.shop, back=True)
        self._process()
        self.assertRecordValues(
            claim, [{"state": "refused", "reason_code": "returned"}]
        )
        self.assertEqual(codes[0].state, "returned")
        self.assertEqual(self._available(self.stranger), [0])

    def test_a_part_of_a_block_comes_back(self):
        lots = self._create_tracked(count=4)
        units = self._create_serials(lots, activation="now")
        self._ship(lots, self.shop)
        # four units packed in a block whose code is scanned
        block = self._codes(self._create_batch(count=1, product_id=units.product_id.id))
        self.env.cr.execute(
            """UPDATE b2b2c_code SET parent_id = %s WHERE id = ANY(%s);
               UPDATE b2b2c_code SET level = 'block' WHERE id = %s""",
            [block.id, units.ids, block.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._scan(block)["quantity"], "4")
        claim = block.claim_id
        self.assertEqual(self._available(self.seller, self.owner), [12, 8])
        self._ship(lots[:3], self.shop, back=True)
        self._process()
        self.assertEqual(claim.state, "accepted")
        self.assertEqual(claim.line_ids.quantity, 1)
        self.assertEqual(self._available(self.seller, self.owner), [3, 2])
        self._ship(lots[3], self.shop, back=True)
        self._process()
        self.assertEqual(claim.state, "cancelled")
        self.assertEqual(self._available(self.seller, self.owner), [0, 0])
        self.assertEqual(set(units.mapped("state")), {"returned"})
        self.assertEqual(block.state, "blocked")
        self.assertBooksRight()

    def test_a_package_comes_back(self):
        self.product.is_storable = True
        package = self.env["stock.package"].create({"name": "P-9"})
        self._stock(self.product, 6, package_id=package)
        code = self._codes(
            self._create_batch(origin="packages", level="block", activation="shipped"),
            "block",
        )
        self._move([(self.product, 6, None, package)], self.shop)
        self._scan(code)
        self.assertEqual(self._available(self.seller, self.owner), [18, 12])
        self._move([(self.product, 6, None, package)], self.shop, back=True)
        self._process()
        self.assertEqual(code.state, "returned")
        self.assertEqual(self._available(self.seller, self.owner), [0, 0])

    def test_a_return_done_twice_changes_nothing_more(self):
        lots = self._create_tracked()
        codes = self._create_serials(lots)
        picking = self._ship(lots, self.shop)
        self._scan(codes[0])
        self._ship(lots[0], self.shop, back=True)
        self._process()
        back = self.env["stock.move"].search([], order="id desc", limit=1)
        for _time in range(2):
            back._b2b2c_record_codes()
            self._process()
        picking.move_ids[1]._b2b2c_record_codes()  # other goods
        self.assertEqual(codes.mapped("state"), ["returned", "active", "active"])
        self.assertEqual(self._available(self.seller), [0])
        self.assertBooksRight()
