"""The gallery in a real browser: from nothing to what runs, in a few clicks."""

from odoo.tests import HttpCase, tagged

from ..claims.test_claims import ClaimCommon

#: Seconds that only a tour that hangs needs; how quick it is says the bench.
_PATIENCE = 900
#: Where the drawings of the core stand; cards of other add-ons have tests of their own.
_OWN = "/loyalty_b2b2c/"


@tagged("post_install", "-at_install")
class TestMechanicsTour(ClaimCommon, HttpCase):
    browser_size = "1440x900"

    def setUp(self):
        super().setUp()
        self.env["b2b2c.challenge"].search([("state", "=", "draft")]).unlink()
        self.programs = self.env["b2b2c.program"].with_context(active_test=False)
        self.assertFalse(self.programs.search([]))
        self._create_product("Notebook", 12)
        groups = ("loyalty_b2b2c.group_manager", "sales_team.group_sale_manager")
        manager = self._create_user("newcomer", *groups)
        manager.password = "newcomer"

    def _walk(self, tour, path="/odoo/action-loyalty_b2b2c.b2b2c_program_action"):
        self.start_tour(path, tour, login="newcomer", timeout=_PATIENCE)
        self.env.invalidate_all()

    def test_a_newcomer(self):
        self._walk("b2b2c_scan_to_earn")
        program = self.programs.search([])
        self.assertEqual((program.state, program.mechanic), ("running", "scan"))
        self.assertEqual(program.rule_ids.product_ids.name, "Notebook")
        [code, *_others] = self.env["b2b2c.code"].search([], order="serial")
        self.env["b2b2c.scan"]._take(self.seller, code.code, "request-1")
        self.assertEqual(self._balances(self.seller), (10, 0, 0))

    def test_the_app_opens_on_the_gallery(self):
        """Before anything is set up there is no empty desk."""
        self._walk("b2b2c_first_day", "/odoo/loyalty-today")
        program = self.programs.search([])
        self.assertEqual((program.state, program.mechanic), ("draft", "cashback"))

    def test_each_card(self):
        """Each is clicked into what runs, by nine clicks at most."""
        settings = self.env["res.config.settings"]
        settings.create({"group_product_pricelist": True}).execute()
        self._walk("b2b2c_each_card")
        own = {
            code
            for code, one in self.env["b2b2c.mechanic"]._get_offered().items()
            if one.picture.startswith(_OWN)
        }
        running = {
            mechanic
            for model in ("b2b2c.program", "b2b2c.ladder", "b2b2c.challenge")
            for mechanic in self.env[model]
            .search([("state", "=", "running")])
            .mapped("mechanic")
        }
        self.assertEqual(own - running, set())
