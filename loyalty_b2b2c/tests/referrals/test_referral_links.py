"""Codes to recommend with: whose they are, and what each wrong one is told."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReferralCommon


@tagged("post_install", "-at_install")
class TestReferralLinks(ReferralCommon):
    def _find(self, text, asker=""):
        return self.links._find(text, self.company, asker)

    def test_everybody_has_one_code(self):
        self.assertRegex(self.link.code, r"^IRYNA-[0-9A-Z]{4}-[0-9A-Z]{4}$")
        self.assertEqual(self.link.shown_name, "Iryna")
        self.assertEqual(self._get_link(self.iryna), self.link)
        self.assertIn(self.link.code, self._get_link(self.iryna).display_name)

    def test_every_spelling_is_found(self):
        code = self.link.code
        for text in (code, code.lower(), code.replace("-", " "), f"see /r/{code}?x=1"):
            found = self._find(text)
            self.assertEqual((found.link, found.problem), (self.link, ""), text)

    def test_what_wrong_codes_are_told(self):
        wrong = self.link.code[:-1] + ("2" if self.link.code[-1] != "2" else "3")
        for text, problem in (
            ("", "no_code"),
            (None, "no_code"),
            ("?!", "no_code"),
        ):
            found = self._find(text)
            self.assertEqual((found.link.id, found.problem), (False, problem), text)
            self.assertTrue(found.message.endswith("."), text)
        for text in (wrong, self.link.code[:-1]):
            # one of 37 wrong codes is right by chance, and nobody's
            self.assertIn(self._find(text).problem, ("mistyped", "unknown"))
        self.link.action_revoke()
        other = self._get_link(self.iryna)
        self.assertNotEqual(other, self.link)
        self.assertEqual(self._find(self.link.code).problem, "ended")
        self.assertEqual(self._find(other.code).link, other)

    def test_a_code_of_nobody_is_unknown(self):
        code = self.link.code
        self.link.sudo().unlink()
        self.assertEqual(self._find(code).problem, "unknown")

    def test_a_code_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        found = self.links._find(self.link.code, other)
        self.assertEqual((found.link.id, found.problem), (False, "unknown"))

    def test_who_is_suspended_does_not_recommend(self):
        self.iryna.action_suspend()
        self.assertEqual(self._find(self.link.code).problem, "not_now")
        self.iryna.action_resume()
        self.assertEqual(self._find(self.link.code).link, self.link)

    def test_an_end(self):
        self.link.valid_until = self.today - timedelta(days=1)
        self.assertEqual(self._find(self.link.code).problem, "ended")
        self.link.valid_until = False
        self.campaign.date_to = self.today - timedelta(days=1)
        self.assertEqual(self._find(self.link.code).problem, "ended")
        self.campaign.date_to = False
        self.program.action_close()
        self.assertEqual(self._find(self.link.code).problem, "ended")

    def test_only_some_roles_recommend(self):
        rows = self.env["b2b2c.reward.role"]._get_rows("customer")
        self.campaign.role_ids = [Command.set(rows.ids)]
        self.assertEqual(self._find(self.link.code).problem, "not_now")
        self.assertFalse(self._get_link(self.member))
        with self.assertRaisesRegex(ValidationError, "another role"):
            self.links.create(
                {"member_id": self.member.id, "campaign_id": self.campaign.id}
            )

    def test_a_code_that_was_chosen(self):
        self.link.action_revoke()
        vals = {"member_id": self.iryna.id, "campaign_id": self.campaign.id}
        link = self.links.create({**vals, "code": "iryna2026"})
        self.assertEqual(self._find("Iryna-2026").link, link)
        self.assertEqual(self._find("IRYNA-2027").problem, "mistyped")
        link.action_revoke()
        for code in ("ab", "x" * 30, "no/slash", "a@b.c"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.links.create({**vals, "code": code})

    @mute_logger("odoo.sql_db")
    def test_nobody_has_two_codes_or_another_ones(self):
        vals = {"member_id": self.iryna.id, "campaign_id": self.campaign.id}
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.links.create(vals)
        vals["member_id"] = self._create_recommender("Taras Bulba").id
        code = self.link.code.lower().replace("-", "")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.links.create({**vals, "code": code})

    def test_a_name_is_no_place_for_a_link(self):
        with self.assertRaises(ValidationError):
            self.link.shown_name = "win at t.co/x"

    def test_a_limit_of_uses(self):
        self.campaign.max_uses = 2
        taken = [self.link._take_use() for _time in range(3)]
        self.assertEqual(taken, [True, True, False])
        self.assertEqual(self._find(self.link.code).problem, "used_up")
        self.link._give_use_back()
        self.assertEqual(self._find(self.link.code).link, self.link)

    def test_without_a_limit_no_row_is_written(self):
        self.assertTrue(self.link._take_use())
        self.assertEqual(self.link.uses, 0)

    def test_who_guesses_gets_no_answer(self):
        for number in range(30):
            self.assertFalse(self._find(f"GUESS{number:03}", "net:1").link)
        self.assertEqual(self._find(self.link.code, "net:1").problem, "too_often")
        self.assertEqual(self._find(self.link.code, "net:2").link, self.link)

    def test_officers_give_no_codes_to_themselves(self):
        officer = self._create_user("rita", "loyalty_b2b2c.group_officer")
        own = self._create_recommender("Rita", email=officer.email)
        vals = {"member_id": own.id, "campaign_id": self.campaign.id}
        with self.assertRaisesRegex(UserError, "Another person"):
            self.links.with_user(officer).create(vals)
        with self.assertRaises(UserError):
            self._get_link(own).with_user(officer).action_pause()
        self.link.with_user(officer).action_pause()
        self.assertEqual(self._find(self.link.code).problem, "not_now")
        with self.assertRaises(UserError):
            self.link.with_user(officer).code = "ELSE2026"


@tagged("post_install", "-at_install")
class TestReferralBuyers(ReferralCommon):
    """What is said to a buyer who is known."""

    def test_a_new_customer_can_use_a_code(self):
        self.assertEqual(self.link._get_problem(self.petro), "")

    def test_nobody_uses_the_own_code(self):
        self.assertEqual(self.link._get_problem(self.iryna.partner_id), "own")

    def test_a_customer_is_new_once(self):
        self._buy(self.petro)
        self.assertEqual(self.link._get_problem(self.petro), "not_new")
        self.campaign.new_only = False
        self.assertEqual(self.link._get_problem(self.petro), "")

    def test_who_cancelled_is_still_new(self):
        self._buy(self.petro)._action_cancel()
        self.assertEqual(self.link._get_problem(self.petro), "")

    def test_a_customer_uses_a_code_so_often(self):
        self.campaign.write({"new_only": False, "max_per_buyer": 2})
        orders = [
            self._create_order(partner_id=self.petro.id, confirm=False)
            for _time in range(3)
        ]
        noted = [
            self.uses._note(order, self.link, "order", self.petro) for order in orders
        ]
        self.assertEqual(noted, [True, True, False])
        self.assertEqual(self.link._get_problem(self.petro), "used_before")
        self.uses._take_back(orders[0])
        self.assertTrue(self.uses._note(orders[2], self.link, "order", self.petro))
        # noting the same again changes nothing
        self.assertTrue(self.uses._note(orders[2], self.link, "order", self.petro))

    def test_another_code_takes_the_place_of_the_first(self):
        self.campaign.max_uses = 1
        other = self._get_link(self._create_recommender("Taras Bulba"))
        order = self._create_order(partner_id=self.petro.id, confirm=False)
        self.assertTrue(self.uses._note(order, self.link, "order"))
        self.assertTrue(self.uses._note(order, other, "order"))
        self.assertEqual((self.link.uses, other.uses), (0, 1))
        self.assertEqual(self.uses._find(order).link_id, other)
