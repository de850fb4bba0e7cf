"""The server's clock decides: what a phone says only places a scan (A10)."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...models.codes.scan_lookup import ScanLookup
from .test_scan import ScanCommon


class ClockCommon(ScanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls._create_batch(count=60)
        cls.company.b2b2c_scan_adjacent = 0

    def setUp(self):
        super().setUp()
        # what is said to be an hour ago is an hour ago when it arrives
        clock = freeze_time(fields.Datetime.now())
        clock.start()
        self.addCleanup(clock.stop)

    def _ago(self, **gap):
        return fields.Datetime.now() - timedelta(**gap)

    def _dated(self, count):
        """Return scans of codes far from each other, each dated another day back."""
        return [
            {"text": code, "occurred_at": self._ago(days=number + 1)}
            for number, code in enumerate(self._codes()[:count])
        ]


@tagged("post_install", "-at_install")
class TestScanLimits(ClockCommon):
    @classmethod
    def _create_scan_program(cls):
        """Start a program: 3 points to who scans, 20 in a day at most."""
        return cls._create_program(
            {
                "kind": "per_unit",
                "value": 3,
                "role": "salesperson",
                "pick": "contact",
                "trigger": "paid",
                "cap_day": 20,
                "document_kind_ids": [(6, 0, cls._get_document_kinds("scan").ids)],
            }
        )

    def test_a_day_is_a_day_whatever_the_phone_says(self):
        """12 scans at 3 points are 36; a day has 20: six scans and two thirds."""
        for name, scans in (
            ("now", self._codes()[:12]),
            ("dated", self._dated(12)),
        ):
            with self.subTest(name), self.cr.savepoint() as savepoint:
                self._scan_all(*scans)
                self.assertEqual(self._available(self.seller), [20])
                self.assertBooksRight()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_control_by_the_phones_clock_each_day_counts_anew(self):
        self.company.b2b2c_scan_back_hours = 720
        claims = self.env.registry["b2b2c.claim"]
        with patch.object(claims, "_counts_on_arrival", lambda self: False):
            self._scan_all(*self._dated(12))
            self.assertEqual(self._available(self.seller), [36])

    def test_a_scan_judged_again_stays_on_its_day(self):
        self._scan_all(*self._dated(12))
        claims = self.env["b2b2c.claim"].search([])
        self.env["b2b2c.event"]._record(claims)
        self.assertEqual(self._available(self.seller), [20])


@tagged("post_install", "-at_install")
class TestScanClock(ClockCommon):
    # === WITHIN BOUNDS === #

    def test_the_phones_time_counts_so_many_hours_back(self):
        for hours, counted in ((1, 1), (71, 71), (73, 72), (24 * 20, 72), (-5, 0)):
            with self.subTest(hours=hours):
                code = self._codes().filtered(lambda one: one.state != "claimed")[0]
                self._scan(code, occurred_at=self._ago(hours=hours))
                claim = self._last()
                self.assertEqual(
                    claim.arrived_at - claim.occurred_at, timedelta(hours=counted)
                )
        self.company.b2b2c_scan_back_hours = 0
        self._scan(self._codes()[50], occurred_at=self._ago(hours=1))
        self.assertEqual(self._last().occurred_at, self._last().arrived_at)

    def test_what_is_sent_late_is_still_seen(self):
        """Five days offline: counted as of three days ago, and told."""
        self._scan(self._codes()[0], occurred_at=self._ago(days=5))
        self.assertIn("120", self._last().findings_text)

    # === NEIGHBOURS === #

    def _box(self, count, gap=3):
        """Return scans of a whole box, as a phone may pretend they were made."""
        return [
            {"text": code, "occurred_at": self._ago(minutes=gap * (count - number))}
            for number, code in enumerate(self._codes()[:count])
        ]

    def test_neighbours_in_one_request_are_neighbours(self):
        """In whatever order and with whatever gaps: all of them go to review."""
        self.company.b2b2c_scan_adjacent = 12
        box = self._box(30)
        for name, scans in (
            ("with gaps", box),
            ("backwards", box[::-1]),
            ("every other first", box[::2] + box[1::2]),
        ):
            with self.subTest(name), self.cr.savepoint() as savepoint:
                self.assertEqual(self._scan_all(*scans), ["review"] * 30)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_few_neighbours_are_a_usual_day(self):
        self.company.b2b2c_scan_adjacent = 12
        self.assertEqual(self._scan_all(*self._box(11)), ["credited"] * 11)

    def test_neighbours_of_several_requests(self):
        """Eleven a request, dated far apart: they arrived together."""
        self.company.b2b2c_scan_adjacent = 12
        box = self._box(22, gap=60)
        self.assertEqual(self._scan_all(*box[:11]), ["credited"] * 11)
        self.assertEqual(self._scan_all(*box[11:]), ["review"] * 11)

    def test_codes_that_are_taken_are_no_company(self):
        """What somebody else claimed long ago does not make a code suspicious."""
        self.company.b2b2c_scan_adjacent = 3
        first, second, third = self._codes()[:3]
        self._scan_all(first, second, member=self.colleague)
        self.assertEqual(
            self._scan_all(first, second, third), ["refused", "refused", "credited"]
        )

    def test_control_without_the_request_some_pass(self):
        self.company.b2b2c_scan_adjacent = 12
        with patch.object(ScanLookup, "count_with", lambda self, row: 0):
            statuses = self._scan_all(*self._box(30))
        self.assertEqual(statuses, ["credited"] * 11 + ["review"] * 19)
