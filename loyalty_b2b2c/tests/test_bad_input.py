"""What people get wrong, and what goes wrong around them: refused, or survived."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.processing.booker import Booker
from .common import LoyaltyCommon

_EVENT_LOG = "odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event"


@tagged("post_install", "-at_install")
class TestRefused(LoyaltyCommon):
    """Nonsense is refused with words, and nothing is booked."""

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_amounts_that_are_none(self):
        account = self._account()
        for points in (float("nan"), float("inf"), -1, 0, 1e20, "ten", None, True):
            with self.subTest(points=points), self.assertRaises(UserError):
                account._earn(points, source_key="fact/1")
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_adjustments_that_are_none(self):
        account = self._account()
        for points in (float("nan"), float("-inf"), 0, 1e20):
            with self.subTest(points=points), self.assertRaises(UserError):
                account._adjust(points, source_key="adjust/1", reason="Test")

    def test_no_reason_no_adjustment(self):
        with self.assertRaises(UserError):
            self._account()._adjust(5, source_key="adjust/1", reason="  ")

    def test_wrong_phone(self):
        for phone in ("12", "+380 67", "my number", "+999 123456789"):
            with self.subTest(phone=phone), self.assertRaises(ValidationError):
                self._create_member(name="Petro", phone=phone)

    def test_nobody_can_be_reached(self):
        with self.assertRaises(ValidationError):
            self._create_member(name="Petro", phone=False, email=False)

    def test_person_with_a_parent_company(self):
        with self.assertRaises(ValidationError):
            self._create_member(partner_id=self.contact.id)

    def test_company_as_a_person(self):
        with self.assertRaises(ValidationError):
            self._create_member(partner_id=self.client.id)

    def test_contact_as_an_employer(self):
        with self.assertRaises(ValidationError):
            self._create_member(name="Petro", employer_id=self.contact.id)

    def test_enrolled_twice(self):
        """The web client words the index's message."""
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            with mute_logger("odoo.sql_db"):
                self._create_member(partner_id=self.member.partner_id.id)

    def test_enrolled_again_after_leaving(self):
        self.member.action_leave()
        again = self._create_member(
            partner_id=self.member.partner_id.id,
            enrolled_at=fields.Datetime.now() + timedelta(seconds=1),
        )
        self.assertEqual(again.state, "enrolled")

    def test_enrolled_again_for_a_time_already_covered(self):
        self.member.action_leave()
        with self.assertRaises(ValidationError):
            self._create_member(
                partner_id=self.member.partner_id.id, enrolled_at="2021-01-01"
            )

    def test_rule_without_beneficiary(self):
        with self.assertRaises(psycopg2.errors.NotNullViolation):
            with mute_logger("odoo.sql_db"):
                self._create_program({"role": False})

    def test_program_with_an_unknown_unit(self):
        with self.assertRaises(psycopg2.errors.ForeignKeyViolation):
            with mute_logger("odoo.sql_db"):
                self._create_program(unit_id=2**31 - 1)
                self.env.flush_all()

    def test_rule_that_gives_nothing(self):
        with self.assertRaises(ValidationError):
            self._create_program({"value": 0})

    def test_negative_rate(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            with mute_logger("odoo.sql_db"):
                self._create_program({"value": -5})
                self.env.flush_all()

    def test_table_without_rows(self):
        with self.assertRaises(ValidationError):
            self._create_program({"kind": "table"})

    def test_broken_filters(self):
        for name in ("product_domain", "partner_domain"):
            for text in ("[('nope', '=', 1)]", "foo(", "[1, 2]", "uid", "[('id','=')]"):
                with self.subTest(name=name, text=text):
                    with self.assertRaises(ValidationError):
                        self._create_program({name: text})

    def test_program_without_rules(self):
        program = self.env["b2b2c.program"].create(
            {"name": "Empty", "unit_id": self.unit.id}
        )
        with self.assertRaises(UserError):
            program.action_start()

    def test_product_of_a_rule_cannot_be_deleted(self):
        product = self._create_product("Ink", 10.0)
        self._create_program({"product_ids": [Command.set(product.ids)]})
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            product.unlink()

    def test_participant_with_an_account_cannot_be_deleted(self):
        self._account()
        with self.assertRaises(UserError):
            self.member.unlink()

    def test_person_with_an_account_cannot_be_deleted(self):
        self._account()
        with self.assertRaises(UserError):  # in words, before the database refuses
            self.member.partner_id.unlink()


@tagged("post_install", "-at_install")
class TestSurvived(LoyaltyCommon):
    """The business goes on; the participant is made whole later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "confirmed", "value": 5})
        cls.manager = cls._create_user("manager", "loyalty_b2b2c.group_manager")
        cls.company.b2b2c_manager_id = cls.manager

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_currency_without_rate_fails_the_event_only(self):
        order, event = self._order_without_rate()
        self.assertEqual(order.state, "sale")
        self.assertEqual(event.state, "failed")
        self.assertIn("SEK", event.reason)
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_manager_gets_one_to_do_per_document(self):
        order, event = self._order_without_rate()
        self.assertEqual(event.activity_ids.user_id, self.manager)
        order.order_line.product_uom_qty = 11
        self._sweep()
        self.assertEqual(len(self._events(order, "failed").activity_ids), 1)

    def test_retry_after_a_rate_was_entered(self):
        _order, event = self._order_without_rate()
        self._create_currency_rate("SEK", 2.0)
        event.with_user(self.manager).action_retry()
        self._sweep()
        self.assertEqual(event.state, "done")
        self.assertFalse(event.activity_ids)
        self.assertEqual(self._balances(), (25, 0, 0))  # 5 % of 1 000 SEK = 500 USD

    def test_archived_product_is_measured_still(self):
        order = self._create_order()
        self.assertEqual(self._balances(), (50, 0, 0))
        self.product.action_archive()
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_deleted_line_gives_its_points_back(self):
        order = self._create_lines_order(
            (self.product, 10, 100.0), (self.product, 2, 100.0), confirm=False
        )
        order.action_confirm()
        self.assertEqual(self._balances(), (60, 0, 0))
        order._action_cancel()
        order.action_draft()
        order.order_line[1].unlink()
        order.action_confirm()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_deleted_order_gives_its_points_back(self):
        order = self._create_order()
        self.assertEqual(self._balances(), (50, 0, 0))
        order._action_cancel()
        order.unlink()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_closed_program_follows_its_documents(self):
        with freeze_time("2026-03-10"):
            order = self._create_order()
            self._process()
        with freeze_time("2026-03-11"):
            self.program.action_close()
        with freeze_time("2026-03-12"):
            order.order_line.product_uom_qty = 6
            self._create_order()
            self.assertEqual(self._balances(), (30, 0, 0))

    def test_other_company_earns_nothing_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        order = self._create_order(confirm=False, company_id=other.id)
        order.with_company(other).action_confirm()
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._events(order).state, "ignored")

    def test_nothing_is_blocked_when_processing_fails(self):
        with patch.object(Booker, "book", side_effect=RuntimeError("boom")):
            order = self._create_order()
            self._deliver(order)
            invoice = self._invoice(order)
            self._pay(invoice)
            with mute_logger(_EVENT_LOG):
                self._sweep()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._events(order).mapped("state"), ["failed"])
        self.assertIn("boom", self._events(order).reason)

    def test_later_event_heals_an_earlier_failure(self):
        with patch.object(Booker, "book", side_effect=RuntimeError("boom")):
            order = self._create_order()
            with mute_logger(_EVENT_LOG):
                self._sweep()
        failed = self._events(order)
        self._deliver(order)
        self._sweep()
        self.assertEqual(failed.state, "done")
        self.assertFalse(failed.activity_ids)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_nothing_is_blocked_when_the_outbox_fails(self):
        with self._broken_outbox(), mute_logger(_EVENT_LOG, "odoo.sql_db"):
            order = self._create_order()
            self._deliver(order)
            invoice = self._invoice(order)
            self._pay(invoice)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._events(order))

    # === HELPERS === #

    def _order_without_rate(self):
        currency = self._create_currency_rate("SEK")
        order = self._create_order(pricelist_id=self._create_pricelist(currency).id)
        order.order_line.price_unit = 100
        self._sweep()
        return order, self._events(order, "failed")

    def _broken_outbox(self):
        def fail(events, *args, **kwargs):
            events.env.cr.execute("SELECT 1 / 0")

        return patch.object(type(self.env["b2b2c.event"]), "_insert_events", fail)


@tagged("post_install", "-at_install")
class TestMerge(LoyaltyCommon):
    """Contacts merged by Odoo's wizard: no point is lost, none appears."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"hold": "until_paid", "pick": "contact"})
        cls.twin_contact = cls.contact.copy({"name": "O. Kovalenko"})
        cls.twin = cls._create_member(
            name="O. Kovalenko",
            contact_id=cls.twin_contact.id,
            enrolled_at="2021-01-01",
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _buy(self, paid=True):
        """Let the twin's contact order: 50 points for the twin."""
        order = self._create_order(partner_id=self.twin_contact.id)
        if paid:
            self._pay(self._invoice(order))
        self._process()
        return order

    def _merge_people(self):
        self._merge(self.twin.partner_id, self.member.partner_id)
        self.assertEqual(self.twin.state, "merged")
        self.assertEqual(self.twin.merged_into_id, self.member)

    def _account_balances(self, member):
        """Return the balances of the member's own account, not its survivor's."""
        found = member.with_context(active_test=False).account_ids._get_balances()
        return {k: v for values in found.values() for k, v in values.items() if v}

    def test_points_follow_the_person(self):
        self._buy()
        self._merge_people()
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(self._account_balances(self.twin), {})
        self.assertEqual(self._entries().mapped("entry_type"), ["transfer"])

    def test_merging_again_moves_nothing(self):
        self._buy()
        self._merge_people()
        before = self.env["b2b2c.account"]._ledger_digest()
        self.twin._merge_into(self.member)
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), before)

    def test_old_document_undone_after_the_merge(self):
        order = self._buy()
        self._merge_people()
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._account_balances(self.twin), {})

    def test_pending_points_follow_the_person(self):
        self._buy(paid=False)
        self._merge_people()
        self.assertEqual(self._balances(), (0, 50, 0))
        self.assertEqual(self._account_balances(self.twin), {})

    def test_pending_points_are_paid_after_the_merge(self):
        order = self._buy(paid=False)
        self._merge_people()
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(self._account_balances(self.twin), {})

    def test_pending_points_are_cancelled_after_the_merge(self):
        order = self._buy(paid=False)
        self._merge_people()
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._account_balances(self.twin), {})

    def test_debt_follows_the_person(self):
        order = self._buy()
        self._account(self.twin)._redeem(40, source_key="redeem/1")
        order._action_cancel()
        self.assertEqual(self._balances(self.twin), (0, 0, 40))
        self._merge_people()
        self.assertEqual(self._balances(), (0, 0, 40))
        self._pay(self._invoice(self._create_order()))
        self._process()
        self._account()._fold()
        self.assertEqual(self._balances(), (10, 0, 0))

    def test_reserved_points_come_back_to_the_person(self):
        self._buy()
        account = self._account(self.twin)
        reservation = account._reserve(30, source_key="hold/1")
        self._merge_people()
        self.assertEqual(self._balances(), (20, 0, 0))
        account._release(reservation)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_lapsed_points_undone_after_the_merge(self):
        self.program.action_close()
        self._create_program({"pick": "contact", "expiry": "months"})
        order = self._buy(paid=False)
        self._account(self.twin)._expire(fields.Datetime.now() + timedelta(days=800))
        self._merge_people()
        order._action_cancel()
        self._process()
        self.assertBooksRight()
        self.assertEqual(self._balances()[0], 0)

    def test_new_documents_reward_the_survivor_once(self):
        self._merge_people()
        self._buy()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_employers_merged(self):
        """One person enrolled at two shops that turn out to be one."""
        shop = self.client.copy({"name": "Second Shop"})
        second = self._create_member(
            partner_id=self.member.partner_id.id,
            employer_id=shop.id,
            enrolled_at="2022-01-01",
        )
        second._get_account(self.unit)._earn(30, source_key="fact/1")
        self._merge(shop, self.client)
        self.assertEqual(second.merged_into_id, self.member)
        self.assertEqual(self._balances(), (30, 0, 0))

    def test_different_people_of_merged_employers_stay_apart(self):
        shop = self.client.copy({"name": "Second Shop"})
        petro = self._create_member(
            name="Petro", email="p@example.com", employer_id=shop.id
        )
        self._merge(shop, self.client)
        self.assertEqual((petro.state, petro.employer_id), ("enrolled", self.client))

    def test_private_contact_is_not_merged_into_an_employees(self):
        """Else the portal would show the person the company's documents."""
        with self.assertRaises(UserError):
            self._merge(self.contact, self.member.partner_id)
