"""Cards and points on the screens of tills, beside apps that change what a till is.

A restaurant (``pos_restaurant``), coupons (``pos_loyalty``), bar codes of GS1, and what
customers see on a display of their own.
"""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .spend_common import TillSpendCommon

CODE = "0123456789ABCDEF"


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestTillBesideTour(TillSpendCommon, HttpCase):
    """Paper costs 100.00, and Olena has 3,000 points: 300.00."""

    browser_size = "1180x820"  # a tablet

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(2000, source_key="start/more")
        cls.person.code = CODE
        cls.waiter = new_test_user(
            cls.env,
            "till-waiter",
            groups="base.group_user,point_of_sale.group_pos_user",
            name="Wanda",
            password="till-waiter",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _play(self, till, tour):
        self.start_tour(f"/pos/ui/{till.id}", tour, login="till-waiter")
        self.env.invalidate_all()
        self._process()

    def _get_payments(self, till):
        """Return what each paid ticket of a till was paid with."""
        tickets = till.current_session_id.order_ids
        paid = tickets.filtered(lambda ticket: ticket.state in ("paid", "done"))
        return [
            sorted(
                (payment.payment_method_id.name, payment.amount)
                for payment in ticket.payment_ids
            )
            for ticket in paid
        ]

    def test_bills_of_a_restaurant(self):
        """100.00 and 60.00 and 30.00 are paid in points: 1,900 of 3,000. 100.00 was
        reserved for a bill that another took over, and came free."""
        tip = self._create_product("Tips", 0, type="service", available_in_pos=True)
        tables = [
            {"table_number": number, "position_h": 150 * number, "position_v": 100}
            for number in (1, 2, 3)
        ]
        hall = self.env["restaurant.floor"].create(
            {"name": "Hall", "table_ids": [Command.create(row) for row in tables]}
        )
        restaurant = self._create_till(
            "Restaurant",
            module_pos_restaurant=True,
            floor_ids=[Command.set(hall.ids)],
            iface_splitbill=True,
            iface_tipproduct=True,
            tip_product_id=tip.id,
            set_tip_after_payment=True,
            auto_validate_terminal_payment=False,
        )
        self._play(restaurant, "b2b2c_restaurant")
        self.assertCountEqual(
            self._get_payments(restaurant),
            [
                [("Bonus points", 100), ("Card", 5)],
                [("Bonus points", 60), ("Card", 40)],
                [("Bonus points", 30), ("Card", 70)],
            ],
        )
        self.assertEqual(self._points_of(), (1100, 0))
        self.assertEqual(self._incidents(), [])

    def test_gs1_a_coupon_and_the_display_of_the_customer(self):
        """2 × 100.00, a tenth less with the coupon that 50 points had bought: 5 % of
        180.00 are 9 points."""
        self._create_program({"role": "employee", "pick": "contact"})
        self._create_product(
            "Pen", 100, available_in_pos=True, barcode="04006381333931"
        )
        self.company.nomenclature_id = self.env.ref(
            "barcodes_gs1_nomenclature.default_gs1_nomenclature"
        )
        self.assertFalse(self.shop.fallback_nomenclature_id)
        self._create_seller("Petro")
        self._buy_coupon("044COUPONOFTHETILL")
        self._play(self.shop, "b2b2c_till_display")
        self.assertEqual(self._get_payments(self.shop), [[("Card", 180)]])
        self.assertEqual(self._points_of(), (2959, 0))

    def _create_seller(self, name):
        user = new_test_user(
            self.env,
            f"till-{name}",
            name=name,
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._create_member(
            partner_id=user.partner_id.id,
            role="salesperson",
            employer_id=self.company.partner_id.id,
        )

    def _buy_coupon(self, code):
        """Let Olena request a coupon for 10 % less, which costs 50 points."""
        reward = {
            "reward_type": "discount",
            "discount": 10,
            "discount_mode": "percent",
            "discount_applicability": "order",
            "required_points": 1,
        }
        program = self.env["loyalty.program"].create(
            {
                "name": "10 % off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 0})],
                "reward_ids": [Command.clear(), Command.create(reward)],
            }
        )
        reward = self.env["b2b2c.reward"].create(
            {
                "name": "Ten percent",
                "points": 50,
                "kind": "coupon",
                "unit_id": self.unit.id,
                "company_id": self.company.id,
                "coupon_program_id": program.id,
            }
        )
        request = self.env["b2b2c.redemption"]._request(
            self.person, reward, request_key="till-coupon"
        )
        request.coupon_ids.code = code
