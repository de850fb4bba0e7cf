"""Sellers at tills beside apps that change what a till is.

Employees (``pos_hr``), orders people make by themselves (``pos_self_order``), split
bills (``pos_restaurant``), discounts, Odoo's own loyalty.  Tests that need none of them
are in ``test_seller.py``, where none of these apps is installed.
"""

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .seller_common import SellerCommon


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestSellerBeside(SellerCommon):
    """Employees log in at the till, and user Petro has opened it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till.module_pos_hr = True
        cls.employees = cls.env["hr.employee"].create(
            [
                {"name": "Nina", "user_id": cls.nina_user.id},
                {
                    "name": "Ivan",
                    "work_contact_id": cls.ivan.partner_id.id,
                    "pin": "1234",
                },
                {"name": "Lesia"},
            ]
        )

    def _sell_as(self, employee, pieces, **values):
        return self._sell_by(self.petro_user, pieces, employee_id=employee.id, **values)

    def test_the_employee_who_is_logged_in_sold_not_the_user(self):
        nina, ivan, lesia = self.employees
        self._sell_as(nina, 10)
        self._sell_as(ivan, 4)
        self._sell_as(lesia, 2)
        self.assertPoints(50, 20)
        [waiting] = self.env["b2b2c.till.seller"].search([("waiting_ids", "!=", False)])
        self.assertEqual((waiting.name, waiting.waiting_count), ("Lesia", 1))
        token = self._get_token("Lesia")
        self._sell_as(nina, 1, b2b2c_seller_token=token)
        waiting.invalidate_recordset()
        self.assertEqual(waiting.waiting_count, 2)

    def test_an_employee_of_another_company_or_till_earns_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["hr.employee"].create(
            {
                "name": "Stranger",
                "company_id": other.id,
                "work_contact_id": self.nina.partner_id.id,
            }
        )
        self._sell_as(stranger, 10)
        self.till.basic_employee_ids = self.employees[0]
        self._sell_as(self.employees[1], 10)
        self.assertPoints(0, 0)

    def test_a_till_without_employees_credits_its_users(self):
        self.till.module_pos_hr = False
        self._sell_by(self.nina_user, 2, employee_id=self.employees[1].id)
        self.assertPoints(10, 0)

    def test_own_points_only_after_the_pin(self):
        nina, ivan, lesia = self.employees
        self._sell_as(ivan, 4)
        self._process()
        till = self.till.with_user(self.petro_user)

        def ask(employee, pin=""):
            return till.b2b2c_get_my_points(employee.id, pin)

        self.assertEqual(ask(ivan), {"asks_pin": True})
        self.assertEqual(list(ask(ivan, "4321")), ["problem"])
        self.assertEqual(ask(ivan, "1234")["sales"], 1)
        self.assertEqual(list(ask(nina)), ["problem"])  # has no PIN
        self.assertEqual(list(ask(lesia, "1234")), ["problem"])
        own = self.till.with_user(self.nina_user).b2b2c_get_my_points(nina.id)
        self.assertEqual(own["sales"], 0)
        for _number in range(10):
            ask(ivan, "0000")
        self.assertIn("Asked too often", ask(ivan, "1234")["problem"])

    def test_a_discount_on_the_ticket_lowers_the_points(self):
        discount = self._create_product("Discount", 0, type="service")
        self.till.write(
            {"module_pos_discount": True, "discount_product_id": discount.id}
        )
        ticket = self._ring((self.product, 10, 100), (discount, 1, -200),
                            employee_id=self.employees[1].id)  # fmt: skip
        self.assertEqual(ticket.amount_total, 800)
        self.assertPoints(0, 40)


@tagged("-standard", "b2b2c_beside", "post_install", "-at_install")
class TestSelfOrder(SellerCommon, HttpCase):
    """Anybody may send an order to a self-ordering till, with whatever in it."""

    @mute_logger("odoo.http")
    def test_a_forged_order_mints_nothing(self):
        self.till.write(
            {
                "self_ordering_mode": "kiosk",
                "self_ordering_default_user_id": self.petro_user.id,
            }
        )
        for state in ("draft", "paid"):
            order = self._make_order(
                10,
                state=state,
                source="pos",
                user_id=self.nina_user.id,
                b2b2c_seller_token=self._get_token("Nina"),
                preset_id=False,
                table_stand_number=False,
            )
            self._order(order)
            sent = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
            # Odoo takes no order that says it is paid
            self.assertEqual(sent.source, "kiosk" if state == "draft" else False)
        self.assertPoints(0, 0)
        [ticket] = self.env["pos.order"].search([("source", "=", "kiosk")])
        ticket.amount_paid = ticket.amount_total
        ticket.action_pos_order_paid()
        self.assertEqual(ticket.state, "paid")
        self.assertPoints(0, 0)

    def _order(self, order):
        """Send an order as anybody can, who has seen the till's page."""
        params = {
            "order": order,
            "access_token": self.till.access_token,
            "table_identifier": None,
        }
        self.url_open(
            "/pos-self-order/process-order/kiosk/",
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()
