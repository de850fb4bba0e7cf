"""Corrections by hand: a reason always, a second person above the limit of 100."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...exceptions import InsufficientPoints
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestAdjustment(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_adjust_limit = 100
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.second = cls._create_user("second", "loyalty_b2b2c.group_officer")
        cls.clerk = cls._create_user("clerk", "loyalty_b2b2c.group_user")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _request(self, points, user=None, **values):
        return (
            self.env["b2b2c.adjustment"]
            .with_user(user or self.officer)
            .create(
                {
                    "account_id": self._account().id,
                    "points": points,
                    "reason": "Forgotten order",
                    **values,
                }
            )
        )

    def _submit(self, points):
        request = self._request(points)
        request.action_submit()
        return request

    def test_small_corrections_add_up(self):
        states = [self._submit(40).state for _i in range(3)]  # the limit is 100
        self.assertEqual(states, ["posted", "posted", "submitted"])

    def test_small_one_is_booked_at_once(self):
        request = self._submit(100)
        self.assertEqual(request.state, "posted")
        self.assertEqual(self._balances(), (100, 0, 0))

    def test_entry_says_who_and_why(self):
        entry = self._submit(100).entry_id
        self.assertRecordValues(
            entry,
            [
                {
                    "entry_type": "adjust",
                    "reason": "Forgotten order",
                    "user_id": self.officer.id,
                    "is_manual": True,
                }
            ],
        )

    def test_large_one_waits(self):
        request = self._submit(101)
        self.assertEqual(request.state, "submitted")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_large_negative_one_waits(self):
        self._account()._earn(500, source_key="fact/1")
        self.assertEqual(self._submit(-101).state, "submitted")

    def test_second_person_approves(self):
        request = self._submit(101)
        request.with_user(self.second).action_approve()
        self.assertEqual(request.approved_by_id, self.second)
        self.assertEqual(self._balances(), (101, 0, 0))

    def test_nobody_approves_his_own(self):
        request = self._submit(101)
        with self.assertRaises(UserError):
            request.action_approve()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_rejected_stays_unbooked(self):
        request = self._submit(101)
        request.with_user(self.second).action_reject()
        with self.assertRaises(UserError):
            request.with_user(self.second).action_approve()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_approved_twice_is_booked_once(self):
        request = self._submit(101)
        request.with_user(self.second).action_approve()
        with self.assertRaises(UserError):
            request.with_user(self.second).action_approve()
        self.assertEqual(self._balances(), (101, 0, 0))

    def test_submitted_twice_is_booked_once(self):
        request = self._submit(50)
        with self.assertRaises(UserError):
            request.action_submit()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_cannot_take_more_than_there_is(self):
        self._account()._earn(30, source_key="fact/1")
        with self.assertRaises(InsufficientPoints):
            self._submit(-31)
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_zero_points_or_no_reason(self):
        for values in ({"points": 0}, {"reason": " "}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._request(**{"points": 5, **values})

    def test_not_a_number(self):
        for points in (float("nan"), float("inf"), 1e20):
            with self.subTest(points=points), self.assertRaises(UserError):
                request = self._submit(points)
                request.with_user(self.second).action_approve()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_submitted_request_is_not_edited(self):
        request = self._submit(101)
        with self.assertRaises(UserError):
            request.points = 5000
        with self.assertRaises(UserError):
            request.unlink()

    def test_state_is_not_written_by_clients(self):
        request = self._request(101)
        for name in ("state", "requested_by_id", "approved_by_id", "entry_id"):
            with self.subTest(name=name), self.assertRaises(UserError):
                request.write({name: False})

    def test_state_is_not_created_by_clients(self):
        request = self._request(101, state="submitted", requested_by_id=self.second.id)
        self.assertEqual(request.state, "draft")
        self.assertFalse(request.requested_by_id)

    def test_user_may_not_ask(self):
        with self.assertRaises(AccessError):
            self._request(5, user=self.clerk)

    def test_user_may_not_approve(self):
        request = self._submit(101)
        with self.assertRaises(UserError):
            request.with_user(self.clerk).action_approve()
