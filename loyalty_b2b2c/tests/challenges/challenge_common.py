"""Builders of challenges, for the tests of this room and of those above."""

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields

from ...models.challenges.scored import Scored
from ...values import aware
from ..common import LoyaltyCommon


class ScoreBoard:
    """Scores of a test, in the place of those that are counted from documents."""

    def __init__(self):
        self.rows = []  # (round, Scored)

    def add(self, round_, member, score, reached_at=None):
        """Let somebody score, and let what follows from it happen.

        :param reached_at: naive UTC, now by default
        """
        self.note(round_, member, score, reached_at)
        round_._after_scores(member)
        round_._fold()  # as the scheduled action does: standings are proved

    def note(self, round_, member, score, reached_at=None):
        """Let somebody score, and nothing follow."""
        self.rows.append(
            (
                round_,
                Scored(
                    member_id=member.id,
                    employer_id=member.employer_id.id,
                    score=Decimal(score),
                    reached_at=aware(reached_at or fields.Datetime.now()),
                    entry_id=len(self.rows) + 1,
                ),
            )
        )

    def hand_over(self, member, holder):
        """Let the scores of a membership be those of the one after it."""
        self.rows = [
            (
                one,
                replace(row, member_id=holder.id)
                if row.member_id == member.id
                else row,
            )
            for one, row in self.rows
        ]

    def get(self, round_, members=None):
        """Return what ``b2b2c.challenge.round._get_scored`` returns."""
        sums = {}
        for one, row in self.rows:
            if one == round_ and (members is None or row.member_id in members.ids):
                key = (row.member_id, row.employer_id)
                before = sums.get(key, Scored(member_id=key[0], employer_id=key[1]))
                sums[key] = Scored(
                    member_id=row.member_id,
                    employer_id=row.employer_id,
                    score=before.score + row.score,
                    reached_at=row.reached_at,
                    entry_id=before.entry_id or row.entry_id,
                )
        return [*sums.values()]


class ChallengeCommon(LoyaltyCommon):
    """A program that pays prizes, and three people who sell in two shops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_shops()

    @classmethod
    def _open_shops(cls):
        """Create the program, the shops and the people."""
        cls.program = cls.env["b2b2c.program"].create(
            {
                "name": "Prizes",
                "company_id": cls.company.id,
                "unit_id": cls.unit.id,
                "timezone": "UTC",
            }
        )
        cls.program.state = "running"  # prizes are its rules, and come with the test
        cls.shop = cls._create_shop("North Shop")
        cls.other_shop = cls._create_shop("South Shop")
        cls.anna = cls._create_seller("Anna", cls.shop)
        cls.bohdan = cls._create_seller("Bohdan", cls.shop)
        cls.clara = cls._create_seller("Clara", cls.other_shop)
        cls.sellers = cls.anna | cls.bohdan | cls.clara

    @classmethod
    def _create_shop(cls, name, **values):
        """Create a company whose people take part."""
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _create_seller(cls, name, shop, **values):
        """Enroll somebody who sells in a shop."""
        return cls._create_member(
            name=name,
            email=f"{name.lower()}@sellers.example.com",
            phone=False,
            role="salesperson",
            employer_id=shop.id,
            **values,
        )

    @classmethod
    def _create_challenge(cls, prizes, start=True, **values):
        """Create a challenge for everybody who sells, in March 2026 by default.

        :param prizes: ``{threshold: points}`` of a task, or ``{(first place, last
            place): points}`` of a contest
        """
        kind = "contest" if isinstance(next(iter(prizes), 0), tuple) else "target"
        lines = []
        for reached, points in prizes.items():
            step = {"threshold": reached}
            if kind == "contest":
                step = {"place_from": reached[0], "place_to": reached[1]}
            lines.append(Command.create({**step, "points": points}))
        sells = cls.env["b2b2c.role"]._get_role_codes("sells")
        challenge = cls.env["b2b2c.challenge"].create(
            {
                "name": "March",
                "kind": kind,
                "program_id": cls.program.id,
                "role_ids": [
                    Command.set(cls.env["b2b2c.reward.role"]._get_rows(*sells).ids)
                ],
                "first_day": "2026-03-01",
                "last_day": "2026-03-31",
                "prize_ids": lines,
                **values,
            }
        )
        if start:
            challenge.action_start()
        return challenge

    @contextmanager
    def _score_board(self):
        """Let scores be what the test says."""
        board = ScoreBoard()
        rounds = type(self.env["b2b2c.challenge.round"])
        with patch.object(
            rounds, "_get_scored", lambda one, members=None: board.get(one, members)
        ):
            yield board

    def _live(self):
        """Let rounds open and close as the scheduled action does."""
        with self.enter_registry_test_mode():
            self.env["b2b2c.challenge"]._cron_live()
        self.env.invalidate_all()

    def _get_used_budget(self, program=None):
        """Return how many points of a program are reserved or given."""
        program = program or self.program
        program.invalidate_recordset(["budget_used"])
        return program.budget_used
