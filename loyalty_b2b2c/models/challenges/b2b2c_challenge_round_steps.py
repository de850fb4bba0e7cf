from odoo import fields, models

from ...engine import to_decimal
from ...engine.progress import get_first, get_personal_best, get_streak
from .b2b2c_challenge_round import PAST
from .score_sums import get_family, get_holders
from .scored import ZERO, join


class B2b2cChallengeRound(models.Model):
    """Thresholds of a task: reached, their prizes are given; lost, they come back.

    Prizes follow the scores until ``clawback_until``; then what was given stays.
    """

    _inherit = "b2b2c.challenge.round"

    def _settle_steps(self, members):
        """Give and take back the prizes of thresholds.

        :param members: ``b2b2c.member`` whose scores changed
        """
        self.ensure_one()
        if self.state in ("cancelled", PAST) or self._is_settled():
            return
        challenge = self.challenge_id.sudo()
        people = None if challenge.winners else members
        totals = self._get_totals(people)
        for prize in challenge.prize_ids.sorted("threshold"):
            reached = self._get_reached(prize, totals)
            self._take_step_back(prize, members, reached)
            self._give_step(prize, reached)

    def _is_settled(self):
        """Tell whether prizes stay with whom they are now."""
        return fields.Datetime.now() >= self.clawback_until

    def _get_totals(self, members=None):
        """Return the scores of people who take part.

        :param members: ``b2b2c.member``, only these
        :return: dict ``b2b2c.member`` -> :class:`~.scored.Scored`
        """
        found = {}
        everybody = self.env["b2b2c.member"].sudo()
        for one in self._get_scored(members):
            member = everybody.browse(one.member_id)
            found.setdefault(member, []).append(one)
        entries = self._get_entries(None if members is None else [*found])
        none = self.env["b2b2c.challenge.entry"].sudo()
        return {
            member: join(scored, member.id)
            for member, scored in found.items()
            if self._takes_part(member, entries.get(member, none))
        }

    def _get_entries(self, members=None):
        """Return the entries of people, by who has their scores now.

        :param members: list of ``b2b2c.member``, only these; everybody by default
        :return: dict ``b2b2c.member`` -> ``b2b2c.challenge.entry``
        """
        own = [("round_id", "=", self.id)]
        if members is not None:
            family = get_family(self.env, [member.id for member in members])
            own.append(("member_id", "in", family))
        # what was said last counts: who left at the first shop joined at the second
        found = self.env["b2b2c.challenge.entry"].sudo().search(own, order="joined_at")
        holders = get_holders(self.env, found.member_id.ids)
        everybody = self.env["b2b2c.member"].sudo()
        return {everybody.browse(holders[entry.member_id.id]): entry for entry in found}

    # === REACHED === #

    def _get_reached(self, prize, totals):
        """Return who reached a threshold, and when.

        :return: dict ``b2b2c.member`` -> :class:`~.scored.Scored`
        """
        reached = {
            member: one
            for member, one in totals.items()
            if one.score >= self._get_threshold(prize, member)
        }
        if prize.streak > 1 and reached:
            full = self._get_full_streaks(prize, reached)
            reached = {member: reached[member] for member in full}
        return reached

    def _get_threshold(self, prize, member):
        """Return how much somebody has to score for a prize in this round.

        Where everybody competes with the own past it is more than the average of the
        rounds before, and never less than the threshold itself.

        :param prize: ``b2b2c.challenge.prize`` of a task
        :param member: ``b2b2c.member``
        """
        challenge = self.challenge_id.sudo()
        least = to_decimal(prize.threshold)
        if not challenge.best_rounds:
            return least
        history = self._get_history(member, challenge.best_rounds)
        return get_personal_best(history, to_decimal(challenge.best_percent), least)

    def _get_history(self, member, count):
        """Return what somebody scored in the rounds before this one.

        Of the time before the challenge began, rounds that were over when the person
        enrolled are left out: nobody has a past there.

        :param int count: how many rounds, the last ones
        :return: list of Decimal, the earliest first; shorter when there were fewer
        """
        before = self.search(
            [
                ("challenge_id", "=", self.challenge_id.id),
                ("date_from", "<", self.date_from),
                ("state", "!=", "cancelled"),
            ],
            order="date_from DESC",
            limit=count,
        )
        if PAST in before.mapped("state"):
            family = member.sudo().browse(get_family(self.env, member.ids))
            since = min(family.mapped("enrolled_at"))
            before = before.filtered(
                lambda one: one.state != PAST or one.date_to > since
            )
        return [
            sum((found.score for found in one._get_scored(member)), ZERO)
            for one in before.sorted("date_from")
        ]

    def _get_full_streaks(self, prize, reached):
        """Return who reached a threshold so many rounds in a row, this one the last.

        :param reached: dict of who reached it in this round
        :return: list of ``b2b2c.member``
        """
        rounds = self.search(
            [
                ("challenge_id", "=", self.challenge_id.id),
                ("date_from", "<=", self.date_from),
                ("state", "!=", PAST),
            ],
            order="date_from",
        )
        people = self.env["b2b2c.member"].union(*reached)
        scores = [(one, one._get_totals(people)) for one in rounds]
        full = []
        for member in reached:
            periods = [
                member in totals
                and totals[member].score >= one._get_threshold(prize, member)
                for one, totals in scores
            ]
            if len(periods) - 1 in get_streak(periods, prize.streak).rewards:
                full.append(member)
        return full

    # === GIVING AND TAKING BACK === #

    def _get_step_key(self, prize, member):
        """Return what the prize of a threshold is booked by."""
        return f"round/{self.id}/step/{prize.id}/member/{member._get_survivor().id}"

    def _find_step_award(self, prize, family):
        """Return the prize of a threshold that somebody has.

        :param family: ids of the memberships of one person: of earlier shops, merged
        :return: ``b2b2c.challenge.award``, empty for who has it not
        """
        awards = self.env["b2b2c.challenge.award"].sudo()
        return awards.search(
            [
                ("round_id", "=", self.id),
                ("prize_id", "=", prize.id),
                ("member_id", "in", family),
                ("state", "in", ("pending", "given")),
            ],
            limit=1,
        )

    def _give_step(self, prize, reached):
        """Give the prize of a threshold to who reached it and has it not yet."""
        for member in self._get_order(reached):
            if self._find_step_award(prize, get_family(self.env, member.ids)):
                continue
            if not self._take_step_place(prize, member.id):
                break
            if not self._award_step(prize, member):
                self._free_step_place(prize, member.id)

    def _award_step(self, prize, member):
        """Give somebody the prize of a threshold; who is suspended sees it wait."""
        challenge = self.challenge_id.sudo()
        words = challenge.with_context(lang=member.lang or self.env.lang)
        return challenge._award(
            member,
            self._get_step_key(prize, member),
            prize,
            words.env._(
                "%(challenge)s: %(threshold)s reached",
                challenge=words.name,
                threshold=words._format_score(prize.threshold),
            ),
            round_id=self,
            pending=member.state == "suspended",
        )

    def _get_order(self, reached):
        """Return who reached a threshold, who did so first before the others.

        :param reached: dict ``b2b2c.member`` -> :class:`~.scored.Scored`
        """
        by_id = {member.id: member for member in reached}
        order = get_first(
            {member.id: one.reached_at for member, one in reached.items()},
            {member.id: one.entry_id for member, one in reached.items()},
            0,
        )
        return [by_id[member_id] for member_id in order]

    def _take_step_back(self, prize, members, reached):
        """Take the prize of a threshold back from who does not reach it any more."""
        for holder_id in sorted({*get_holders(self.env, members.ids).values()}):
            member = members.sudo().browse(holder_id)
            if member in reached:
                continue
            award = self._find_step_award(prize, get_family(self.env, member.ids))
            words = self.challenge_id.sudo()
            words = words.with_context(lang=member.lang or self.env.lang)
            if award and award._take_back(
                words.env._(
                    "%s: sales were undone, the threshold is not reached any more",
                    words.name,
                )
            ):
                self._free_step_place(prize, award.member_id.id)

    # === ONLY THE FIRST === #

    def _take_step_place(self, prize, member_id):
        """Take one of the places of a prize that only the first get.

        The limit is part of the statement: of people who reach it at once as many get
        it as there are places.

        :return: whether there was one
        """
        return self._set_step_place(prize, member_id, ZERO + 1)

    def _free_step_place(self, prize, member_id):
        """Make place again."""
        self._set_step_place(prize, member_id, ZERO)

    def _set_step_place(self, prize, member_id, count):
        winners = self.challenge_id.sudo().winners
        if not winners:
            return True
        return self.env["b2b2c.cap.scope"]._set_use(
            f"{self._get_budget_key()}/{member_id}",
            f"step|{self.id}|{prize.id}",
            count,
            to_decimal(winners),
        )
