from odoo import models
from odoo.fields import Domain

from .b2b2c_challenge_round import PAST
from .b2b2c_challenge_terms import NEAR


class B2b2cChallengeRound(models.Model):
    """What people hear while a round goes on, and at its end.

    Who won hears it with the prize (``b2b2c.challenge.award``).
    """

    _inherit = "b2b2c.challenge.round"

    # === NEARLY THERE === #

    def _after_scores(self, members):
        result = super()._after_scores(members)
        for one in self:
            if one.kind == "target" and one.state == "running":
                one._tell_near(members)
        return result

    def _tell_near(self, members):
        """Tell who has nearly reached the next threshold, once for each."""
        totals = self._get_totals(members)
        for prize in self.challenge_id.sudo().prize_ids:
            missing = {}
            for member, one in totals.items():
                needed = self._get_threshold(prize, member)
                if needed * NEAR <= one.score < needed:
                    missing[member] = needed - one.score
            self._tell_missing(prize, missing)

    def _tell_missing(self, prize, missing):
        """Tell people how much is missing to a prize.

        :param missing: dict ``b2b2c.member`` -> Decimal
        """
        self.challenge_id.sudo()._tell_people(
            "challenge_near",
            missing,
            lambda member: f"round/{self.id}/near/{prize.id}/{member.id}",
            lambda member, words: {
                "missing": words._format_score(missing[member]),
                "prize": prize.with_context(lang=words.env.lang)._get_text(),
            },
        )

    # === ANOTHER PLACE === #

    def _fold(self):
        result = super()._fold()
        for one in self:
            if one.kind == "contest" and one.state == "running":
                one._tell_places()
        return result

    def _tell_places(self):
        """Tell whose place changed where places win prizes, once a day at most."""
        challenge = self.challenge_id.sudo()
        last = max(challenge.prize_ids.mapped("place_to"), default=0)
        near = Domain("rank", "<=", last) | Domain("rank_before", "<=", last)
        moved = self.env["b2b2c.challenge.standing"].sudo()
        moved = moved.search(
            Domain("round_id", "=", self.id)
            & Domain("member_id", "!=", False)
            & Domain("rank_before", ">", 0)
            & near
        ).filtered(lambda one: one.rank != one.rank_before)
        standings = {one.member_id: one for one in moved}
        today = challenge._get_today()
        challenge._tell_people(
            "challenge_place",
            standings,
            lambda member: f"round/{self.id}/place/{today}/{member.id}",
            lambda member, words: {
                "rank": standings[member].rank,
                "before": standings[member].rank_before,
            },
        )

    # === OVER === #

    def _after_final(self):
        result = super()._after_final()
        if self.kind == "contest":
            self._tell_over(self._get_contest_ends())
        elif self.kind == "target" and self.challenge_id.recurrence != "day":
            self._tell_over(self._get_task_ends())
        return result

    def _get_contest_ends(self):
        """Return who has a place without a prize.

        :return: dict ``b2b2c.member`` -> function of the challenge in the reader's
            language, returning the end in words
        """
        current = self.result_ids.sudo().filtered("is_current")
        return {
            one.member_id: lambda words, one=one: words.env._(
                "Place %(rank)s with %(score)s",
                rank=one.rank,
                score=words._format_score(one.score),
            )
            for one in current
            if one.member_id and not one.prize_id
        }

    def _get_task_ends(self):
        """Return who scored, or took it on, and reached nothing; see above."""
        won = self.award_ids.sudo().filtered(lambda one: one.state != "taken")
        winners = {one.member_id._get_survivor() for one in won}
        return {
            member: lambda words, one=one: words.env._(
                "You came to %s", words._format_score(one.score)
            )
            for member, one in self._get_totals().items()
            if member not in winners and one.score > 0
        }

    def _tell_over(self, ends):
        """Tell people that a round is over, once.

        :param ends: dict ``b2b2c.member`` -> function, see :meth:`_get_contest_ends`
        """
        self.challenge_id.sudo()._tell_people(
            "challenge_over",
            ends,
            lambda member: f"round/{self.id}/over/{member.id}",
            lambda member, words: {"answer": ends[member](words)},
        )

    # === TOO LATE === #

    def _tell_late(self, member, key, document_name):
        """Tell somebody that a document reached us too late to count here.

        :param member: one ``b2b2c.member``
        :param str key: of the document, for instance ``"sale.order,7"``
        :param str document_name: what it is called
        """
        self.ensure_one()
        holder = member.sudo()._get_survivor()
        takes_part = self._takes_part(holder, self._get_entry(holder))
        if self.state == PAST or not takes_part:
            return
        self.challenge_id.sudo()._tell_people(
            "challenge_late",
            holder,
            lambda one: f"round/{self.id}/late/{key}/{one.id}",
            lambda one, words: {"document": document_name},
        )
