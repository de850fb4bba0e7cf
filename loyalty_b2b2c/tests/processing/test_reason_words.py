"""Reasons are sentences: those of the engine, and those that packages add."""

from odoo import api, models
from odoo.tests import TransactionCase, tagged

from ...engine import REASON_CODES
from ...models.dealers import reason_words as of_dealers
from ...models.network import reason_words as of_network
from ...models.processing import reason_words as of_processing
from ...models.programs import explanation
from ...models.referrals import reason_words as of_referrals
from .. import fakes
from ..common import LoyaltyCommon


class FakeRule(models.Model):
    """A package whose engine has a reason of its own."""

    _module = None
    _inherit = "b2b2c.earning.rule"

    @api.model
    def _get_reason_words(self):
        return {
            **super()._get_reason_words(),
            "full_moon": lambda env, p: f"Only at full moon, next {p.day('next')}.",
        }


@tagged("post_install", "-at_install")
class TestReasonWords(TransactionCase):
    def test_every_code_of_the_engine_has_a_sentence_in_one_package(self):
        packages = (
            *(explanation.WORDS, of_processing.WORDS),
            *(of_dealers.WORDS, of_network.WORDS, of_referrals.WORDS),
        )
        codes = [code for words in packages for code in words]
        self.assertEqual(len(codes), len({*codes}))
        # "undone" is said by processing, the engine undoes nothing
        self.assertEqual({*codes}, {*REASON_CODES, "undone"})
        self.assertEqual(
            self.env["b2b2c.earning.rule"]._get_reason_words().keys(), {*codes}
        )

    def test_every_code_is_worded_whatever_its_figures_are(self):
        for code in (*REASON_CODES, "undone"):
            with self.subTest(code=code):
                [sentence] = explanation.render(self.env, [{"code": code}])
                self.assertNotEqual(sentence, code)
                self.assertTrue(sentence.endswith("."))

    def test_a_code_of_a_newer_version_is_shown_as_it_is(self):
        self.assertEqual(
            explanation.render(self.env, [{"code": "of_tomorrow"}]), ["of_tomorrow"]
        )


@tagged("post_install", "-at_install")
class TestWordedChange(LoyaltyCommon):
    """What is taken back is said as a change: so many points instead of so many."""

    def _undo(self, **rule):
        """Pay an order of 12 × 38.50 = 462.00, then take 2 back and credit them."""
        self._create_program({"trigger": "paid", **rule})
        order = self._create_lines_order((self.product, 12, 38.5))
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._pay(invoice)
        self._process()
        self._return(picking, 2)
        self._credit_note(invoice, 2)
        self._process()
        return order, self._entries("reverse")

    def test_points_instead_of_points(self):
        """5 % of 462.00 are 23 points, 5 % of 385.00 are 19."""
        order, entry = self._undo()
        self.assertEqual(entry.points, -4)
        first, second, *_more = entry.explanation_text.splitlines()
        self.assertEqual(
            first,
            f"A credit note was posted for {order.name}. Quantity 10 instead of 12: "
            "19 points instead of 23.",
        )
        amount = "$\N{NO-BREAK SPACE}385.00"
        self.assertEqual(second, f"Invoice paid: quantity 10, amount {amount}.")

    def test_nothing_is_left(self):
        self._create_program({})
        order = self._create_order()
        self._process()
        order._action_cancel()
        self._process()
        [text] = self._entries("reverse").explanation_text.splitlines()
        self.assertEqual(text, f"{order.name} was cancelled.")

    def test_an_entry_of_before_says_what_it_knows(self):
        reason = {"code": "undone", "params": {"cause": "credited", "document": "S1"}}
        self.assertEqual(
            explanation.render(self.env, [reason]),
            ["A credit note was posted for S1."],
        )

    def test_moments_are_called_as_people_of_the_document_do(self):
        figures = {"trigger": "paid", "quantity": "2", "amount": "0"}
        for line, words in (
            ("sale.order.line,1", "Invoice paid: quantity 2."),
            ("b2b2c.claim.line,1", "Accepted: quantity 2."),
            ("b2b2c.external.line,1", "Reported as paid: quantity 2."),
            ("of.a.module.that.is.gone,1", "Invoice paid: quantity 2."),
        ):
            with self.subTest(line=line):
                reason = {"code": "basis", "params": {**figures, "lines": line}}
                self.assertEqual(explanation.render(self.env, [reason]), [words])

    def test_amounts_have_the_currency_of_their_company(self):
        currency = self.env.ref("base.EUR")
        reason = {
            "code": "amount_too_low",
            "params": {"amount": "99.5", "limit": "100", "basis": "untaxed"},
        }
        [text] = explanation.render(self.env, [reason], currency=currency)
        self.assertEqual(
            text.replace("\xa0", " "),
            "Amount 99.50 € is below the minimum of 100.00 €.",
        )


@tagged("post_install", "-at_install")
class TestNewReason(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, FakeRule)

    def test_a_package_words_its_own(self):
        reason = {"code": "full_moon", "params": {"next": "2026-12-24T01:28:00"}}
        self.assertEqual(
            explanation.render(self.env, [reason, {"code": "no_member"}]),
            [
                "Only at full moon, next Dec 24, 2026.",
                "Nobody is enrolled as  at this customer.",
            ],
        )
