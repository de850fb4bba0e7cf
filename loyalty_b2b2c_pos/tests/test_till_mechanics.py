"""The cards of the till in the gallery: made by *Create*, started, and they pay."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.loyalty_b2b2c.tests.mechanics.mechanic_common import MechanicCommon

from .seller_common import SellerCommon


@tagged("post_install", "-at_install")
class TestTillMechanics(SellerCommon, MechanicCommon):
    """Paper costs 100.00; no other program runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.action_close()

    def test_cards_have_drawings(self):
        for code in ("till_seller", "till_buyer"):
            picture = self.mechanics._get_offered()[code].picture
            self.assertTrue(file_path(picture.strip("/")))

    def test_the_seller_is_paid(self):
        """5 points for each of 3 boxes that Nina sold."""
        program = self._set_up(
            "till_seller", product_ids=[Command.set(self.product.ids)]
        )
        self.assertIn("tills", self._done(program))
        self._start(program)
        self._sell_by(self.nina_user, 3)
        self.assertEqual(self._balances(self.nina), (15, 0, 0))
        self.assertEqual(self._balances(self.ivan), (0, 0, 0))

    def test_the_customer_is_paid(self):
        """3 % of 300.00 for who showed a card."""
        program = self._set_up("till_buyer")
        self._start(program)
        customer = self.people["customer"]
        token = customer._sign_shown("code", self.company)
        self._sell_by(self.nina_user, 3, b2b2c_member_token=token)
        self.assertEqual(self._balances(customer), (9, 0, 0))

    def test_it_is_said_that_tickets_cannot_be_tried(self):
        action = self._set_up("till_seller").action_try()
        dialogs = self.env[action["res_model"]].with_user(self.manager)
        dialog = dialogs.with_context(**action["context"]).create({})
        self.assertIn("happens elsewhere", dialog.problem)
