"""The discount of who is recommended, by core's rewards."""

from contextlib import closing

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ReferralDiscountCommon


@tagged("post_install", "-at_install")
class TestReferralDiscount(ReferralDiscountCommon):
    # === ONE CODE, MANY BUYERS === #

    def test_a_code_gives_the_discount_and_names_the_recommender(self):
        order = self._quote()
        self.assertFalse(self._type(order, self.link.code.lower()))
        self.assertEqual(order.amount_total, 90)
        self.assertEqual(self.uses._find(order).link_id, self.link)
        order.action_confirm()
        self._process()
        self.assertEqual(order.amount_total, 90)
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])

    def test_many_use_it_and_nothing_is_taken_from_the_card(self):
        points = self.card.points
        messages = len(self.card.message_ids)
        for number in range(5):
            order = self._quote(self._create_customer(f"Parent{number} Shevchenko"))
            self.assertFalse(self._type(order))
            order.action_confirm()
            self.assertEqual(order.amount_total, 90)
        self.assertEqual(self.card.points, points)
        self.assertEqual(len(self.card.message_ids), messages)
        self.assertEqual(len(self.card.history_ids), 5)
        order._action_cancel()
        self.assertEqual(self.card.points, points)

    def test_no_row_is_locked(self):
        order = self._quote()
        self.env.flush_all()
        queries = []
        execute = type(self.env.cr).execute

        def note(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", note)
        self.assertFalse(self._type(order))
        order.action_confirm()
        self.env.flush_all()
        self.assertTrue([query for query in queries if "loyalty_history" in query])
        locks = [query for query in queries if "FOR UPDATE" in query]
        self.assertFalse([query for query in locks if "loyalty" in query])
        written = [query for query in queries if 'UPDATE "loyalty_' in query]
        self.assertFalse(written)

    def test_the_field_of_a_quotation_gives_it_too(self):
        order = self._quote()
        order.b2b2c_referral_code = self.link.code
        self.assertEqual(order.amount_total, 90)
        order.b2b2c_referral_code = False
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(order.applied_coupon_ids)

    def test_a_cancelled_order_is_as_before(self):
        order = self._quote()
        self._type(order)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual((order.amount_total, order.state), (100, "cancel"))
        self.assertFalse(self.card.history_ids)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    # === FOR WHOM === #

    def test_one_clear_sentence(self):
        old = self._create_customer("Old Customer")
        self._buy(old)
        taras = self._get_link(self._create_recommender("Taras Bulba"))
        used = self._quote()
        self._type(used)
        for order, code, words in (
            (self._quote(self.iryna.partner_id), None, "your own code"),
            (self._quote(old), None, "for new customers"),
            (used, taras.code, f"has the code {self.link.code} already"),
            (self._quote(), self.link.code[:-1], "invalid"),
            (self._quote(), "044-NOTHING", "invalid"),
        ):
            with self.subTest(words=words):
                total = order.amount_total
                self.assertIn(words, self._type(order, code))
                self.assertEqual(order.amount_total, total)
        self.link.action_pause()
        self.assertIn("not valid at the moment", self._type(self._quote()))

    def test_who_buys_turns_out_later(self):
        order = self._quote()
        self._type(order)
        order.partner_id = self.iryna.partner_id
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(self.uses._find(order))
        self.assertFalse(order.applied_coupon_ids)

    def test_a_paused_code_gives_nothing_to_open_orders(self):
        order = self._quote()
        self._type(order)
        self.link.action_revoke()
        order.action_confirm()
        self.assertEqual((order.amount_total, order.state), (100, "sale"))

    def test_a_code_of_another_company_is_none_here(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create({"partner_id": self.petro.id, "company_id": other.id})
        )
        self.assertIn("invalid", self._type(order))

    # === HOW MUCH === #

    def test_minimum_and_limit(self):
        self.campaign.write({"discount_min": 150, "discount_max": 12})
        order = self._quote()
        self.assertIn("150", self._type(order))
        self.assertEqual(order.amount_total, 100)
        line = order.order_line
        line.product_uom_qty = 2
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 188)  # the code was kept: 20.00, but 12
        line.product_uom_qty = 1
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)

    def test_the_campaign_changes(self):
        self.campaign.discount_percent = 20
        order = self._quote()
        self._type(order)
        self.assertEqual(order.amount_total, 80)
        self.campaign.discount_percent = 0
        self.assertFalse(self.core.active)
        order = self._quote(self._create_customer("Second"))
        self.assertFalse(self._type(order))
        self.assertEqual(order.amount_total, 100)
        self.assertEqual(self.uses._find(order).link_id, self.link)

    def test_stacking(self):
        self._create_promotion(15)
        for stacking, total, words in (
            ("best", 85, "not compatible"),
            ("together", 76.5, ""),  # 15 % of what is left, or 10 %: 100 · 0.85 · 0.9
            ("alone", 85, "only without other promotions"),
        ):
            with self.subTest(stacking=stacking), closing(self.env.cr.savepoint()):
                self.campaign.discount_stacking = stacking
                order = self._quote()
                order._update_programs_and_rewards()
                for card, rewards in order._get_claimable_rewards().items():
                    order._apply_program_reward(rewards, card)
                self.assertEqual(order.amount_total, 85)
                self.assertIn(words, self._type(order))
                self.assertAlmostEqual(order.amount_total, total)

    def test_a_better_recommendation_takes_the_place_of_a_promotion(self):
        self._create_promotion(5)
        order = self._quote()
        order._update_programs_and_rewards()
        for card, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards, card)
        self.assertEqual(order.amount_total, 95)
        self.assertFalse(self._type(order))
        self.assertEqual(order.amount_total, 90)

    # === CODES === #

    def test_codes_do_not_meet_those_of_coupons(self):
        with self.assertRaisesRegex(ValidationError, "code of something else"):
            self.env["loyalty.card"].create(
                {"program_id": self._create_promotion(1).id, "code": "ANNA2026"}
            )
            self.links.create(
                {
                    "member_id": self._create_recommender("Anna Lys").id,
                    "campaign_id": self.campaign.id,
                    "code": "anna2026",
                }
            )

    def test_an_erased_person_leaves_no_code_behind(self):
        old = self.link.code
        self.link.sudo().write({"code": "NEWER-CODE"})
        self.assertEqual(self.card.code, "NEWER-CODE")
        self.assertIn("invalid", self._type(self._quote(), old))

    def test_coupons_of_core_work_as_before(self):
        program = self._create_promotion(
            30, program_type="coupons", trigger="with_code", rule_ids=[Command.clear()]
        )
        coupon = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 1}
        )
        order = self._quote()
        self.assertFalse(self._type(order, coupon.code))
        self.assertEqual(order.amount_total, 70)
        order.action_confirm()
        self.assertEqual(coupon.points, 0)
        self.assertIn("already been used", self._type(self._quote(), coupon.code))

    def test_who_asks_for_the_field_of_a_confirmed_order(self):
        order = self._quote()
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "too late for a code"):
            order.b2b2c_referral_code = self.link.code
        self.assertEqual(order.amount_total, 100)
