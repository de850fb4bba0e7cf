from decimal import Decimal

from odoo import models

from ...engine import to_decimal
from ...engine.prize_fund import contest_cost, steps_cost


class B2b2cChallenge(models.Model):
    """How prizes are given and taken back, and what they can cost: the one path that
    all kinds of challenges use."""

    _inherit = "b2b2c.challenge"

    # === GIVING === #

    def _award(self, member, key, prize, reason, **details):
        """Give somebody a prize, once per key.

        It is booked through the account's door.  The program's budget pays it: what the
        round reserved, or else what is left; when nothing is, nobody gets it and the
        manager has a to-do.

        :param member: ``b2b2c.member`` who gets it
        :param str key: what it is for, for instance ``"round/7/step/3/member/12"``; a
            key that was taken back can be used again
        :param prize: ``b2b2c.challenge.prize``
        :param str reason: for the statement, in the participant's language
        :param details: ``round_id``, the ``b2b2c.challenge.round`` it belongs to;
            ``points``, where it is not the whole prize; ``pending``: it can be seen and
            waits until it is given (:meth:`_give`)
        :return: the ``b2b2c.challenge.award``; empty when it was given already, or
            nothing is left to pay it
        """
        self.ensure_one()
        challenge, prize = self.sudo(), prize.sudo()
        awards = self.env["b2b2c.challenge.award"].sudo()
        round_ = details.get("round_id") or self.env["b2b2c.challenge.round"]
        points = self.env["b2b2c.unit"]._to_points(details.get("points", prize.points))
        if awards._find_open(challenge, key):
            return awards
        if not challenge._cover(round_.sudo(), prize.program_id, points):
            round_.sudo()._note_unpaid(True)
            return awards
        award = awards._add(
            challenge,
            key,
            round_id=round_.id or None,
            member_id=member._get_survivor().id,
            employer_id=member.sudo().employer_id.id,
            prize_id=prize.id,
            program_id=prize.program_id.id,
            points=points,
            reason=reason,
            state="pending" if details.get("pending") else "given",
        )
        if award:
            award._book()
        return award

    def _give(self, key, reason=None):
        """Let somebody have the prize that waited under a key.

        :return: whether there was one
        """
        award = self.env["b2b2c.challenge.award"]._find_open(self, key)
        return bool(award) and award._give()

    def _take_back(self, key, reason):
        """Take the prize under a key back, by a reversal.

        :param str key: see :meth:`_award`
        :param str reason: shown on the statement
        :return: whether there was one
        """
        award = self.env["b2b2c.challenge.award"]._find_open(self, key)
        return bool(award) and award._take_back(reason)

    # === WHAT IT COSTS === #

    def _get_greatest_cost(self, people):
        """Return what the prizes of one round can cost at most.

        :param int people: how many can take part
        :return: dict ``b2b2c.program`` -> Decimal
        """
        self.ensure_one()
        if self.is_opt_in and self.places:
            people = min(people, self.places)
        cost = {}
        for program in self.prize_ids.program_id:
            prizes = self.prize_ids.filtered(
                lambda one, of=program: one.program_id == of
            )
            cost[program] = self._get_cost_of(prizes, people)
        return cost

    def _get_cost_of(self, prizes, people):
        """Return what prizes of one program can cost at most, in one round.

        Kinds of challenges extend it.
        """
        placed = prizes.filtered("place_from")
        ranges = [
            (prize.place_from, prize.place_to, self._get_greatest_prize(prize))
            for prize in placed
        ]
        steps = [to_decimal(prize.points) for prize in prizes - placed]
        return contest_cost(
            ranges, people, self.tie_policy
        ) * self._count_divisions() + steps_cost(steps, people, self.winners or None)

    def _get_greatest_prize(self, prize):
        """Return what one place costs: of a shop, each of its people may get it."""
        points = to_decimal(prize.points)
        if self.group_by == "shop" and self.shop_prize == "each":
            return points * max(self._count_heads().values(), default=0)
        return points

    def _count_divisions(self):
        """Return how many rankings there are, each with its prizes."""
        if self.division == "none":
            return 1
        members = self.env["b2b2c.member"].sudo()
        field = "role" if self.division == "role" else "employer_id"
        groups = {
            group
            for (group,) in members._read_group(self._get_audience_domain(), [field])
        }
        if self.division == "region":
            groups = {shop.state_id for shop in groups}
        return max(len(groups), 1)

    def _cover(self, round_, program, points):
        """See to it that the budget of a program pays a prize.

        :return: whether it does
        """
        document = round_._get_budget_key() if round_ else f"b2b2c.challenge,{self.id}"
        scope = f"p{program.id}"
        given = self._get_given(round_, program)
        scopes = self.env["b2b2c.cap.scope"]
        _others, own = scopes._get_used([scope], document).get(
            scope, (Decimal(0), Decimal(0))
        )
        if given + points <= own:
            return True
        limit = to_decimal(program.budget_points) or None
        if scopes._set_use(document, scope, given + points, limit):
            return True
        self._alert_unpaid(program)
        return False

    def _get_given(self, round_, program):
        """Return the points of a program that were awarded and not taken back."""
        rows = (
            self.env["b2b2c.challenge.award"]
            .sudo()
            ._read_group(
                [
                    ("challenge_id", "=", self.id),
                    ("round_id", "=", round_.id),
                    ("program_id", "=", program.id),
                    ("state", "!=", "taken"),
                ],
                [],
                ["points:array_agg"],
            )
        )
        return sum(map(to_decimal, rows[0][0] or ()), Decimal(0))

    def _alert_unpaid(self, program):
        """Give the manager a to-do, once: a prize was reached and nothing pays it."""
        self.ensure_one()
        user = self.company_id._get_loyalty_manager()
        if not user:
            return
        words = self.with_context(lang=user.lang)
        self._alert_once(
            user,
            words.env._("Nothing is left for a prize"),
            words.env._(
                "Somebody reached a prize of “%(challenge)s”, and the budget of "
                "“%(program)s” is used up. Raise it: the prize is given then.",
                challenge=self.name,
                program=program.name,
            ),
        )
