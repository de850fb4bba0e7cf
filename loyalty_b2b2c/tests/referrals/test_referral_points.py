"""What recommenders earn: on each level, as it was then, and for sales only."""

from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common import ReferralCommon


class ReferralPointsCommon(ReferralCommon):
    """10 % for who brought the customer, half of it for each of two further levels.

    Alla brought Bohdan, Bohdan brought Vira; Vira recommends to customers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.action_close()
        cls.chain = cls._create_program(
            {
                "name": "Who brought the customer",
                "role": "recommender",
                "pick": "referrer",
                "value": 10,
                "level_count": 3,
            },
            name="Recommendations",
        )
        cls.campaign.program_id = cls.chain
        cls.alla, cls.bohdan, cls.vira = (
            cls._create_recommender(name)
            for name in ("Alla Tkach", "Bohdan Klym", "Vira Sich")
        )
        for referrer, member in ((cls.alla, cls.bohdan), (cls.bohdan, cls.vira)):
            link = cls._get_link(referrer)
            cls.referrals._bind(
                link, member.partner_id, "join", at=datetime(2024, 1, 1)
            )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _get_points(self, *members):
        return [self._balances(member)[0] for member in members]


@tagged("post_install", "-at_install")
class TestReferralPoints(ReferralPointsCommon):
    def test_three_levels_are_paid_and_a_return_is_taken_from_all(self):
        order = self._buy(self.petro, self._get_link(self.vira), quantity=10)
        # 10 % of 1,000.00, 5 %, 2.5 %
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 50, 25]
        )
        picking = self._deliver(order)
        self._process()
        self._return(picking, 4)
        self._process()
        # of 600.00
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [60, 30, 15]
        )
        self._return(picking, 6)
        self._process()
        self.assertEqual(self._get_points(self.vira, self.bohdan, self.alla), [0, 0, 0])

    def test_nobody_earns_because_somebody_joined(self):
        self._process()
        self.assertEqual(self._get_points(self.vira, self.bohdan, self.alla), [0, 0, 0])

    def test_a_recommender_who_was_brought_buys_himself(self):
        self._buy(self.vira.partner_id, quantity=10)
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [0, 100, 50]
        )

    def test_the_sale_is_the_limit(self):
        self.chain.referral_pool = 12
        self._buy(self.petro, self._get_link(self.vira), quantity=10)
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 20, 0]
        )

    def test_who_is_suspended_gets_nothing_and_the_others_do(self):
        self.bohdan.action_suspend()
        self._buy(self.petro, self._get_link(self.vira), quantity=10)
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 0, 25]
        )

    def test_who_left_keeps_what_was_earned_before(self):
        self._buy(self.petro, self._get_link(self.vira), quantity=10)
        self.vira.action_leave()
        self._buy(self.petro, quantity=10)
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 100, 50]
        )

    def test_who_was_brought_later_counts_for_later_sales(self):
        taras = self._create_recommender("Taras Bulba")
        link = self._get_link(self._create_recommender("Ira Lys"))
        before = self._buy(self.petro, self._get_link(taras), quantity=10)
        self.referrals._bind(link, taras.partner_id, "join", at=datetime(2099, 1, 1))
        self.env["b2b2c.event"]._record(before)
        self._process()
        self.assertEqual(self._get_points(taras, link.member_id), [100, 0])

    def test_refused_means_taken_back_and_accepted_means_given(self):
        self._buy(self.petro, self._get_link(self.vira), quantity=10)
        referral = self.referrals._find_standing(self.company, self.petro)
        referral.action_refuse()
        self._process()
        self.assertEqual(self._get_points(self.vira, self.bohdan, self.alla), [0, 0, 0])
        referral.action_accept()
        self._process()
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 50, 25]
        )

    def test_recommenders_wait_for_the_money(self):
        self.chain.rule_ids.trigger = "paid"
        order = self._buy(self.petro, self._get_link(self.vira), quantity=10)
        self.assertEqual(self._get_points(self.vira), [0])
        self._pay(self._invoice(order))
        self._process()
        self.assertEqual(
            self._get_points(self.vira, self.bohdan, self.alla), [100, 50, 25]
        )

    def test_a_quotation_says_who_would_earn(self):
        order = self._create_order(10, partner_id=self.petro.id, confirm=False)
        self.uses._note(order, self._get_link(self.vira), "order")
        source = self.env["b2b2c.source"]._for_model("sale.order")
        line = source._get_referrers(order)
        self.assertEqual(line, [self.vira, self.bohdan, self.alla])
        self.assertFalse(self._get_brought(self.petro))
        own = self._create_order(10, partner_id=self.vira.partner_id.id, confirm=False)
        self.uses._note(own, self._get_link(self.vira), "order")
        # the own code brings nobody: Vira is Bohdan's customer
        self.assertEqual(source._get_referrers(own), [self.bohdan, self.alla])

    def test_the_invoice_typed_without_an_order_counts_too(self):
        self._open(self._get_link(self.vira), self.petro)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.petro.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 10,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self._process()
        self.assertEqual(self._get_points(self.vira), [100])
