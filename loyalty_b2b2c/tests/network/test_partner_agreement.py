from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...exceptions import LoyaltyError
from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestPartnerAgreement(NetworkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls._create_agreement()

    def _get_on(self, day, place=None):
        return self.agreement._get_in_force(self.company, place or self.shop, day)

    def test_what_was_in_force_on_the_day_counts(self):
        self.agreement.ends_on = "2026-09-30"
        self.assertEqual(self._get_on("2026-09-30"), self.agreement)
        self.assertFalse(self._get_on("2026-10-01"))
        self.assertFalse(self._get_on("2019-12-31"))
        self.assertFalse(self._get_on("2026-09-30", self.client))

    def test_the_rate_of_the_day_counts(self):
        for day, percent in (("2026-06-30", 50), ("2026-07-01", 60)):
            day = self.env["b2b2c.partner.rate"]._fields["valid_from"].to_date(day)
            rate = self.agreement._get_rate(self.unit, day)
            self.assertEqual(rate.earned_percent, percent)

    def test_only_named_shops_take_part(self):
        other = self.shop.copy({"name": "South"})
        self.agreement.shop_ids = self.shop
        self.assertEqual(self._get_on("2026-09-30"), self.agreement)
        self.assertFalse(self._get_on("2026-09-30", other))

    def test_two_agreements_for_one_day_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "another agreement"):
            self._create_agreement()

    def test_without_rates_nothing_is_in_force(self):
        self.agreement.action_end()
        with self.assertRaisesRegex(UserError, "at which rates"):
            self._create_agreement(rate_ids=[])

    def test_points_are_spent_where_it_is_agreed(self):
        spend = self._hold(10, place=self.shop)
        self.assertEqual(spend.display_name, "Receipt till:1 (Jeweller, North)")
        self.assertEqual(spend.agreement_id, self.agreement)
        self.agreement.action_pause()
        with self.assertRaisesRegex(LoyaltyError, "cannot be spent in this shop"):
            self._hold(10, "till:2", place=self.shop)
        spend._capture()  # what was begun is finished
        self.assertEqual(spend.state, "spent")

    def test_a_sale_at_a_partner_is_noted_once(self):
        visits = self.env["b2b2c.partner.visit"]
        document = self.product  # any record will do
        for _repeat in range(2):
            agreement = visits._note(
                document, self.company, self.shop, "2026-09-30", "R-1"
            )
            self.assertEqual(agreement, self.agreement)
        visit = visits.search([("agreement_id", "=", self.agreement.id)])
        self.assertEqual((len(visit), visit.ticket), (1, "R-1"))
        self.agreement.can_earn = False
        self.assertFalse(
            visits._note(self.client, self.company, self.shop, "2026-09-30", "R-2")
        )
