"""A preview names the recommenders who would earn, and *why* says why one does not."""

from contextlib import closing
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .test_referral_points import ReferralPointsCommon


class ReferralPreviewCommon(ReferralPointsCommon):
    """Ten times 100.00: 100 points for Vira, 50 for Bohdan, 25 for Alla."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.vira, cls.bohdan, cls.alla
        cls.vira_link = cls._get_link(cls.vira)
        cls.user = cls._create_user(
            "seller",
            "sales_team.group_sale_salesman_all_leads",
            "loyalty_b2b2c.group_user",
        )

    def _quote(self, customer=None, link=None, **values):
        """Make a quotation, with a code if there is one."""
        customer = customer or self.petro
        order = self._create_order(10, partner_id=customer.id, confirm=False, **values)
        if link:
            self.assertTrue(self.uses._note(order, link, "order", customer))
        return order

    def _preview(self, order):
        """Return member -> (points, booked) of the preview, as a seller opens it."""
        action = order.with_user(self.user).action_b2b2c_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        return {
            line.member_id: (line.points, line.points_booked)
            for line in preview.award_ids
        }

    def _why(self, order, member):
        """Return (verdict, answer, why of the first award) about a person."""
        why = (
            self.env["b2b2c.why"]
            .with_user(self.user)
            .create(
                {
                    "member_id": member.id,
                    "document_ref": f"{order._name},{order.id}",
                }
            )
        )
        return why.verdict, why.answer, why.award_ids.mapped("why")


@tagged("post_install", "-at_install")
class TestReferralPreview(ReferralPreviewCommon):
    def test_a_quotation_with_a_code_names_three_levels(self):
        order = self._quote(link=self.vira_link)
        self.assertEqual(
            self._preview(order),
            {self.vira: (100, 0), self.bohdan: (50, 0), self.alla: (25, 0)},
        )
        # nobody was brought by looking at it
        self.assertFalse(self._get_brought(self.petro))
        order.action_confirm()
        self._process()
        self.assertEqual(
            self._preview(order),
            {self.vira: (100, 100), self.bohdan: (50, 50), self.alla: (25, 25)},
        )

    def test_a_link_opened_after_the_quotation_was_made(self):
        before = fields.Datetime.now() - timedelta(days=3)
        order = self._quote(date_order=before)
        self.assertEqual(self._preview(order), {})
        self._open(self.vira_link, self.petro)
        self.assertEqual(
            {
                member: points
                for member, (points, _booked) in self._preview(order).items()
            },
            {self.vira: 100, self.bohdan: 50, self.alla: 25},
        )
        order.action_confirm()
        self._process()
        self.assertEqual(self._get_points(*self.line), [100, 50, 25])

    def test_the_sale_is_the_limit_here_too(self):
        self.chain.referral_pool = 12
        order = self._quote(link=self.vira_link)
        found = self._preview(order)
        self.assertEqual([found[one][0] for one in self.line[:2]], [100, 20])
        self.assertNotIn(self.alla, found)
        action = order.with_user(self.user).action_b2b2c_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        [refusal] = preview.refusal_ids.filtered(lambda one: one.member_id == self.alla)
        self.assertIn("all that one sale gives its recommenders: 120", refusal.why)

    def test_what_is_foretold_is_what_is_credited(self):
        """Each way to come, tried on a quotation and then sold."""
        taras = self._get_link(self._create_recommender("Taras Bulba"))
        own = self.vira.partner_id
        home = {"phone": "+380 50 111 22 33"}
        own.write(home)
        alike = self._create_customer("Oleh Hnat", **home)
        chain = {self.vira: 100, self.bohdan: 50, self.alla: 25}
        brought = {self.bohdan: 100, self.alla: 50}
        for name, customer, link, opened, before, expected in (
            ("a code", self.petro, self.vira_link, None, None, chain),
            ("a link", self.petro, None, self.vira_link, None, chain),
            ("both", self.petro, self.vira_link, taras, None, chain),
            ("nobody", self.petro, None, None, None, {}),
            ("a link before, a code of another one", self.petro, taras,
             self.vira_link, None, {taras.member_id: 100}),
            ("somebody's customer", self.petro, None, taras, self.vira_link, chain),
            ("not new any more: whose customer it was", self.petro, taras, None,
             self.vira_link, chain),
            ("the own code: who brought the recommender", own, self.vira_link, None,
             None, brought),
            ("the same phone waits", alike, self.vira_link, None, None, {}),
            ("the same phone, by a link", alike, None, self.vira_link, None, {}),
        ):  # fmt: skip
            with self.subTest(name), closing(self.env.cr.savepoint()):
                if before:
                    self._buy(customer, before, quantity=1)
                if opened:
                    self._open(opened, customer)
                order = self._quote(customer, link)
                foretold = {
                    member: points
                    for member, (points, _booked) in self._preview(order).items()
                }
                self.assertEqual(foretold, expected)
                order.action_confirm()
                self._process()
                credited = {
                    member: booked
                    for member, (_points, booked) in self._preview(order).items()
                }
                self.assertEqual(credited, expected)


@tagged("post_install", "-at_install")
class TestWhyRecommender(ReferralPreviewCommon):
    def test_yes_and_on_which_level(self):
        order = self._buy(self.petro, self.vira_link, quantity=10)
        verdict, answer, words = self._why(order, self.alla)
        self.assertEqual(verdict, "Yes: 25 pts.")
        self.assertIn("level 3, 25% of the award", words[0])
        self.assertEqual(self._why(order, self.vira)[0], "Yes: 100 pts.")
        self.assertIn("Brought the customer.", self._why(order, self.vira)[2][0])

    def test_before_it_is_sold(self):
        order = self._quote(link=self.vira_link)
        verdict, _answer, _words = self._why(order, self.bohdan)
        self.assertIn("Not yet: 50 pts when", verdict)

    def test_who_waits_hears_for_what(self):
        self.vira.partner_id.phone = "+380 50 111 22 33"
        customer = self._create_customer("Oleh Hnat", phone="+380501112233")
        said = (
            "A person decides whether this recommendation counts.\n"
            "Both have the same phone number."
        )
        order = self._quote(customer, self.vira_link)
        self.assertEqual(self._why(order, self.vira)[:2], ("No, nothing.", said))
        order.action_confirm()
        self._process()
        referral = self.uses._find(order).referral_id
        referral.decide_by = datetime(2030, 5, 4, 12)
        self.assertEqual(
            self._why(order, self.vira)[:2],
            ("No, nothing.", said.replace("decides", "decides by May 4, 2030")),
        )
        referral.action_accept()
        self._process()
        self.assertEqual(self._why(order, self.vira)[0], "Yes: 100 pts.")

    def test_taken_back_since_it_was_refused(self):
        order = self._buy(self.petro, self.vira_link, quantity=10)
        self.uses._find(order).referral_id.action_refuse()
        self._process()
        verdict, answer, _words = self._why(order, self.vira)
        self.assertIn("taken back", verdict)
        self.assertIn("This recommendation does not count.", answer)

    def test_the_own_code(self):
        order = self._buy(self.vira.partner_id, self.vira_link, quantity=10)
        _verdict, answer, _words = self._why(order, self.vira)
        self.assertIn("It is the recommender himself.", answer)

    def test_the_first_purchase_only(self):
        self.campaign.counts_for = "first"
        self._buy(self.petro, self.vira_link, quantity=10)
        second = self._buy(self.petro, quantity=10)
        self.assertEqual(
            self._why(second, self.vira)[1],
            "Recommenders are credited for the first purchase only.",
        )

    def test_the_months_are_over(self):
        self.campaign.write({"counts_for": "months", "months": 3})
        self._buy(self.petro, self.vira_link, quantity=10)
        referral = self.referrals._find_standing(self.company, self.petro)
        referral.until = datetime(2030, 5, 4, 12)
        late = self._quote(date_order=datetime(2031, 1, 1))
        self.assertEqual(
            self._why(late, self.vira)[1],
            "Recommenders are credited for what is bought before May 4, 2030.",
        )

    def test_a_purchase_of_before(self):
        early = self._buy(self.petro, quantity=10)
        self.campaign.new_only = False
        at = datetime(2099, 7, 4, 12)
        self.referrals._bind(self.vira_link, self.petro, "join", at=at)
        self.assertEqual(
            self._why(early, self.vira)[1],
            "The customer was brought on Jul 4, 2099, after this purchase.",
        )

    def test_it_came_by_somebody_else(self):
        self.campaign.new_only = False
        taras = self._create_recommender("Taras Bulba")
        self._buy(self.petro, self.vira_link)
        order = self._buy(self.petro, self._get_link(taras), quantity=10)
        self.assertEqual(
            self._why(order, self.vira)[1],
            "The purchase came by a recommendation of Taras Bulba.",
        )
        self.assertEqual(self._why(order, taras)[0], "Yes: 100 pts.")

    def test_it_ended(self):
        first = self._buy(self.petro, self.vira_link, quantity=10)
        referral = self.uses._find(first).referral_id
        referral.sudo().write({"state": "ended", "ended_at": "2020-05-04 12:00:00"})
        self.env["b2b2c.event"]._record(first)
        self._process()
        self.assertIn(
            "This recommendation ended on May 4, 2020.", self._why(first, self.vira)[1]
        )

    def test_who_has_nothing_to_do_with_it(self):
        order = self._buy(self.petro, self.vira_link, quantity=10)
        taras = self._create_recommender("Taras Bulba")
        self.assertIn("nothing to do with it", self._why(order, taras)[1])
