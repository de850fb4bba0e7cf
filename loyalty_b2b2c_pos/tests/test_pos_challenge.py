"""Tickets in challenges: who sold scores, and reads what did not count."""

from odoo import Command, fields
from odoo.tests import tagged

from .seller_common import SellerCommon


@tagged("post_install", "-at_install")
class TestPosChallenge(SellerCommon):
    """Nina and Ivan sell; what is of the category *Paper* counts."""

    def setUp(self):
        super().setUp()
        self.paper = self.env["product.category"].create({"name": "Paper"})
        challenge = self.env["b2b2c.challenge"].create(
            {
                "name": "Most paper",
                "kind": "contest",
                "program_id": self.program.id,
                "moment": "paid",
                "category_ids": [Command.set(self.paper.ids)],
                "first_day": fields.Date.today().replace(day=1),
                "last_day": "2099-12-31",
                "prize_ids": [Command.create({"place_from": 1, "points": 1})],
            }
        )
        challenge.action_start()
        self.round = challenge.round_ids

    def _get_missed(self, member):
        found = self.round._get_uncounted(member)
        return [(one["document"], one["reasons"]) for one in found]

    def test_a_ticket_counts_for_who_sold_it(self):
        self.product.categ_id = self.paper
        self._sell_by(self.nina_user, 10)
        self._process()
        scores = self.round._get_scores(self.nina | self.ivan)
        self.assertEqual(scores, {self.nina.id: 10, self.ivan.id: 0})
        self.assertEqual(self._get_missed(self.nina), [])

    def test_why_a_ticket_does_not_count(self):
        ticket = self._sell_by(self.nina_user, 10)
        self._process()
        self.assertEqual(self.round._get_scores(self.nina)[self.nina.id], 0)
        self.assertEqual(
            self._get_missed(self.nina),
            [(ticket.display_name, ["The product does not count here."])],
        )
        self.assertEqual(self._get_missed(self.ivan), [])
