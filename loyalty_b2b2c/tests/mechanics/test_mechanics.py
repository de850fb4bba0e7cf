"""The gallery: what it shows, and that one click on *Create* makes what it says."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_path

from .mechanic_common import MechanicCommon

#: Where the drawings of the core stand; add-ons have their own, and tests of their own.
_OWN = "/loyalty_b2b2c/"


@tagged("post_install", "-at_install")
class TestMechanics(MechanicCommon):
    """Nothing is entered in a dialog but what a test names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = [
            code
            for code, one in cls.mechanics._get_offered().items()
            if one.picture.startswith(_OWN)
        ]

    # === THE GALLERY === #

    def test_shown_by_whom_they_reward(self):
        groups = self.mechanics.get_gallery()
        self.assertEqual(
            [group["code"] for group in groups],
            [
                "buyer", "seller", "owner", "dealer", "customer", "recommender", "task",
                "training",
            ],
        )  # fmt: skip
        shown = [row["code"] for group in groups for row in group["mechanics"]]
        self.assertEqual(len(shown), len(set(shown)))
        self.assertEqual(set(shown), set(self.mechanics._get_offered()))
        for group in groups:
            for row in group["mechanics"]:
                self.assertTrue(row["label"] and row["note"], row)
                self.assertTrue(file_path(row["picture"].strip("/")), row)

    def test_only_some_groups(self):
        groups = self.mechanics.get_gallery(["training"])
        self.assertEqual([group["code"] for group in groups], ["training"])
        self.assertEqual(self.mechanics.get_gallery(["nothing", 7]), [])

    def test_what_cannot_be_set_up_is_not_shown(self):
        before = len(self.mechanics._get_offered())
        scan = self.mechanics._get_mechanics()["scan"]
        object.__setattr__(scan, "is_offered", lambda env: False)
        self.addCleanup(object.__setattr__, scan, "is_offered", None)
        self.assertEqual(len(self.mechanics._get_offered()), before - 1)
        with self.assertRaisesRegex(UserError, "cannot be set up here"):
            self.mechanics.open_mechanic("scan")

    def test_only_managers_set_up(self):
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        gallery = self.env["b2b2c.mechanic"].with_user(officer)
        self.assertEqual(gallery.get_gallery(), [])
        with self.assertRaises(AccessError):
            gallery.open_mechanic("scan")
        with self.assertRaises(AccessError):
            self.env["b2b2c.mechanic.begin"].with_user(officer).create(
                {"mechanic": "scan"}
            )

    def test_no_such_mechanic(self):
        for code in ("nothing", "", None, False, 7, ["scan"], {"code": "scan"}):
            with self.assertRaisesRegex(UserError, "cannot be set up here"):
                self.mechanics.open_mechanic(code)
        dialog = self._open("scan")
        dialog.mechanic = "nothing"
        with self.assertRaisesRegex(UserError, "cannot be set up here"):
            dialog.action_begin()

    # === EACH OF THEM === #

    def test_each_is_made_by_create_and_started_by_its_steps(self):
        self.assertGreaterEqual(len(self.own), 20)
        for code in self.own:
            with self.subTest(code):
                record = self._set_up(code)
                self.assertEqual(record.state, "draft")
                self.assertEqual(record.mechanic, code)
                self._start(record)
                self.assertEqual(record.state, "running")
                self.assertNotIn("start", self._left(record))

    def _left(self, record):
        return set(self._steps(record)) - set(self._done(record))

    # === WHAT THE DIALOG ASKS === #

    def test_scan_says_what_was_entered(self):
        program = self._set_up(
            "scan",
            name="Notebooks",
            product_ids=[Command.set(self.product.ids)],
            value=12,
            expiry_months=0,
            code_count=7,
        )
        rule = program.rule_ids
        self.assertEqual(program.name, "Notebooks")
        self.assertEqual(rule.product_ids, self.product)
        self.assertEqual(rule.document_kind_ids.mapped("code"), ["scan"])
        self.assertEqual((rule.kind, rule.value, rule.expiry), ("per_unit", 12, "none"))
        self.assertEqual((rule.role, rule.pick), ("salesperson", "contact"))
        batch = self.env["b2b2c.code.batch"].search(
            [("product_id", "=", self.product.id)]
        )
        self.assertEqual((batch.made, batch.state), (7, "active"))

    def test_percent_of_cashback_waits_for_the_payment(self):
        rule = self._set_up("cashback", hold="days", hold_days=30).rule_ids
        self.assertEqual((rule.kind, rule.value), ("percent", 5))
        self.assertEqual((rule.hold, rule.hold_days), ("days", 30))
        self.assertEqual((rule.expiry, rule.expiry_count), ("months", 12))
        self.assertEqual(
            set(rule.document_kind_ids.mapped("code")), {"sale.order", "invoice"}
        )

    def test_what_is_not_asked_does_not_count(self):
        products = [Command.set(self.product.ids)]
        for code in ("event", "terminal"):
            rule = self._set_up(code, product_ids=products).rule_ids
            self.assertFalse(rule.product_ids)

    def test_bonus_makes_ladder_and_program(self):
        ladder = self._set_up("bonus", months=6, first_volume=1000, second_volume=5000)
        self.assertEqual((ladder._name, ladder.benefit), ("b2b2c.ladder", "bonus"))
        self.assertEqual((ladder.window_kind, ladder.window_count), ("months", 6))
        tiers = ladder.tier_ids.sorted("volume_from")
        self.assertEqual(tiers.mapped("volume_from"), [0, 1000, 5000])
        self.assertEqual(tiers.mapped("bonus"), [0, 5, 10])
        rules = self.env["b2b2c.earning.rule"].search([("kind", "=", "tier")])
        self.assertEqual(rules.program_id.mapped("mechanic"), ["bonus"])

    def test_levels_and_campaign_of_recommendations(self):
        program = self._set_up("recommend_levels", level_count=3, offer="Try us.")
        rule = program.rule_ids
        self.assertEqual((rule.pick, rule.level_count), ("referrer", 3))
        campaign = self.env["b2b2c.referral.campaign"].search(
            [("program_id", "=", program.id)]
        )
        self.assertEqual(campaign.mapped("offer"), ["Try us."])

    def test_challenge_without_a_program_makes_one(self):
        challenge = self._set_up("challenge_week", goal=3, points=40)
        self.assertEqual(challenge.program_id.state, "draft")
        self.assertEqual(challenge.prize_ids.mapped("threshold"), [3])
        self.assertEqual(challenge.prize_ids.mapped("points"), [40])
        other = self._set_up("challenge_top")
        self.assertNotEqual(other.program_id, challenge.program_id)
        challenge.program_id.action_start()
        third = self._set_up("challenge_steps")
        self.assertEqual(third.program_id, challenge.program_id)

    def test_figures_that_make_no_sense(self):
        for code, values in (
            ("scan", {"value": 0}),
            ("scan", {"value": -5}),
            ("scan", {"code_count": -1}),
            ("scan", {"code_count": 10**6}),
            ("cashback", {"value": 101}),
            ("cashback", {"expiry_months": -1}),
            ("event", {"event_codes": ""}),
            ("ladder", {"months": 0}),
            ("ladder", {"first_volume": 5, "second_volume": 5}),
            ("ladder", {"first_percent": 20, "second_percent": 10}),
            ("ladder", {"second_percent": 120}),
            ("recommend_levels", {"level_count": 6}),
            ("challenge_week", {"goal": 0}),
        ):
            with self.subTest(f"{code} {values}"):
                dialog = self._open(code, **values)
                programs = self.env["b2b2c.program"].search_count([])
                with self.assertRaises(UserError):
                    dialog.action_begin()
                self.assertEqual(self.env["b2b2c.program"].search_count([]), programs)
