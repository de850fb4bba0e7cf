"""Coupons and gift cards of our own, for points and as awards."""

import re
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError
from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon

from ..models.coupon_codes import new_code


class CouponCommon(LoyaltyCommon):
    """A coupon for 10 % off costs 50 points, a gift card of 30.00 costs 300."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("couponing", "loyalty_b2b2c.group_officer")
        cls.account = cls.member._get_account(cls.unit)
        cls.account._earn(1000, source_key="coupons/start")
        programs = cls.env["loyalty.program"]
        cls.coupons = programs.create(
            {
                "name": "10 % off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "company_id": cls.company.id,
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 0})],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 10,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        action = programs.create_from_template("gift_card")
        cls.gift_cards = programs.browse(action["res_id"])
        cls.gift_cards.company_id = cls.company
        cls.coupon = cls._create_reward("Ten percent", 50, cls.coupons)
        cls.gift = cls._create_reward("Gift card", 300, cls.gift_cards, coupon_value=30)

    @classmethod
    def _create_reward(cls, name, points, program, **values):
        return cls.env["b2b2c.reward"].create(
            {
                "name": name,
                "points": points,
                "kind": "coupon",
                "unit_id": cls.unit.id,
                "company_id": cls.company.id,
                "coupon_program_id": program.id,
                **values,
            }
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _ask(self, reward=None, key="k", **values):
        return self.env["b2b2c.redemption"]._request(
            self.member, reward or self.coupon, request_key=key, **values
        )

    def _quote(self, **values):
        """Return a quotation of 1,000.00."""
        return self._create_order(confirm=False, **values)

    def _use(self, order, code):
        """Type a code into an order; return what Odoo says was wrong."""
        found = order._try_apply_code(code)
        if "error" in found:
            return found["error"]
        for card, rewards in found.items():
            order._apply_program_reward(rewards[:1], card)
        return None


@tagged("post_install", "-at_install")
class TestCoupons(CouponCommon):
    def test_a_code_is_there_at_once(self):
        request = self._ask()
        self.assertEqual(request.state, "fulfilled")
        card = request.coupon_ids
        self.assertEqual((card.program_id, card.points), (self.coupons, 1))
        self.assertEqual(card.history_ids.mapped("issued"), [1])
        self.assertEqual(request._describe().code, card.code)
        self.assertTrue(request._describe().picture.startswith("data:image/png"))
        self.assertEqual(self._balances()[0], 950)

    def test_codes_cannot_be_guessed(self):
        codes = {new_code() for _number in range(1000)}
        self.assertEqual(len(codes), 1000)
        for code in codes:
            self.assertTrue(re.fullmatch(r"044[0-9A-HJKMNP-TV-Z]{18}", code), code)

    def test_odoo_sends_no_mail_of_its_own(self):
        template = self.env.ref("loyalty.mail_template_loyalty_card")
        self.coupons.communication_plan_ids = [
            Command.create({"trigger": "create", "mail_template_id": template.id})
        ]
        self.coupon.is_coupon_personal = True
        before = self.env["mail.mail"].search_count([])
        self._ask()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_it_is_good_for_one_order(self):
        code = self._ask().coupon_ids.code
        order = self._quote()
        self.assertIsNone(self._use(order, code))
        self.assertEqual(order.amount_untaxed, 900)
        order.action_confirm()
        self.assertTrue(self._use(self._quote(), code))

    def test_several_pieces_are_several_codes(self):
        cards = self._ask(quantity=3).coupon_ids
        self.assertEqual(sorted(cards.mapped("b2b2c_number")), [1, 2, 3])
        self.assertEqual(len({*cards.mapped("code")}), 3)

    def test_it_is_valid_for_some_days(self):
        self.coupon.coupon_days = 30
        with freeze_time("2026-03-10 10:00:00"):
            request = self._ask()
            self.assertEqual(request.coupon_ids.expiration_date, date(2026, 4, 9))
            self.assertIn("Valid until Apr 9, 2026.", request._describe().lines)

    def test_a_gift_card_is_money(self):
        request = self._ask(self.gift)
        self.assertEqual(request.coupon_ids.points, 30)
        self.assertIn("$\xa030.00 are on it.", request._describe().lines)
        order = self._quote()
        self.assertIsNone(self._use(order, request.coupon_ids.code))
        self.assertEqual(order.amount_total, 970)

    def test_the_till_does_not_ask_whether_it_was_paid_for(self):
        self.assertTrue(self._ask(self.gift).coupon_ids._has_source_order())
        other = self.env["loyalty.card"].create({"program_id": self.gift_cards.id})
        self.assertFalse(other._has_source_order())

    def test_a_personal_code_works_for_nobody_else(self):
        self.coupon.is_coupon_personal = True
        request = self._ask()
        card = request.coupon_ids
        self.assertEqual(card.partner_id, self.member.partner_id)
        stranger = self.env["res.partner"].create({"name": "Somebody"})
        refused = self._use(self._quote(partner_id=stranger.id), card.code)
        unknown = self._use(self._quote(partner_id=stranger.id), "044NOSUCHCODE")
        self.assertEqual(refused.replace(card.code, ""), unknown.replace(
            "044NOSUCHCODE", ""
        ))  # fmt: skip
        for customer in (self.contact, self.member.partner_id):
            order = self._quote(partner_id=customer.id)
            self.assertIsNone(self._use(order, card.code))
            order.unlink()

    def test_other_codes_work_for_everybody(self):
        stranger = self.env["res.partner"].create({"name": "Somebody"})
        code = self._ask().coupon_ids.code
        self.assertIsNone(self._use(self._quote(partner_id=stranger.id), code))

    def test_a_program_that_is_over(self):
        self.coupons.date_to = "2020-01-01"
        offer = self.coupon._get_offer(self.member)
        self.assertEqual(offer.refusal, "no_coupons")
        with self.assertRaises(RedemptionError):
            self._ask()


@tagged("post_install", "-at_install")
class TestTakenBack(CouponCommon):
    def test_an_unused_coupon_comes_back(self):
        request = self._ask()
        card = request.coupon_ids
        request._return(self.officer, "A mistake")
        self.assertEqual((card.points, card.active), (0, False))
        self.assertEqual(self._balances()[0], 1000)
        self.assertTrue(self._use(self._quote(), card.code))
        self.assertEqual(request._describe().code, "")

    def test_a_coupon_in_a_quotation_comes_back(self):
        """The quotation cannot be confirmed with it any more."""
        request = self._ask()
        order = self._quote()
        self._use(order, request.coupon_ids.code)
        request._return(self.officer, "A mistake")
        with self.assertRaises(ValidationError):
            order.action_confirm()

    def test_a_used_coupon_does_not(self):
        request = self._ask()
        order = self._quote()
        self._use(order, request.coupon_ids.code)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "used already"):
            request._return(self.officer, "A mistake")
        self.assertEqual(request.state, "fulfilled")
        self.assertEqual(self._account().balance_available, 950)
        self.assertIn("It was used.", request._describe().lines)

    def test_a_gift_card_with_less_on_it_does_not(self):
        request = self._ask(self.gift)
        order = self._create_lines_order((self.product, 1, 12.5), confirm=False)
        self._use(order, request.coupon_ids.code)
        order.action_confirm()
        self.assertEqual(request.coupon_ids.points, 17.5)
        with self.assertRaises(UserError):
            request._return(self.officer, "A mistake")

    def test_used_in_an_order_that_was_cancelled(self):
        request = self._ask()
        order = self._quote()
        self._use(order, request.coupon_ids.code)
        order.action_confirm()
        order._action_cancel()
        request._return(self.officer, "A mistake")
        self.assertEqual(request.state, "returned")


@tagged("post_install", "-at_install")
class TestGranted(CouponCommon):
    """The first sale brings a coupon (S1.27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls.env["b2b2c.unit"].create(
            {"name": "Certificates", "symbol": "certificate", "kind": "internal"}
        )
        cls.welcome = cls._create_reward(
            "Welcome", 1, cls.coupons, unit_id=cls.certificate.id, is_grant_only=True
        )
        cls._create_program(
            {
                "kind": "fixed",
                "value": 1,
                "scope": "document",
                "milestone": "only",
                "milestone_number": 1,
                "document_kind_ids": [
                    Command.set(cls._get_document_kinds("sale.order").ids)
                ],
            },
            unit_id=cls.certificate.id,
            grant_reward_id=cls.welcome.id,
        )

    def _sell(self):
        """Sell, and give what was granted; return the order and its coupon."""
        order = self._create_order()
        self._process()
        grants = self.env["b2b2c.grant"].search([("state", "=", "waiting")])
        for grant in grants:
            grant._give()
        return order, grants.redemption_ids.coupon_ids

    def test_a_coupon_for_the_first_sale(self):
        order, coupon = self._sell()
        self.assertEqual(coupon.points, 1)
        request = coupon.b2b2c_redemption_id
        self.assertIn("For the first sale.", request._describe().lines)
        order._action_cancel()
        self._process()
        self.assertEqual((coupon.points, request.state), (0, "returned"))

    def test_a_used_coupon_is_a_debt_of_one_certificate(self):
        order, coupon = self._sell()
        quotation = self._quote()
        self._use(quotation, coupon.code)
        quotation.action_confirm()
        order._action_cancel()
        self._process()
        account = self.member._get_account(self.certificate)
        # the second order is the first sale now: its certificate pays the debt
        self.assertEqual(account.balance_available, 0)
        self.assertEqual(account.balance_posted, account.balance_debt)
        self.assertEqual(self.env["loyalty.card"].search_count([
            ("b2b2c_redemption_id", "!=", False)
        ]), 1)  # fmt: skip


@tagged("post_install", "-at_install")
class TestCouponForm(CouponCommon):
    def test_a_gift_card_in_its_form(self):
        with Form(self.env["b2b2c.reward"]) as form:
            form.name = "Fifty"
            form.kind = "coupon"
            form.points = 500
            form.coupon_program_id = self.gift_cards
            form.coupon_value = 50
        self.assertEqual(form.save()._get_coupon_points(), 50)

    def test_a_loyalty_manager_without_sales_rights(self):
        """Chooses the program and gives the coupon; the code is not for his eyes."""
        manager = self._create_user("promoter", "loyalty_b2b2c.group_manager")
        reward = self.coupon.with_user(manager)
        reward.name = "Ten percent off"
        self.assertEqual(reward.coupon_program_id.display_name, "10 % off")
        request = self._ask().with_user(manager)
        self.assertNotIn("coupon_ids", request.fields_get())
        with self.assertRaises(AccessError):
            request.sudo().coupon_ids.with_user(manager).read(["code"])

    def test_what_is_missing(self):
        for values in (
            {"coupon_program_id": False},
            {"coupon_program_id": self.gift_cards.id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.coupon.write(values)

    def test_a_program_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.coupons.copy({"company_id": other.id})
        with self.assertRaises(ValidationError):
            self.coupon.coupon_program_id = foreign

    def test_a_person_reads_the_coupons_but_no_code(self):
        self._ask()
        [row] = self.member._get_personal_data()["coupons"]
        self.assertEqual(row["points"], 1)
        self.assertNotIn("code", row)
