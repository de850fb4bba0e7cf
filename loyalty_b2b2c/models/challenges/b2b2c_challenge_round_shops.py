from odoo import models

from ...engine import to_decimal
from ...engine.contest import Contestant, Team, score_team


class B2b2cChallengeRound(models.Model):
    """Shops that compete: with what their people scored there."""

    _inherit = "b2b2c.challenge.round"

    def _get_shops(self):
        """Return the shops that compete, as ``engine.contest.Contestant``.

        What somebody sold before moving counts for the shop it was sold at, also when
        the person has left.
        """
        self.ensure_one()
        entries = {entry.member_id.id: entry for entry in self.sudo().entry_ids}
        none = self.env["b2b2c.challenge.entry"]
        members = self.env["b2b2c.member"]
        people = {}
        for one in self._get_scored():
            entry = entries.get(one.member_id, none)
            if not self._takes_part(members.browse(one.member_id), entry):
                continue
            person = Contestant(one.member_id, one.score, one.reached_at, one.entry_id)
            people.setdefault(one.employer_id, []).append(person)
        return self._score_shops(people)

    def _score_shops(self, people):
        """Return those shops that compete, as ``engine.contest.Contestant``.

        :param people: dict shop id -> list of who scored for it, as contestants
        """
        challenge = self.challenge_id.sudo()
        heads = challenge._count_heads()
        targets = {
            one.employer_id.id: to_decimal(one.target)
            for one in challenge.shop_target_ids
        }
        shops = []
        for shop in self.env["res.partner"].sudo().browse(sorted(people)):
            team = Team(
                key=shop.id,
                people=tuple(people[shop.id]),
                heads=heads.get(shop.id, 0),
                target=targets.get(shop.id, to_decimal(0)),
                division=self._get_division("", shop),
            )
            scored = score_team(team, challenge.shop_metric, challenge.shop_min_size)
            if scored:
                shops.append(scored)
        return shops
