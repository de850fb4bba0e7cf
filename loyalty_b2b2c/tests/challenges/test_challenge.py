"""What a challenge says, whom it is for, and how its prizes are given."""

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .challenge_common import ChallengeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestChallenge(ChallengeCommon):
    """Terms, audience and budget."""

    # === TERMS === #

    def test_what_begins_today_begins_where_the_program_is(self):
        """At half past ten of the evening in London it is tomorrow in Kyiv: who makes a
        challenge there does not let it begin a day too late for the program."""
        self.env.user.tz = "Europe/Kyiv"
        values = {
            "name": "Today",
            "program_id": self.program.id,
            "last_day": "2026-12-31",
        }
        here, there = date(2026, 11, 30), date(2026, 12, 1)
        challenges = self.env["b2b2c.challenge"]
        for zone, day in (("Europe/London", here), ("Europe/Kyiv", there)):
            self.program.timezone = zone
            with self.subTest(zone=zone), freeze_time("2026-11-30 22:30:00"):
                self.assertEqual(challenges.create(values).first_day, day)
                other = challenges.create({**values, "first_day": "2026-12-24"})
                self.assertEqual(other.first_day, date(2026, 12, 24))
                self.company.b2b2c_timezone = "Europe/London"
                form = challenges.new({"first_day": here, "program_id": self.program})
                form._onchange_program()
                self.assertEqual(form.first_day, day)
                contracts = self.env["b2b2c.ladder.contract"]
                [first] = contracts.default_get(["date_from"]).values()
                self.assertEqual(first, here, "by the company's clock")

    def test_ends_before_it_starts(self):
        with self.assertRaises(IntegrityError) as caught, mute_logger("odoo.sql_db"):
            self._create_challenge({10: 50}, last_day="2026-02-28")
        self.assertIn("days_in_order", str(caught.exception))

    def test_two_prizes_for_one_place(self):
        with self.assertRaisesRegex(ValidationError, "Place 2 has two prizes"):
            self._create_challenge({(1, 2): 50, (2, 3): 20})

    def test_two_prizes_for_one_threshold(self):
        challenge = self._create_challenge({10: 50}, start=False)
        with self.assertRaisesRegex(ValidationError, "same threshold"):
            challenge.prize_ids = [Command.create({"threshold": 10, "points": 7})]

    def test_prizes_fit_the_kind(self):
        task = self._create_challenge({(1, 3): 50}, start=False, kind="target")
        with self.assertRaisesRegex(UserError, "have a threshold each"):
            task.action_start()
        contest = self._create_challenge({5: 50}, start=False, kind="contest")
        with self.assertRaisesRegex(UserError, "have a place each"):
            contest.action_start()

    def test_settled_when_started(self):
        challenge = self._create_challenge({10: 50})
        with self.assertRaisesRegex(UserError, "was started"):
            challenge.metric = "amount"
        with self.assertRaisesRegex(UserError, "prizes stay as they are"):
            challenge.prize_ids.points = 60
        with self.assertRaisesRegex(UserError, "cancelled, not deleted"):
            challenge.unlink()
        challenge.name = "The March of sellers"

    # === AUDIENCE === #

    def test_for_whom(self):
        """Roles, shops, regions, tags and the programs somebody is in."""
        region = self.env["res.country.state"].search([], limit=1)
        tag = self.env["res.partner.category"].create({"name": "Flagship"})
        self.other_shop.write(
            {"state_id": region.id, "category_id": [Command.set(tag.ids)]}
        )
        challenge = self._create_challenge({10: 50}, start=False)
        members = self.env["b2b2c.member"]
        for values, people in (
            ({}, self.sellers),
            ({"shop_ids": [Command.set(self.shop.ids)]}, self.anna | self.bohdan),
            ({"region_ids": [Command.set(region.ids)]}, self.clara),
            ({"partner_tag_ids": [Command.set(tag.ids)]}, self.clara),
        ):
            copy = challenge.copy(values)
            found = members.search(copy._get_audience_domain()) & self.sellers
            self.assertEqual(found, people)
            for seller in self.sellers:
                self.assertEqual(copy._is_for(seller), seller in people)
        self.assertFalse(challenge._is_for(self.member), "no salesperson")
        self.bohdan.program_ids = self._create_program()
        self.assertFalse(challenge._is_for(self.bohdan), "in another program only")
        self.anna.action_suspend()
        self.assertTrue(challenge._is_for(self.anna))
        self.clara.action_leave()
        self.assertFalse(challenge._is_for(self.clara))

    def test_for_nobody(self):
        empty = self._create_shop("Empty Shop")
        with self.assertRaisesRegex(UserError, "for nobody"):
            self._create_challenge({10: 50}, shop_ids=[Command.set(empty.ids)])

    # === START === #

    def test_prizes_are_reserved(self):
        """Three people who can have 50 and 30 each: 240 points."""
        challenge = self._create_challenge({10: 50, 20: 30}, shop_ids=[])
        people = challenge._count_audience()
        self.assertEqual(self._get_used_budget(), 80 * people)
        self.assertEqual(challenge.round_ids.reserved_points, 80 * people)

    def test_prizes_above_the_budget(self):
        self.program.budget_points = 149
        shops = [Command.set((self.shop | self.other_shop).ids)]
        challenge = self._create_challenge({10: 50}, start=False, shop_ids=shops)
        refused = self.assertRaisesRegex(UserError, "can cost 150 .* has 149 .* left")
        with refused, self.cr.savepoint():
            challenge.action_start()
        self.assertFalse(challenge.round_ids)
        self.assertEqual(self._get_used_budget(), 0)
        self.program.budget_points = 150
        challenge.action_start()
        self.assertEqual(self._get_used_budget(), 150)

    def test_a_program_that_does_not_run(self):
        self.program.action_close()
        with self.assertRaisesRegex(UserError, "is not running"):
            self._create_challenge({10: 50})

    def test_over_before_it_starts(self):
        with self.assertRaisesRegex(UserError, "over before it starts"):
            self._create_challenge({10: 50}, last_day="2026-03-09")

    def test_a_round_of_the_zone(self):
        """March in Kyiv begins at 22:00 UTC and ends at 21:00: clocks changed."""
        self.program.timezone = "Europe/Kyiv"
        challenge = self._create_challenge({10: 50})
        self.assertRecordValues(
            challenge.round_ids,
            [
                {
                    "first_day": date(2026, 3, 1),
                    "last_day": date(2026, 3, 31),
                    "date_from": datetime(2026, 2, 28, 22),
                    "date_to": datetime(2026, 3, 31, 21),
                    "counts_until": datetime(2026, 4, 2, 21),
                    "final_from": datetime(2026, 4, 5, 21),
                    "state": "running",
                }
            ],
        )

    def test_rounds_follow_each_other(self):
        """Each week has a round; opening twice opens one."""
        challenge = self._create_challenge(
            {10: 50}, recurrence="week", first_day="2026-03-04", last_day=False
        )
        for now in ("2026-03-15 23:59:59", "2026-03-16 00:00:00", "2026-03-17"):
            with freeze_time(now):
                self._live()
                self._live()
        self.assertEqual(
            challenge.round_ids.sorted("first_day").mapped("first_day"),
            [date(2026, 3, 9), date(2026, 3, 16)],
        )

    # === PRIZES === #

    def test_a_prize_once_per_key(self):
        challenge = self._create_challenge({10: 50})
        prize, round_ = challenge.prize_ids, challenge.round_ids
        award = challenge._award(self.anna, "k", prize, "Ten sales", round_id=round_)
        self.assertEqual(award.state, "given")
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        self.assertFalse(challenge._award(self.anna, "k", prize, "Ten sales"))
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        self.assertEqual(award.entry_id.reason, "Ten sales")
        self.assertEqual(award.entry_id.program_id, self.program)

    def test_taken_back_and_given_again(self):
        challenge = self._create_challenge({10: 50})
        prize = challenge.prize_ids
        challenge._award(self.anna, "k", prize, "Ten sales")
        self.assertTrue(challenge._take_back("k", "A sale was undone"))
        self.assertFalse(challenge._take_back("k", "A sale was undone"))
        self.assertEqual(self._balances(self.anna), (0, 0, 0))
        self.assertTrue(challenge._award(self.anna, "k", prize, "Ten sales"))
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        awards = self.env["b2b2c.challenge.award"].search([], order="id")
        self.assertEqual(awards.mapped("state"), ["taken", "given"])
        self.assertBooksRight()

    def test_a_prize_that_waits(self):
        """Pending, given, taken back: 50 points seen, had, and gone."""
        challenge = self._create_challenge({10: 50})
        prize = challenge.prize_ids
        challenge._award(self.anna, "k", prize, "Won", pending=True)
        self.assertEqual(self._balances(self.anna), (0, 50, 0))
        self.assertTrue(challenge._give("k"))
        self.assertFalse(challenge._give("k"))
        self.assertEqual(self._balances(self.anna), (50, 0, 0))
        challenge._take_back("k", "Counted anew")
        self.assertEqual(self._balances(self.anna), (0, 0, 0))
        challenge._award(self.bohdan, "k", prize, "Won", pending=True)
        challenge._take_back("k", "Counted anew")
        self.assertEqual(self._balances(self.bohdan), (0, 0, 0))
        self.assertBooksRight()

    def test_spent_before_it_was_taken_back(self):
        challenge = self._create_challenge({10: 50})
        challenge._award(self.anna, "k", challenge.prize_ids, "Ten sales")
        self._account(self.anna)._redeem(30, source_key="spent")
        challenge._take_back("k", "A sale was undone")
        self.assertEqual(self._balances(self.anna), (0, 0, 30))
        self.assertBooksRight()

    def test_the_budget_pays_what_was_reserved(self):
        """One person when it started, three now: two prizes of 50 are covered."""
        self.program.budget_points = 100
        people = [Command.set(self.other_shop.ids)]
        challenge = self._create_challenge({10: 50}, shop_ids=people)
        self.assertEqual(self._get_used_budget(), 50)
        round_, prize = challenge.round_ids, challenge.prize_ids
        got = [
            bool(
                challenge._award(member, f"m{member.id}", prize, "Ten", round_id=round_)
            )
            for member in self.sellers
        ]
        self.assertEqual(got, [True, True, False])
        self.assertEqual(self._get_used_budget(), 100)
        self.assertBooksRight()

    def test_a_certificate(self):
        """A program that exchanges its points at once makes the prize a thing."""
        unit = self.env["b2b2c.unit"].create(
            {"name": "Certificates", "symbol": "cert", "kind": "internal"}
        )
        mug = self.env["b2b2c.reward"].create(
            {"name": "Mug", "points": 1, "unit_id": unit.id}
        )
        mugs = self._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9},
            unit_id=unit.id,
            grant_reward_id=mug.id,
        )
        challenge = self._create_challenge({10: 1}, start=False)
        challenge.prize_ids.program_id = mugs
        challenge.action_start()
        self.assertEqual(challenge.prize_ids.prize_text, "Mug")
        challenge._award(self.anna, "k", challenge.prize_ids, "Ten sales")
        grant = self.env["b2b2c.grant"].search([("program_id", "=", mugs.id)])
        self.assertEqual((grant.member_id, grant.reward_id), (self.anna, mug))
        self.assertEqual(grant.reason, "Ten sales")

    def test_a_program_of_prizes_needs_no_rule(self):
        program = self.env["b2b2c.program"].create(
            {"name": "Cups", "unit_id": self.unit.id, "timezone": "UTC"}
        )
        with self.assertRaisesRegex(UserError, "Add at least one rule"):
            program.action_start()
        challenge = self._create_challenge({10: 50}, start=False)
        challenge.prize_ids.program_id = program
        program.action_start()
        challenge.action_start()
        self.assertEqual(self._get_used_budget(program), 150)
