import hashlib
import json

from odoo import models
from odoo.tools import SQL

from ...engine import as_text, to_decimal
from ...engine.contest import (
    Contestant,
    Prize,
    Rules,
    divide_prize,
    give_prizes,
    rank,
)
from ...values import naive
from ..base.rows import insert_rows
from .scored import ZERO


class B2b2cChallengeRound(models.Model):
    """Places of a contest: who is where, who wins what, written down and frozen."""

    _inherit = "b2b2c.challenge.round"

    # === COUNTING === #

    def _count_outcomes(self, contestants=None):
        """Return the outcome of this round as it is known now.

        :param contestants: who competes, see :meth:`_get_contestants`
        :return: list of :class:`~..engine.contest.Outcome`, division by division
        """
        self.ensure_one()
        rules = self._get_contest_rules()
        prizes = [
            Prize(
                id=prize.id,
                place_from=prize.place_from,
                place_to=prize.place_to,
                points=to_decimal(prize.points),
                program_id=prize.program_id.id,
                rounding=prize.program_id.unit_id._get_rounding(),
            )
            for prize in self.challenge_id.sudo().prize_ids
        ]
        outcomes = []
        if contestants is None:
            contestants = self._get_contestants()
        for places in rank(contestants, rules).values():
            outcomes += give_prizes(places, prizes, rules)
        return outcomes

    def _get_contest_rules(self):
        """Return how places become prizes, as engine data."""
        challenge = self.challenge_id.sudo()
        return Rules(
            tie_policy=challenge.tie_policy,
            min_score=to_decimal(challenge.min_score),
            seed=self.seed or "",
        )

    def _get_contestants(self):
        """Return who competes, as engine data: people, or shops.

        Who left, or was excluded, does not; who is suspended keeps the place, and the
        prize waits.
        """
        if self.challenge_id.sudo().group_by == "shop":
            return self._get_shops()
        totals = {
            member: one
            for member, one in self._get_totals().items()
            if member.state in ("enrolled", "suspended")
        }
        return [
            Contestant(
                key=member.id,
                score=one.score,
                reached_at=one.reached_at,
                entry_id=one.entry_id,
                division=self._get_division(member.role, member.employer_id),
                is_held=member.state == "suspended",
            )
            for member, one in totals.items()
        ]

    def _get_division(self, role, shop):
        """Return in which ranking somebody is.

        :param str role: of the person, empty for a shop
        :param shop: ``res.partner``
        """
        division = self.challenge_id.sudo().division
        if division == "role":
            return role
        if division == "shop":
            return str(shop.id)
        return str(shop.state_id.id or 0) if division == "region" else ""

    # === WHO GETS WHAT === #

    def _get_wins(self, outcomes):
        """Return who gets the prizes of outcomes.

        :return: dict contestant's key -> list of ``{member, prize, program, points,
            held}``; ``member`` is ``None`` when a shop has no owner
        """
        wins = {}
        for outcome in outcomes:
            key = outcome.place.key
            wins[key] = [
                {
                    "member": member,
                    "prize": win.prize_id,
                    "program": win.program_id,
                    "points": points,
                    "held": outcome.is_held,
                }
                for win in outcome.wins
                for member, points in self._divide(key, win)
            ]
        return wins

    def _divide(self, key, win):
        """Return who gets a prize, ``[(member id, points)]``."""
        challenge = self.challenge_id.sudo()
        if challenge.group_by == "member":
            return [(key, win.points)]
        if challenge.shop_prize == "owner":
            owner = self._get_owner(key)
            return [(owner.id or None, win.points)]
        people = sorted(
            member.id
            for member, one in self._get_totals().items()
            if one.employer_id == key and member.state in ("enrolled", "suspended")
        )
        if challenge.shop_prize == "each":
            return [(member_id, win.points) for member_id in people]
        program = self.env["b2b2c.program"].sudo().browse(win.program_id)
        rounding = program.unit_id._get_rounding()
        shares = divide_prize(win.points, people, rounding)
        return [(member_id, points) for member_id, points in shares.items() if points]

    def _get_owner(self, shop_id):
        """Return who owns a shop, the longest of several; may be nobody."""
        members = self.env["b2b2c.member"].sudo()
        return members.search(
            [
                ("employer_id", "=", shop_id),
                ("company_id", "=", self.company_id.id),
                ("role", "in", members._get_role_codes("owns")),
                ("state", "in", ("enrolled", "suspended")),
            ],
            order="enrolled_at, id",
            limit=1,
        )

    # === WRITING DOWN === #

    def _write_results(self, outcomes, wins):
        """Write the result of the present version down, in the place of what was there.

        Of two that do so at once, the unique key lets one.

        :param outcomes: see :meth:`_count_outcomes`
        :param wins: see :meth:`_get_wins`
        """
        results = self.env["b2b2c.challenge.result"].sudo()
        self.env.execute_query(
            SQL(
                "DELETE FROM b2b2c_challenge_result"
                " WHERE round_id = %s AND version = %s RETURNING id",
                self.id,
                self.version,
            )
        )
        rows = [
            self._prepare_result(outcome, wins[outcome.place.key])
            for outcome in outcomes
        ]
        if rows:
            insert_rows(results, rows)
        results.invalidate_model()
        self.invalidate_recordset(["result_ids"])

    def _prepare_result(self, outcome, wins):
        """Return the columns of one result."""
        place = outcome.place
        person = self.env["b2b2c.member"]
        shop_id = place.key
        if self.challenge_id.sudo().group_by == "member":
            person = person.sudo().browse(place.key)
            shop_id = person.employer_id.id
        return {
            "round_id": self.id,
            "challenge_id": self.challenge_id.id,
            "company_id": self.company_id.id,
            "version": self.version,
            "division": place.contestant.division or None,
            "rank": place.rank,
            "place": place.order,
            "score": place.score,
            "reached_at": naive(place.contestant.reached_at),
            "member_id": person.id or None,
            "employer_id": shop_id,
            "prize_id": wins[0]["prize"] if wins else None,
            "points": sum((win["points"] for win in wins), ZERO) if wins else None,
            "wins": json.dumps(
                [{**win, "points": as_text(win["points"])} for win in wins]
            ),
            "is_held": place.contestant.is_held,
            "problem": self._get_problem(outcome, wins),
        }

    def _get_problem(self, outcome, wins):
        """Return the code of why somebody has no prize, or not yet."""
        if any(win["member"] is None for win in wins):
            return "no_owner"
        return outcome.reasons[0].code if outcome.reasons else None

    def _get_digest(self):
        """Return the fingerprint of the present result."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT version, division, rank, place, member_id, employer_id,
                       score::text, reached_at::text, wins::text, problem, is_held
                  FROM b2b2c_challenge_result
                 WHERE round_id = %s AND version = %s
              ORDER BY division NULLS FIRST, place, employer_id, member_id
                """,
                self.id,
                self.version,
            )
        )
        return hashlib.sha256(json.dumps([*map(list, rows)]).encode()).hexdigest()
