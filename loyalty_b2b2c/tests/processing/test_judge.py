"""The judge: one answer of all companies, of stored and of imagined documents."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...exceptions import FactError
from ...models.processing import judge as judge_module
from ...models.processing.judge import Judge, join
from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestJudge(LoyaltyCommon):
    """5 % of 10 × 100.00 here; 1 % at another company, where somebody else works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program()
        cls.partner = cls.env["res.company"].create(
            {"name": "Partner", "currency_id": cls.company.currency_id.id}
        )
        cls.there = cls._create_member(
            name="Petro", email="petro@example.com", company_id=cls.partner.id
        )
        cls.partner_program = cls._create_program(
            {"value": 1},
            company_id=cls.partner.id,
            source_company_ids=[Command.set(cls.company.ids)],
        )

    def _ask(self, documents, **options):
        return Judge(self.env, with_refusals=False).ask(documents, **options)

    def _points(self, verdicts):
        """Return company -> member -> points of the verdicts on a document."""
        return {
            verdict.company: {
                self.env["b2b2c.member"].browse(award.member_id): award.points_total
                for award in verdict.decision.awards
            }
            for verdict in verdicts
        }

    def test_all_companies_that_reward_a_document_answer(self):
        order = self._create_order()
        verdicts = self._ask(order)[order.id]
        expected = {self.company: {self.member: 50}, self.partner: {self.there: 10}}
        self.assertEqual(self._points(verdicts), expected)
        self.assertEqual(
            [award.points_total for award in join(verdicts).awards], [50, 10]
        )

    def test_documents_of_several_companies_at_once(self):
        """What the partner reports is rewarded by the partner alone."""
        sale = {
            "type": "sale",
            "amount": 100,
            "partner": {"email": self.client.email},
        }
        documents = self.env["b2b2c.external.document"]
        for company in self.company | self.partner:
            documents |= self.env["b2b2c.intake"]._record(
                {**sale, "reference": company.name}, company=company, channel="api"
            )[0]
        own, theirs = documents
        answers = self._ask(documents)
        expected = {self.company: {self.member: 5}, self.partner: {self.there: 1}}
        self.assertEqual(self._points(answers[own.id]), expected)
        del expected[self.company]
        self.assertEqual(self._points(answers[theirs.id]), expected)

    def test_a_document_that_is_only_imagined(self):
        imagined = self.env["sale.order"].new(
            {
                "name": "S-NEVER",
                "partner_id": self.contact.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 4,
                            "price_unit": 100,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        verdicts = self._ask(imagined, hypothetical=True)[imagined.id]
        expected = {self.company: {self.member: 20}, self.partner: {self.there: 4}}
        self.assertEqual(self._points(verdicts), expected)
        self.assertFalse(self.env["sale.order"].search([("name", "=", "S-NEVER")]))

    def test_what_is_imagined_of_a_stored_document_knows_what_is_booked(self):
        """30 points are left of the limit of 80 for everybody else, 80 for itself."""
        self.program.rule_ids.cap_member = 80
        order = self._create_order()
        self._process()
        larger = self.env["sale.order"].new(
            {
                "order_line": [
                    Command.update(order.order_line.id, {"product_uom_qty": 20})
                ]
            },
            origin=order,
        )
        self.assertEqual(larger.order_line.product_uom_qty, 20)
        own, _partner = self._ask(larger)[larger.id]
        [award] = own.decision.awards
        self.assertEqual(award.points_total, 80)
        self.assertEqual(award.key, self._entries().award_key)
        self.assertEqual(order.order_line.product_uom_qty, 10)

    def test_the_engine_is_asked_when_somebody_wants_to_know(self):
        order = self._create_order()
        with patch.object(judge_module, "evaluate", side_effect=RuntimeError) as engine:
            verdicts = self._ask(order)[order.id]
            engine.assert_not_called()
            with self.assertRaises(RuntimeError):
                self.assertTrue(verdicts[0].decision)
        with patch.object(
            judge_module, "evaluate", wraps=judge_module.evaluate
        ) as engine:
            self.assertIs(verdicts[1].decision, verdicts[1].decision)
            self.assertEqual(engine.call_count, 1)

    def test_who_gets_nothing_is_told_to_who_wants_to_know(self):
        order = self._create_order(0)
        for with_refusals, number in ((True, 2), (False, 0)):
            verdicts = Judge(self.env, with_refusals=with_refusals).ask(order)[order.id]
            self.assertEqual(len(join(verdicts).refusals), number)

    def test_what_cannot_be_measured_is_said_when_it_is_read(self):
        currency = self._create_currency_rate("SEK")
        pricelist = self._create_pricelist(currency)
        order = self._create_order(pricelist_id=pricelist.id)
        verdicts = self._ask(order)[order.id]
        for read in (lambda: verdicts[0].fact, lambda: join(verdicts)):
            with self.assertRaisesRegex(FactError, "SEK"):
                read()

    def test_a_program_that_rewards_no_more_is_asked_about_what_it_gave(self):
        order = self._create_order()
        self._process()
        self.partner_program.source_company_ids = False
        other = self._create_order()
        answers = self._ask(order | other)
        # taken back nothing, given nothing new
        expected = {self.company: {self.member: 50}, self.partner: {self.there: 10}}
        self.assertEqual(self._points(answers[order.id]), expected)
        expected = {self.company: {self.member: 50}, self.partner: {}}
        self.assertEqual(self._points(answers[other.id]), expected)

    def test_nothing_can_be_earned_where_nobody_rewards(self):
        (self.program | self.partner_program).action_close()
        self.program.unlink()
        self.partner_program.unlink()
        order = self._create_order()
        self.assertEqual(self._ask(order), {order.id: []})
