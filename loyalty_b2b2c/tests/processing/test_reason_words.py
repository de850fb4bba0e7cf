"""Reasons are sentences: those of the engine, and those that packages add."""

from odoo import api, models
from odoo.tests import TransactionCase, tagged

from ...engine import REASON_CODES
from ...models.dealers import reason_words as of_dealers
from ...models.processing import reason_words as of_processing
from ...models.programs import explanation
from .. import fakes


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
        packages = (explanation.WORDS, of_processing.WORDS, of_dealers.WORDS)
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
                "Only at full moon, next 12/24/2026.",
                "Nobody is enrolled as  at this customer.",
            ],
        )
