"""The desk of the day: what waits, for whom, and the list behind each line."""

from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestDesk(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: cls._create_user(f"desk.{name}", f"loyalty_b2b2c.group_{name}")
            for name in ("user", "officer", "manager", "auditor", "terminal")
        }
        cls.desk = cls.env["b2b2c.desk"]

    def _as(self, name):
        return self.desk.with_user(self.users[name])

    def _get_busy(self, name):
        """Return key -> number of what waits for somebody."""
        return {
            line["key"]: line["count"]
            for section in self._as(name).get_day()["sections"]
            for line in section["lines"]
        }

    def _days_later(self, days):
        """Return a context in which it is so many days later."""
        return freeze_time(fields.Datetime.now() + timedelta(days=days))

    def _ask_for_a_correction(self):
        account = self.member._get_account(self.unit)
        return self.env["b2b2c.adjustment"].create(
            {
                "account_id": account.id,
                "points": 5,
                "reason": "Forgotten",
                "state": "submitted",
            }
        )

    # === EACH LINE === #

    def test_a_list_shows_what_its_line_counts(self):
        """The filter that is set when a line is opened says what the line says."""
        lines = self.desk._get_waiting()
        self.assertEqual(len({line.key for line in lines}), len(lines))
        for line in lines:
            with self.subTest(line=line.key):
                self.assertIn(line.section, self.desk._get_sections())
                self.assertIn(line.since, self.env[line.model]._fields)
                action = self.env.ref(line.action)
                self.assertEqual(action.res_model, line.model)
                arch = etree.fromstring(
                    self.env[line.model].get_view(view_type="search")["arch"]
                )
                [shown] = arch.xpath(f"//filter[@name='{line.filter}']/@domain")
                whole = Domain(literal_eval(action.domain or "[]"))
                whole &= Domain(literal_eval(shown))
                model = self.env[line.model]
                self.assertEqual(
                    whole.optimize(model), Domain(list(line.domain)).optimize(model)
                )

    # === WHAT WAITS === #

    def test_what_waits_is_counted_and_opened(self):
        before = self._get_busy("officer").get("adjustments", 0)
        self._ask_for_a_correction()
        self.assertEqual(self._get_busy("officer"), {"adjustments": before + 1})
        with self._days_later(4):
            [section] = self._as("officer").get_day()["sections"]
        [line] = section["lines"]
        self.assertEqual((line["age"], line["is_late"]), ("4 days", True))
        action = self._as("officer").open_waiting("adjustments")
        self.assertEqual(action["res_model"], "b2b2c.adjustment")
        self.assertEqual(action["context"], {"search_default_waiting": 1})

    def test_the_age_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self._ask_for_a_correction()
        with self._days_later(2):
            desk = self._as("officer").with_context(lang="uk_UA")
            [section] = desk.get_day()["sections"]
        self.assertEqual(section["lines"][0]["age"], "2 дні")

    def test_only_who_decides_is_told(self):
        self._ask_for_a_correction()
        for name in ("user", "auditor"):
            with self.subTest(user=name):
                day = self._as(name).get_day()
                self.assertFalse(day["sections"] or day["idle"])
                with self.assertRaises(UserError):
                    self._as(name).open_waiting("adjustments")
        keys = {line["key"] for line in self._as("manager").get_day()["idle"]}
        self.assertIn("payouts_pay", keys)
        keys = {line["key"] for line in self._as("officer").get_day()["idle"]}
        self.assertNotIn("payouts_pay", keys)

    def test_nobody_else_opens_it(self):
        portal = self._create_user("desk.portal", "base.group_portal")
        for user in (portal, self.users["terminal"]):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.desk.with_user(user).get_day()
                with self.assertRaises(AccessError):
                    self.desk.with_user(user).open_waiting("receipts")

    def test_rubbish_is_refused(self):
        for key in ("", "nothing", 7, None, ["receipts"], {"a": 1}):
            with self.subTest(key=key), self.assertRaises(UserError):
                self._as("manager").open_waiting(key)
        for days in (-5, 10**9, "30", None, [1], 2.5):
            with self.subTest(days=days):
                self.assertIn("sections", self._as("manager").get_day(days, days))

    def test_the_counter_says_what_the_desk_says(self):
        """Two corrections wait for an officer, and nothing for who decides on none."""
        before = self._as("officer").count_waiting()
        self._ask_for_a_correction()
        self._ask_for_a_correction()
        self.assertEqual(self._as("officer").count_waiting(), before + 2)
        self.assertEqual(self._as("user").count_waiting(), 0)
        with self.assertRaises(AccessError):
            self._as("terminal").count_waiting()

    # === BEFORE ANYTHING WAS SET UP === #

    def test_whoever_begins_sees_the_gallery(self):
        """Until the first draft of any kind, and only who can make one."""
        self.assertTrue(self._as("manager").get_day()["is_new"])
        for name in ("officer", "user", "auditor"):
            self.assertFalse(self._as(name).get_day()["is_new"], name)
        kinds = self._get_document_kinds("sale.order").ids
        made = {
            "b2b2c.program": {"name": "First", "active": False},
            "b2b2c.ladder": {"name": "First", "document_kind_ids": kinds},
        }
        for model, values in made.items():
            with self.subTest(model):
                draft = self.env[model].create(values)
                self.assertFalse(self._as("manager").get_day()["is_new"])
                draft.unlink()
                self.assertTrue(self._as("manager").get_day()["is_new"])

    # === HOW IT GOES === #

    def test_figures_of_a_period(self):
        """5 % of 1,000.00 each: 50 points in March and in April; a point costs 0.10."""
        self.unit.point_value = 0.1
        self.company.b2b2c_timezone = "UTC"
        self._create_program()
        for day in ("2026-03-20", "2026-04-20", "2026-04-21"):
            with freeze_time(f"{day} 10:00:00"):
                self._create_order()
                self._process()
        with freeze_time("2026-04-22 10:00:00"):
            figures = self._as("manager").get_day(30, self.unit.id)["figures"]
            seen_by_user = self._as("user").get_day(30, self.unit.id)["figures"]
        tiles = {tile["key"]: tile for tile in figures["tiles"]}
        self.assertEqual(tiles["issued"]["value"], self.unit._format(100))
        self.assertEqual(tiles["issued"]["change"], 100)
        self.assertEqual(tiles["owed"]["value"], self.unit._format(150))
        self.assertIn("2,000.00", tiles["sales"]["value"])
        self.assertIn("10.00", tiles["cost"]["value"])
        issued, spent = figures["times"]["series"]
        self.assertEqual(sum(issued["values"]), 100)
        self.assertEqual(len(figures["times"]["labels"]), 30)
        self.assertEqual(set(spent["values"]), {0})
        [shop] = figures["shops"]
        self.assertEqual(shop["id"], self.member.employer_id.id)
        self.assertEqual(figures["programs"][0]["share"], 100)
        keys = {tile["key"] for tile in seen_by_user["tiles"]}
        self.assertEqual(keys, {"issued", "spent", "expired", "owed"})

    def test_money_is_for_those_who_answer_for_it(self):
        report = self.env["b2b2c.report.day"]
        for name, sees in (("user", False), ("officer", True), ("auditor", True)):
            with self.subTest(user=name):
                names = report.with_user(self.users[name]).fields_get()
                self.assertEqual("liability" in names, sees)
                self.assertEqual("cost_rate" in names, sees)
