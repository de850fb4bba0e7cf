"""Milestones: awards for the first sale of a participant, the n-th, each n-th."""

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import LoyaltyCommon


class MilestoneCommon(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.startClassPatcher(freeze_time("2026-03-10 10:00:00"))

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-10 10:00:00")

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    @classmethod
    def _create_milestone(cls, milestone, number, **rule):
        """Start a program that gives one point for a milestone."""
        return cls._create_program(
            {
                "name": "Milestone",
                "kind": "fixed",
                "value": 1,
                "scope": "document",
                "milestone": milestone,
                "milestone_number": number,
                "document_kind_ids": [
                    Command.set(cls._get_document_kinds("sale.order").ids)
                ],
                **rule,
            }
        )

    def _sell(self, count=1, **values):
        """Sell so often, each sale processed for itself; return the orders."""
        orders = self.env["sale.order"]
        for _number in range(count):
            orders |= self._create_order(quantity=1, **values)
            self._process_all()
        return orders

    def _cancel(self, order):
        order._action_cancel()
        self._process_all()

    def _process_all(self):
        while self._process():
            pass

    def _get_points(self, member=None):
        return self._balances(member or self.member)[0]

    def _get_awarded(self, orders):
        """Return which of the orders have the points of a milestone now, by place."""
        totals = self.env["b2b2c.ledger.entry"]._get_document_totals(orders)
        return [n for n, o in enumerate(orders, 1) if totals.get(o.id, (0, 0))[1]]


@tagged("post_install", "-at_install")
class TestMilestones(MilestoneCommon):
    def test_only_the_first_sale(self):
        self._create_milestone("only", 1)
        orders = self._sell(3)
        self.assertEqual(self._get_awarded(orders), [1])

    def test_every_third_sale(self):
        self._create_milestone("every", 3)
        orders = self._sell(7)
        self.assertEqual(self._get_awarded(orders), [3, 6])
        self.assertEqual(self._get_points(), 2)

    def test_several_in_one_transaction(self):
        self._create_milestone("every", 2)
        for _number in range(5):
            self._create_order(quantity=1)
        self._process_all()
        self.assertEqual(self._get_points(), 2)

    def test_the_first_sale_is_undone(self):
        """The next sale takes its place; there is one award as long as one is left."""
        self._create_milestone("only", 1)
        first, second = self._sell(2)
        self._cancel(first)
        self.assertEqual(self._get_awarded(first | second), [2])
        self._cancel(second)
        self.assertEqual(self._get_points(), 0)
        third = self._sell()
        self.assertEqual(self._get_awarded(first | second | third), [3])

    def test_a_sale_that_has_no_award_is_undone(self):
        """Three of six are left when one of six is undone: one award, not two."""
        self._create_milestone("every", 3)
        orders = self._sell(6)
        self._cancel(orders[0])
        self.assertEqual(self._get_awarded(orders), [3])
        self._sell()
        self.assertEqual(self._get_points(), 2)

    def test_a_sale_that_comes_late_is_one_more(self):
        """Its date is earlier than the others'; the award stays where it is."""
        self._create_milestone("only", 2)
        orders = self._sell(2)
        late = self._sell(date_order="2026-03-01 10:00:00")
        self.assertEqual(self._get_awarded(orders | late), [2])

    def test_an_award_follows_the_payment(self):
        self._create_milestone("only", 1, trigger="paid")
        orders = self._sell(2)
        self.assertEqual(self._get_points(), 0)
        self._pay(self._invoice(orders[1]))
        self._process_all()
        self.assertEqual(self._get_awarded(orders), [2])
        self._pay(self._invoice(orders[0]))
        self._process_all()
        self.assertEqual(self._get_awarded(orders), [2])

    def test_looking_again_changes_nothing(self):
        self._create_milestone("every", 2)
        orders = self._sell(5)
        before = self.env["b2b2c.ledger.entry"].search_count([])
        self.env["b2b2c.event"]._record(orders)
        self._process_all()
        self.assertEqual(self.env["b2b2c.ledger.entry"].search_count([]), before)

    def test_a_sale_is_what_the_rule_is_for(self):
        self._create_milestone("only", 2, amount_min=150)
        small = self._sell()
        large = self._create_order(quantity=2)
        self._process_all()
        second = self._create_order(quantity=3)
        self._process_all()
        self.assertEqual(self._get_awarded(small | large | second), [3])

    def test_what_counted_once_still_does(self):
        """The product moves to a category that the rule is not for."""
        meant, other = self.env["product.category"].create(
            [{"name": "Paper"}, {"name": "Pens"}]
        )
        self.product.categ_id = meant
        self._create_milestone("only", 2, category_ids=[Command.set(meant.ids)])
        orders = self._sell(2)
        self.product.categ_id = other
        self.env["b2b2c.event"]._record(orders)
        self._process_all()
        self.assertEqual(self._get_awarded(orders), [2])

    def test_a_new_version_counts_on(self):
        program = self._create_milestone("only", 3)
        orders = self._sell(2)
        self.clock.move_to("2026-03-11 10:00:00")
        program.rule_ids.action_new_version()
        self.clock.move_to("2026-03-12 10:00:00")
        orders |= self._sell(3)
        self.assertEqual(self._get_awarded(orders), [3])

    def test_a_deleted_order_counts_no_more(self):
        self._create_milestone("only", 2)
        first, second = self._sell(2)
        self._cancel(first)
        first.unlink()
        self._process_all()
        self.assertEqual(self._get_awarded(second), [])

    def test_merged_people_are_one(self):
        """Each had a first sale; with the next one, one award is taken back."""
        self._create_milestone("only", 1)
        self._sell()
        contact = self.env["res.partner"].create(
            {"name": "O. Kovalenko", "parent_id": self.client.id}
        )
        twin = self._create_member(contact_id=contact.id, name="O. Kovalenko")
        self._sell(partner_id=contact.id)
        self.assertEqual((self._get_points(), self._get_points(twin)), (1, 1))
        self._merge(twin.partner_id, self.member.partner_id)
        self.assertEqual(twin.state, "merged")
        self.assertEqual(self._get_points(), 2)
        self._sell()
        self.assertEqual(self._get_points(), 1)

    def test_the_preview_says_which_sale_it_is(self):
        program = self._create_milestone("every", 3)
        self._sell(2)
        draft = self._create_order(quantity=1, confirm=False)
        [verdict] = self._judge(draft)
        [award] = verdict.decision.awards
        reasons = {reason.code: reason.params for reason in award.explanation}
        self.assertEqual(reasons["milestone"]["reached"], 3)
        self.assertEqual(program.rule_ids.milestone_number, 3)

    def _judge(self, order):
        from ...models.processing.judge import Judge

        return Judge(self.env(su=True)).ask(order, hypothetical=True)[order.id]


@tagged("post_install", "-at_install")
class TestMilestoneForm(MilestoneCommon):
    def test_a_milestone_is_for_the_document(self):
        program = self._create_milestone("only", 1)
        with Form(self.env["b2b2c.earning.rule"]) as form:
            form.program_id = program
            form.name = "Tenth sale"
            form.document_kind_ids = self._get_document_kinds("sale.order")
            form.kind = "fixed"
            form.milestone = "only"
            form.milestone_number = 10
        rule = form.save()
        self.assertEqual((rule.scope, rule.milestone_number), ("document", 10))

    def test_what_the_rule_gives_in_words(self):
        rule = self._create_milestone("only", 1).rule_ids
        self.assertEqual(rule.award_text, "1 pts for the first sale")
        rule.milestone_number = 10
        self.assertEqual(rule.award_text, "1 pts for sale number 10")
        rule.milestone = "every"
        self.assertEqual(rule.award_text, "1 pts for every 10 sales")

    def test_what_is_no_milestone(self):
        rule = self._create_milestone("only", 1).rule_ids
        for values in ({"kind": "percent"}, {"scope": "line"}):
            with self.subTest(values), self.assertRaises(ValidationError):
                rule.write(values)
