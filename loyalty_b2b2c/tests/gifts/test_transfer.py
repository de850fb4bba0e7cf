"""Points for a colleague: they keep their dates, and nobody learns who takes part."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rewards.test_redemption import RedemptionCommon


class TransferCommon(RedemptionCommon):
    """Olena has 200 points; Petro works with her, Rostyslav elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(200, source_key="earn/transfer")
        cls.reward = cls._create_reward(
            "Give points", 5, kind="transfer", price_kind="chosen"
        )
        cls.petro = cls._create_colleague("Petro", 1)
        cls.shop = cls.env["res.partner"].create({"name": "Shop", "is_company": True})
        cls.stranger = cls._create_colleague("Rostyslav", 2, employer_id=cls.shop.id)

    @classmethod
    def _create_colleague(cls, name, number, **values):
        """Enroll somebody whose addresses the office saw, so they are proved."""
        return cls._create_member(
            name=name,
            email=f"{name.lower()}@example.com",
            phone=f"+380 67 700 00 0{number}",
            **values,
        )

    def _give(self, to, points=30, key="k-1", **values):
        return self._ask(
            self.reward, key, amount=str(points), answers={"recipient": to}, **values
        )

    def _has(self, member):
        account = member._get_account(self.unit)
        account.invalidate_recordset()
        return account.balance_available


@tagged("post_install", "-at_install")
class TestTransfer(TransferCommon):
    def test_the_colleague_has_them_at_once(self):
        request = self._give(self.petro.code)
        self.assertEqual((request.state, request.recipient_id),
                         ("fulfilled", self.petro))  # fmt: skip
        self.assertEqual(self._figures(), (170, 170, 0, 0))
        self.assertEqual(self._has(self.petro), 30)
        self.assertEqual(
            [(e.entry_type, e.points) for e in self._entries()],
            [("earn", 200), ("hold", 0), ("release", 0), ("transfer", -30)],
        )

    def test_found_by_phone_and_e_mail_that_were_proved(self):
        self._give("+380 67 700 00 01", key="1")
        self._give("PETRO@example.com", key="2")
        self.assertEqual(self._has(self.petro), 60)

    def test_points_keep_their_dates(self):
        soon = fields.Datetime.now() + timedelta(days=5)
        self._earn(40, "earn/soon", expires_at=soon)
        self._give(self.petro.code, 50)
        lots = self.petro._get_account(self.unit).lot_ids
        self.assertEqual(
            sorted((lot.remaining, bool(lot.expires_at)) for lot in lots),
            [(10, False), (40, True)],
        )
        self.assertEqual(lots.filtered("expires_at").expires_at, soon)

    def test_nobody_and_not_allowed_are_one_answer(self):
        """The same words, whoever is asked for."""
        left = self._create_colleague("Left", 3)
        left.action_leave()
        paused = self._create_colleague("Paused", 4)
        paused.action_suspend()
        own = self.member.partner_id
        again = self._create_member(
            partner_id=own.id, role="owner", employer_id=self.client.id
        )
        said = set()
        for to in (
            "0" * 16,
            "nobody@example.com",
            "+380 67 999 99 99",
            "not a number",
            self.stranger.code,
            "rostyslav@example.com",
            left.code,
            paused.code,
            self.member.code,
            again.code,
        ):
            with self.subTest(to):
                error = self._catch(UserError, lambda to=to: self._give(to))
                self.assertEqual(error.code, "answer")
                said.add(str(error))
        self.assertEqual(len(said), 1)
        self.assertEqual(self._figures(), (200, 200, 0, 0))

    def test_several_people_with_one_phone_are_nobody(self):
        twin = self._create_colleague("Twin", 1)
        self.assertTrue(twin)
        self.assertRefused(
            "answer", reward=self.reward, answers={"recipient": "+380 67 700 00 01"}
        )

    def test_an_address_nobody_proved_finds_nobody(self):
        self.petro.partner_id.email = "petro.new@example.com"
        self.assertRefused(
            "answer", reward=self.reward, answers={"recipient": "petro.new@example.com"}
        )
        self.petro.action_prove_addresses()
        self._give("petro.new@example.com")
        self.assertEqual(self._has(self.petro), 30)

    def test_the_giver_sees_no_more_than_was_written(self):
        request = self._give("petro@example.com")
        described = request._describe()
        self.assertEqual(described.lines, ("To: petro@example.com",))
        self.assertNotIn("Petro", described.title + "".join(described.lines))

    def test_everybody_where_the_reward_lets(self):
        self.reward.transfer_scope = "company"
        self._give(self.stranger.code)
        self.assertEqual(self._has(self.stranger), 30)

    def test_end_customers_of_a_shop_are_no_colleagues(self):
        role = self.env["b2b2c.role"]._get_role_codes("buys_anywhere")[0]
        customer = self._create_colleague("Buyer", 5, role=role)
        self.assertRefused(
            "answer", reward=self.reward, answers={"recipient": customer.code}
        )

    def test_the_recipient_is_told_by_whom(self):
        self._give(self.petro.code)
        told = self.env["b2b2c.notification"].search([("kind", "=", "gift")])
        self.assertEqual(told.member_id, self.petro)
        self.assertEqual(told.headline, "Olena Kovalenko gave you 30 pts")

    def test_more_than_there_is(self):
        self.assertRefused(
            "points", reward=self.reward, amount="201",
            answers={"recipient": self.petro.code},
        )  # fmt: skip

    def test_a_double_click_gives_once(self):
        for _click in range(2):
            self._give(self.petro.code)
        self.assertEqual(self._has(self.petro), 30)

    def test_naming_people_is_counted(self):
        for _try in range(20):
            self._catch(UserError, lambda: self._give("nobody@example.com"))
        error = self._catch(UserError, lambda: self._give(self.petro.code))
        self.assertEqual(error.code, "tries")


