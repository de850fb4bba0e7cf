"""Who gets what and why, before anything is booked."""

from odoo import Command
from odoo.tests import tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPreview(LoyaltyCommon):
    """5 % of 10 × 100.00 for the employee; a second rule is for shop owners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            {"name": "employee", "hold": "until_paid"},
            {"name": "owner", "role": "owner"},
        )
        cls.user = cls._create_user(
            "seller",
            "sales_team.group_sale_salesman_all_leads",
            "loyalty_b2b2c.group_user",
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _preview(self, order):
        """Open the preview as an ordinary user does."""
        action = order.with_user(self.user).action_b2b2c_preview()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _figures(self, order):
        """Return rule name -> (points, pending, booked) of the preview."""
        return {
            line.rule_id.name: (line.points, line.points_pending, line.points_booked)
            for line in self._preview(order).award_ids
        }

    def test_draft_supposes_everything_happens(self):
        preview = self._preview(self._create_order(confirm=False))
        self.assertTrue(preview.is_hypothetical)
        self.assertRecordValues(
            preview.award_ids,
            [{"member_id": self.member.id, "points": 50, "points_pending": 0}],
        )

    def test_draft_says_why(self):
        award = self._preview(self._create_order(confirm=False)).award_ids
        self.assertEqual(award.source_name, "Paper A4")
        self.assertIn("amount $\N{NO-BREAK SPACE}1,000.00", award.why)
        self.assertIn("5%", award.why)

    def test_draft_says_why_not(self):
        refusal = self._preview(self._create_order(confirm=False)).refusal_ids
        self.assertEqual(refusal.rule_id.name, "owner")
        self.assertEqual(
            refusal.why, "Nobody is enrolled as Shop owner at this customer."
        )

    def test_rules_for_other_kinds_of_documents_are_not_listed(self):
        delivery = self.env.ref("loyalty_b2b2c.document_kind_delivery")
        self._create_program(
            {"name": "delivered", "document_kind_ids": [Command.set(delivery.ids)]}
        )
        refusals = self._preview(self._create_order(confirm=False)).refusal_ids
        self.assertEqual(refusals.rule_id.mapped("name"), ["owner"])

    def test_from_here_to_what_is_booked_and_why(self):
        order = self._create_order()
        self.assertFalse(self._preview(order).has_entries)
        self._process()
        preview = self._preview(order)
        self.assertTrue(preview.has_entries)
        self.assertEqual(
            preview.action_open_entries()["res_model"], "b2b2c.ledger.entry"
        )
        self.assertEqual(preview.action_why()["res_model"], "b2b2c.why")

    def test_confirmed_is_taken_as_it_is(self):
        order = self._create_order()
        self.assertFalse(self._preview(order).is_hypothetical)
        self.assertEqual(self._figures(order), {"employee": (0, 50, 0)})

    def test_booked_is_shown_beside(self):
        order = self._create_order()
        self._process()
        self.assertEqual(self._figures(order), {"employee": (0, 50, 50)})

    def test_cancelled_deserves_nothing(self):
        order = self._create_order()
        order._action_cancel()
        self.assertEqual(self._figures(order), {})

    def test_nothing_is_booked(self):
        order = self._create_order()
        before = self.env["b2b2c.account"]._ledger_digest()
        events = self.env["b2b2c.event"].search_count([])
        self._preview(order)
        self.assertEqual(self.env["b2b2c.account"]._ledger_digest(), before)
        self.assertEqual(self.env["b2b2c.event"].search_count([]), events)

    def test_nothing_is_taken_of_a_limit(self):
        self.program.budget_points = 60
        self._preview(self._create_order(confirm=False))
        self.assertEqual(self.program.budget_used, 0)

    def test_draft_figures_are_what_is_booked_in_the_end(self):
        order = self._create_order(confirm=False)
        foreseen = self._preview(order).award_ids.points
        order.action_confirm()
        self._pay(self._invoice(order))
        self.assertEqual(self._balances(), (foreseen, 0, 0))

    def test_confirmed_figures_are_what_is_booked_next(self):
        order = self._create_order()
        invoice = self._invoice(order)
        self._pay(invoice)
        self._credit_note(invoice, 4)
        award = self._preview(order).award_ids
        self.assertEqual(self._balances(), (award.points, award.points_pending, 0))

    def test_limit_is_explained(self):
        self.program.rule_ids[0].cap_document = 30
        award = self._preview(self._create_order(confirm=False)).award_ids
        self.assertEqual(award.points, 30)
        self.assertIn("limit per document", award.why)

    def test_missing_exchange_rate(self):
        currency = self._create_currency_rate("SEK")
        order = self._create_order(
            confirm=False, pricelist_id=self._create_pricelist(currency).id
        )
        preview = self._preview(order)
        self.assertIn("SEK", preview.problem)
        self.assertFalse(preview.line_ids)
