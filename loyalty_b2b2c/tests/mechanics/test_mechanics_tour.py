"""Scan to earn in a real browser: from nothing to a running program that pays."""

from odoo.tests import HttpCase, tagged

from ..claims.test_claims import ClaimCommon


@tagged("post_install", "-at_install")
class TestMechanicsTour(ClaimCommon, HttpCase):
    browser_size = "1440x900"

    def test_a_newcomer(self):
        self.env["b2b2c.challenge"].search([("state", "=", "draft")]).unlink()
        programs = self.env["b2b2c.program"].with_context(active_test=False)
        self.assertFalse(programs.search([]))
        self._create_product("Notebook", 12)
        manager = self._create_user("newcomer", "loyalty_b2b2c.group_manager")
        manager.password = "newcomer"
        path = "/odoo/action-loyalty_b2b2c.b2b2c_program_action"
        self.start_tour(path, "b2b2c_scan_to_earn", login="newcomer")
        self.env.invalidate_all()
        program = programs.search([])
        self.assertEqual((program.state, program.mechanic), ("running", "scan"))
        self.assertEqual(program.rule_ids.product_ids.name, "Notebook")
        [code, *_others] = self.env["b2b2c.code"].search([], order="serial")
        self.env["b2b2c.scan"]._take(self.seller, code.code, "request-1")
        self.assertEqual(self._balances(self.seller), (10, 0, 0))
