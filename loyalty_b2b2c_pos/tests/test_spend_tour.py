"""Points at the till, on its screen."""

from odoo.tests import HttpCase, new_test_user, tagged

from .spend_common import TillSpendCommon

CODE = "0123456789ABCDEF"


@tagged("post_install", "-at_install")
class TestTillSpendTour(TillSpendCommon, HttpCase):
    """1,000 points are 100.00, and so is a ream of paper."""

    def _play(self, tour):
        cashier = new_test_user(
            self.env,
            "points-cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            password="points-cashier",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.env.cr.execute(
            "UPDATE pos_config SET auto_validate_terminal_payment = FALSE"
        )
        self.env.cr.execute(
            "UPDATE b2b2c_member SET code = %s WHERE id = %s", [CODE, self.person.id]
        )
        self.env.invalidate_all()
        self.start_tour(f"/pos/ui/{self.shop.id}", tour, login=cashier.login)
        self.env.invalidate_all()
        self._process()
        orders = self.shop.current_session_id.order_ids.sorted("id")
        return [
            sorted(
                (payment.payment_method_id.name, payment.amount)
                for payment in order.payment_ids
            )
            for order in orders
        ]

    def test_a_part_in_points_and_back(self):
        paid, back = self._play("b2b2c_points_paid")
        self.assertEqual(paid, [("Bonus points", 30), ("Cash", 70)])
        self.assertEqual(back, [("Bonus points", -30), ("Cash", -70)])
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), [])

    def test_lost_answers_a_reload_and_no_connection(self):
        [paid] = self._play("b2b2c_points_trouble")
        self.assertEqual(paid, [("Bonus points", 20), ("Cash", 80)])
        # 100.00 reversed, 40.00 deleted, 20.00 paid
        self.assertEqual(self._points_of(), (800, 0))
        states = self.env["b2b2c.till.payment"].search([]).mapped("state")
        self.assertEqual(sorted(states), ["left", "left", "paid"])
        self.assertEqual(self._incidents(), [])

    def test_much_is_confirmed_by_the_customer(self):
        self.company.b2b2c_spend_proof_above = 50
        self.env["b2b2c.spend.proof"]._choose_pin(self.person, "2580", "2580")
        contact = self.person.partner_id
        self.env["b2b2c.address.proof"]._keep(
            contact, [contact.email_normalized], "code"
        )
        [paid] = self._play("b2b2c_points_proof")
        self.assertEqual(paid, [("Bonus points", 100)])
        self.assertEqual(self._points_of(), (0, 0))
        self.assertEqual(self.env["b2b2c.spend"].search([]).proved_by, "pin")
