"""The cards of the till in the gallery: made by *Create*, started, and they pay."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.loyalty_b2b2c.tests.mechanics.mechanic_common import MechanicCommon

from ..models.till_people import make_token
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

    # === PLAYED ON THE SCREEN === #

    def _try(self, program, **values):
        action = program.action_try()
        dialogs = self.env[action["res_model"]].with_user(self.manager)
        values = {"product_id": self.product.id, "quantity": 3, **values}
        return dialogs.with_context(**action["context"]).create(values)

    def _get_points(self, dialog):
        self.assertFalse(dialog.problem)
        return {line.member_id: line.points for line in dialog.award_ids}

    def test_a_ticket_is_tried(self):
        """15 points for who sold 3 boxes, 9 for who showed a card; as it is paid."""
        seller = self._set_up("till_seller")
        buyer = self._set_up("till_buyer")
        customer = self.people["customer"]
        self.assertEqual(
            self._get_points(self._try(seller, member_id=self.nina.id)),
            {self.nina: 15},
        )
        self.assertEqual(
            self._get_points(self._try(buyer, member_id=customer.id)), {customer: 9}
        )
        [line] = self._try(seller, member_id=self.nina.id).award_ids
        self.assertIn("Ticket paid: quantity 3", line.why)
        self.assertFalse(self.env["pos.order"].search_count([]))
        self._start(seller)
        self._start(buyer)
        token = customer._sign_shown("code", self.company)
        self._sell_by(self.nina_user, 3, b2b2c_member_token=token)
        self.assertEqual(self._balances(self.nina), (15, 0, 0))
        self.assertEqual(self._balances(customer), (9, 0, 0))

    def test_who_is_not_named_is_paid_nothing(self):
        """A ticket that nobody of the program sold, and one for whom no card is for."""
        seller = self._set_up("till_seller")
        customer = self.people["customer"]
        dialog = self._try(seller, member_id=customer.id)
        self.assertEqual(self._get_points(dialog), {})
        self.assertTrue(dialog.refusal_ids)

    def test_a_token_of_somebody_else_names_nobody(self):
        """What a till signed for itself names no seller of a played ticket."""
        source = self.env["b2b2c.source"].sudo()._for_model("pos.order")
        for token in ("", "m.1.x", make_token(self.till, self.nina)):
            ticket = self.env["pos.order"].sudo().new({"b2b2c_seller_token": token})
            self.assertFalse(source._get_named_sellers(ticket))
