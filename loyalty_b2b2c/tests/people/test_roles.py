"""Roles: another one is one entry, and code asks what people can do."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...exceptions import RedemptionError
from ...models.reported.intake_lookup import Lookup
from ..fakes import extended
from ..joining.test_join import JoinCommon
from .fake_role import FakeRole


@tagged("post_install", "-at_install")
class TestRoles(JoinCommon):
    """Taras is a trainer, a role that no file of ours knows."""

    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "b2b2c.role", FakeRole))
        self.trainer = self._create_member(
            role="trainer",
            name="Taras Melnyk",
            email="taras@example.com",
            phone="+380 67 000 00 01",
            employer_id=self.shop.id,
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def test_the_role_is_offered_wherever_people_choose_one(self):
        for model in (
            "b2b2c.member",
            "b2b2c.earning.rule",
            "b2b2c.earning.rule.share",
            "b2b2c.invitation",
            "b2b2c.join",
            "b2b2c.enroll",
            "b2b2c.report.member",
            "b2b2c.account",
        ):
            with self.subTest(model):
                role = self.env[model].fields_get(["role"])["role"]
                self.assertEqual(len(role["selection"]), 7)
                self.assertIn(("trainer", "Shop trainer"), role["selection"])

    def test_what_a_trainer_can_do(self):
        trainer = self.trainer
        self.assertTrue(trainer._sells())
        self.assertTrue(trainer._is_staff())
        self.assertFalse(trainer._owns())
        self.assertFalse(trainer._buys_anywhere())
        self.assertFalse(trainer._decides_purchases())
        self.assertEqual(trainer._get_role_label(), "Shop trainer")

    def test_what_the_roles_of_the_core_can_do(self):
        can = {
            capability: self.env["b2b2c.role"]._get_role_codes(capability)
            for capability in (
                "sells",
                "owns",
                "is_staff",
                "buys_anywhere",
                "decides_purchases",
            )
        }
        self.assertEqual(
            can,
            {
                "sells": ["salesperson", "trainer"],
                "owns": ["owner"],
                "is_staff": ["employee", "salesperson", "trainer"],
                "buys_anywhere": ["customer"],
                "decides_purchases": ["employee"],
            },
        )

    def test_enrolling(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Ivan Koval",
                "parent_id": self.shop.id,
                "email": "ivan@example.com",
            }
        )
        action = contact.action_b2b2c_enroll()
        wizard = self.env["b2b2c.enroll"].browse(action["res_id"])
        wizard.write({"role": "trainer", "consent": True, "invite": False})
        member = self.env["b2b2c.member"].browse(wizard.action_enroll()["res_id"])
        self.assertEqual(member.role, "trainer")
        with self.assertRaisesRegex(ValidationError, "enrolled as Shop trainer"):
            member.copy({"enrolled_at": "2019-01-01 00:00:00", "state": "left"})

    def test_a_role_nobody_defined_is_refused(self):
        for model, values in (
            ("b2b2c.member", {"partner_id": self.trainer.partner_id.id}),
            ("b2b2c.invitation", {}),
        ):
            with self.subTest(model), self.assertRaises(ValidationError):
                self.env[model].create(
                    {"role": "wizard", "employer_id": self.shop.id, **values}
                )
        with self.assertRaises(ValidationError):
            self.trainer.role = "wizard"

    def test_a_rule_rewards_the_role(self):
        self._create_program({"role": "trainer", "pick": "seller"})
        order = self._create_order(
            partner_id=self.shop.id, b2b2c_seller_id=self.trainer.id
        )
        self.assertEqual(order.amount_untaxed, 1000)
        # 5 % of 1000.00
        self.assertEqual(self._balances(self.trainer), (50, 0, 0))
        why = self.env["b2b2c.why"].create(
            {
                "member_id": self.owner.id,
                "document_ref": f"sale.order,{order.id}",
            }
        )
        self.assertIn("the rules of this document are for Shop trainer.", why.answer)

    def test_a_share_rewards_the_role(self):
        shares = [("trainer", "seller", 40), ("owner", "contact_or_first", 60)]
        self._create_program(
            {
                "share_ids": [
                    Command.create({"role": role, "pick": pick, "percent": percent})
                    for role, pick, percent in shares
                ]
            }
        )
        self._create_order(partner_id=self.shop.id, b2b2c_seller_id=self.trainer.id)
        # 40 % of 50 points
        self.assertEqual(self._balances(self.trainer), (20, 0, 0))
        self.assertEqual(self._balances(self.owner), (30, 0, 0))

    def test_the_salesperson_of_an_order_may_be_a_trainer(self):
        field = self.env["sale.order"].fields_get(["b2b2c_seller_id"])
        self.assertIn(
            "('role', 'in', ['salesperson', 'trainer'])",
            field["b2b2c_seller_id"]["domain"],
        )

    def test_a_reported_seller_is_found_among_those_who_sell(self):
        lookup = Lookup(self.env, self.company)
        self._create_member(
            partner_id=self.trainer.partner_id.id, role="employee"
        )  # the same person buys elsewhere
        names = {"email": "taras@example.com"}
        self.assertEqual(lookup.find_seller(names), self.trainer)
        self.assertEqual(lookup.find_buyer(names).role, "employee")

    def test_the_shops_owner_answers_for_trainers(self):
        invitation = self._create_invitation(role="trainer", approval="owner")
        self.assertEqual(invitation.display_name, "Corner Shop · Shop trainer")
        request = self._join(email="maria@example.com", invitation=invitation)
        self.assertTrue(request._is_for_owner())
        request._approve(self.env.user)
        self.assertEqual(request.member_id.role, "trainer")

    def test_rewards_for_everybody_are_offered_to_trainers(self):
        self.trainer._get_account(self.unit)._earn(100, source_key="earn/trainer")
        everybody, owners = self.env["b2b2c.reward"].create(
            [
                {"name": "Mug", "points": 60, "company_id": self.company.id},
                {
                    "name": "Cup",
                    "points": 60,
                    "company_id": self.company.id,
                    "role_ids": self.env["b2b2c.reward.role"]._get_rows("owner").ids,
                },
            ]
        )
        request = self.env["b2b2c.redemption"]._request(
            self.trainer, everybody, request_key="k-1"
        )
        self.assertEqual(request.state, "requested")
        with self.assertRaises(RedemptionError) as caught:
            self.env["b2b2c.redemption"]._request(
                self.trainer, owners, request_key="k-2"
            )
        self.assertEqual(caught.exception.code, "not_offered")


@tagged("post_install", "-at_install")
class TestRoleOfAnAddonThatIsGone(JoinCommon):
    """What was stored stays, and nothing crashes."""

    def test_people_stay_readable(self):
        with extended(self.env, "b2b2c.role", FakeRole):
            trainer = self._create_member(role="trainer", employer_id=self.shop.id)
            self._create_invitation(role="trainer")
        self.assertEqual(trainer._get_role_label(), "trainer")
        self.assertFalse(trainer._sells())
        self.env["b2b2c.invitation"].search([]).mapped("display_name")
        self.assertEqual(trainer.read(["role"])[0]["role"], "trainer")
