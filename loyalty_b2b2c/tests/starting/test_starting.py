"""What a program says before it starts, and that it then happens."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon


class StartingCommon(LoyaltyCommon):
    def _draft(self, *rules, **values):
        """Create a program that was not started, with rules."""
        return self.env["b2b2c.program"].create(
            {
                "name": "New Club",
                "unit_id": self.unit.id,
                "timezone": "UTC",
                "rule_ids": [fields.Command.create(rule) for rule in rules],
                **values,
            }
        )

    def _rule(self, *kinds, name="Rule", **values):
        kinds = self._get_document_kinds(*kinds).ids
        return {"name": name, "value": 5, "document_kind_ids": kinds, **values}

    def _open(self, program):
        action = program.action_open_start()
        dialogs = self.env[action["res_model"]].with_context(**action["context"])
        return dialogs.create({})


@tagged("post_install", "-at_install")
class TestPaidTwice(StartingCommon):
    """What is named is what documents then pay twice."""

    def test_an_order_that_two_programs_pay(self):
        self._create_program(self._rule("sale.order", name="Five"))
        program = self._draft(self._rule("sale.order", name="Ten", value=10))
        text = (
            "“Ten” and “Five” of the program “Office Club” can both pay the buyer's "
            "employee for the same goods. With one document: Sales order."
        )
        self.assertEqual(program.overlap_text, text)
        self.assertIn(text, self._open(program).overlap_text)
        self.assertIn(text, program.rule_ids.warning)
        program.action_start()
        order = self._create_order()
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [("document_model", "=", "sale.order"), ("document_id", "=", order.id)]
        )
        self.assertEqual(sorted(entries.mapped("points")), [50, 100])
        self.assertEqual(entries.member_id, self.member)

    def test_an_order_and_the_scan_of_its_goods(self):
        self._create_program(self._rule("sale.order", name="Five"))
        program = self._draft(self._rule("scan", name="Scans"))
        self.assertIn(
            "documents of the same goods: Code scan and", program.overlap_text
        )

    def test_within_a_program_the_same_goods_pay_once(self):
        program = self._draft(self._rule("sale.order"), self._rule("scan", name="Scan"))
        self.assertFalse(program.overlap_text)

    def test_products_apart(self):
        other = self._create_product("Pen", 5)
        self._create_program(self._rule("sale.order", product_ids=self.product.ids))
        program = self._draft(self._rule("sale.order", product_ids=other.ids))
        self.assertFalse(program.overlap_text)
        program.rule_ids.product_ids |= self.product
        self.assertIn("same goods (Paper A4).", program.overlap_text)

    def test_a_product_and_its_category(self):
        above = self.env["product.category"].create({"name": "Office"})
        below = self.env["product.category"].create(
            {"name": "Paper", "parent_id": above.id}
        )
        self.product.categ_id = below
        self._create_program(self._rule("sale.order", product_ids=self.product.ids))
        program = self._draft(self._rule("sale.order", category_ids=above.ids))
        self.assertIn("(Paper A4)", program.overlap_text)
        program.rule_ids.category_ids = self.env["product.category"].create(
            {"name": "Food"}
        )
        self.assertFalse(program.overlap_text)

    def test_a_filter_on_products(self):
        self._create_program(self._rule("sale.order", product_ids=self.product.ids))
        rule = self._rule("sale.order", product_domain="[('name', 'ilike', 'pen')]")
        program = self._draft(rule)
        self.assertFalse(program.overlap_text)
        program.rule_ids.product_domain = "[('name', 'ilike', 'paper')]"
        self.assertTrue(program.overlap_text)

    def test_roles_apart(self):
        self._create_program(self._rule("sale.order"))
        self.assertFalse(
            self._draft(self._rule("sale.order", role="owner")).overlap_text
        )

    def test_another_company_is_not_compared(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._create_program(self._rule("sale.order"))
        program = self._draft(self._rule("sale.order"), company_id=company.id)
        self.assertFalse(program.overlap_text)

    def test_a_new_version_is_looked_at_while_it_runs(self):
        program = self._create_program(self._rule("sale.order", name="Five"))
        self.assertFalse(program.overlap_text)
        self._create_program(self._rule("scan", name="Scans"), name="Other Club")
        action = program.rule_ids.action_new_version()
        version = self.env["b2b2c.earning.rule"].browse(action["res_id"])
        self.assertIn("“Scans” of the program “Other Club”", version.warning)


@tagged("post_install", "-at_install")
class TestStart(StartingCommon):
    """For whom, for what, since when, and what it costs."""

    def test_what_it_costs_by_last_years_documents(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=100)):
            self._create_order()  # 10 × 100.00
            self._create_order(quantity=2)
            self._create_order(confirm=False)
        with freeze_time(fields.Datetime.now() - timedelta(days=400)):
            self._create_order()
        program = self._draft(self._rule("sale.order"))
        self.member.enrolled_at = fields.Datetime.now() - timedelta(days=1)
        dialog = self._open(program)
        # 5 % of 1,200.00, of the two orders of the last year
        self.assertEqual(dialog.cost_points, 60)
        self.assertEqual(dialog.cost_text, "About 60 pts (people: 1, documents: 2).")

    def test_nothing_is_stored_by_looking(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=10)):
            self._create_order()
        before = self.env["b2b2c.ledger.entry"].search_count([])
        program = self._draft(self._rule("sale.order"))
        self._open(program)
        self.assertEqual(self.env["b2b2c.ledger.entry"].search_count([]), before)
        self.assertEqual(program.state, "draft")

    def test_a_budget_is_the_most(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=100)):
            self._create_order()
        program = self._draft(self._rule("sale.order"), budget_points=20)
        self.assertEqual(self._open(program).cost_points, 20)

    def test_a_milestone_costs_once(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=100)):
            self._create_order()
            self._create_order()
        first = {"kind": "fixed", "value": 7, "scope": "document", "milestone": "only"}
        program = self._draft(self._rule("sale.order", **first))
        self.assertEqual(self._open(program).cost_points, 7)

    def test_for_whom_and_for_what(self):
        dialog = self._open(self._draft(self._rule("sale.order")))
        count = self.env["b2b2c.member"].search_count(
            [("role", "=", "employee"), ("state", "=", "enrolled")]
            + [("company_id", "=", self.company.id)]
        )
        self.assertEqual(dialog.people_count, count)
        self.assertEqual(dialog.people_text, f"Buyer's employee: {count}")
        self.assertEqual(dialog.product_text, "Every product")
        rule = self._rule("scan", product_ids=self.product.ids)
        dialog = self._open(self._draft(rule))
        self.assertEqual(dialog.product_text, "Products of today: 1")

    def test_points_before_payment_are_warned_about(self):
        program = self._draft(self._rule("sale.order"))
        words = "can be spent before anybody has paid"
        self.assertIn(words, self._open(program).warning_text)
        program.rule_ids.hold = "until_paid"
        self.assertNotIn(words, self._open(program).warning_text or "")
        self.assertFalse(self._draft(self._rule("scan")).rule_ids.warning)

    @freeze_time("2026-03-10 12:00:00")
    def test_it_pays_since_then(self):
        program = self._draft(self._rule("sale.order"))
        dialog = self._open(program)
        self.assertEqual(str(dialog.pays_from), "2026-03-10 12:00:00")
        dialog.action_start()
        self.assertEqual(program.state, "running")
        self.assertEqual(str(program.date_from), "2026-03-10 12:00:00")
        self.assertEqual(str(program.started_at), "2026-03-10 12:00:00")
        self.assertIn("Started.", program.message_ids[0].body)

    def test_a_start_is_taken_back_until_something_is_booked(self):
        program = self._draft(self._rule("sale.order"))
        self.assertFalse(program.can_be_draft)
        program.action_start()
        self.assertTrue(program.can_be_draft)
        program.action_draft()
        self.assertEqual((program.state, program.started_at), ("draft", False))
        self.assertIn("draft", program.message_ids[0].body)
        program.action_start()
        self._create_order()
        self._process()
        self.assertTrue(program._has_entries())
        program.invalidate_recordset(["can_be_draft"])
        self.assertFalse(program.can_be_draft)
        with self.assertRaisesRegex(UserError, "close it"):
            program.action_draft()

    def test_documents_of_any_date_if_somebody_says_so(self):
        program = self._draft(self._rule("sale.order"))
        dialog = self._open(program)
        dialog.pays_from = False
        dialog.action_start()
        self.assertFalse(program.date_from)
        self.assertIn("any date", program.message_ids[0].body)
