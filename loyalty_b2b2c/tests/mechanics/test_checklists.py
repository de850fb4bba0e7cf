"""Checklists: each step is done when what it asks for is there, and undone with it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .mechanic_common import MechanicCommon


@tagged("post_install", "-at_install")
class TestChecklists(MechanicCommon):
    def _take(self, record, code):
        """Press the button of a step; return what it opens."""
        return record.action_take_step(code)

    def _open_form(self, action, **values):
        """Save the form that a step opened, with what is entered."""
        model = self.env[action["res_model"]].with_user(self.manager)
        return model.with_context(**action["context"]).create(values)

    def test_from_a_draft_to_a_running_program(self):
        """Nobody sells yet, there are no codes and no rewards."""
        self.people["salesperson"]._write({"state": "left"})
        self.env.invalidate_all()
        self.env["b2b2c.reward"].search([]).active = False
        program = self._set_up(
            "scan", product_ids=[Command.set(self.product.ids)], code_count=0
        )
        self.assertEqual(
            list(self._steps(program)),
            [
                "products", "codes", "people_salesperson", "invitation", "rewards",
                "start",
            ],
        )  # fmt: skip
        self.assertEqual(self._done(program), ["products"])
        self.assertEqual(self._steps(program)["products"]["note"], "Paper A4")
        batch = self._open_form(self._take(program, "codes"))
        self.assertEqual((batch.product_id, batch.count), (self.product, 100))
        self.assertEqual(self._done(program), ["products"])
        batch.action_make()
        self.assertEqual(self._done(program), ["products", "codes"])
        self.assertEqual(self._steps(program)["codes"]["note"], "Codes made: 100")
        self.assertEqual(self._take(program, "codes")["res_model"], "b2b2c.code.print")
        enroll = self._open_form(
            self._take(program, "people_salesperson"),
            name="Nina",
            email="nina@shop.example",
            employer_id=self.client.id,
            consent=True,
            invite=False,
        )
        enroll.action_enroll()
        self.assertEqual(self._done(program)[2:], ["people_salesperson", "invitation"])
        self._open_form(self._take(program, "rewards"), name="Mug", points=50)
        self.assertIn("rewards", self._done(program))
        self.assertEqual(
            self._steps(program)["rewards"]["note"], "Rewards to have: 1, from 50 pts"
        )
        self._start(program)
        self.assertEqual(self._done(program), list(self._steps(program)))
        batch.action_close()
        self.assertNotIn("codes", self._done(program))

    def test_a_link_is_an_invitation(self):
        self.people["owner"]._write({"state": "left"})
        self.env.invalidate_all()
        program = self._set_up("owner_scan")
        self.assertNotIn("invitation", self._done(program))
        link = self._open_form(
            self._take(program, "invitation"), employer_id=self.client.id
        )
        self.assertEqual(link.role, "owner")
        self.assertIn("invitation", self._done(program))
        link.action_revoke()
        self.assertNotIn("invitation", self._done(program))

    def test_a_blank_program(self):
        program = (
            self.env["b2b2c.program"].with_user(self.manager).create({"name": "Blank"})
        )
        self.assertEqual(self._done(program), [])
        action = self._take(program, "rule")
        self.assertEqual(action["context"]["default_program_id"], program.id)
        with self.assertRaisesRegex(UserError, "at least one rule"):
            program.action_start()

    def test_reports_of_a_system_or_a_file(self):
        program = self._set_up("distributor")
        self.assertNotIn("reports", self._done(program))
        self.assertEqual(
            self._take(program, "reports")["res_model"], "b2b2c.intake.import"
        )
        self.env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": "S-1",
                "partner": {"id": self.client.id},
                "lines": [{"product": {"id": self.product.id}, "quantity": 1}],
            },
            company=self.company,
            channel="import",
        )
        self.assertIn("reports", self._done(program))

    def test_a_counter_reports(self):
        """Managers may use the terminal, and so does who is given that right."""
        program = self._set_up("terminal")
        before = self._steps(program)["reports"]
        self.assertRegex(before["note"], r"People at the terminal: \d+\.$")
        self._create_user("cashier", "loyalty_b2b2c.group_terminal")
        after = self._steps(program)["reports"]
        count = [int(step["note"].split()[-1][:-1]) for step in (before, after)]
        self.assertEqual(count[1], count[0] + 1)
        self.assertTrue(after["done"])

    def test_agreements_of_the_network(self):
        program = self._set_up("network")
        self.assertNotIn("agreements", self._done(program))
        agreement = self._open_form(
            self._take(program, "agreements"),
            partner_id=self.client.id,
            rate_ids=[Command.create({"unit_id": self.unit.id, "point_value": 0.05})],
        )
        self.assertEqual(agreement.program_ids, program)
        self.assertNotIn("agreements", self._done(program))
        agreement.action_activate()
        self.assertIn("agreements", self._done(program))

    def test_codes_of_recommenders(self):
        program = self._set_up("recommend")
        self.assertIn("campaign", self._done(program))
        self.assertNotIn("referral_codes", self._done(program))
        campaign = self.env["b2b2c.referral.campaign"].search(
            [("program_id", "=", program.id)]
        )
        self.assertEqual(self._take(program, "campaign")["res_id"], campaign.id)
        self.env["b2b2c.referral.link"]._ensure(self.people["recommender"], campaign)
        self.assertIn("referral_codes", self._done(program))

    def test_a_ladder(self):
        ladder = self._set_up("bonus")
        self.assertEqual(
            list(self._steps(ladder)), ["tiers", "bonus", "start", "dealers"]
        )
        self.assertEqual(self._done(ladder), ["tiers"])
        self.assertFalse(self._steps(ladder)["dealers"]["button"])
        self._start(ladder)
        self._open_form(self._take(ladder, "dealers"), partner_id=self.client.id)
        self.assertEqual(self._done(ladder), list(self._steps(ladder)))

    def test_a_bonus_that_runs_does_not_hide_a_draft(self):
        self._start(self._set_up("bonus"))
        other = self._set_up("bonus", name="Others")
        self.assertNotIn("bonus", self._done(other))
        self.assertEqual(self._steps(other)["bonus"]["note"], "Others")
        self._start(other)
        self.assertIn("bonus", self._done(other))

    def test_a_manager_starts_a_new_version_and_closes_it(self):
        """Its dealers go along, and are let go in the end."""
        ladder = self._set_up("ladder")
        self._start(ladder)
        dealer = self._open_form(
            self._take(ladder, "dealers"), partner_id=self.client.id
        )
        version = ladder.browse(ladder.action_new_version()["res_id"])
        version.action_start()
        self.assertEqual((ladder.state, dealer.ladder_id), ("closed", version))
        version.action_close()
        self.assertEqual((version.state, dealer.active), ("closed", False))

    def test_a_ladder_of_prices_needs_pricelists(self):
        ladder = self._set_up("ladder")
        self.assertIn("pricelists", self._done(ladder))
        group = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids -= group
        self.assertNotIn("pricelists", self._done(ladder))

    def test_a_challenge(self):
        challenge = self._set_up("challenge_week")
        self.assertEqual(
            list(self._steps(challenge)),
            ["prizes", "program", "people", "rewards", "start"],
        )
        self._start(challenge)
        self.assertEqual(challenge.state, "running")
        self.assertIn("start", self._done(challenge))

    # === WHO, AND WHAT NOT === #

    def test_only_managers_take_steps(self):
        program = self._set_up("cashback")
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        with self.assertRaises(AccessError):
            program.with_user(officer).action_take_step("start")
        self.assertEqual(program.state, "draft")

    def test_no_such_step(self):
        program = self._set_up("cashback")
        for code in ("nothing", "", None, False, 7, ["start"], {}):
            with self.assertRaisesRegex(UserError, "done already"):
                program.action_take_step(code)
