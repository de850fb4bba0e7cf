"""Limits of a day at a partner: of everybody together, and of one buyer."""

from odoo.tests import tagged

from ...exceptions import LoyaltyError
from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestPartnerLimits(NetworkCommon):
    """The participant has 1,000 points: 50.00 of money."""

    def _pay(self, amount, key, **values):
        return self._hold(amount, key, place=self.shop, **values)

    def test_a_day_has_a_limit(self):
        self._create_agreement(day_limit=30)
        first = self._pay(20, "till:1")
        with self.assertRaisesRegex(LoyaltyError, r"10\.00.* left"):
            self._pay(11, "till:2")
        self.assertEqual(self._get_points(), (600, 400, 0))
        self._pay(10, "till:2")
        first._release()
        self._pay(20, "till:3")

    def test_one_buyer_has_a_limit(self):
        self._create_agreement(buyer_limit=30)
        self._pay(30, "till:1")
        with self.assertRaisesRegex(LoyaltyError, "One buyer"):
            self._pay(1, "till:2")
        other = self._create_member(
            name="Petro", email="petro@example.com", phone="+380 50 222 33 44"
        )
        other._get_account(self.unit)._earn(1000, source_key="limits/other")
        self._pay(30, "till:3", member=other)

    def test_another_amount_takes_the_place_of_the_first(self):
        self._create_agreement(day_limit=30)
        spend = self._pay(30, "till:1")
        self._pay(10, "till:1")
        self._pay(20, "till:2")
        with self.assertRaises(LoyaltyError):
            self._pay(11, "till:1")
        self.assertEqual((spend.amount, spend.points_held), (10, 200))

    def test_what_was_sold_is_counted_and_not_refused(self):
        """A till that comes back with a sale done has paid it already."""
        self._create_agreement(day_limit=30)
        spend = self._pay(30, "till:1")
        spend._release()
        self.account._earn(1000, source_key="limits/more")
        self._pay(30, "till:2")
        spend._capture()
        self.assertEqual(spend.state, "spent")
        with self.assertRaisesRegex(LoyaltyError, r"[^.\d]0\.00.* left"):
            self._pay(1, "till:3")

    def test_an_amount_of_another_currency_counts_in_that_of_the_agreement(self):
        currency = self._create_currency_rate("EUR", 2)  # 2 € are 1 of the company's
        self._create_agreement(day_limit=30)
        self._pay(60, "till:1", currency=currency)
        with self.assertRaisesRegex(LoyaltyError, "At most"):
            self._pay(1, "till:2")

    def test_a_currency_without_rate_is_refused_in_a_sentence(self):
        currency = self._create_currency_rate("EUR")
        self._create_agreement(day_limit=30)
        with self.assertRaisesRegex(LoyaltyError, "exchange rate"):
            self._pay(1, "till:1", currency=currency)
