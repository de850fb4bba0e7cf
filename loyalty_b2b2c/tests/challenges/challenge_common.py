"""Builders of challenges, for the tests of this room and of those above."""

from odoo import Command

from ..common import LoyaltyCommon


class ChallengeCommon(LoyaltyCommon):
    """A program that pays prizes, and three people who sell in two shops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9}, name="Prizes"
        )
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

    def _get_used_budget(self, program=None):
        """Return how many points of a program are reserved or given."""
        program = program or self.program
        program.invalidate_recordset(["budget_used"])
        return program.budget_used
