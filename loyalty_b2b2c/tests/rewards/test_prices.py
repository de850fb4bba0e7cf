"""What a reward takes: a fixed price, an amount somebody chooses, or nothing."""

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.rewards.b2b2c_reward_handler import Question
from .test_redemption import RedemptionCommon


@tagged("post_install", "-at_install")
class TestChosenAmount(RedemptionCommon):
    """Between 10 and 100 points, in steps of 5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls._create_reward(
            "Donation", 10, price_kind="chosen", points_most=100, points_step=5
        )

    def test_the_amount_is_what_was_chosen(self):
        self._earn(200)
        request = self._ask(self.gift, amount="35")
        self.assertEqual((request.points, request.quantity), (35, 1))
        self.assertEqual(self._figures(), (165, 200, 35, 0))

    def test_the_least_by_default(self):
        self._earn(200)
        self.assertEqual(self._ask(self.gift).points, 10)

    def test_what_cannot_be_chosen(self):
        self._earn(500)
        for amount in (
            "9",
            "5",
            "0",
            "-10",
            "12",
            "105",
            "10.5",
            "much",
            "NaN",
            "1e400",
        ):
            with self.subTest(amount=amount):
                offer = self.gift._get_offer(self.member, amount=amount)
                self.assertEqual(offer.refusal, "amount")
                self.assertRefused("amount", reward=self.gift, amount=amount)
        self.assertEqual(
            self.gift._get_offer(self.member, amount="9").sentence,
            "Choose how much: 10 pts to 100 pts, in steps of 5 pts.",
        )

    def test_several_at_once_are_a_mistake(self):
        self._earn(500)
        self.assertRefused("quantity", reward=self.gift, quantity=2)

    def test_missing_points_are_those_of_the_chosen_amount(self):
        self._earn(30)
        offer = self.gift._get_offer(self.member, amount="50")
        self.assertEqual((offer.refusal, offer.missing), ("points", 20))

    def test_an_amount_is_no_price(self):
        """Nobody chooses what a mug costs."""
        self._earn(100)
        self.assertEqual(self._ask(amount="1").points, 60)


@tagged("post_install", "-at_install")
class TestFree(RedemptionCommon):
    """What costs nothing is held together by its limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discount = cls._create_reward(
            "10 % at the cinema", 0, price_kind="free", member_limit=1
        )

    def test_nothing_is_booked(self):
        request = self._ask(self.discount)
        self.assertEqual((request.state, request.points), ("requested", 0))
        self.assertFalse(request.hold_id)
        request._fulfil(self.officer)
        self.assertEqual(request.state, "fulfilled")
        self.assertFalse(self._entries())

    def test_only_so_often(self):
        self._ask(self.discount)
        self.assertRefused("limit", reward=self.discount)

    def test_refused_and_asked_again(self):
        self._ask(self.discount)._refuse(self.officer, "Closed this week")
        self.assertEqual(self._ask(self.discount, "k-2").state, "requested")

    def test_free_without_a_limit_or_with_a_price(self):
        for values in ({"points": 5}, {"points": 0, "member_limit": 0}):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self.discount.write(values)
                self.discount.flush_recordset()

    def test_the_form_begins_with_one_each(self):
        with Form(self.env["b2b2c.reward"]) as form:
            form.name = "Free coffee"
            form.price_kind = "free"
        reward = form.save()
        self.assertEqual((reward.points, reward.member_limit), (0, 1))


