"""A participant's whole way on a phone; what comes between her clicks is others' work.

She has 1,000 points of 0.10 and scans a code for 300 more; the figures follow by hand.
"""

from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.payouts.payout_kit import IBAN, PayoutCommon
from odoo.addons.loyalty_b2b2c.tests.vouchers.voucher_kit import KEY, use_key

from .test_cart import CartCommon

#: As the tours type it; its check character is right.
PRINTED = "SCANME0000000110"
PROOF = "odoo.addons.loyalty_b2b2c.models.payouts.b2b2c_payout_proof"


@tagged("post_install", "-at_install")
class TestWholeWay(CartCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    _order_payment = PayoutCommon._order
    _put_on_statement = PayoutCommon._put_on_statement

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        portal = cls.env["ir.module.module"]._get("loyalty_b2b2c_portal")
        if portal.state != "installed":
            raise SkipTest("the pages of participants are not installed")
        patcher = use_key(KEY)
        patcher.start()
        cls.addClassCleanup(patcher.stop)
        cls.officer = cls._create_user("approving", "loyalty_b2b2c.group_officer")
        cls.manager = cls._create_user("paying", "loyalty_b2b2c.group_manager")
        cls.warehouse = cls._create_user("shipping", "stock.group_stock_user")
        cls.clerk = cls._create_user("billing", "account.group_account_invoice")
        cls._prepare_scan()
        cls._prepare_ticket()
        cls._prepare_money()
        cls._prepare_shop()

    @classmethod
    def _prepare_scan(cls):
        kinds = cls._get_document_kinds("scan")
        cls._create_program(
            {
                "name": "300 points for a code",
                "kind": "per_unit",
                "value": 300,
                "trigger": "paid",
                "role": "employee",
                "pick": "contact",
                "document_kind_ids": [(6, 0, kinds.ids)],
            }
        )
        batch = cls.env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": cls.product.id, "count": 1}
        )
        batch.action_make()
        cls.env.cr.execute(
            "UPDATE b2b2c_code SET code = %s WHERE batch_id = %s", [PRINTED, batch.id]
        )
        cls.env.invalidate_all()

    @classmethod
    def _prepare_ticket(cls):
        cinema = cls.env["res.partner"].create({"name": "Cinema", "is_company": True})
        pool = cls.env["b2b2c.voucher.pool"].create(
            {"name": "Ticket", "partner_id": cinema.id, "company_id": cls.company.id}
        )
        file = cls.env["b2b2c.voucher.import"].create(
            {
                "name": "codes.csv",
                "pool_id": pool.id,
                "upload": "Q29kZQpBQUFBLTExMTEtQ0NDQwo=",  # Code, AAAA-1111-CCCC
            }
        )
        file.action_import()
        cls._create_reward("Cinema ticket", 60, kind="voucher", voucher_pool_id=pool.id)

    @classmethod
    def _prepare_money(cls):
        cls.company.write(
            {"b2b2c_payout_proof_above": 50, "b2b2c_payout_trusted": False}
        )
        cls._create_reward("Money", 100, kind="payout", price_kind="chosen")
        cls.journal = cls.env["b2b2c.payout"]._get_bank_journal(cls.company)

    @classmethod
    def _prepare_shop(cls):
        """Pens that are delivered, by one carrier that costs nothing."""
        cls.pens = cls._create_product(
            "Whole Way Pens",
            100,
            is_published=True,
            invoice_policy="delivery",
            weight=1,
        )
        cls.env["delivery.carrier"].search([]).active = False
        cls.env["delivery.carrier"].create(
            {
                "name": "To the door",
                "delivery_type": "fixed",
                "fixed_price": 0,
                "product_id": cls._create_product("Carriage", 0, type="service").id,
                "is_published": True,
            }
        )
        providers = cls.env["payment.provider"].search([])
        (providers - cls.provider).state = "disabled"
        cls.provider.write({"is_published": True, "website_id": False})

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {"name": name, "points": points, "company_id": cls.company.id, **values}
        )

    def assertUsable(self, points):
        """Check what she can spend, and that the books are right."""
        self.env.invalidate_all()
        self.assertEqual(self.account._get_available()[self.account.id], points)
        self._check_books()

    def _walk(self, name, url="/my/rewards"):
        self.start_tour(url, f"b2b2c_whole_way_{name}", login="olena", timeout=120)
        self.env.invalidate_all()

    def test_whole_way(self):
        # scan, balance, certificate, its code after a tap
        self._walk("certificate")
        request = self.env["b2b2c.redemption"].search([])
        self.assertEqual(len(request.voucher_showing_ids), 1)
        self.assertUsable(1240)  # 1,000 + 300 - 60
        # the cart, half of it in points, the rest paid
        self._walk("cart", f"/shop/{self.pens.product_tmpl_id.id}")
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.person.id), ("state", "=", "sale")]
        )
        self.assertEqual(order.amount_total, 100)  # of 2 × 100.00
        self.assertPoints(order, 1000, 0, 1000)
        # the warehouse delivers both, the office invoices
        picking = self._deliver(order.with_user(self.warehouse))
        invoice = self._invoice(order.with_user(self.clerk))
        self.assertEqual(invoice.amount_total, 100)
        self.assertUsable(240)
        # one comes back: half of the money and half of the points
        self._return(picking, 1)
        note = self._invoice(order.with_user(self.clerk))
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 50))
        self.assertPoints(order, 1000, 0, 500)
        self.assertUsable(740)
        # she asks for money, and confirms that it is she
        with patch(f"{PROOF}.new_code", lambda digits: "7" * digits):
            self._walk("money")
        payout = self.env["b2b2c.payout"].search([])
        self.assertEqual((payout.amount, payout.state), (60, "proved"))
        self.assertEqual(payout.bank_id.sanitized_acc_number, IBAN)
        # another person approves, a third one pays, and the bank says so
        payout.with_user(self.officer).action_approve()
        self._order_payment(payout)
        self._walk("ordered")
        self._put_on_statement(payout)
        payout._cron_see_statements()
        self.assertEqual((payout.state, payout.paid_way), ("paid", "statement"))
        self.assertUsable(140)
        self._walk("paid")
        self.assertBooksRight()
