from decimal import Decimal

from odoo import models

from ...engine import to_decimal
from ..base.rows import update_in_state
from .scored import ZERO


class B2b2cChallengeRound(models.Model):
    """Prizes of places: they wait while the result is provisional, then are given."""

    _inherit = "b2b2c.challenge.round"

    # === KEYS === #

    def _get_place_key(self, prize_id, member):
        """Return what the prize of a place is booked by."""
        return f"round/{self.id}/place/{prize_id}/member/{member._get_survivor().id}"

    def _get_place_awards(self):
        """Return the prizes of places that were not taken back, by key."""
        awards = self.env["b2b2c.challenge.award"].sudo()
        found = awards.search(
            [
                ("round_id", "=", self.id),
                ("key", "=like", f"round/{self.id}/place/%"),
                ("state", "in", ("pending", "given")),
            ]
        )
        return {award.key: award for award in found}

    # === SETTLING === #

    def _settle_places(self, outcomes, wins, *, moves_up=True):
        """Bring the prizes in line with the places.

        What somebody won waits (:meth:`_give_places` gives it).

        :param outcomes: see :meth:`_count_outcomes`
        :param wins: see :meth:`_get_wins`
        :param bool moves_up: whether somebody may get more than before
        """
        wanted = self._get_wanted(outcomes, wins)
        booked = self._get_place_awards()
        if not moves_up:
            wanted = self._hold_down(wanted, booked)
        for key, award in sorted(booked.items()):
            if key not in wanted or wanted[key][2] != to_decimal(award.points):
                self._take_place_back(award)
        for key, (member, prize, points, rank) in sorted(wanted.items()):
            self._award_place(key, member, prize, points, rank)

    def _get_wanted(self, outcomes, wins):
        """Return what everybody should have.

        :return: dict key -> ``(member, prize, points, rank)``
        """
        members = self.env["b2b2c.member"].sudo()
        prizes = self.env["b2b2c.challenge.prize"].sudo()
        wanted = {}
        for outcome in outcomes:
            for win in wins[outcome.place.key]:
                if win["member"] is None:
                    continue
                member = members.browse(win["member"])
                prize = prizes.browse(win["prize"])
                key = self._get_place_key(prize.id, member)
                wanted[key] = (member, prize, win["points"], outcome.place.rank)
        return wanted

    def _hold_down(self, wanted, booked):
        """Return what everybody should have when nobody gets more than before.

        Who fell has what the new place is worth; who would rise keeps what he has.

        :param wanted, booked: dict key -> what should be, what is
        """
        before, after = {}, {}
        for award in booked.values():
            who = award.member_id, award.program_id
            before[who] = before.get(who, ZERO) + to_decimal(award.points)
        for member, prize, points, _rank in wanted.values():
            who = member._get_survivor(), prize.program_id
            after[who] = after.get(who, ZERO) + points
        rises = {who for who in after if after[who] > before.get(who, ZERO)}
        held = {
            key: one
            for key, one in wanted.items()
            if (one[0]._get_survivor(), one[1].program_id) not in rises
        }
        for key, award in booked.items():
            if (award.member_id, award.program_id) in rises:
                points = to_decimal(award.points)
                held[key] = (award.member_id, award.prize_id, points, 0)
        return held

    def _award_written(self):
        """Let those have their prizes who stand in the result and have them not."""
        members = self.env["b2b2c.member"].sudo()
        for result in self.sudo().result_ids.filtered("is_current"):
            for win in result.wins or ():
                if win["member"]:
                    member = members.browse(win["member"])
                    prize = result.prize_id.browse(win["prize"])
                    key = self._get_place_key(prize.id, member)
                    points = to_decimal(win["points"])
                    self._award_place(key, member, prize, points, result.rank)

    def _award_place(self, key, member, prize, points, rank):
        """Let somebody see the prize of a place; one that was won already stays."""
        challenge = self.challenge_id.sudo()
        words = challenge.with_context(lang=member.lang or self.env.lang)
        challenge._award(
            member,
            key,
            prize,
            words.env._(
                "%(challenge)s: place %(rank)s", challenge=words.name, rank=rank
            ),
            round_id=self,
            points=points,
            pending=True,
        )

    def _take_place_back(self, award):
        """Take a prize back whose place somebody has no more."""
        member = award.member_id
        words = self.challenge_id.sudo().with_context(lang=member.lang or self.env.lang)
        award._take_back(words.env._("%s: the result was counted anew", words.name))

    def _give_places(self):
        """Give the prizes that waited, but to who is suspended."""
        for award in self._get_place_awards().values():
            if award.member_id._get_survivor().state != "suspended":
                award._give()

    # === BUDGET === #

    def _release_reserve(self):
        """Give back to the budgets what the prizes of this round did not take."""
        scopes = self.env["b2b2c.cap.scope"]
        challenge = self.challenge_id.sudo()
        for program in challenge.prize_ids.program_id.sorted("id"):
            given = challenge._get_given(self, program)
            scopes._set_use(self._get_budget_key(), f"p{program.id}", Decimal(given))

    def _move(self, before, after, **columns):
        """Move this round to another state; of several that do so, one does.

        :return: whether it was in the state before
        """
        return update_in_state(self, [before], state=after, **columns)