@tagged("post_install", "-at_install")
class TestUnit(RedemptionCommon):
    """What a unit may be spent on, how much at least, and what it is worth."""

    def test_ways_are_the_kinds_of_rewards(self):
        labels = self.env["b2b2c.spending.way"].search([]).mapped("display_name")
        self.assertIn("Somebody hands it over", labels)

    def test_a_unit_for_other_ways_only(self):
        self._earn(100)
        other = self.env["b2b2c.spending.way"].create({"code": "other"})
        self.unit.spending_way_ids = other
        self.assertRefused("not_spendable")
        self.unit.spending_way_ids |= self.env["b2b2c.spending.way"].search(
            [("code", "=", "manual")]
        )
        self.assertEqual(self._ask().points, 60)

    def test_a_minimum(self):
        self._earn(200)
        self.unit.spending_minimum = 100
        self.assertRefused("minimum")
        self.assertEqual(
            self.mug._get_offer(self.member).sentence,
            "100 pts is the least that can be spent at once.",
        )
        self.assertEqual(self._ask(quantity=2).points, 120)

    def test_value_people_read(self):
        self.assertEqual(self.unit._word_worth(250, self.company), "")
        self.unit.with_company(self.company).face_value = 0.05
        worth = self.unit._word_worth(250, self.company)
        self.assertIn("12.50", worth)
        with self.assertRaises(ValidationError):
            self.unit.face_value = -1


@tagged("post_install", "-at_install")
class TestReturn(RedemptionCommon):
    """What was given came back: the points do, too, into their own lots."""

    def test_points_return_once(self):
        self._earn(100)
        request = self._ask()
        request._fulfil(self.officer)
        self.assertEqual(self._figures(), (40, 40, 0, 0))
        for _click in range(2):
            request._return(self.officer, "Broken on the way")
        self.assertEqual(request.state, "returned")
        self.assertEqual(self._figures(), (100, 100, 0, 0))
        self.assertEqual(len(self._entries("reverse")), 1)
        message = self.env["b2b2c.notification"].search([("kind", "=", "returned")])
        self.assertEqual(message.headline, "It came back: Coffee mug")

    def test_pieces_return(self):
        self.mug.write({"is_limited": True, "stock": 1})
        self._earn(100)
        request = self._ask()
        request._fulfil(self.officer)
        self.assertEqual(self.mug.stock_left, 0)
        request._return(self.officer, "Unopened")
        self.assertEqual(self.mug.stock_left, 1)

    def test_only_what_was_given(self):
        self._earn(100)
        request = self._ask()
        with self.assertRaises(UserError):
            request._return(self.officer, "Too early")
        request._fulfil(self.officer)
        with self.assertRaises(UserError):
            request._return(self.officer, " ")
        self.assertEqual(request.state, "fulfilled")


@tagged("post_install", "-at_install")
class TestQuestions(RedemptionCommon):
    """A kind asks; answers are read before anything is reserved."""

    def setUp(self):
        super().setUp()
        self._earn(100)
        handler = type(self.env["b2b2c.reward.handler.manual"])
        questions = (
            Question("size", "Size", "choice", (("s", "Small"), ("l", "Large"))),
            Question("engraving", "Engraving", is_required=False),
        )
        self.patch(handler, "_get_questions", lambda *_args: questions)
        self.taken = []
        self.patch(
            handler, "_reserve", lambda _self, _request, said: self.taken.append(said)
        )

    def test_answers_reach_the_kind(self):
        self._ask(answers={"size": " l ", "unasked": "x"})
        self.assertEqual(self.taken, [{"size": "l", "engraving": ""}])

    def test_missing_or_impossible_answers(self):
        for answers in (None, {}, {"size": " "}, {"size": "xxl"}):
            with self.subTest(answers=answers):
                self.assertRefused("answer", answers=answers)
        self.assertFalse(self.taken)

    def test_by_hand_only_where_the_kind_says_so(self):
        request = self._ask(answers={"size": "s"})
        self.assertTrue(request.is_by_hand)
        handler = type(self.env["b2b2c.reward.handler.manual"])
        self.patch(handler, "_is_by_hand", lambda *_args: False)
        self.patch(handler, "_may_cancel", lambda *_args: False)
        request.invalidate_recordset()
        self.assertFalse(request.is_by_hand)
        for step in (
            request.with_user(self.officer).action_fulfil,
            lambda: request._cancel(self.env.user),
        ):
            with self.assertRaises(UserError):
                step()
        self.assertEqual(request.state, "requested")
