"""Tasks and contests on the participant's phone."""

import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.challenges.test_score_feed import ScoreCommon

from .common import PASSWORD, PortalCommon


class TasksCommon(ScoreCommon, PortalCommon):
    """Anna and Bohdan sell in the North Shop in Lviv, Clara in the one in Odesa."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.city, cls.other_shop.city = "Lviv", "Odesa"
        for member in cls.sellers:
            cls._create_portal_user(member.name.lower(), member.partner_id)
        cls.chief = cls._create_member(
            name="Olha Chief", email="chief@sellers.example.com", phone=False,
            role="owner", employer_id=cls.shop.id,
        )  # fmt: skip
        cls._create_portal_user("chief", cls.chief.partner_id)

    def _see(self, url, login="anna"):
        """Return the words of a page."""
        text = re.sub(r"<[^>]+>", " ", self._get(url, login=login).text)
        return re.sub(r"\s+", " ", text)

    def _post(self, round_, login="anna", **data):
        self.authenticate(login, PASSWORD)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(f"/my/rewards/tasks/round/{round_.id}", data=data)

    @classmethod
    def _start_now(cls, prizes, **values):
        """Start a challenge that goes on for ever, a round per month."""
        today = cls.env.cr.now().date()
        first = today.replace(day=1)
        values = {
            "first_day": first,
            "last_day": False,
            "recurrence": "month",
            **values,
        }
        return cls._start(prizes, **values)


@tagged("post_install", "-at_install")
class TestPortalTasks(TasksCommon, HttpCase):
    def test_a_task_is_taken_on_and_reached(self):
        self._start_now(
            {10: 50}, name="Ten Boxes", is_opt_in=True, places=2, moment="confirmed"
        )
        task = self.env["b2b2c.challenge"].search([("name", "=", "Ten Boxes")])
        self.assertIn("To take on: 1", self._see("/my/rewards"))
        text = self._see("/my/rewards/tasks")
        for words in (
            "Ten Boxes",
            "10 units",
            "50 pts",
            "Take it on",
            "Places left: 2",
        ):
            self.assertIn(words, text)
        self._post(task.round_ids, do="join")
        self._sell(self.anna, 8)
        self._process()
        text = self._see("/my/rewards/tasks")
        self.assertIn("2 units more for 50 pts", text)
        self.assertNotIn("Take it on", text)
        self._sell(self.anna, 2)
        self._process()
        self.assertIn("You reached it.", self._see("/my/rewards/tasks"))
        page = self._get("/my/rewards/tasks", login="anna").text
        award = task.round_ids.award_ids
        self.assertIn(f'data-reached="{award.id}"', page)
        page = self._see(f"/my/rewards/tasks/round/{task.round_ids.id}")
        self.assertIn("What counted", page)
        self.assertIn("8 units", page)

    def test_given_up_and_no_place_left(self):
        task = self._start_now({10: 50}, is_opt_in=True, places=1)
        self._sell(self.anna, 3)
        self._process()
        url = f"/my/rewards/tasks/round/{task.round_ids.id}"
        self.assertNotIn("What counted", self._see(url), "not taken on yet")
        self._post(task.round_ids, do="join")
        self.assertIn("What counted", self._see(url))
        refused = self._post(task.round_ids, "bohdan", do="join")
        self.assertEqual(refused.status_code, 400)
        self.assertIn("All 1 places are taken.", refused.text)
        self._post(task.round_ids, do="leave")
        self._post(task.round_ids, "bohdan", do="join")
        states = {one.member_id: one.state for one in task.round_ids.entry_ids}
        self.assertEqual(states, {self.anna: "left", self.bohdan: "joined"})

    def test_who_sees_whom_in_a_contest(self):
        contest = self._start_now({(1, 1): 100, (2, 2): 50}, name="Cup")
        for seller, quantity in ((self.anna, 3), (self.bohdan, 7), (self.clara, 9)):
            seller.partner_id.name = f"{seller.name} Long"
            self._sell(seller, quantity)
        self._process()
        contest.round_ids._fold()
        text = self._see("/my/rewards/tasks")
        self.assertIn("Place 3", text)
        self.assertIn("4 units more to place 2", text)
        self.assertIn("Bohdan Long", text, "a colleague")
        self.assertIn("C. L., Odesa", text)
        self.assertNotIn("Clara Long", text)
        self._post(contest.round_ids, "clara", do="show")
        self.assertIn("Clara Long", self._see("/my/rewards/tasks"))
        self._post(contest.round_ids, "clara", do="hide")
        text = self._see("/my/rewards/tasks")
        self.assertIn("Somebody", text)
        self.assertNotIn("Odesa", text)
        contest.visibility = "own"
        text = self._see("/my/rewards/tasks")
        self.assertIn("4 units more to place 2", text)
        self.assertNotIn("Bohdan", text)

    def test_a_shops_owner_sees_the_people(self):
        task = self._start_now({10: 50}, name="For Sellers")
        self._sell(self.bohdan, 4)
        self._process()
        self.assertIn("My people", self._see("/my/rewards/tasks", "chief"))
        url = f"/my/rewards/tasks/round/{task.round_ids.id}"
        text = self._see(url, "chief")
        self.assertRegex(text, "Bohdan 4 units Anna 0 units")
        self.assertNotIn("Clara", text)
        self.assertNotIn("Anna", self._see(url, "bohdan"))
        self.assertEqual(
            self._post(task.round_ids, "chief", do="join").status_code, 404
        )

    def test_what_does_not_count_says_why(self):
        task = self._start_now({10: 50}, moment="invoiced")
        self._sell(self.anna, 4)
        self._process()
        text = self._see(f"/my/rewards/tasks/round/{task.round_ids.id}")
        self.assertIn("What did not count, and why", text)

    def test_what_somebody_has_to_do_better_than(self):
        """30 in three months are 10 a month: 10 % more are 11."""
        first = self.env.cr.now().date().replace(day=1)
        self._sell(self.anna, 30, at=f"{first - timedelta(days=3)} 12:00:00")
        self._process()
        task = self._start_now({5: 50}, best_rounds=3, best_percent=10)
        self._process()
        going_on = task.round_ids.filtered(lambda one: one.state == "running")
        text = self._see(f"/my/rewards/tasks/round/{going_on.id}")
        self.assertIn("11 units more for 50 pts", text)
        self.assertIn(
            "10 % more than your own average of the rounds before: 0 units, 0 units, "
            "30 units.",
            text,
        )
        for one in task.round_ids - going_on:
            page = self._get(f"/my/rewards/tasks/round/{one.id}", login="anna")
            self.assertEqual(page.status_code, 404)

    def test_a_round_that_is_over_shows_its_result(self):
        with freeze_time("2026-03-10 12:00:00"):
            contest = self._start({(1, 1): 100}, name="March Cup", grace_hours=0)
            self._sell(self.anna, 3)
            self._sell(self.clara, 5)
            self._process()
        with freeze_time("2026-04-20 12:00:00"):
            self._live()
            self._live()
        self.assertEqual(contest.round_ids.state, "final")
        shown = self.env["b2b2c.challenge.round"].browse()
        with freeze_time("2026-04-20 12:00:00"):
            over = shown._find_over(self.anna)
        self.assertEqual(over, [(contest.round_ids, self.anna)])
        text = self._see(f"/my/rewards/tasks/round/{contest.round_ids.id}")
        self.assertIn("Place 2 with 3 units", text)
        self.assertIn("C., Odesa", text)
        text = self._see(f"/my/rewards/tasks/round/{contest.round_ids.id}", "clara")
        self.assertIn("Place 1 with 5 units 100 pts", text)

    def test_nobody_else_has_a_page(self):
        task = self._start_now({10: 50}, shop_ids=self.shop.ids)
        url = f"/my/rewards/tasks/round/{task.round_ids.id}"
        self.assertEqual(self._get(url, "anna").status_code, 200)
        self.assertEqual(self._get(url, "clara").status_code, 404)
        self.assertEqual(self._get(f"{url}0", "anna").status_code, 404)
        self.assertEqual(
            self._post(task.round_ids, "clara", do="join").status_code, 404
        )
        self.assertEqual(self._post(task.round_ids, do="nonsense").status_code, 404)
        mine = self._see(f"{url}?member={self.clara.id}")
        self.assertIn("10 units", mine)

    def test_an_open_page_hears_of_it(self):
        self._start_now({10: 50}, moment="confirmed")
        sent = []
        partners = type(self.env["res.partner"])
        with patch.object(
            partners,
            "_bus_send",
            lambda who, kind, what, **kw: sent.append((who, kind)),
        ):
            self._sell(self.anna, 8)
            self._process()
        self.assertIn((self.anna.partner_id, "b2b2c_tasks"), sent)


@tagged("post_install", "-at_install")
class TestTasksTour(TasksCommon, HttpCase):
    """On a cheap phone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_taken_on_and_reached(self):
        self.shop.name = "A Shop with a Name of Quite Remarkable Length " * 2
        self._start_now(
            {5: 30, 10: 50}, name="Ten Boxes of the New Paper " * 3, is_opt_in=True,
            moment="confirmed",
        )  # fmt: skip
        self.start_tour("/my/rewards", "b2b2c_portal_task_on", login="anna")
        self._sell(self.anna, 5)
        self._process()
        self.start_tour("/my/rewards/tasks", "b2b2c_portal_task_reached", login="anna")
