"""Sales that come, go and come again, with tickets that are used or not: any order."""

import random

from odoo.tests import tagged

from ...engine import Milestone
from .test_grants import GrantCommon


@tagged("post_install", "-at_install")
class TestGrantStories(GrantCommon):
    """What a participant has, and had, is what the sales that are left deserve."""

    def _play(self, seed, steps=25):
        dice = random.Random(seed)
        milestone = Milestone(dice.choice(["only", "every"]), dice.randint(1, 3))
        self._grant_for(milestone.kind, milestone.number)
        self._create_codes("A-1")
        orders, codes = self.env["sale.order"], 1
        for _step in range(steps):
            act = dice.choice(["sell", "sell", "cancel", "again", "code", "use"])
            done = orders.filtered(lambda order: order.state == "sale")
            cancelled = orders.filtered(lambda order: order.state == "cancel")
            if act == "sell":
                orders |= self._sell()
            elif act == "cancel" and done:
                self._cancel(dice.choice(done))
            elif act == "again" and cancelled:
                order = dice.choice(cancelled)
                order.action_draft()
                order.action_confirm()
                self._process_all()
            elif act == "code":
                codes += 1
                self._create_codes(f"A-{codes}")
                self._process_all()
            elif act == "use":
                self._use(dice)
            self._check(milestone, orders)
        self.assertBooksRight()

    def _use(self, dice):
        """Use one of the tickets that somebody has."""
        tickets = self.env["b2b2c.fake.voucher"].search(
            [("redemption_id.state", "=", "fulfilled"), ("code", "=like", "A-%")]
        )
        if tickets:
            ticket = dice.choice(tickets)
            ticket.code = f"used-{ticket.code}"

    def _check(self, milestone, orders):
        """Points and tickets less debt are what the sales deserve."""
        sales = len(orders.filtered(lambda order: order.state == "sale"))
        _available, posted, debt = self._figures()
        tickets = self.env["b2b2c.redemption"].search_count(
            [("reward_id", "=", self.ticket.id), ("state", "=", "fulfilled")]
        )
        self.assertEqual(posted - debt + tickets, milestone.due(sales))
        given = self._grants("given", "kept").redemption_ids
        self.assertEqual(set(given.mapped("state")) - {"fulfilled"}, set())
        self.assertEqual(len(given), tickets)
        # nobody keeps an unused ticket of a sale that was undone
        self.assertFalse(self._grants("given").entry_id.reversal_ids)

    def test_first_story(self):
        self._play(1)

    def test_second_story(self):
        self._play(2)

    def test_third_story(self):
        self._play(3)

    def test_fourth_story(self):
        self._play(4)

    def test_fifth_story(self):
        self._play(5)
