"""A partner's till takes points by the API: nobody else's, and nothing twice."""

from odoo import Command
from odoo.tests import tagged

from .test_api import ApiCommon


@tagged("post_install", "-at_install")
class TestApiSpends(ApiCommon):
    """The jeweller's till; the participant has 1,000 points, each worth 0.05."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.with_company(cls.company).face_value = 0.05
        cls.member._get_account(cls.unit)._earn(1000, source_key="api-spend/start")
        cls.jeweller = cls.env["res.partner"].create(
            {"name": "Jeweller", "is_company": True}
        )
        cls.shop = cls.env["res.partner"].create(
            {"name": "North", "parent_id": cls.jeweller.id, "ref": "NORTH"}
        )
        cls.agreement = cls._create_agreement(cls.jeweller)
        cls.till, cls.token = cls._create_key(
            reporter_id=cls.jeweller.id, can_spend=True, spend_limit=40
        )

    @classmethod
    def _create_agreement(cls, partner):
        agreement = cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": partner.id,
                "way": "api",
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": cls.unit.id,
                            "valid_from": "2020-01-01",
                            "point_value": 0.05,
                        }
                    )
                ],
            }
        )
        agreement.action_activate()
        return agreement

    def _hold(self, amount=10, key="T1", **values):
        values = {"code": self.member.code, **values}
        return self._post("/spends", {"key": key, "amount": amount, **values})

    def _get_points(self):
        account = self.member.account_ids
        account.invalidate_recordset()
        return account.balance_available, account.balance_held

    def test_who_shows_a_code_is_served_and_not_named(self):
        answer = self.assertAnswer(
            self._post("/members/shown", {"code": self.member.code}),
            200,
            name="Olena K.",
        )
        [offer] = answer["spendable"]
        self.assertEqual((offer["points"], offer["amount"]), (1000, 50))
        self.assertEqual(answer["balances"][0]["available"], 1000)
        self.assertEqual(answer["gains"], [])

    def test_a_ticket_names_the_person_further_on(self):
        shown = self._post("/members/shown", {"code": self.member.code}).json()
        self.assertNotIn(self.member.code, shown["ticket"])
        self.assertAnswer(self._hold(code=shown["ticket"]), 201, points=200)
        forged = shown["ticket"][:-2] + "xx"
        self.assertRefused(
            self._hold(key="T2", code=forged), 404, "unknown_member", "code"
        )

    def test_a_phone_number_shows_nothing(self):
        self.assertRefused(
            self._hold(code="+380671234567"), 404, "unknown_member", "code"
        )

    def test_a_basket_says_what_it_gives(self):
        """5 % of 200.00; the agreement has ended: nothing."""
        self._create_program({"role": "customer"}, is_network=True)
        buyer = self._create_member(
            name="Iryna", email="iryna@example.com", phone="+380 50 333 22 11",
            role="customer",
        )  # fmt: skip
        body = {"code": buyer.code, "basket": {"amount": 200}}
        gains = [{"unit": self.unit.name, "points": 10, "points_pending": 0}]
        self.assertAnswer(self._post("/members/shown", body), 200, gains=gains)
        self.agreement.action_end()
        self.agreement.ends_on = "2026-01-01"
        self.assertAnswer(self._post("/members/shown", body), 200, gains=[])
        self.assertFalse(buyer.account_ids.entry_ids)

    def test_nobody_paused_and_a_stranger_are_one_answer(self):
        other = self._create_member(
            name="Petro", email="petro@example.com", phone="+380 50 222 33 44"
        )
        answers = {self._post("/members/shown", {"code": "NOBODY"}).text[:60]}
        other.action_suspend()
        answers.add(self._post("/members/shown", {"code": other.code}).text[:60])
        self.assertEqual(len(answers), 1)
        self.assertRefused(self._hold(code=other.code), 404, "unknown_member", "code")

    def test_held_spent_and_given_back(self):
        self.assertAnswer(self._hold(), 201, state="held", points=200, key="T1")
        self.assertAnswer(self._hold(), 200, state="held")
        self.assertEqual(self._get_points(), (800, 200))
        for _repeat in range(2):
            answer = self._post("/spends/capture", {"key": "T1"})
            self.assertAnswer(answer, 200, state="spent", valid_until=None)
        self.assertEqual(self._get_points(), (800, 0))
        back = {"key": "T1", "return_key": "r1", "amount": 4}
        for _repeat in range(2):
            self.assertAnswer(self._post("/spends/back", back), 200, given_back=4)
        self.assertEqual(self._get_points(), (880, 0))
        self.assertRefused(
            self._post("/spends/release", {"key": "T1"}), 409, "already_spent", "key"
        )
        spend = self.env["b2b2c.spend"].search([("place_id", "=", self.jeweller.id)])
        self.assertEqual(spend.agreement_id, self.agreement)

    def test_released_points_are_free(self):
        self._hold()
        for _repeat in range(2):
            answer = self._post("/spends/release", {"key": "T1"})
            self.assertAnswer(answer, 200, state="released")
        self.assertEqual(self._get_points(), (1000, 0))

    def test_less_may_be_captured_and_not_more(self):
        self._hold()
        self.assertRefused(
            self._post("/spends/capture", {"key": "T1", "amount": 11}),
            422, "invalid_value", "amount",
        )  # fmt: skip
        answer = self._post("/spends/capture", {"key": "T1", "amount": 4})
        self.assertAnswer(answer, 200, points=80)
        self.assertEqual(self._get_points(), (920, 0))

    def test_what_is_not_there_is_refused_in_words(self):
        self.till.spend_limit = 0
        self.assertRefused(self._hold(51), 422, "not_enough_points", "amount")
        self.assertEqual(self._get_points(), (1000, 0))

    def test_a_system_alone_takes_only_so_much(self):
        self.assertRefused(self._hold(41), 422, "refused")
        self.assertAnswer(self._hold(40), 201, points=800)

    def test_an_agreement_that_ended_yesterday(self):
        self.assertAnswer(self._hold(key="T0"), 201)
        self.agreement.ends_on = "2026-11-29"
        refused = self._hold()
        self.assertRefused(refused, 422, "refused")
        self.assertIn("cannot be spent in this shop", refused.text)
        # what was begun is finished
        self.assertAnswer(self._post("/spends/capture", {"key": "T0"}), 200)

    def test_a_shop_is_the_partners_own(self):
        self.assertAnswer(self._hold(shop="NORTH"), 201)
        spend = self.env["b2b2c.spend"].search([("place_id", "=", self.shop.id)])
        self.assertEqual(spend.agreement_id, self.agreement)
        self.client.ref = "CLIENT"
        self.assertRefused(
            self._hold(key="T2", shop="CLIENT"), 422, "unknown_partner", "shop"
        )

    def test_another_partner_finds_nothing_of_it(self):
        other = self.env["res.partner"].create({"name": "Thief", "is_company": True})
        self._create_agreement(other)
        _key, token = self._create_key(reporter_id=other.id, can_spend=True)
        self._hold()
        for path in ("capture", "release"):
            answer = self._post(f"/spends/{path}", {"key": "T1"}, token=token)
            self.assertRefused(answer, 404, "unknown_spend", "key")
        back = {"key": "T1", "return_key": "r", "amount": 1}
        answer = self._post("/spends/back", back, token=token)
        self.assertRefused(answer, 404, "unknown_spend", "key")
        # the same key is a payment of its own
        answer = self._post(
            "/spends",
            {"key": "T1", "amount": 5, "code": self.member.code},
            token=token,
        )
        self.assertAnswer(answer, 201, amount=5)
        self.assertEqual(self._get_points(), (700, 300))

    def test_a_key_without_the_right_takes_nothing(self):
        self.till.can_spend = False
        self.assertRefused(self._hold(), 403, "forbidden")

    def test_a_key_of_another_person_is_refused(self):
        other = self._create_member(
            name="Petro", email="petro@example.com", phone="+380 50 222 33 44"
        )
        other._get_account(self.unit)._earn(1000, source_key="api-spend/other")
        self._hold()
        self.assertRefused(self._hold(code=other.code), 422, "refused")
        self.assertEqual(self._get_points(), (800, 200))

    def test_a_large_payment_is_confirmed_by_the_person(self):
        self.company.b2b2c_spend_proof_above = 15
        self.assertAnswer(self._hold(15), 201)
        self.assertRefused(self._hold(16), 422, "proof_needed", "proof")
        self.assertRefused(self._hold(16, proof="0000"), 422, "wrong_proof", "proof")
        proof = self.env["b2b2c.spend.proof"]._get(self.member)
        self.assertEqual(proof.wrong, 1)
        self.env["b2b2c.spend.proof"]._choose_pin(self.member, "4831", "4831")
        self.assertAnswer(self._hold(16, proof="4831"), 200, amount=16)
        spend = self.env["b2b2c.spend"].search([("place_id", "=", self.jeweller.id)])
        self.assertEqual(spend.proved_by, "pin")

    def test_any_text_is_no_proof(self):
        """What a till says of a proof is typed by somebody; it is checked here."""
        self.company.b2b2c_spend_proof_above = 5
        for text in ("pin", "code", "true", "1"):
            self.assertRefused(self._hold(proof=text), 422, "wrong_proof", "proof")
        self.assertEqual(self._get_points(), (1000, 0))
