"""A fault in anything of ours on the screen of a till stops no sale.

Every hook of ours is known by a registry of ``harmless.js``, so the list is its own:
each fails in turn, then all do, from the start of the till on.
"""

from odoo.tests import HttpCase, new_test_user, tagged

from .spend_common import TillSpendCommon

CODE = "0123456789ABCDEF"


@tagged("post_install", "-at_install")
class TestTillHooks(TillSpendCommon, HttpCase):
    """Paper costs 100.00; 1,000,000 points are enough for each sale."""

    browser_size = "1180x820"  # a tablet

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(999_000, source_key="start/more")
        cls.person.code = CODE
        cls.company.b2b2c_spend_proof_above = 1_000_000
        cls.shop.auto_validate_terminal_payment = False

    def _play(self, tour):
        clerk = new_test_user(
            self.env,
            "hooks-cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            password="hooks-cashier",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        url = f"/pos/ui/{self.shop.id}"
        self.start_tour(url, tour, login=clerk.login, timeout=1200)
        self.env.invalidate_all()
        self._process()
        return self.shop.current_session_id.order_ids

    def test_no_fault_of_ours_stops_a_sale(self):
        """Each ticket is paid, and the points are less by what it was paid with."""
        tickets = self._play("b2b2c_till_faults")
        paid = tickets.filtered(lambda ticket: ticket.state == "paid")
        self.assertEqual(paid.mapped("amount_total"), [100.0] * len(paid))
        self.assertGreater(len(paid), 40)
        in_points = paid.payment_ids.filtered(
            lambda payment: payment.payment_method_id == self.points
        )
        spent = sum(in_points.mapped("amount")) * 10
        self.assertEqual(self._points_of(), (1_000_000 - spent, 0))
        self.assertEqual(self._incidents(), [])

    def test_control_a_bare_patch_stops_a_sale(self):
        tickets = self._play("b2b2c_till_unguarded")
        self.assertFalse(tickets.filtered(lambda ticket: ticket.state == "paid"))
