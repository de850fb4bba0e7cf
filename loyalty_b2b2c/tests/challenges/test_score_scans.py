"""Scans in challenges: at once, late, under review, and what they cost."""

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from ..codes.test_scan import ScanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestScoreScans(ScanCommon):
    """Nina sells, Ihor owns the shop; both are for the challenge."""

    @classmethod
    def _start(cls, **values):
        """Start a contest of March 2026 that counts codes."""
        challenge = cls.env["b2b2c.challenge"].create(
            {
                "name": "Most scans",
                "kind": "contest",
                "metric": "scans",
                "program_id": cls.program.id,
                "first_day": "2026-03-01",
                "last_day": "2026-03-31",
                "prize_ids": [Command.create({"place_from": 1, "points": 1})],
                **values,
            }
        )
        challenge.action_start()
        return challenge.round_ids

    def _score(self, round_, member=None):
        member = member or self.seller
        return round_._get_scores(member)[member.id]

    def test_who_scans_scores_also_where_the_points_are_the_owners(self):
        round_, points = self._start(), self._start(metric="points")
        for code in self._codes()[:2]:
            self._scan(code)
        self._scan(self._codes()[2], member=self.owner)
        self.assertEqual(self._score(round_), 2)
        self.assertEqual(self._score(round_, self.owner), 1)
        self.assertEqual(self._score(points), 6, "3 points for each of the own two")

    def test_what_somebody_looks_at_counts_when_it_is_accepted(self):
        self.company.b2b2c_scan_audit = 100  # each scan is looked at
        self.env.registry.clear_cache()
        round_ = self._start()
        self._scan(self._codes()[0])
        claim = self._last()
        self.assertEqual(claim.state, "review")
        self.assertEqual(self._score(round_), 0)
        self.assertEqual(round_._get_held_scores(self.seller)[self.seller.id], 1)
        self.assertTrue(round_._has_unconfirmed())
        with freeze_time("2026-04-04 09:00:00"):
            # scanned in time, and decided after the grace
            claim._accept(self.env.user)
            self._process()
            self.assertEqual(self._score(round_), 1)
        self.assertFalse(round_._has_unconfirmed())
        self.assertEqual(round_._get_held_scores(self.seller)[self.seller.id], 0)

    def test_what_a_phone_sends_after_the_grace_does_not_count(self):
        """Scanned on the last evening; sent within 48 hours, or later."""
        round_ = self._start()
        with freeze_time("2026-04-02 20:00:00"):
            self._scan(self._codes()[0], occurred_at=self._at("2026-03-31 20:00:00"))
        with freeze_time("2026-04-03 01:00:00"):
            self._scan(self._codes()[1], occurred_at=self._at("2026-03-31 20:00:00"))
            self.assertEqual(self._score(round_), 1)
            [late] = round_._get_uncounted(self.seller)
        self.assertEqual(late["document"], self._codes()[1].claim_id.display_name)
        self.assertEqual(
            late["reasons"], ["It reached us when the hours of grace were over."]
        )

    def test_why_a_scan_of_other_goods_does_not_count(self):
        other = self.env["product.category"].create({"name": "Batteries"})
        round_ = self._start(category_ids=[Command.set(other.ids)])
        self._scan(self._codes()[0])
        self.assertEqual(self._score(round_), 0)
        [missed] = round_._get_uncounted(self.seller)
        self.assertEqual(missed["reasons"], ["The product does not count here."])

    def test_a_scan_pays_for_one_statement(self):
        """However many challenges count it."""
        codes = self._codes()
        self._count_statements(codes[0])
        without = self._count_statements(codes[1])
        rounds = [self._start(), self._start(metric="units"), self._start()]
        self._count_statements(codes[2])  # what a process reads once
        self.assertEqual(self._count_statements(codes[3]) - without, 1)
        self._process()  # what was scanned before they started
        self.assertEqual([self._score(one) for one in rounds], [4, 4, 4])

    def _count_statements(self, code):
        """Scan a code as a page does; return how many statements it took."""
        self.env.invalidate_all()
        env = self.env(context={**self.env.context, "lang": "en_US"})
        scan = {"text": code.code, "key": f"key-of-{code.code}"}
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        [answer] = env["b2b2c.scan"]._take_all(self.seller.with_env(env), [scan])
        self.assertEqual(answer["status"], "credited")
        return self.cr.sql_log_count - before

    @staticmethod
    def _at(text):
        return fields.Datetime.to_datetime(text)
