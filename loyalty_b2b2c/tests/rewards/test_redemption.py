"""Rewards: points are reserved, then spent or freed, each step once."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...exceptions import RedemptionError
from ..common import LoyaltyCommon


class RedemptionCommon(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("rewarding", "loyalty_b2b2c.group_officer")
        cls.account = cls.member._get_account(cls.unit)
        cls.mug = cls._create_reward("Coffee mug", 60)

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {"name": name, "points": points, "company_id": cls.company.id, **values}
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _earn(self, points, key="earn/1", account=None, **details):
        return (account or self.account)._earn(points, source_key=key, **details)

    def _ask(self, reward=None, key="k-1", member=None, **values):
        return self.env["b2b2c.redemption"]._request(
            member or self.member, reward or self.mug, request_key=key, **values
        )

    def _figures(self, account=None):
        """Return (available, posted, reserved, debt) of an account."""
        account = account or self.account
        account.invalidate_recordset()
        return (
            account.balance_available,
            account.balance_posted,
            account.balance_held,
            account.balance_debt,
        )

    def _catch(self, error, step):
        """Return the error that a step raises; what it wrote before is not undone.

        Odoo's ``assertRaises`` would undo it, and so hide what is left behind.
        """
        try:
            step()
        except error as caught:
            return caught
        self.fail(f"{error.__name__} was not raised")

    def assertRefused(self, code, **values):
        """Fail unless a request is refused for a reason and leaves nothing behind."""
        before = self.env["b2b2c.redemption"].search_count([]), self._figures()
        caught = self._catch(
            RedemptionError, lambda: self._ask(key=f"refused/{code}", **values)
        )
        self.assertEqual(caught.code, code)
        self.assertTrue(str(caught))
        after = self.env["b2b2c.redemption"].search_count([]), self._figures()
        self.assertEqual(after, before)


@tagged("post_install", "-at_install")
class TestRedemption(RedemptionCommon):
    """The way of a request, in figures."""

    def test_reserve_then_fulfil(self):
        self._earn(100)
        request = self._ask()
        self.assertEqual((request.state, request.points), ("requested", 60))
        self.assertEqual(self._figures(), (40, 100, 60, 0))
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(request.state, "fulfilled")
        self.assertEqual(request.decided_by_id, self.officer)
        self.assertEqual(self._figures(), (40, 40, 0, 0))
        self.assertEqual(
            [(e.entry_type, e.points, e.points_held) for e in self._entries()],
            [("earn", 100, 0), ("hold", 0, 60), ("redeem", -60, -60)],
        )
        self.assertEqual(request.entry_id, self._entries("redeem"))
        self.assertIn("Coffee mug", request.entry_id.document_name)

    def test_fulfilling_twice_spends_once(self):
        self._earn(100)
        request = self._ask()
        for _click in range(2):
            request.with_user(self.officer).action_fulfil()
        self.assertEqual(len(self._entries("redeem")), 1)
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    def test_the_same_request_again_is_the_same(self):
        self._earn(100)
        self.assertEqual(self._ask(), self._ask())
        self.assertEqual(self._figures(), (40, 100, 60, 0))

    def test_key_of_somebody_else_is_another_request(self):
        other = self._create_member(name="Petro", email="p@example.com")
        self._earn(100, "earn/2", other._get_account(self.unit))
        self._earn(100)
        self.assertNotEqual(self._ask(), self._ask(member=other))

    def test_refused_points_return_to_their_own_lots(self):
        soon = fields.Datetime.now() + timedelta(days=5)
        self._earn(50, "earn/soon", expires_at=soon)
        self._earn(50, "earn/late", expires_at=soon + timedelta(days=100))
        request = self._ask()
        # 60 = all 50 that expire first and 10 of the others
        lots = self.account.lot_ids.sorted("expires_at")
        self.assertEqual(lots.mapped("remaining"), [40])
        request._refuse(self.officer, "Out of stock")
        self.account.invalidate_recordset()
        lots = self.account.lot_ids.sorted("expires_at")
        self.assertEqual(lots.mapped("remaining"), [50, 50])
        self.assertEqual(lots.mapped("expires_at")[0], soon)
        self.assertEqual(self._figures(), (100, 100, 0, 0))
        self.assertEqual(request.note, "Out of stock")

    def test_released_after_its_day_lapses(self):
        soon = fields.Datetime.now() + timedelta(days=5)
        self._earn(60, expires_at=soon)
        request = self._ask()
        with freeze_time(soon + timedelta(days=1)):
            request._cancel(self.env.user)
            self.account._expire()
        self.assertEqual(self._figures(), (0, 0, 0, 0))

    def test_reserved_points_do_not_lapse(self):
        soon = fields.Datetime.now() + timedelta(days=5)
        self._earn(60, expires_at=soon)
        request = self._ask()
        with freeze_time(soon + timedelta(days=1)):
            self.account._expire()
            request._fulfil(self.officer)
        self.assertEqual(self._figures(), (0, 0, 0, 0))
        self.assertFalse(self._entries("expire"))

    def test_decided_is_decided(self):
        self._earn(200)
        fulfilled, refused = self._ask(key="1"), self._ask(key="2")
        fulfilled._fulfil(self.officer)
        refused._refuse(self.officer, "No")
        for step in (
            lambda: fulfilled._refuse(self.officer, "Late"),
            lambda: fulfilled._cancel(self.env.user),
            lambda: refused._fulfil(self.officer),
        ):
            with self.assertRaises(UserError):
                step()
        self.assertEqual(self._figures(), (140, 140, 0, 0))

    def test_quantity(self):
        self._earn(180)
        request = self._ask(quantity=3)
        self.assertEqual(self._figures(), (0, 180, 180, 0))
        self.assertIn("3 × Coffee mug", request.display_name)

    def test_a_refusal_needs_a_reason(self):
        self._earn(60)
        request = self._ask()
        for empty in ("", "  ", None):
            with self.assertRaises(UserError):
                request._refuse(self.officer, empty)
        self.assertEqual(request.state, "requested")

    # === WHO CANNOT HAVE IT === #

    def test_too_few_points(self):
        self._earn(59)
        self.assertRefused("points")
        offer = self.mug._get_offer(self.member)
        self.assertEqual((offer.missing, offer.available), (1, 59))
        self.assertEqual(offer.sentence, "1 pts more are needed.")

    def test_pending_points_do_not_count(self):
        self._earn(100, pending=True)
        self.assertRefused("points")

    def test_debt_counts_into_what_is_missing(self):
        entry = self._earn(100)
        self.account._redeem(70, source_key="spent")
        self.account._reverse(entry, reason="Returned")
        self.assertEqual(self._figures(), (0, 0, 0, 70))
        # 70 to repay, 60 for the mug
        self.assertEqual(self.mug._get_offer(self.member).missing, 130)

    def test_bad_quantities(self):
        self._earn(100)
        for quantity in (0, -1, 101):
            with self.subTest(quantity=quantity):
                self.assertRefused("quantity", quantity=quantity)

    def test_changed_price(self):
        self._earn(100)
        self.assertRefused("price", price="50")
        self.assertTrue(self._ask(price="60"))

    def test_not_for_this_role(self):
        self._earn(100)
        roles = self.env["b2b2c.reward.role"]
        self.mug.role_ids = roles._get_rows("salesperson")
        self.assertRefused("not_offered")
        self.mug.role_ids = roles._get_rows("salesperson", "employee")
        self.assertTrue(self._ask())

    def test_not_now(self):
        self._earn(100)
        now = fields.Datetime.now()
        for values in (
            {"date_from": now + timedelta(days=1)},
            {"date_to": now - timedelta(days=1)},
            {"active": False},
        ):
            with self.subTest(**values):
                self.mug.write({"date_from": False, "date_to": False, "active": True})
                self.mug.write(values)
                self.assertRefused("not_offered")

    def test_for_those_who_earned_in_a_program(self):
        self._earn(100)
        self.mug.program_ids = self._create_program()
        self.assertRefused("not_offered")
        self._earn(1, "earn/program", program_id=self.mug.program_ids.id)
        self.assertTrue(self._ask())

    def test_of_another_company(self):
        self._earn(100)
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_reward("Foreign mug", 1, company_id=other.id)
        self.assertRefused("not_offered", reward=foreign)

    def test_suspended(self):
        self._earn(200)
        request = self._ask()
        self.member.action_suspend()
        self.assertRefused("suspended")
        with self.assertRaisesRegex(UserError, "suspended"):
            request._fulfil(self.officer)
        self.assertEqual(request.state, "requested")
        request._cancel(self.env.user)  # nothing is spent by that
        self.assertEqual(self._figures(), (200, 200, 0, 0))

    def test_who_left_spends_what_is_there(self):
        self._earn(100)
        self.member.action_leave()
        self._ask()._fulfil(self.officer)
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    # === HOW MANY === #

    def test_the_last_piece(self):
        self._earn(200)
        self.mug.write({"is_limited": True, "stock": 1})
        request = self._ask()
        self.assertEqual(self.mug.stock_left, 0)
        self.assertRefused("sold_out")
        request._refuse(self.officer, "Broken")
        self.assertEqual(self.mug.stock_left, 1)
        self._ask(key="k-2")._fulfil(self.officer)
        self.assertEqual((self.mug.stock_left, self.mug.stock_taken), (0, 1))

    def test_too_few_pieces(self):
        self._earn(200)
        self.mug.write({"is_limited": True, "stock": 2})
        self.assertRefused("few_left", quantity=3)

    def test_sold_out_behind_the_back(self):
        """The look says yes, the UPDATE says no: nothing stays reserved."""
        self._earn(100)
        self.mug.write({"is_limited": True, "stock": 1, "stock_taken": 1})
        self.env.flush_all()
        self.patch(type(self.env["b2b2c.reward"]), "_get_refusal", lambda *_args: None)
        self.assertRefused("sold_out")

    def test_unlimited_takes_and_returns_nothing(self):
        self._earn(200)
        request = self._ask()
        self.assertEqual(self.mug.stock_taken, 0)
        self.mug.write({"is_limited": True, "stock": 5})
        request._cancel(self.env.user)
        self.assertEqual(self.mug.stock_taken, 0)

    def test_stock_below_what_was_taken(self):
        self._earn(200)
        self.mug.write({"is_limited": True, "stock": 2})
        self._ask(quantity=2)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.mug.stock = 1
            self.env.flush_all()
        self.mug.invalidate_recordset()

    def test_limit_per_month(self):
        self._earn(600)
        self.company.b2b2c_timezone = "UTC"
        self.mug.write({"member_limit": 2, "limit_period": "month"})
        with freeze_time("2026-03-30 12:00:00"):
            first = self._ask(key="1")
            self._ask(key="2")
            self.assertRefused("limit")
            first._cancel(self.env.user)  # does not count any more
            self._ask(key="3")
            self.assertRefused("limit")
        with freeze_time("2026-04-01 00:30:00"):
            self._ask(key="4")
            self.assertRefused("limit", quantity=2)

    def test_the_limit_is_the_persons(self):
        """Two memberships have one limit, whichever comes first, left or merged."""
        other = self._create_member(
            partner_id=self.member.partner_id.id, role="customer"
        )
        stranger = self._create_member(name="Petro", email="petro@example.com")
        for number, member in enumerate((self.member, other, stranger)):
            account = member._get_account(self.unit)
            self._earn(500, key=f"gift/{number}", account=account)
        self.mug.member_limit = 2
        self._ask(key="a")
        self._ask(key="b", member=other)
        self.assertRefused("limit")
        self.assertRefused("limit", member=other)
        self.member.action_leave()
        self.assertRefused("limit", member=other)
        self._ask(key="c", member=stranger, quantity=2)
        self.assertEqual(self.mug._get_offer(stranger).refusal, "limit")

    def test_control_a_limit_of_the_membership_doubles(self):
        other = self._create_member(
            partner_id=self.member.partner_id.id, role="customer"
        )
        self.mug.member_limit = 1
        for number, member in enumerate((self.member, other)):
            account = member._get_account(self.unit)
            self._earn(60, key=f"gift/{number}", account=account)
        members = type(self.member)
        with patch.object(members, "_get_of_person", lambda member: member):
            self._ask(key="a")
            self._ask(key="b", member=other)

    def test_limit_in_total(self):
        self._earn(600)
        self.mug.member_limit = 1
        self._ask()
        self.assertRefused("limit")
        self.assertIn("1 in total", self.mug._get_offer(self.member).sentence)

    # === CLAWBACK WHILE RESERVED === #

    def _claw_back(self):
        """Reserve 60 of 100, then undo what brought the 100."""
        entry = self._earn(100)
        request = self._ask()
        self.account._reverse(entry, reason="Returned")
        # 40 were free and go; the reserved 60 stay, what they cannot give is a debt
        self.assertEqual(self._figures(), (0, 60, 60, 60))
        self.assertEqual(request.debt, 60)
        return request

    def test_clawback_while_reserved_then_fulfilled(self):
        self._claw_back()._fulfil(self.officer)
        self.assertEqual(self._figures(), (0, 0, 0, 60))
        self._earn(100, "earn/2")
        self.account._fold()
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    def test_clawback_while_reserved_then_refused(self):
        self._claw_back()._refuse(self.officer, "The sale was undone")
        self.assertEqual(self._figures(), (0, 0, 0, 0))

    # === MERGED AND ERASED === #

    def _merge_double(self):
        """Let a participant with 100 points and a request be merged into another."""
        double = self._create_member(name="Olena K.", email="o.k@example.com")
        account = double._get_account(self.unit)
        self._earn(100, "earn/double", account)
        request = self._ask(member=double)
        self._merge(double.partner_id, self.member.partner_id)
        # the free 40 moved, the reserved 60 wait where they are
        self.assertEqual(self._figures(account), (0, 60, 60, 0))
        self.assertEqual(self._figures(), (40, 40, 0, 0))
        return request, account

    def test_merged_then_fulfilled(self):
        request, account = self._merge_double()
        request._fulfil(self.officer)
        self.assertEqual(self._figures(account), (0, 0, 0, 0))
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    def test_merged_then_refused(self):
        request, account = self._merge_double()
        request._refuse(self.officer, "No")
        self.assertEqual(self._figures(account), (0, 0, 0, 0))
        self.assertEqual(self._figures(), (100, 100, 0, 0))
        message = self.env["b2b2c.notification"].search([("kind", "=", "refused")])
        self.assertEqual(message.account_id, self.account)

    def test_a_merge_does_not_renew_the_limit(self):
        self.mug.member_limit = 1
        self._merge_double()
        self._earn(100)
        self.assertRefused("limit")

    def test_merged_membership_requests_nothing(self):
        request, _account = self._merge_double()
        self.assertRefused("not_offered", member=request.member_id)

    def test_erased(self):
        self._earn(100)
        open_, done = self._ask(key="1"), None
        self._earn(100, "earn/2")
        done = self._ask(key="2")
        done.note = "For olena@example.com"
        done._fulfil(self.officer)
        self.member._erase("Asked for it")
        self.env.invalidate_all()
        self.assertEqual((open_.state, done.state), ("cancelled", "fulfilled"))
        self.assertEqual(done.note, "For [erased]")
        self.assertEqual(self._figures(), (0, 0, 0, 0))
        self.assertRefused("not_offered")
        messages = self.env["b2b2c.notification"].search([("kind", "=", "fulfilled")])
        self.assertNotIn("olena@example.com", str(messages.mapped("details")))

    # === MESSAGES === #

    def _message(self, kind):
        return self.env["b2b2c.notification"].search([("kind", "=", kind)])

    def test_fulfilled_is_told_once_with_the_note(self):
        self._earn(100)
        request = self._ask()
        request.with_user(self.officer).note = "At the reception"
        for _click in range(2):
            request._fulfil(self.officer)
        message = self._message("fulfilled")
        self.assertEqual(message.headline, "Your reward is ready: Coffee mug")
        self.assertEqual(
            message.sentences, ["At the reception", "You spent 60 pts on it."]
        )

    def test_refused_is_told_with_the_reason(self):
        self._earn(100)
        self._ask()._refuse(self.officer, "Out of stock")
        message = self._message("refused")
        self.assertEqual(message.headline, "Your request was refused: Coffee mug")
        self.assertEqual(
            message.sentences, ["Out of stock", "60 pts are yours to use again."]
        )

    def test_message_in_the_participants_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.mug.with_context(lang="uk_UA").name = "Горнятко"
        self.member.partner_id.lang = "uk_UA"
        self._earn(100)
        self._ask()._fulfil(self.officer)
        self.assertEqual(self._message("fulfilled").document_name, "Горнятко")

    def test_message_by_mail_and_sms_unless_unwanted(self):
        self.member.write({"channel_wishes": {"sms": True}})
        self._earn(200)
        self._ask(key="1")._fulfil(self.officer)
        self._message("fulfilled")._deliver()
        self.assertRecordValues(
            self._message("fulfilled").delivery_ids,
            [
                {"channel": "email", "state": "sent"},
                {"channel": "sms", "state": "sent"},
            ],
        )
        self.member.topic_wishes = {"rewards": False}
        self._ask(key="2")._refuse(self.officer, "No")
        self._message("refused")._deliver()
        self.assertEqual(self._message("refused").state, "skipped")

    def test_cancelling_writes_no_message(self):
        self._earn(100)
        self._ask()._cancel(self.env.user)
        self.assertFalse(self._message("refused") | self._message("fulfilled"))


@tagged("post_install", "-at_install")
class TestRedemptionDesk(RedemptionCommon):
    """The back office: who may do what with buttons and fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._create_user("reading", "loyalty_b2b2c.group_user")
        cls.manager = cls._create_user("managing", "loyalty_b2b2c.group_manager")
        cls.account._earn(100, source_key="earn/desk")
        cls.request = cls.env["b2b2c.redemption"]._request(
            cls.member, cls.mug, request_key="desk"
        )

    def test_refuse_by_the_dialog(self):
        action = self.request.with_user(self.officer).action_refuse()
        with Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
        ) as form:
            form.note = "Out of stock"
        form.save().action_refuse()
        self.assertEqual(
            (self.request.state, self.request.note), ("refused", "Out of stock")
        )

    def test_many_at_once(self):
        other = self._create_member(name="Petro", email="p@example.com")
        self._earn(60, "earn/many", other._get_account(self.unit))
        requests = self._ask(member=other) | self.request
        requests.with_user(self.officer).action_fulfil()
        self.assertEqual(requests.mapped("state"), ["fulfilled"] * 2)
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    def test_archived_rewards_are_still_handed_over(self):
        self.mug.active = False
        self.request.with_user(self.officer).action_fulfil()
        self.assertEqual(self.request.state, "fulfilled")

    def test_readers_decide_nothing(self):
        request = self.request.with_user(self.reader)
        for step in (request.action_fulfil, request.action_refuse):
            with self.assertRaises(UserError):
                step()
        with self.assertRaises(AccessError):
            self.env["b2b2c.redemption.refuse"].with_user(self.reader).create(
                {"redemption_ids": self.request.ids, "note": "x"}
            )

    def test_nobody_decides_on_an_own_request(self):
        self.member.partner_id.user_ids = False
        self.officer.partner_id = self.member.partner_id
        for step in ("action_fulfil", "action_refuse"):
            with self.assertRaisesRegex(UserError, "concerns you"):
                getattr(self.request.with_user(self.officer), step)()

    def test_only_the_note_is_written(self):
        request = self.request.with_user(self.manager)
        for values in (
            {"state": "fulfilled"},
            {"points": 1},
            {"member_id": self.member.id},
            {"took_stock": True},
            {"hold_id": False},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                request.write(values)
        request.note = "Come on Monday"
        request.action_fulfil()
        with self.assertRaises(UserError):
            request.note = "Come on Tuesday"

    def test_pieces_taken_are_counted_by_requests(self):
        mug = self.mug.with_user(self.manager)
        with self.assertRaises(UserError):
            mug.stock_taken = 0
        with self.assertRaises(UserError):
            mug.create({"name": "Cup", "points": 1, "stock_taken": 5})

    def test_the_unit_of_a_requested_reward_stays(self):
        unit = self.env["b2b2c.unit"].create({"name": "Stars"})
        with self.assertRaises(UserError):
            self.mug.with_user(self.manager).unit_id = unit

    def test_price_in_the_units_decimals(self):
        with self.assertRaises(ValidationError):
            self._create_reward("Half", 0.5)

    def test_a_new_price_does_not_change_what_was_requested(self):
        self.mug.points = 90
        self.request._fulfil(self.officer)
        self.assertEqual(self._figures(), (40, 40, 0, 0))

    def test_a_reward_in_the_form(self):
        with Form(self.env["b2b2c.reward"].with_user(self.manager)) as form:
            form.product_id = self.product
            self.assertEqual(form.name, "Paper A4")
            form.points = 30
            form.is_limited = True
            form.stock = 5
        reward = form.save()
        self.assertEqual(reward.stock_left, 5)
        self.account._earn(10, source_key="earn/form")
        self._ask(reward)
        self.assertEqual((reward.stock_left, reward.waiting_count), (4, 1))

    def test_smart_buttons(self):
        for record in (self.member, self.mug):
            action = record.with_user(self.reader).action_open_redemptions()
            found = self.env["b2b2c.redemption"].search(action["domain"])
            self.assertEqual(found, self.request)
            self.assertEqual(record.redemption_count, 1)
        # a request is no document that rewarded the person
        self.assertEqual(self.member.document_count, 0)

    def test_personal_data_name_the_requests(self):
        members = self.member._get_memberships()
        [row] = members._get_personal_data()["reward_requests"]
        self.assertEqual((row["reward_id"], row["points"]), ("Coffee mug", 60))
