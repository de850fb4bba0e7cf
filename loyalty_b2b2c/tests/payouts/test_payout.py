"""Payouts: who asks, who says yes, what is booked, and when it is paid."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...exceptions import RedemptionError
from .payout_kit import IBAN, OTHER_IBAN, OWN_IBAN, SERVICE_IBAN, PayoutCommon


@tagged("post_install", "-at_install")
class TestWay(PayoutCommon):
    """The way of a payout, in figures: 200 points are 20.00."""

    def test_the_whole_way(self):
        payout = self._want()
        self.assertEqual((payout.amount, payout.state), (20, "proved"))
        self.assertEqual(payout.currency_id, self.company.currency_id)
        self.assertEqual(self._figures(), (800, 1000, 200, 0))
        self._approve(payout)
        self.assertEqual(payout.state, "approved")
        self.assertEqual(payout.approved_by_id, self.officer)
        document = payout.document_id
        self.assertEqual(
            (document.move_type, document.amount_total, document.state),
            ("in_receipt", 20, "posted"),
        )
        self._order(payout)
        self.assertEqual(payout.state, "ordered")
        self.assertEqual(payout.payment_id.amount, 20)
        self.assertEqual(payout.payment_id.partner_bank_id, payout.bank_id)
        self.assertEqual(payout.redemption_id.state, "requested")
        self.assertEqual(self._figures(), (800, 1000, 200, 0))
        payout.with_user(self.manager).action_confirm()
        self.assertEqual((payout.state, payout.paid_way), ("paid", "hand"))
        self.assertEqual(payout.redemption_id.state, "fulfilled")
        self.assertEqual(self._figures(), (800, 800, 0, 0))
        payable = self.person.property_account_payable_id
        self.assertEqual(self._balance(payable), 0)

    def test_what_odoo_calls_paid_is_no_proof(self):
        """In Community a bill is paid as soon as its payment was entered."""
        payout = self._get_ordered()
        self.assertEqual(payout.document_id.payment_state, "paid")
        self.env["b2b2c.payout"]._cron_see_statements()
        self.assertEqual(payout.state, "ordered")

    def test_a_bank_statement_is(self):
        payout = self._get_ordered()
        self._put_on_statement(payout)
        self.env["b2b2c.payout"]._cron_see_statements()
        self.assertEqual((payout.state, payout.paid_way), ("paid", "statement"))
        self.assertFalse(payout.redemption_id.decided_by_id)
        self.assertEqual(self._figures(), (800, 800, 0, 0))

    def test_each_step_once(self):
        payout = self._want()
        for _click in range(2):
            self._approve(payout)
        self._order(payout)
        with self.assertRaises(UserError):
            self._order(payout)
        for _click in range(2):
            payout.with_user(self.manager).action_confirm()
        self.assertEqual(len(self._entries("redeem")), 1)
        documents = self.env["account.move"].search(
            [("ref", "=", payout.name), ("move_type", "!=", "entry")]
        )
        self.assertEqual(documents, payout.document_id)
        self.assertEqual(
            self.env["account.payment"].search_count([("memo", "=", payout.name)]), 1
        )

    def test_steps_that_are_left_out(self):
        payout = self._want()
        with self.assertRaises(UserError):
            self._order(payout)
        with self.assertRaises(UserError):
            payout.with_user(self.manager).action_confirm()
        self.assertEqual(payout.state, "proved")
        with self.assertRaises(UserError):
            self._give_reason(payout, "return")
        with self.assertRaises(UserError):  # not by the request's own button either
            payout.redemption_id.with_user(self.officer).action_fulfil()
        self.assertEqual(self._figures(), (800, 1000, 200, 0))

    def test_the_unique_row_lets_no_second_payment_be(self):
        """Even if somebody put the state back."""
        payout = self._get_ordered()
        self.env.cr.execute(
            "UPDATE b2b2c_payout SET state = 'approved' WHERE id = %s", [payout.id]
        )
        payout.invalidate_recordset()
        with (
            patch.object(type(payout), "_check_payable", lambda self: None),
            self.assertRaises(UserError) as refused,
        ):
            self._order(payout)
        self.assertIn("already", str(refused.exception))
        self.assertEqual(
            self.env["account.payment"].search_count([("memo", "=", payout.name)]), 1
        )

    def test_one_request_has_one_payout(self):
        payout = self._want()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            payout.copy({"redemption_id": payout.redemption_id.id, "name": "PY"})

    def test_sending_the_form_twice_is_one_payout(self):
        self.assertEqual(self._want(), self._want())
        self.assertEqual(self._figures(), (800, 1000, 200, 0))

    def test_a_money_unit_is_paid_one_to_one(self):
        hryvnia = self._create_currency_rate("UAH", 40)
        unit = self.env["b2b2c.unit"].create(
            {"name": "Hryvnia", "kind": "money", "currency_id": hryvnia.id}
        )
        self.money = self._create_reward(
            "Hryvnia", 100, kind="payout", price_kind="chosen", unit_id=unit.id
        )
        account = self.member._get_account(unit)
        account._earn(500, source_key="earn/hryvnia")
        payout = self._want(400)
        self.assertEqual((payout.amount, payout.currency_id.name), (400, "UAH"))
        self.assertEqual(payout.state, "proved")  # 10.00 in the company's currency
        self._approve(payout)
        self._order(payout)
        self.assertEqual(payout.payment_id.currency_id, hryvnia)
        self.assertEqual((payout.payment_id.amount, payout.paid_amount), (400, 400))

    def test_who_is_suspended_when_the_money_arrives(self):
        payout = self._get_ordered()
        self.member.action_suspend()
        payout.with_user(self.manager).action_confirm()
        self.assertEqual(self._figures(), (800, 800, 0, 0))


@tagged("post_install", "-at_install")
class TestEnds(PayoutCommon):
    """Refused, cancelled, came back: points and books are as before."""

    def test_the_participant_changes_his_mind(self):
        payout = self._want()
        payout.redemption_id._cancel(self.user)
        self.assertEqual(payout.state, "cancelled")
        self.assertEqual(self._figures(), (1000, 1000, 0, 0))
        with self.assertRaises(UserError):
            self._approve(payout)

    def test_not_after_the_approval(self):
        payout = self._want()
        self._approve(payout)
        self.assertFalse(payout.redemption_id._may_cancel())
        with self.assertRaises(UserError):
            payout.redemption_id._cancel(self.user)

    def test_refused(self):
        for is_approved in (False, True):
            with self.subTest(is_approved=is_approved):
                payout = self._want(key=f"k-{is_approved}")
                if is_approved:
                    self._approve(payout)
                self._give_reason(payout, "refuse", "Ask again", self.officer)
                self.assertEqual(
                    (payout.state, payout.reason), ("refused", "Ask again")
                )
                self.assertEqual(self._figures(), (1000, 1000, 0, 0))
                self.assertBooksBack(payout)

    def test_not_refused_while_money_is_on_its_way(self):
        payout = self._get_ordered()
        with self.assertRaises(UserError):
            self._give_reason(payout, "refuse")
        with self.assertRaises(UserError):
            payout.redemption_id._refuse(self.officer, "No")
        self.assertEqual(payout.state, "ordered")
        self.assertEqual(self._figures(), (800, 1000, 200, 0))

    def test_the_bank_refused_it(self):
        """Before it was paid: the points were reserved, and are free again."""
        payout = self._get_ordered()
        self._give_reason(payout, "return", "Account closed")
        self.assertEqual((payout.state, payout.reason), ("returned", "Account closed"))
        self.assertEqual(payout.redemption_id.state, "refused")
        self.assertEqual(payout.payment_id.state, "canceled")
        self.assertEqual(self._figures(), (1000, 1000, 0, 0))
        self.assertBooksBack(payout)

    def test_it_came_back_after_it_was_paid(self):
        payout = self._get_ordered()
        payout.with_user(self.manager).action_confirm()
        for _click in range(2):
            self._give_reason(payout, "return", "Account closed")
        self.assertEqual(payout.state, "returned")
        self.assertEqual(payout.redemption_id.state, "returned")
        self.assertEqual(self._figures(), (1000, 1000, 0, 0))
        self.assertBooksBack(payout)

    def test_what_a_statement_shows_is_reversed_and_not_cancelled(self):
        payout = self._get_ordered()
        self._put_on_statement(payout)
        self.env["b2b2c.payout"]._cron_see_statements()
        self._give_reason(payout, "return")
        self.assertEqual(payout.payment_id.state, "rejected")
        self.assertEqual(payout.payment_id.move_id.state, "posted")
        self.assertTrue(payout._is_on_statement())
        self.assertBooksBack(payout)
        # the money on the statement that brings it back is expected on the account
        outstanding = payout.payment_id.outstanding_account_id
        back = payout.payment_id.move_id.reversal_move_ids.line_ids
        waiting = back.filtered(lambda line: line.account_id == outstanding)
        self.assertEqual((waiting.balance, waiting.reconciled), (20, False))

    def test_a_closed_month_is_not_opened(self):
        payout = self._get_ordered()
        self.company.hard_lock_date = fields.Date.today()
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self._give_reason(payout, "return")
        self.assertEqual(payout.payment_id.move_id.state, "posted")
        self.assertEqual(payout.payment_id.state, "rejected")
        self.assertBooksBack(payout)

    def test_an_accountant_cancelled_the_payment_himself(self):
        payout = self._get_ordered()
        payout.payment_id.action_draft()
        payout.payment_id.action_cancel()
        payout.redemption_id._refuse(self.officer, "Another account, please")
        self.assertEqual(payout.state, "returned")
        self.assertBooksBack(payout)

    def test_a_failure_on_the_way_back_undoes_all_of_it(self):
        payout = self._get_ordered()
        before = self._figures()
        with patch.object(type(payout), "_unbook", side_effect=UserError("No")):
            self._catch(UserError, lambda: self._give_reason(payout, "return"))
        self.assertEqual(payout.state, "ordered")
        self.assertEqual(self._figures(), before)
        self.assertEqual(payout.payment_id.move_id.state, "posted")


@tagged("post_install", "-at_install")
class TestAsking(PayoutCommon):
    """What can be asked for, and what is said about it."""

    def _refused(self, code="answer", amount=200, **answers):
        caught = self._catch(
            RedemptionError, lambda: self._want(amount, key="refused", **answers)
        )
        self.assertEqual(caught.code, code)
        self.assertEqual(self._figures(), (1000, 1000, 0, 0))
        self.assertFalse(self.env["b2b2c.payout"].search([]))
        return str(caught)

    def test_an_account_that_does_not_exist(self):
        for iban in (
            "",
            "DE89370400440532013001",
            "DE8937040044053201300",
            "DE8937040044053201300O",
            "XX89370400440532013000",
            "12345678",
            "DE00",
            "Дед",
            "DE89370400440532013000" * 9,
            "DE89\0370400440532013000",
        ):
            with self.subTest(iban=iban):
                self._refused(iban=iban)

    def test_an_account_as_people_write_it(self):
        for number, iban in enumerate(
            ("de89 3704 0044 0532 0130 00", " DE89-3704-0044-0532-0130-00 ")
        ):
            payout = self._want(key=f"k-{number}", iban=iban)
            self.assertEqual(payout.bank_id.sanitized_acc_number, IBAN)
            self.assertEqual(payout.bank_id.acc_type, "iban")
        self.assertEqual(len(self.person.bank_ids), 1)

    def test_an_account_of_ours(self):
        self.assertIn("ours", self._refused(iban=OWN_IBAN))

    def test_an_account_that_somebody_closed(self):
        self.env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": self.person.id, "active": False}
        )
        self._refused()

    def test_a_holder_that_is_no_name(self):
        for holder in ("", "x", "=1+1", "https://example.com", "123", "李雷"):
            with self.subTest(holder=holder):
                self._refused(holder=holder)

    def test_a_new_account_is_not_trusted(self):
        payout = self._want()
        self.assertFalse(payout.bank_id.allow_out_payment)

    def test_the_account_is_never_shown(self):
        payout = self._want()
        self.assertEqual(payout.account_text, "DE•• •••• 3000")
        description = payout.redemption_id._describe()
        self.assertIn("DE•• •••• 3000", " ".join(description.lines))
        for user in (self.officer, self.manager):
            self.assertNotIn(IBAN, str(payout.with_user(user).read()))

    def test_less_than_is_paid_out(self):
        self.company.b2b2c_payout_least = 25
        self._refused("payout_least")
        offer = self.money._get_offer(self.member, amount="200")
        self.assertIn("25.00", offer.sentence)
        self.assertEqual(self._want(250).amount, 25)

    def test_more_than_a_month_allows(self):
        self.company.b2b2c_payout_month = 30
        first = self._want(200)
        caught = self._catch(RedemptionError, lambda: self._want(200, key="k-2"))
        self.assertEqual(caught.code, "payout_month")
        self.assertIn("10.00", str(caught))
        self.assertTrue(self._want(100, key="k-3"))
        first.redemption_id._cancel(self.user)
        self.assertTrue(self._want(200, key="k-4"))

    def test_a_month_ends(self):
        self.company.b2b2c_payout_month = 30
        with freeze_time("2026-01-31 23:00:00"):
            self._want(200)
        with freeze_time("2026-02-01 00:00:01"):
            self.assertTrue(self._want(200, key="k-2"))

    def test_all_memberships_of_a_person_share_the_month(self):
        self.company.b2b2c_payout_month = 30
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        second = self._create_member(partner_id=self.person.id, employer_id=shop.id)
        second._get_account(self.unit)._earn(1000, source_key="earn/second")
        self._want(200)
        caught = self._catch(
            RedemptionError, lambda: self._want(200, key="k-2", member=second)
        )
        self.assertEqual(caught.code, "payout_month")

    def test_what_is_worth_nothing_is_not_paid_out(self):
        self.unit.with_company(self.company).face_value = 0
        self._refused("no_value")

    def test_half_a_cent(self):
        """0.005 a point: 101 points are 0.505, paid as 0.51; 0 is not paid."""
        self.unit.with_company(self.company).face_value = 0.005
        self.money.points = 1
        self.assertEqual(self._want(101).amount, 0.51)

    def test_a_reward_that_nobody_could_have(self):
        with self.assertRaises(ValidationError):
            self.money.write({"price_kind": "free", "points": 0, "member_limit": 1})
        self.company.b2b2c_payout_least = 30
        with self.assertRaises(ValidationError):
            self.money.points = 200
        self.money.points = 300

    def test_limits_are_not_negative(self):
        with self.assertRaises(ValidationError):
            self.company.b2b2c_payout_month = -1

    def test_the_tax_number(self):
        germany = self.env.ref("base.de")
        self.company.b2b2c_payout_tax_country_ids = germany
        offer = self.money._get_offer(self.member)
        handler = self.money._get_handler()
        names = [question.name for question in handler._get_questions(offer)]
        self.assertEqual(names, ["holder", "iban", "tax_number"])
        for number in ("", "none", "  "):
            self._refused(tax_number=number)
        self.assertEqual(self._want(tax_number=" 12 345 ").tax_number, "12 345")
        self.person.vat = "DE123"
        offer = self.money._get_offer(self.member)
        names = [question.name for question in handler._get_questions(offer)]
        self.assertNotIn("tax_number", names)

    def test_the_account_of_the_last_time(self):
        """Chosen from a list: the number is not typed, nor sent to the page."""
        first = self._get_ordered()
        first.with_user(self.manager).action_confirm()
        offer = self.money._get_offer(self.member)
        handler = self.money._get_handler()
        choice, *_others = handler._get_questions(offer)
        bank = str(first.bank_id.id)
        self.assertEqual(choice.options[0], (bank, "DE•• •••• 3000"))
        second = self._want(key="k-2", account=bank, iban="", holder="")
        self.assertEqual(second.bank_id, first.bank_id)
        self.assertEqual(second.holder, "Olena Kovalenko")
        third = self._want(key="k-3", account="new", iban=OTHER_IBAN)
        self.assertEqual(third.account_text, "UA•• •••• 6001")

    def test_the_account_of_somebody_else(self):
        first = self._get_ordered()
        first.with_user(self.manager).action_confirm()
        other = self._create_member(name="Petro", email="petro@example.com")
        other._get_account(self.unit)._earn(500, source_key="earn/petro")
        for bank in (str(first.bank_id.id), "999999", "-1"):
            caught = self._catch(
                RedemptionError,
                lambda bank=bank: self._want(
                    key="k-2", member=other, account=bank, iban="", holder=""
                ),
            )
            self.assertEqual(caught.code, "answer")


@tagged("post_install", "-at_install")
class TestApproving(PayoutCommon):
    """Another person says yes, and sees what is unusual."""

    def _get_verdicts(self, payout):
        return {check.code: check.verdict for check in payout._get_checks()}

    def test_nothing_unusual(self):
        payout = self._want()
        payout.with_user(self.accountant).action_trust()
        self.assertEqual(self._get_verdicts(payout), {"account": "ok", "signals": "ok"})
        self.assertEqual(payout.verdict, "ok")
        self.assertIn("fa-check", payout.check_text)

    def test_an_account_nobody_trusts(self):
        self.company.b2b2c_payout_trusted = True
        payout = self._want()
        self.assertEqual(payout.verdict, "stop")
        with self.assertRaises(UserError):
            self._approve(payout)
        self.assertEqual((payout.state, payout.document_id.id), ("proved", False))
        with self.assertRaises(UserError):
            payout.with_user(self.officer).action_trust()
        payout.with_user(self.accountant).action_trust()
        self._approve(payout)
        self.assertEqual(payout.state, "approved")

    def test_an_account_that_was_changed_after_the_request(self):
        for moment in ("proved", "approved"):
            with self.subTest(moment=moment):
                payout = self._want(key=moment)
                if moment == "approved":
                    self._approve(payout)
                payout.bank_id.acc_number = OTHER_IBAN
                self.assertEqual(self._get_verdicts(payout)["changed"], "stop")
                with self.assertRaises(UserError):
                    if moment == "approved":
                        self._order(payout)
                    else:
                        self._approve(payout)
                with self.assertRaises(UserError):
                    payout.with_user(self.accountant).action_trust()
                payout.bank_id.acc_number = IBAN

    def test_a_closed_account(self):
        payout = self._want()
        payout.bank_id.active = False
        self.assertEqual(self._get_verdicts(payout)["account"], "stop")

    def test_signals(self):
        self.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "partner_id": self.contact.id,
                "active": False,
            }
        )
        self.company.b2b2c_payout_new_days = 40000
        self.person.country_id = self.env.ref("base.fr")
        payout = self._want(holder="Petro Shevchenko")
        self.assertEqual(
            self._get_verdicts(payout),
            dict.fromkeys(
                ("account", "shared", "holder", "country", "age", "address"), "look"
            ),
        )
        self.assertIn(self.contact.name, payout.check_text)
        self._approve(payout)  # a person judges
        self.assertEqual(payout.state, "approved")

    def test_a_money_transfer_service(self):
        payout = self._want(iban=SERVICE_IBAN)
        self.assertEqual(self._get_verdicts(payout)["service"], "look")

    def test_what_changed_since_the_request(self):
        payout = self._want()
        self.company.write(
            {"b2b2c_payout_least": 21, "b2b2c_payout_month": 19,
             "b2b2c_payout_tax_country_ids": self.env.ref("base.de").ids}
        )  # fmt: skip
        self.member.action_suspend()
        verdicts = self._get_verdicts(payout)
        for code in ("least", "month", "tax", "suspended"):
            self.assertEqual(verdicts[code], "stop")

    def test_debt_is_told(self):
        """1,000 points are taken back while 200 of them wait to be paid out."""
        payout = self._want()
        self.account._reverse(self.earned, reason="Returned goods")
        self.assertEqual(self._figures()[3], 200)
        self.assertEqual(self._get_verdicts(payout)["debt"], "look")

    def test_who_asked_does_not_approve(self):
        payout = self._want()
        payout.sudo().entered_by_id = self.officer
        with self.assertRaises(UserError):
            self._approve(payout)
        self._approve(payout, self.manager)

    def test_so_much_on_a_day(self):
        self.company.b2b2c_payout_officer_day = 45
        payouts = [self._want(key=f"k-{number}") for number in range(3)]
        self._approve(payouts[0])
        self._approve(payouts[1])
        with self.assertRaises(UserError) as refused:
            self._approve(payouts[2])
        self.assertIn("45.00", str(refused.exception))
        self.assertEqual(payouts[2].state, "proved")
        self._approve(payouts[2], self.manager)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._approve(self._want(key="k-9"))

    def test_payouts_and_corrections_are_counted_apart(self):
        self.company.write({"b2b2c_payout_officer_day": 20, "b2b2c_adjust_limit": 100})
        self._approve(self._want())
        days = self.env["b2b2c.officer.day"]
        self.assertTrue(days._count(self.officer, self.account, 100))
        self.assertFalse(days._count(self.officer, self.account, 1))

    def test_several_at_once_all_or_none(self):
        payouts = self._want() | self._want(key="k-2", iban=OTHER_IBAN)
        payouts[1].bank_id.active = False
        with self.assertRaises(UserError):
            payouts.with_user(self.officer).action_approve()
        self.assertEqual(payouts.mapped("state"), ["proved", "proved"])
        payouts.bank_id.active = True
        payouts.with_user(self.officer).action_approve()
        self.assertEqual(payouts.mapped("state"), ["approved", "approved"])

    def test_who_has_which_right(self):
        payout = self._want()
        user = self._create_user("reading", "loyalty_b2b2c.group_user")
        with self.assertRaises(AccessError):
            payout.with_user(user).action_approve()
        self._approve(payout)
        with self.assertRaises(AccessError):
            self._order(payout, user=self.officer)
        for button in ("action_pay", "action_confirm", "action_come_back"):
            with self.subTest(button=button), self.assertRaises(UserError):
                getattr(payout.with_user(self.officer), button)()
        with self.assertRaises(UserError):
            payout.with_user(self.manager).write({"state": "paid"})
        with self.assertRaises(AccessError):
            self.env["b2b2c.payout"].with_user(self.manager).create({})

    def test_somebody_is_asked_to_approve(self):
        self.company.b2b2c_manager_id = self.manager
        payout = self._want()
        self.assertEqual(payout.activity_ids.user_id, self.manager)
        self._approve(payout)
        self.assertFalse(payout.activity_ids)


@tagged("post_install", "-at_install")
class TestBooks(PayoutCommon):
    """Each document the company can choose."""

    def _get_expense(self):
        return self.env["account.account"].create(
            {"name": "Rewards", "code": "629900", "account_type": "expense"}
        )

    def test_a_vendor_bill_in_a_journal_for_self_billing(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Self-billing",
                "code": "SELF",
                "type": "purchase",
                "is_self_billing": True,
                "default_account_id": self._get_expense().id,
            }
        )
        self.company.write(
            {"b2b2c_payout_document": "in_invoice",
             "b2b2c_payout_journal_id": journal.id}
        )  # fmt: skip
        payout = self._get_ordered()
        self.assertEqual(payout.document_id.move_type, "in_invoice")
        self.assertEqual(payout.document_id.journal_id, journal)
        self._give_reason(payout, "return")
        self.assertBooksBack(payout)

    def test_a_journal_entry(self):
        account = self.env["account.account"].create(
            {"name": "Owed to participants", "code": "219900",
             "account_type": "liability_current", "reconcile": True}
        )  # fmt: skip
        self.company.write(
            {"b2b2c_payout_document": "entry", "b2b2c_payout_account_id": account.id}
        )
        payout = self._get_ordered()
        self.assertEqual(payout.document_id.move_type, "entry")
        self.assertEqual(self._balance(account), 20)
        self.assertEqual(self._balance(self.person.property_account_payable_id), 0)
        self._give_reason(payout, "return")
        self.assertEqual(self._balance(account), 0)
        self.assertBooksBack(payout)

    def test_a_journal_of_another_type(self):
        self.company.b2b2c_payout_journal_id = self.journal
        payout = self._want()
        with self.assertRaises(UserError):
            self._approve(payout)
        self.assertEqual(payout.state, "proved")

    def test_a_journal_without_an_account(self):
        for kind, journal_type in (("in_receipt", "purchase"), ("entry", "general")):
            journal = self.env["account.journal"].create(
                {"name": kind, "code": kind[-4:], "type": journal_type}
            )
            journal.default_account_id = False
            self.company.write(
                {"b2b2c_payout_document": kind, "b2b2c_payout_journal_id": journal.id}
            )
            payout = self._want(key=kind)
            with self.subTest(kind=kind), self.assertRaises(UserError):
                self._approve(payout)

    def test_an_accountant_stopped_the_bill(self):
        self.company.b2b2c_payout_document = "in_invoice"
        payout = self._want()
        self._approve(payout)
        payout.document_id.action_toggle_block_payment()
        with self.assertRaises(UserError):
            self._order(payout)
        self.assertEqual(payout.state, "approved")

    def test_a_bill_that_grew_after_the_approval(self):
        payout = self._want()
        self._approve(payout)
        payout.document_id.button_draft()
        payout.document_id.invoice_line_ids.price_unit = 2000
        payout.document_id.action_post()
        with self.assertRaises(UserError) as refused:
            self._order(payout)
        self.assertIn("another amount", str(refused.exception))
        self.assertFalse(payout.payment_id)

    def test_somebody_paid_the_bill_by_hand(self):
        payout = self._want()
        self._approve(payout)
        self._pay(payout.document_id)
        with self.assertRaises(UserError):
            self._order(payout)

    def test_taxes_lower_what_arrives(self):
        """20.00 less 25 %: 15.00 arrive, and the participant is told why."""
        tax = self.env["account.tax"].create(
            {"name": "25 % less", "amount": -25, "amount_type": "percent",
             "type_tax_use": "purchase", "price_include_override": "tax_excluded"}
        )  # fmt: skip
        self.company.b2b2c_payout_tax_ids = tax
        payout = self._get_ordered()
        self.assertEqual(payout.paid_amount, 15)
        payout.with_user(self.manager).action_confirm()
        self.assertIn("15.00", payout.redemption_id.note)
        self.assertIn("less taxes", payout.redemption_id.note)

    def test_nothing_of_the_clients_context_gets_into_the_books(self):
        payout = self._want()
        forged = {"default_journal_id": self.journal.id, "default_ref": "x"}
        self._approve(payout.with_context(**forged, default_amount=7))
        self.assertEqual(payout.document_id.ref, payout.name)
        self.assertEqual(payout.document_id.amount_total, 20)
