"""The sentence is the form: in a real browser, part by part."""

from odoo.tests import HttpCase, tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestSentenceTour(LoyaltyCommon, HttpCase):
    browser_size = "1440x900"

    def test_a_rule_is_written_by_its_sentence(self):
        program = self.env["b2b2c.program"].create({"name": "Club"})
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "New Rule",
                "res_model": "b2b2c.earning.rule",
                "view_mode": "form",
                "context": {"default_program_id": program.id},
            }
        )
        self.start_tour(
            f"/odoo/action-{action.id}", "b2b2c_rule_sentence", login="admin"
        )
        rule = program.rule_ids
        self.assertEqual(
            rule.sentence,
            "When a code is scanned, the buyer's employee who scanned it gets 10 pts "
            "per piece of any product, usable at once; they lapse after 12 months.",
        )
        self.assertEqual((rule.trigger, rule.hold), ("confirmed", "none"))
