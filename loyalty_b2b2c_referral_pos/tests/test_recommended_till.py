"""Recommendations at the till: typed, scanned, kept with the ticket."""

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.loyalty_b2b2c_pos.tests.common import PosLoyaltyCommon
from odoo.addons.loyalty_b2b2c_referral_discount.tests.common import (
    ReferralDiscountCommon,
)


class RecommendedTillCommon(ReferralDiscountCommon, PosLoyaltyCommon):
    """Paper costs 100.00 at the till, 90.00 with Iryna's code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # both worlds call theirs a card
        cls.money = cls.till.payment_method_ids.filtered("journal_id")[:1]
        cls.code_card, cls.card = cls.card, cls.money


@tagged("post_install", "-at_install")
class TestRecommendedTill(RecommendedTillCommon):
    def _use(self, text, partner=None):
        """Ask as a till does; return its id of the card, or the sentence."""
        answer = self.till.use_coupon_code(
            text,
            fields.Datetime.to_string(fields.Datetime.now()),
            partner.id if partner else False,
            False,
        )
        if answer["successful"]:
            return answer["payload"]["coupon_id"]
        return answer["payload"]["error_message"]

    def _sell_with(self, card, partner=None, **values):
        """Ring up paper with the reward of a card, as a till sends it."""
        reward = card.program_id.reward_ids
        more = {
            "reward_id": reward.id,
            "coupon_id": card.id,
            "is_reward_line": True,
            "points_cost": 1,
            "reward_identifier_code": "1",
        }
        product = reward.discount_line_product_id
        return self._ring(
            (self.product, 1, 100),
            (product, 1, -10, more),
            partner_id=(partner or self.petro).id,
            methods={self.money: 90},
            **values,
        )

    def test_a_code_is_found_as_it_is_typed_or_scanned(self):
        for text in (
            self.link.code,
            self.link.code.lower().replace("-", " "),
            f"/rewards/r/{self.link.code}",
            self.link._get_print_url(),
        ):
            with self.subTest(text=text):
                self.assertEqual(self._use(text), self.code_card.id)
                self.assertEqual(self._use(text, self.petro), self.code_card.id)

    def test_one_clear_sentence(self):
        old = self._create_customer("Old Customer")
        self._buy(old)
        for text, partner, words in (
            (self.link.code, self.iryna.partner_id, "your own code"),
            (self.link.code, old, "for new customers"),
            (self.link.code[:-1], None, "invalid"),
            ("?!", None, "invalid"),
        ):
            with self.subTest(words=words, text=text):
                self.assertIn(words, self._use(text, partner))
        self.link.action_pause()
        self.assertIn("not valid at the moment", self._use(self.link.code))
        self.link.action_revoke()
        self.assertIn("has ended", self._use(self.link.code))

    def test_an_end_and_who_is_suspended(self):
        self.link.valid_until = fields.Date.subtract(fields.Date.today(), days=2)
        self.assertEqual(self._use(self.link.code), "This recommendation has ended.")
        self.link.valid_until = False
        self.iryna.action_suspend()
        self.assertIn("not valid at the moment", self._use(self.link.code))

    def test_a_till_of_another_currency(self):
        """The discount is in the company's currency, the till sells in another one."""
        other = self.env.ref("base.EUR")
        if other == self.company.currency_id:
            other = self.env.ref("base.USD")
        other.active = True
        self.core.currency_id = other
        self.assertEqual(
            self._use(self.link.code),
            f"This till sells in {self.till.currency_id.name}, and the discount of this"
            f" recommendation is in {other.name}: it is not given here.",
        )
        self.core.currency_id = self.till.currency_id
        self.assertEqual(self._use(self.link.code), self.code_card.id)

    def test_a_recommendation_without_a_discount(self):
        self.campaign.discount_percent = 0
        self.assertEqual(
            self._use(self.link.code), "This recommendation lowers no price at a till."
        )

    def test_two_codes_are_not_two_discounts(self):
        taras = self._get_link(self._create_recommender("Taras Bulba"))
        second = self.env["loyalty.card"]._b2b2c_find(taras)
        orders = self.env["pos.order"]
        changes = {str(self.code_card.id): -1}
        self.assertTrue(orders.validate_coupon_programs(changes, [])["successful"])
        changes[str(second.id)] = -1
        answer = orders.validate_coupon_programs(changes, [])
        self.assertFalse(answer["successful"])
        self.assertEqual(
            answer["payload"],
            {
                "message": "One ticket has one recommendation: "
                f"{self.link.code} stays, take {taras.code} off.",
                "removed_coupons": [second.id],
            },
        )

    def test_who_guesses_gets_no_answer(self):
        for number in range(30):
            self._use(f"GUESS-{number:04}-2222")
        self.assertIn("Too many wrong codes", self._use(self.link.code))

    def test_a_ticket_keeps_whose_it_is(self):
        ticket = self._sell_with(self.code_card)
        self.assertEqual(ticket.amount_total, 90)
        self.assertEqual(self.uses._find(ticket).link_id, self.link)
        self._process()
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])

    def test_many_tickets_take_nothing_from_the_card(self):
        points = self.code_card.points
        for number in range(3):
            customer = self._create_customer(f"Parent{number} Shevchenko")
            ticket = self._sell_with(self.code_card, customer)
            changes = {str(self.code_card.id): -1}
            checked = ticket.validate_coupon_programs(changes, [])
            self.assertTrue(checked["successful"])
            ticket.confirm_coupon_programs(
                {
                    str(self.code_card.id): {
                        "points": -1,
                        "program_id": self.core.id,
                        "coupon_id": self.code_card.id,
                        "line_codes": ["1"],
                    }
                }
            )
        self.assertEqual(self.code_card.points, points)
        self.assertEqual(self.uses.search_count([("link_id", "=", self.link.id)]), 3)

    def test_a_till_that_tells_its_coupons_later(self):
        ticket = self._ring((self.product, 1, 90), partner_id=self.petro.id)
        self._process()
        self.assertFalse(self.uses._find(ticket))
        ticket.lines.write({"reward_identifier_code": "1"})
        ticket.confirm_coupon_programs(
            {
                str(self.code_card.id): {
                    "points": -1,
                    "program_id": self.core.id,
                    "coupon_id": self.code_card.id,
                    "line_codes": ["1"],
                }
            }
        )
        self._process()
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])

    def test_a_return_takes_the_discount_along(self):
        ticket = self._sell_with(self.code_card)
        self._process()
        back = self._bring_back(ticket)
        self.assertEqual(back.amount_total, -90)
        self._process()
        self.assertEqual(self._balances(self.iryna)[0], 0)