@tagged("post_install", "-at_install")
class TestMonth(TransferCommon):
    """100 points a month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward.points_per_month = 100

    def test_no_more_than_the_limit(self):
        self._give(self.petro.code, 70, "1")
        self.assertRefused("month", reward=self.reward, amount="31",
                           answers={"recipient": self.petro.code})  # fmt: skip
        offer = self.reward._get_offer(self.member, amount="31")
        self.assertEqual(offer.sentence, "You can give away 30 pts more this month.")
        self._give(self.petro.code, 30, "2")
        self.assertEqual(self._has(self.petro), 100)

    def test_all_memberships_count_together(self):
        self._give(self.petro.code, 70, "1")
        other = self._create_member(partner_id=self.member.partner_id.id, role="owner")
        other._get_account(self.unit)._earn(50, source_key="earn/other")
        self.assertRefused("month", reward=self.reward, amount="31", member=other,
                           answers={"recipient": self.petro.code})  # fmt: skip

    def test_gone_after_the_look(self):
        """The look says yes; the second look, with the accounts open, says no."""
        handler = type(self.env["b2b2c.reward.handler.transfer"])
        self.patch(handler, "_check", lambda *_args: None)
        self.assertRefused("month", reward=self.reward, amount="101",
                           answers={"recipient": self.petro.code})  # fmt: skip

    def test_refused_points_do_not_count(self):
        self.reward.needs_approval = True
        request = self._give(self.petro.code, 100, "1")
        request._refuse(self.officer, "No")
        self._give(self.petro.code, 100, "2")


@tagged("post_install", "-at_install")
class TestApproval(TransferCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward.needs_approval = True

    def test_they_wait_and_move_then(self):
        request = self._give(self.petro.code)
        self.assertEqual(self._figures(), (170, 200, 30, 0))
        self.assertEqual(self._has(self.petro), 0)
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._figures(), (170, 170, 0, 0))
        self.assertEqual(self._has(self.petro), 30)

    def test_the_recipient_does_not_decide(self):
        request = self._give(self.petro.code)
        self.officer.partner_id = self.petro.partner_id
        with self.assertRaisesRegex(UserError, "concerns you"):
            request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._has(self.petro), 0)

    def test_who_cannot_get_points_any_more(self):
        request = self._give(self.petro.code)
        self.petro.action_suspend()
        error = self._catch(UserError, lambda: request._fulfil(self.officer))
        self.assertIn("any more", str(error))
        self.assertEqual(self._figures(), (170, 200, 30, 0))

    def test_what_is_owed_comes_first(self):
        """A sale was undone while the points waited: they are not given away."""
        request = self._give(self.petro.code, 150)
        earned = self._entries("earn")
        self.account._reverse(earned, 100, reason="undone")
        self.assertEqual(self._figures()[3], 50)
        error = self._catch(UserError, lambda: request._fulfil(self.officer))
        self.assertIn("not sufficient", str(error))
        self.assertEqual(request.state, "requested")

    def test_how_people_were_named_is_forgotten(self):
        request = self._give("petro@example.com")
        self.petro._erase("asked for it")
        self.assertFalse(request.recipient_typed)
