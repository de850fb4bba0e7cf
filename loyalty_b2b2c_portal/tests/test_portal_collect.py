"""What is collected, sent and given away, on the phone of who asked for it."""

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import PASSWORD, PortalCommon

STORE = "/my/rewards/store"
REQUESTS = "/my/rewards/requests"


@tagged("post_install", "-at_install")
class TestPortalCollect(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="collect/olena")
        cls.mug = cls._create_reward("Coffee mug", pickup_place="Reception")

    @classmethod
    def _create_reward(cls, name, **values):
        return cls.env["b2b2c.reward"].create({"name": name, "points": 60, **values})

    def _send(self, reward, **answers):
        """Send the form of a reward as Olena."""
        self.authenticate("olena", PASSWORD)
        token = {"csrf_token": Request.csrf_token(self)}
        data = {"key": "k-1", "price": "60", **token, **answers}
        return self.url_open(f"{STORE}/{reward.id}/request", data=data)

    def _requests(self):
        return self.env["b2b2c.redemption"].search([("member_id", "=", self.member.id)])

    def test_code_and_place_are_shown_to_who_asked(self):
        self._send(self.mug)
        code = self._requests()._get_handover_text()
        page = self._get(REQUESTS).text
        self.assertIn(code, page)
        self.assertIn("Collect it at: Reception", page)
        self.assertIn("data:image/png;base64,", page)
        self.assertNotIn(code, self._get(REQUESTS, login="petro").text)
        self._requests()._fulfil(self.env.user)
        self.assertNotIn(code, self._get(REQUESTS).text)

    def test_an_address_of_somebody_else_is_refused(self):
        kettle = self.env["product.product"].create({"name": "Kettle", "type": "consu"})
        reward = self._create_reward("Kettle", kind="delivery", product_id=kettle.id)
        self.member.partner_id.write({"street": "Street 1", "city": "Kyiv"})
        self.other_member.partner_id.write({"street": "Secret 7", "city": "Lviv"})
        self.assertNotIn("Secret 7", self._get(f"{STORE}/{reward.id}/confirm").text)
        foreign = str(self.other_member.partner_id.id)
        answer = self._send(reward, answer_address=foreign)
        self.assertEqual(answer.status_code, 400)
        self.assertNotIn("Secret 7", answer.text)
        self.assertFalse(self._requests())
        own = str(self.member.partner_id.id)
        self.assertEqual(self._send(reward, answer_address=own).status_code, 200)
        self.assertEqual(self._requests().delivery_contact_id, self.member.partner_id)

    def test_a_worth_is_read_beside_the_balance(self):
        self.assertNotIn("o_b2b2c_worth", self._get("/my/rewards").text)
        self.unit.with_company(self.company).face_value = 0.5
        page = self._get("/my/rewards").text
        self.assertIn("o_b2b2c_worth", page)
        self.assertIn("50.00", page)  # 100 points