@tagged("post_install", "-at_install")
class TestRecommendedTillTour(RecommendedTillCommon, HttpCase):
    def _open_till(self, tour):
        """Let a cashier play a tour."""
        cashier = new_test_user(
            self.env,
            "paper-cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            password="paper-cashier",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        url = f"/pos/ui/{self.till.id}"
        self.start_tour(url, tour, login=cashier.login)
        self.env.invalidate_all()

    def test_without_a_connection_one_sentence_and_the_sale_goes_on(self):
        self._open_till("b2b2c_recommended_offline")
        [ticket] = self.till.current_session_id.order_ids
        self.assertEqual(ticket.amount_total, 100)
        self.assertFalse(self.uses._find(ticket))

    def test_scanned_twice_in_one_session(self):
        self.env.cr.execute(
            "UPDATE b2b2c_referral_link SET code = 'IRYNA-7K2P-M4XT',"
            " key = '1RYNA7K2PM4XT' WHERE id = %s",
            [self.link.id],
        )
        self.env.invalidate_all()
        self.code_card.code = "IRYNA-7K2P-M4XT"
        self._open_till("b2b2c_recommended_till")
        tickets = self.till.current_session_id.order_ids
        self.assertEqual(tickets.mapped("amount_total"), [90, 90])
        for ticket in tickets:
            self.assertEqual(self.uses._find(ticket).link_id, self.link)
