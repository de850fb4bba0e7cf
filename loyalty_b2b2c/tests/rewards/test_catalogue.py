"""The catalogue as a storefront shows it: who sees what, found and sorted how, at which
cost."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.rewards.b2b2c_reward_catalogue import Shelf
from ...models.rewards.circumstances import Circumstances
from ..fakes import add_models
from .fake_voucher import FAKES
from .test_redemption import RedemptionCommon


class CatalogueCommon(RedemptionCommon):
    def _look(self, *members, offset=0, limit=24, **shelf):
        """Return a page of the catalogue and whether there is more."""
        known = Circumstances(self.member.union(*members).sudo())
        return self.env["b2b2c.reward"]._get_catalogue(
            known, Shelf(**shelf), offset=offset, limit=limit
        )

    def _names(self, *members, **shelf):
        return [row[0].reward.name for row in self._look(*members, **shelf)[0]]


@tagged("post_install", "-at_install")
class TestCatalogue(CatalogueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.categories = cls.env["b2b2c.reward.category"].create(
            [{"name": "Kitchen", "sequence": 2}, {"name": "Travel", "sequence": 1}]
        )
        cls.kitchen, cls.travel = cls.categories
        cls.mug.category_id = cls.kitchen
        cls.bag = cls._create_reward("City rucksack", 120, category_id=cls.travel.id)
        cls.cup = cls._create_reward("Steel cup", 30, category_id=cls.kitchen.id)

    # === WHO SEES WHAT === #

    def test_only_what_somebody_of_them_sees(self):
        roles = self.env["b2b2c.reward.role"]._get_rows("owner")
        company = self.env["res.company"].create({"name": "Other"})
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        self._create_reward("For owners", 1, role_ids=roles.ids)
        self._create_reward("Elsewhere", 1, company_id=company.id)
        self._create_reward("Archived", 1, active=False)
        self._create_reward("Later", 1, date_from=tomorrow)
        self._create_reward("Over", 1, date_to="2020-01-01")
        self.assertEqual(self._names(), ["Steel cup", "Coffee mug", "City rucksack"])
        owner = self._create_member(name="Ihor", email="i@example.com", role="owner")
        page, _more = self._look(owner)
        self.assertEqual(page[0][0].reward.name, "For owners")
        self.assertEqual([offer.member for offer in page[0]], [owner])
        # who sees it in two roles has two offers
        self.assertEqual(len(page[1]), 2)

    def test_the_offer_and_the_catalogue_agree(self):
        """One look at many rewards says what a look at each says."""
        self._earn(100)
        self.cup.write({"is_limited": True, "stock": 0})
        self.bag.write({"member_limit": 1, "limit_period": "week"})
        self._earn(200, "earn/2")
        self._ask(self.bag)
        for [offer] in self._look()[0]:
            alone = offer.reward._get_offer(self.member)
            self.assertEqual(alone, offer)
        refusals = {row[0].reward: row[0].refusal for row in self._look()[0]}
        self.assertEqual(
            refusals, {self.mug: None, self.cup: "sold_out", self.bag: "limit"}
        )

    def test_programs_earned_in(self):
        program, other = self._create_program(), self._create_program(name="Other")
        self.mug.program_ids = program
        self.bag.program_ids = other
        self.assertEqual(self._names(), ["Steel cup"])
        self._earn(1, program_id=program.id)
        self.assertEqual(self._names(), ["Steel cup", "Coffee mug"])
        self.assertEqual(self.bag._get_offer(self.member).refusal, "not_offered")

    # === FOUND AND SORTED === #

    def test_words_in_any_order(self):
        for text, names in (
            ("rucksack", ["City rucksack"]),
            ("SACK city", ["City rucksack"]),
            ("kitchen", ["Steel cup", "Coffee mug"]),
            ("kitchen steel", ["Steel cup"]),
            ("  ", ["Steel cup", "Coffee mug", "City rucksack"]),
            ("nothing like it", []),
            ("'; DROP TABLE b2b2c_reward; --", []),
            ("\\", []),
        ):
            with self.subTest(text=text):
                self.assertEqual(self._names(text=text), names)

    def test_a_shelf(self):
        self.assertEqual(
            self._names(category=self.kitchen.id), ["Steel cup", "Coffee mug"]
        )
        self.assertEqual(self._names(category=2**31 - 1), [])
        known = Circumstances(self.member.sudo())
        rewards = self.env["b2b2c.reward"]
        self.assertEqual(
            rewards._get_shown_values(known, "category_id").mapped("name"),
            ["Travel", "Kitchen"],
        )
        # nobody is led to an empty shelf
        self.bag.active = False
        self.assertEqual(rewards._get_shown_values(known, "category_id"), self.kitchen)

    def test_orders(self):
        self.bag.sequence = 1
        self.mug.date_from = "2026-03-01"
        self.cup.date_from = "2026-01-01"
        self.bag.date_from = "2026-02-01"
        with freeze_time("2026-04-01"):
            for order, names in (
                ("recommended", ["City rucksack", "Steel cup", "Coffee mug"]),
                ("price", ["Steel cup", "Coffee mug", "City rucksack"]),
                ("new", ["Coffee mug", "City rucksack", "Steel cup"]),
            ):
                with self.subTest(order=order):
                    self.assertEqual(self._names(order=order), names)
            self.bag.write({"is_limited": True, "stock": 0})
            self.assertEqual(self._names(order="recommended")[-1], "City rucksack")

    def test_what_can_be_had_now(self):
        self._earn(60)
        self.assertEqual(self._names(is_now=True), ["Steel cup", "Coffee mug"])
        self.mug.write({"is_limited": True, "stock": 0})
        self.assertEqual(self._names(is_now=True), ["Steel cup"])
        self.cup.member_limit = 1
        self._ask(self.cup)
        self.assertEqual(self._names(is_now=True), [])
        self._create_reward("Gift", 0, price_kind="free", member_limit=1)
        self.assertEqual(self._names(is_now=True), ["Gift"])

    def test_pages(self):
        self._earn(1000)
        for number in range(10):
            self._create_reward(f"Pen {number}", 1, sequence=number)
        for is_now in (False, True):
            with self.subTest(is_now=is_now):
                seen = []
                for offset in (0, 5, 10):
                    page, more = self._look(offset=offset, limit=5, is_now=is_now)
                    seen += [row[0].reward.name for row in page]
                    self.assertEqual(more, offset < 10)
                self.assertEqual(len(set(seen)), 13)
                self.assertEqual(seen[:3], ["Pen 0", "Pen 1", "Pen 2"])

    # === NEW, FEW, FAVOURITE === #

    def test_new_for_thirty_days(self):
        with freeze_time("2026-03-01 10:00:00"):
            self.mug.date_from = "2026-03-10 00:00:00"
        self.assertEqual(str(self.mug.new_until), "2026-04-09")
        for day, is_new in (("2026-04-09", True), ("2026-04-10", False)):
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(self.mug._is_new(), is_new)
        self.mug.new_until = False
        self.assertFalse(self.mug._is_new())

    def test_a_day_is_the_companys(self):
        self.company.b2b2c_timezone = "Pacific/Auckland"  # 13 hours ahead in March
        self.mug.new_until = "2026-03-10"
        with freeze_time("2026-03-10 10:59:00"):
            self.assertTrue(self.mug._is_new())
        with freeze_time("2026-03-10 11:01:00"):
            self.assertFalse(self.mug._is_new())

    def test_a_favourite_is_one_however_often_it_is_said(self):
        favourites, person = self.env["b2b2c.reward.favourite"], self.member.partner_id
        for _click in range(2):
            favourites._mark(person, self.mug, True)
        self.assertEqual(favourites._get_of(person), {self.mug.id})
        self.assertEqual((self.mug.favourite_count, self.bag.favourite_count), (1, 0))
        self.assertEqual(
            self._names(favourites=frozenset([self.mug.id])), ["Coffee mug"]
        )
        self.assertEqual(self._names(favourites=frozenset()), [])
        for _click in range(2):
            favourites._mark(person, self.mug, False)
        self.assertFalse(favourites._get_of(person))

    def test_favourites_are_the_persons(self):
        other = self._create_member(name="Petro", email="petro@example.com")
        favourites = self.env["b2b2c.reward.favourite"]
        favourites._mark(other.partner_id, self.mug, True)
        self.assertFalse(favourites._get_of(self.member.partner_id))
        data = other.sudo()._get_personal_data()
        self.assertEqual(data["favourite_rewards"], ["Coffee mug"])

    def test_category_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["b2b2c.reward.category"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        with self.assertRaises(ValidationError):
            self.mug.category_id = theirs

    # === COST === #

    def _count_queries(self, **shelf):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        page, _more = self._look(**shelf)
        return len(page), self.env.cr.sql_log_count - before

    def test_the_number_of_rewards_costs_no_statement(self):
        """Whatever a reward asks for: stock, limits of any period, roles, programs."""
        program = self._create_program()
        self._earn(500, program_id=program.id)
        roles = self.env["b2b2c.reward.role"]._get_rows(self.member.role)

        def add(numbers):
            self.env["b2b2c.reward"].create(
                [
                    {
                        "name": f"Thing {number}",
                        "points": 1 + number,
                        "is_limited": True,
                        "stock": 10,
                        "member_limit": 3,
                        "limit_period": ("ever", "day", "week", "month")[number % 4],
                        "role_ids": roles.ids,
                        "program_ids": program.ids,
                        "category_id": self.kitchen.id,
                    }
                    for number in numbers
                ]
            )

        add(range(4))
        for is_now in (False, True):
            self._count_queries(is_now=is_now, limit=500)  # what is cached for ever
        few = [self._count_queries(is_now=now, limit=500) for now in (False, True)]
        add(range(4, 300))
        many = [self._count_queries(is_now=now, limit=500) for now in (False, True)]
        self.assertEqual([count for count, _queries in few], [7, 7])
        self.assertEqual([count for count, _queries in many], [303, 303])
        for (_few, before), (_many, after) in zip(few, many, strict=True):
            self.assertEqual(before, after)
            self.assertLess(after, 25)


@tagged("post_install", "-at_install")
class TestCountedByTheKind(CatalogueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_models(cls, *FAKES)
        cls.ticket = cls._create_reward("Ticket", 60, kind="fake_voucher")

    def test_the_smaller_number_counts(self):
        handler = type(self.env["b2b2c.reward.handler.fake_voucher"])
        self.patch(handler, "_count_left", lambda _handler, reward: 3)
        self.assertEqual(self.ticket._count_left(), 3)
        self.ticket.write({"is_limited": True, "stock": 2})
        self.assertEqual(self.ticket._count_left(), 2)
        self.assertIsNone(self.mug._count_left())
