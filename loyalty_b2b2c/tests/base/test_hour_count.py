"""Counters within the hour: up to a limit, from the first one on, then again."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestHourCount(TransactionCase):
    def setUp(self):
        super().setUp()
        self.counts = self.env["b2b2c.hour.count"]
        self.company = self.env.company

    def _count(self, times, limit=2, scope="try/u1"):
        """Count several times; return how often it was allowed."""
        return sum(
            self.counts._count(self.company, scope, limit) for _time in range(times)
        )

    def _get(self, scope="try/u1"):
        return self.counts._get(self.company, scope)[scope]

    def test_up_to_the_limit(self):
        self.assertEqual(self._count(5), 2)
        self.assertEqual(self._get(), 2)

    def test_without_a_limit(self):
        self.assertEqual(self._count(5, limit=0), 5)

    def test_scopes_and_companies_count_apart(self):
        self._count(5)
        self.assertEqual(self._count(1, scope="try/u2"), 1)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertTrue(self.counts._count(other, "try/u1", 2))
        self.assertEqual(self._get(), 2)

    def test_what_is_taken_back_is_free_again(self):
        self._count(5)
        self.counts._uncount(self.company, "try/u1")
        self.assertEqual(self._get(), 1)
        self.assertEqual(self._count(5), 1)

    def test_nothing_is_taken_back_below_zero(self):
        self._count(1)
        for _time in range(3):
            self.counts._uncount(self.company, "try/u1")
        self.assertEqual(self._get(), 0)
        self.assertEqual(self._count(5), 2)

    def test_an_hour_later(self):
        self._count(5)
        later = fields.Datetime.now() + timedelta(minutes=61)
        with freeze_time(later):
            self.assertEqual(self._get(), 0)
            self.assertEqual(self._count(5), 2)

    def test_several_scopes_apart(self):
        limits = {"try/u1": 2, "try/a1": 3}
        allowed = [self.counts._count_apart(self.company, limits) for _time in range(3)]
        self.assertEqual(allowed, [True, True, False])
        # counted although it was not allowed
        self.assertEqual(self._get(), 3)

    def test_old_counters_are_forgotten(self):
        self._count(1)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.counts._gc()
        self.assertFalse(self.counts.search([("scope", "=", "try/u1")]))
