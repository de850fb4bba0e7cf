"""Corrections by hand: a reason always, a second person above the limit of 100."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

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

    def _states(self, *requests):
        return [request.state for request in requests]

    def test_small_corrections_add_up(self):
        with freeze_time("2026-03-02 10:00:00"):
            requests = [self._submit(40) for _i in range(3)]  # the limit is 100
            self.assertEqual(self._states(*requests), ["posted", "posted", "submitted"])
            # what is left of the limit is still his
            self.assertEqual(self._submit(-20).state, "posted")
            self.assertEqual(self._submit(1).state, "submitted")
            # another person has a limit of her own
            request = self._request(100, user=self.second)
            request.action_submit()
            self.assertEqual(request.state, "posted")
        with freeze_time("2026-03-03 10:00:00"):
            self.assertEqual(self._submit(100).state, "posted")

    def test_many_in_one_call_add_up(self):
        """The last one is looked at when the others are booked."""
        requests = self._request(30)
        for _i in range(4):
            requests |= self._request(30)
        with freeze_time("2026-03-02 10:00:00"):
            requests.action_submit()
        self.assertEqual(self._states(*requests), ["posted"] * 3 + ["submitted"] * 2)
        self.assertEqual(self._balances(), (90, 0, 0))

    def test_control_without_the_counter_a_batch_passes(self):
        """A sum that is read for the whole batch first lets all of it through."""
        days = type(self.env["b2b2c.officer.day"])
        requests = self._request(30) | self._request(30) | self._request(30)
        requests |= self._request(30)
        with patch.object(days, "_count", lambda *_args: True):
            requests.action_submit()
        self.assertEqual(self._states(*requests), ["posted"] * 4)

    def test_the_day_is_the_companys(self):
        """23:30 in Kyiv is the day before 00:30, whatever it is in Greenwich."""
        self.company.b2b2c_timezone = "Europe/Kyiv"
        with freeze_time("2026-03-02 21:30:00"):
            self.assertEqual(self._submit(60).state, "posted")
            self.assertEqual(self._submit(60).state, "submitted")
        with freeze_time("2026-03-02 22:30:00"):
            self.assertEqual(self._submit(60).state, "posted")

    def test_a_second_login_has_no_second_limit(self):
        self.second.partner_id.email = self.officer.partner_id.email
        with freeze_time("2026-03-02 10:00:00"):
            self.assertEqual(self._submit(60).state, "posted")
            # who edits the own e-mail stays who he is
            self.second.partner_id.email = "other@example.com"
            request = self._request(60, user=self.second)
            request.action_submit()
            self.assertEqual(request.state, "submitted")
            with self.assertRaisesRegex(UserError, "Another person"):
                request.with_user(self.officer).action_approve()

    def test_units_have_a_limit_each(self):
        other = self.env["b2b2c.unit"].create({"name": "Stars", "symbol": "st"})
        with freeze_time("2026-03-02 10:00:00"):
            self._submit(100)
            account = self.member._get_account(other)
            request = self._request(100, account_id=account.id)
            request.action_submit()
            self.assertEqual(request.state, "posted")

    def test_without_a_limit_everything_needs_a_second_person(self):
        self.company.b2b2c_adjust_limit = 0
        self.assertEqual(self._submit(1).state, "submitted")

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


@tagged("post_install", "-at_install")
class TestByHand(LoyaltyCommon):
    """Transfers and reversals by hand have the same limit and the same second person;
    what a document booked is undone by the document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_adjust_limit = 100
        cls.manager = cls._create_user("chief", "loyalty_b2b2c.group_manager")
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.other = cls._create_member(name="Petro", email="p@example.com")
        cls._account(cls)._earn(500, source_key="fact/1")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _transfer(self, points, **values):
        wizard = (
            self.env["b2b2c.account.transfer"]
            .with_user(self.manager)
            .create(
                {
                    "account_id": self._account().id,
                    "target_member_id": self.other.id,
                    "points": points,
                    "reason": "Swapped",
                    **values,
                }
            )
        )
        return wizard, wizard.action_transfer()

    def _reverse(self, entry, points):
        wizard = self.env["b2b2c.entry.reverse"].with_user(self.manager)
        values = {"entry_id": entry.id, "points": points, "reason": "Wrong"}
        return wizard.create(values).action_reverse()

    def _waiting(self):
        return self.env["b2b2c.adjustment"].search([("state", "=", "submitted")])

    def test_small_transfers_add_up_to_a_large_one(self):
        with freeze_time("2026-03-02 10:00:00"):
            self._transfer(60)
            self._transfer(60)
        self.assertEqual(self._balances(self.other), (60, 0, 0))
        request = self._waiting()
        self.assertEqual(
            (request.kind, request.points, request.target_member_id),
            ("transfer", 60, self.other),
        )
        with self.assertRaisesRegex(UserError, "Another person"):
            request.with_user(self.manager).action_approve()
        request.with_user(self.officer).action_approve()
        self.assertEqual(self._balances(self.other), (120, 0, 0))
        self.assertEqual(self._balances(), (380, 0, 0))
        self.assertEqual(request.entry_id.entry_type, "transfer")

    def test_kinds_count_together(self):
        with freeze_time("2026-03-02 10:00:00"):
            self._transfer(60)
            entry = self._account()._adjust(50, source_key="a/1", reason="Gift")
            self._reverse(entry, 50)
        self.assertEqual(self._waiting().kind, "reverse")
        self.assertEqual(self._balances(), (490, 0, 0))
        self._waiting().with_user(self.officer).action_approve()
        self.assertEqual(self._balances(), (440, 0, 0))

    def test_a_double_click_asks_once(self):
        wizard, _action = self._transfer(101)
        again = wizard.action_transfer()
        self.assertEqual(again["res_id"], self._waiting().id)
        wizard, _action = self._transfer(10)
        wizard.action_transfer()
        self.assertEqual(self._balances(self.other), (10, 0, 0))

    def test_negative_transfers_are_none(self):
        for points in (-5, 0):
            with self.subTest(points=points), self.assertRaises(UserError):
                self._transfer(points)

    def test_clients_do_not_write_what_dialogs_do(self):
        """An officer, who may not transfer, makes no correction a transfer."""
        values = {
            "account_id": self._account().id,
            "points": 5,
            "reason": "Swapped",
            "kind": "transfer",
            "target_member_id": self.other.id,
        }
        requests = self.env["b2b2c.adjustment"].with_user(self.officer)
        request = requests.create(values)
        self.assertEqual((request.kind, request.target_member_id.id), ("adjust", False))
        with self.assertRaises(UserError):
            request.write({"kind": "transfer"})

    def test_what_a_document_booked_is_undone_there(self):
        self._create_program()
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._process()
        [entry] = self._entries("earn").filtered("document_id")
        with self.assertRaisesRegex(UserError, "S0.*booked this"):
            self._reverse(entry, 1)
        with self.assertRaisesRegex(UserError, "booked this"):
            self.env["b2b2c.entry.reverse"].with_user(self.manager).with_context(
                active_id=entry.id
            ).default_get(["entry_id", "points"])
        # nor by a request that was made before
        request = self.env["b2b2c.adjustment"].create(
            {
                "account_id": self._account().id,
                "points": 1,
                "reason": "Wrong",
                "kind": "reverse",
                "reversed_id": entry.id,
            }
        )
        with self.assertRaisesRegex(UserError, "booked this"):
            request.with_user(self.officer).action_submit()
        self.assertEqual(self._balances(), (550, 0, 0))
        self._credit_note(invoice)
        self.assertEqual(self._balances(), (500, 0, 0))

    def test_what_a_reward_booked_is_not_reversed_by_hand(self):
        reward = self.env["b2b2c.reward"].create({"name": "Mug", "points": 10})
        request = self.env["b2b2c.redemption"]._request(
            self.member, reward, request_key="key"
        )
        request._fulfil(self.officer)
        with self.assertRaisesRegex(UserError, "booked this"):
            self._reverse(request.entry_id, 10)


@tagged("post_install", "-at_install")
class TestParticipant(LoyaltyCommon):
    """A correction asks for a participant: the account comes by itself."""

    def test_who_has_no_account_gets_one(self):
        self._create_program()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        self.assertFalse(self.member.account_ids)
        action = self.member.with_user(officer).action_open_correction()
        requests = self.env["b2b2c.adjustment"].with_user(officer)
        with Form(requests.with_context(**action["context"])) as form:
            self.assertEqual(form.participant_id, self.member)
            self.assertEqual(form.unit_id, self.unit)
            form.points = 40
            form.reason = "Forgotten order"
        form.record.action_submit()
        self.assertEqual(self._balances(), (40, 0, 0))
        self.assertEqual(form.record.member_id, self.member)

    def test_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        unit = self.unit.copy({"company_id": company.id})
        values = {"points": 1, "reason": "x", "unit_id": unit.id}
        with self.assertRaises(UserError):
            self.env["b2b2c.adjustment"].create(
                {**values, "participant_id": self.member.id}
            )
