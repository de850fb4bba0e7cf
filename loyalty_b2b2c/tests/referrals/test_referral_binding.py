"""Who brought whom: by a code, by a link that was opened, and once."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReferralCommon


@tagged("post_install", "-at_install")
class TestReferralBinding(ReferralCommon):
    def test_a_code_brings_a_customer(self):
        order = self._buy(self.petro, self.link)
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])
        use = self.uses._find(order)
        self.assertEqual((use.how, use.referral_id.partner_id), ("code", self.petro))
        self.assertEqual(use.document_name, order.name)

    def test_a_quotation_brings_nobody(self):
        order = self._create_order(partner_id=self.petro.id, confirm=False)
        self.uses._note(order, self.link, "order")
        self._process()
        self.assertFalse(self._get_brought(self.petro))

    def test_a_link_that_was_opened_brings_a_customer(self):
        self._open(self.link, self.petro, days_ago=29)
        order = self._buy(self.petro)
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])
        self.assertEqual(self.uses._find(order).how, "touch")

    def test_a_link_of_long_ago_brings_nobody(self):
        self._open(self.link, self.petro, days_ago=31)
        self._buy(self.petro)
        self.assertFalse(self._get_brought(self.petro))

    def test_the_last_link_counts(self):
        other = self._get_link(self._create_recommender("Taras Bulba"))
        self._open(other, self.petro, days_ago=9)
        self._open(self.link, self.petro, days_ago=8)
        self._buy(self.petro)
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])

    def test_a_code_goes_before_a_link(self):
        taras = self._create_recommender("Taras Bulba")
        self._open(self.link, self.petro)
        self._buy(self.petro, self._get_link(taras))
        self.assertEqual(self._get_brought(self.petro), [(taras, "active")])

    def test_a_link_goes_nowhere_before_the_first_recommender(self):
        self._buy(self.petro, self.link)
        self._open(self._get_link(self._create_recommender("Taras B")), self.petro)
        order = self._buy(self.petro)
        self.assertEqual(self.uses._find(order).how, "customer")
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])

    def test_a_code_counts_for_a_purchase_of_somebodys_customer(self):
        self.campaign.new_only = False
        taras = self._create_recommender("Taras Bulba")
        self._buy(self.petro, self.link)
        order = self._buy(self.petro, self._get_link(taras))
        single = self.uses._find(order).referral_id
        self.assertEqual((single.referrer_id, single.is_single), (taras, True))
        self.assertEqual(self.uses._find(self._buy(self.petro)).link_id, self.link)

    def test_a_code_nobody_may_use_leaves_the_customer_with_who_brought_him(self):
        taras = self._create_recommender("Taras Bulba")
        self._buy(self.petro, self.link)
        order = self._buy(self.petro, self._get_link(taras))  # not new
        self.assertEqual(self.uses._find(order).link_id, self.link)
        expected = [(self.iryna, "active"), (taras, "refused")]
        self.assertEqual(self._get_brought(self.petro), expected)

    def test_a_company_is_brought_by_its_contact(self):
        shop = self._create_customer("New Shop", is_company=True)
        contact = self._create_customer("Ihor", parent_id=shop.id)
        self._buy(contact, self.link)
        self.assertEqual(self._get_brought(shop), [(self.iryna, "active")])

    def test_an_old_customer_is_brought_by_nobody(self):
        self._buy(self.petro)
        order = self._buy(self.petro, self.link)
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "refused")])
        # the document keeps the code, and why it does not count
        self.assertEqual(self.uses._find(order).referral_id.state, "refused")

    def test_nobody_brings_himself(self):
        self._buy(self.iryna.partner_id, self.link)
        brought = self._get_brought(self.iryna.partner_id)
        self.assertEqual(brought, [(self.iryna, "refused")])

    def test_first_purchase_only(self):
        self.campaign.counts_for = "first"
        first = self._buy(self.petro, self.link)
        second = self._buy(self.petro)
        self.assertTrue(self.uses._find(first))
        self.assertFalse(self.uses._find(second))

    def test_a_cancelled_first_purchase_was_none(self):
        self.campaign.counts_for = "first"
        first = self._buy(self.petro, self.link)
        first._action_cancel()
        second = self._buy(self.petro)
        self.assertEqual(self.uses._find(second).referral_id.document_id, second.id)

    def test_some_months(self):
        self.campaign.write({"counts_for": "months", "months": 3})
        order = self._buy(self.petro, self.link)
        referral = self.referrals._find_standing(self.company, self.petro)
        self.assertEqual(referral.until, order.date_order + relativedelta(months=3))
        minute = timedelta(minutes=1)
        self.assertTrue(referral._covers(order, referral.until - minute))
        self.assertFalse(referral._covers(order, referral.until))
        self.assertFalse(referral._covers(order, referral.bound_at - minute))

    def test_who_joins_is_brought_too(self):
        taras = self._create_recommender("Taras Bulba")
        referral = self.referrals._bind(self.link, taras.partner_id, "join")
        self.assertEqual((referral.referrer_id, referral.state), (self.iryna, "active"))
        self.assertEqual(
            self.referrals._bind(self.link, taras.partner_id, "join"), referral
        )

    def test_nobody_brings_who_recommends_longer(self):
        taras = self._create_recommender("Taras Bulba")
        link = self._get_link(taras)
        referral = self.referrals._bind(link, self.iryna.partner_id, "join")
        self.assertEqual(referral.state, "refused")

    def test_an_officer_decides(self):
        officer = self._create_user("rita", "loyalty_b2b2c.group_officer")
        user = self._create_user("sam", "loyalty_b2b2c.group_user")
        self._buy(self.petro, self.link)
        referral = self.referrals._find_standing(self.company, self.petro)
        with self.assertRaises(AccessError):
            referral.with_user(user).action_refuse()
        with self.assertRaises(UserError):
            referral.with_user(officer).state = "refused"
        referral.with_user(officer).action_refuse()
        self.assertEqual(referral.state, "refused")
        referral.with_user(officer).action_accept()
        self.assertEqual(referral.state, "active")
