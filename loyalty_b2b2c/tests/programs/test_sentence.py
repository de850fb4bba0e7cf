"""What a rule says in one sentence."""

from odoo import Command
from odoo.tests import tagged

from ...models.programs.sentence import part, plain, split
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestSentence(LoyaltyCommon):
    """Each clause follows its fields, and says nothing that cannot matter."""

    def assertSays(self, sentence, *kinds, **values):
        rule = self._create_rule(*kinds, **values)
        self.assertEqual(rule._get_sentence(), sentence)
        self.assertEqual(rule.sentence, sentence)

    def _create_rule(self, *kinds, **values):
        program = self.env["b2b2c.program"].create(
            {"name": "Club", "unit_id": self.unit.id, "timezone": "Europe/Kyiv"}
        )
        usual = {
            "name": "Rule",
            "program_id": program.id,
            "document_kind_ids": self._get_document_kinds(*kinds).ids,
        }
        return self.env["b2b2c.earning.rule"].create({**usual, **values})

    def test_scan(self):
        self.assertSays(
            "When a code is scanned, the shop's salesperson who scanned it gets 10 pts "
            "per piece of “Paper A4”, usable at once; they lapse after 12 months.",
            "scan",
            role="salesperson",
            pick="seller",
            kind="per_unit",
            value=10,
            product_ids=self.product.ids,
            trigger="paid",
            hold="until_paid",
            expiry="months",
        )

    def test_order_paid(self):
        self.assertSays(
            "When an order is paid (from $ 500), the buyer's employee named on the "
            "document (or else who enrolled first) gets 2.5% of the price of any "
            "product, usable when it is paid; they never lapse. At most 1,000 pts per "
            "participant and month.",
            "sale.order",
            trigger="paid",
            value=2.5,
            hold="until_paid",
            amount_min=500,
            cap_period=1000,
        )

    def test_several_kinds_are_joined(self):
        self.assertSays(
            "When a code is scanned or a receipt is accepted, the shop's salesperson "
            "who handed it in gets 3 pts for each line of any product, usable after 14 "
            "days; they lapse at the end of a year, 12 months later at the earliest.",
            "scan",
            "receipt",
            role="salesperson",
            pick="contact",
            kind="fixed",
            value=3,
            hold="days",
            expiry="period_end",
        )

    def test_shares(self):
        self.assertSays(
            "When the goods of an order are delivered, the shop's salesperson named as "
            "who sold (70%) and the shop's owner where the goods go named on the "
            "document (or else who enrolled first) (30%) share 1 pts per piece of any "
            "product, usable at once; they never lapse.",
            "sale.order",
            trigger="delivered",
            party="receiver",
            kind="per_unit",
            share_ids=[
                Command.create(
                    {"role": "salesperson", "pick": "seller", "percent": 70}
                ),
                Command.create({"role": "owner", "percent": 30}),
            ],
        )

    def test_event_is_about_no_goods(self):
        self.assertSays(
            "When an event is reported (only: visit), the shop's owner named in it "
            "gets 100 pts, usable at once; they never lapse. Until Dec 31, 2026.",
            "event",
            role="owner",
            pick="contact",
            kind="fixed",
            value=100,
            event_codes="visit",
            # midnight of the zone of the program
            valid_until="2026-12-31 22:00:00",
        )

    def test_conditions_on_products(self):
        category = self.env["product.category"].create({"name": "Paper"})
        tag = self.env["product.tag"].create({"name": "Spring"})
        rule = self._create_rule(
            "sale.order", category_ids=category.ids, tag_ids=tag.ids
        )
        self.assertIn(
            "of the category “Paper” and of products with the tag “Spring”",
            rule.sentence,
        )
        rule.product_ids = self.product
        for name in ("B", "C", "D"):
            rule.product_ids |= self._create_product(name, 10)
        self.assertIn(" or 1 more", rule.sentence)

    def test_milestone(self):
        rule = self._create_rule(
            "sale.order",
            kind="fixed",
            value=100,
            scope="document",
            milestone="only",
        )
        self.assertIn("100 pts for any quantity of any product for the", rule.sentence)

    def test_a_moment_that_never_comes_is_not_said(self):
        rule = self._create_rule("sale.order", "delivery", trigger="invoiced")
        self.assertTrue(rule.sentence.startswith("When an order is invoiced, the"))

    def test_changes_while_it_is_edited(self):
        rule = self._create_rule("scan", kind="per_unit", value=10)
        draft = self.env["b2b2c.earning.rule"].new(origin=rule)
        draft.value = 20
        self.assertIn("gets 20 pts per piece", draft.sentence)

    def test_every_kind_has_words(self):
        for code, words in self.env["b2b2c.document.kind"]._get_kind_words().items():
            with self.subTest(kind=code):
                self.assertLessEqual(set(words.moments), set(words.when))

    def test_an_abbreviation_at_the_end_has_one_full_stop(self):
        sentence = f"they lapse after {part('lapse', '12 міс.')}. {part('until', 'X.')}"
        self.assertEqual(plain(sentence), "they lapse after 12 міс. X.")

    def test_parts(self):
        marked = part("award", f"10 per piece {part('goods', 'of paper')} sold") + "."
        self.assertEqual(plain(marked), "10 per piece of paper sold.")
        self.assertEqual(
            split(marked),
            [
                ("award", "10 per piece "),
                ("goods", "of paper"),
                ("award", " sold"),
                ("", "."),
            ],
        )
