"""Scores and places are those of plain SQL over the documents, whatever happened."""

import random
from unittest.mock import patch

from odoo.tests import tagged

from .challenge_common import ChallengeCommon
from .score_histories import Histories

#: In the gate; a thousand are a bench (`./loyalty bench challenge_histories`).
CONTESTS, EVENTS = 16, 40


@tagged("post_install", "-at_install")
class TestScoreHistories(ChallengeCommon):
    def _run(self, seed):
        histories = Histories(self, random.Random(seed))
        histories.start(CONTESTS)
        histories.happen(EVENTS)
        return histories

    def test_scores_are_those_of_the_documents(self):
        histories = self._run(1)
        self.assertEqual(histories.get_differences(), [])
        self.assertGreater(histories.count_scores(), CONTESTS, "too little happened")
        for contest in histories.contests:
            self.assertEqual(contest.round_ids._verify_standings(), [])

    def test_control_late_sales_that_count_are_noticed(self):
        """Without the two clocks the oracle finds differences."""
        late = "odoo.addons.loyalty_b2b2c.models.challenges.score_facts.Window.is_late"
        with patch(late, lambda self, at: False):
            histories = self._run(1)
        self.assertTrue(histories.get_differences())
