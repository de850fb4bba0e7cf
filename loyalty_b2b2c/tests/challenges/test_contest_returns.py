"""A contest from its first sale to its prizes, with goods that come back on the way."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .test_score_feed import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestContestReturns(ScoreCommon):
    """300, 200 and 100 points for the most of March."""

    def setUp(self):
        super().setUp()
        self.prizes = {(1, 1): 300, (2, 2): 200, (3, 3): 100}

    def _sell_all(self, *pieces):
        """Let Anna, Bohdan and Clara sell on 11 March; return the orders."""
        at = datetime(2026, 3, 11)
        return [
            self._sell(seller, count, at=at)
            for seller, count in zip(self.sellers, pieces, strict=True)
        ]

    def _end(self, contest):
        """Let a contest end; return what the three have won."""
        for now in ("2026-04-03", "2026-04-06"):
            with freeze_time(now):
                self._live()
        self.assertEqual(contest.round_ids.state, "final")
        self.assertBooksRight()
        return [self._balances(seller)[0] for seller in self.sellers]

    def test_goods_come_back_in_the_counting_days(self):
        """40, 30 and 20 pieces are delivered; 25 of Anna's come back on 1 April."""
        contest = self._start(self.prizes, moment="delivered")
        with freeze_time("2026-03-12"):
            pickings = [self._deliver(order) for order in self._sell_all(40, 30, 20)]
        self.assertEqual(self._scores(contest, *self.sellers), [40, 30, 20])
        with freeze_time("2026-04-01 09:00:00"):
            self._live()
            self.assertEqual(contest.round_ids.state, "counting")
            self._return(pickings[0], 25)
            self.assertEqual(self._scores(contest, *self.sellers), [15, 30, 20])
        self.assertEqual(self._end(contest), [100, 300, 200])

    def test_money_is_credited_while_it_is_provisional(self):
        """4,000, 3,000 and 2,000 are invoiced; 2,500 of Anna's credited on 4 April."""
        contest = self._start(self.prizes, moment="invoiced", metric="amount")
        invoices = [self._invoice(order) for order in self._sell_all(40, 30, 20)]
        self._process()
        with freeze_time("2026-04-03"):
            self._live()
        self.assertEqual(self._balances(self.anna), (0, 300, 0))
        with freeze_time("2026-04-04"):
            self._credit_note(invoices[0], 25)
            scores = self._scores(contest, *self.sellers)
        self.assertEqual(scores, [1500, 3000, 2000])
        self.assertEqual(self._end(contest), [100, 300, 200])

    def test_a_recount_after_goods_came_back(self):
        """On 20 April it is final: only a recount sees what came back."""
        contest = self._start(self.prizes, moment="delivered")
        with freeze_time("2026-03-12"):
            pickings = [self._deliver(order) for order in self._sell_all(40, 30, 20)]
        self._process()
        self.assertEqual(self._end(contest), [300, 200, 100])
        with freeze_time("2026-04-20"):
            self._return(pickings[0], 25)
            self._process()
            self._live()
            points = [self._balances(seller)[0] for seller in self.sellers]
            self.assertEqual(points, [300, 200, 100])
            contest.round_ids._recount(moves_up=True)
        points = [self._balances(seller)[0] for seller in self.sellers]
        self.assertEqual(points, [100, 300, 200])
        self.assertBooksRight()
