"""What core's loyalty lets everybody write, and a wallet of points does not.

Each attack is a call a client can make.  After it, nobody has more points, or pays
less, than was chosen: 300 points of 1,000 for an order of 100.00.
"""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError

from .common import PartPaymentCommon


@tagged("post_install", "-at_install")
class TestAttacks(PartPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user(
            "points-seller",
            "sales_team.group_sale_manager",
            "account.group_account_invoice",
        )
        cls.seller.company_ids = cls.company
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Olena",
                "login": "points-portal",
                "partner_id": cls.person.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.public = cls.env.ref("base.public_user")
        cls.order = cls._quote()
        cls.parts._choose(cls.order, 300)
        cls.other = cls._quote(partner_id=cls.client.id)
        cls.line = cls.order._b2b2c_get_point_lines()
        cls.card = cls.line.coupon_id
        cls.program = cls.card.program_id

    def _attacks(self):
        """Yield (name, function of an environment): what a client calls."""
        order, line, card, program = self.order, self.line, self.card, self.program
        reward = program.reward_ids
        for name, value in {
            "price_unit": -90,
            "product_uom_qty": 900,
            "points_cost": 0,
            "discount": -200,
            "coupon_id": False,
            "reward_id": False,
            "product_id": self.product.id,
            "order_id": self.other.id,
            "technical_price_unit": -90,
            "is_downpayment": True,
            "display_type": "line_note",
        }.items():
            yield (
                f"line.{name}",
                lambda env, v={name: value}: line.with_env(env).write(v),
            )
        yield (
            "line by order",
            lambda env: order.with_env(env).write(
                {"order_line": [Command.update(line.id, {"price_unit": -90})]}
            ),
        )
        yield (
            "second line",
            lambda env: env["sale.order.line"].create(self._get_line(order)),
        )
        yield (
            "line for a stranger",
            lambda env: env["sale.order.line"].create(self._get_line(self.other)),
        )
        yield (
            "goods become points",
            lambda env: (
                order.order_line[0]
                .with_env(env)
                .write({"coupon_id": card.id, "reward_id": reward.id})
            ),
        )
        yield "card.points", lambda env: card.with_env(env).write({"points": 5000})
        yield (
            "card.partner_id",
            lambda env: card.with_env(env).write({"partner_id": self.client.id}),
        )
        yield (
            "card.account",
            lambda env: card.with_env(env).write({"b2b2c_account_id": False}),
        )
        yield "card.unlink", lambda env: card.with_env(env).unlink()
        yield (
            "new card",
            lambda env: env["loyalty.card"].create(
                {"program_id": program.id, "partner_id": self.client.id, "points": 9000}
            ),
        )
        yield (
            "generated cards",
            lambda env: (
                env["loyalty.generate.wizard"]
                .create(
                    {"program_id": program.id, "coupon_qty": 1, "points_granted": 900}
                )
                .generate_coupons()
            ),
        )
        yield (
            "history",
            lambda env: env["loyalty.history"].create(
                {"card_id": card.id, "description": "Gift", "issued": 900}
            ),
        )
        yield (
            "balance",
            lambda env: (
                env["loyalty.card.update.balance"]
                .create({"card_id": card.id, "new_balance": 900, "description": "Gift"})
                .action_update_card_point()
            ),
        )
        yield (
            "reward.discount",
            lambda env: reward.with_env(env).write({"discount": 99}),
        )
        yield (
            "new reward",
            lambda env: env["loyalty.reward"].create(
                {"program_id": program.id, "reward_type": "product"}
            ),
        )
        yield (
            "new rule",
            lambda env: env["loyalty.rule"].create(
                {"program_id": program.id, "reward_point_amount": 100}
            ),
        )
        yield "program", lambda env: program.with_env(env).write({"active": False})
        yield (
            "program of ours",
            lambda env: env["loyalty.program"].create(
                {"name": "Mine", "b2b2c_wallet": "discount", "company_id": False}
            ),
        )
        yield (
            "core's dialog",
            lambda env: (
                env["sale.loyalty.reward.wizard"]
                .create({"order_id": order.id, "selected_reward_id": reward.id})
                .action_apply()
            ),
        )
        yield (
            "code of the card",
            lambda env: (
                self.other.with_env(env)._try_apply_code(card.code).get("error")
                or self.fail("a wallet was applied by its code")
            ),
        )
        yield (
            "applied by hand",
            lambda env: (
                self.other.with_env(env).write(
                    {"applied_coupon_ids": [Command.link(card.id)]}
                ),
                self.other.with_env(env).action_open_reward_wizard(),
            ),
        )
        parts = order.b2b2c_part_payment_ids
        yield "part payment", lambda env: parts.with_env(env).write({"wanted": 1000})
        yield "free", lambda env: parts.with_env(env).action_release()
        yield (
            "settings",
            lambda env: self.company.with_env(env).write({"b2b2c_wallet_limit": 100}),
        )

    def _get_line(self, order):
        return {
            "order_id": order.id,
            "name": "Points",
            "product_id": self.line.product_id.id,
            "product_uom_qty": 900,
            "price_unit": -0.1,
            "coupon_id": self.card.id,
            "reward_id": self.program.reward_ids.id,
        }

    def _try(self, user, context=None):
        for name, attack in self._attacks():
            with self.subTest(attack=name, user=user.login):
                env = self.env(user=user, context=context or {}, su=False)
                try:
                    with self.env.cr.savepoint():
                        attack(env)
                        self.env.flush_all()
                except (AccessError, UserError, LoyaltyError):
                    self.env.invalidate_all()
                self._check_nothing_won()

    def _check_nothing_won(self):
        order, other = self.order, self.other
        for each in order + other:
            each._update_programs_and_rewards()
        self.assertEqual((order.amount_total, other.amount_total), (70, 100))
        self.assertEqual(order.b2b2c_part_payment_ids.wanted, 300)
        self.assertEqual(self.program.reward_ids.discount, 1)
        self.assertTrue(self.program.active)
        self.assertEqual(self.card.partner_id, self.person)
        self.assertEqual(self.card.b2b2c_account_id, self.account)
        self.assertFalse(self.card.history_ids)
        self.assertPoints(order, 300, 0, 0)
        self.assertEqual(self.account._get_available()[self.account.id], 1000)

    def test_seller(self):
        self._try(self.seller)

    def test_seller_with_a_forged_context(self):
        marks = {"b2b2c_wallet_marks": ["ours", "core"], "loyalty_no_mail": True}
        self._try(self.seller, marks)

    def test_portal_user(self):
        self._try(self.portal)

    def test_public(self):
        self._try(self.public)

    def test_a_confirmed_order_stays_paid(self):
        self.order.action_confirm()
        self.assertPoints(self.order, 300, 0, 300)
        line = self.line.with_user(self.seller)
        for values in ({"points_cost": 0}, {"price_unit": -90}, {"coupon_id": False}):
            with self.subTest(values=values), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    line.write(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.unlink()
        self.assertPoints(self.order, 300, 0, 300)

    def _hand_over(self):
        """Confirm the order, and give what its points pay to somebody else."""
        self.order.action_confirm()
        self.order.with_user(self.seller).write({"partner_id": self.client.id})
        self.env.flush_all()

    def test_a_confirmed_order_stays_with_whose_points_pay(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._hand_over()
        self.env.invalidate_all()
        self.assertEqual(self.order.partner_id, self.person)
        # control: without the guard 300 points of Olena's pay 30.00 for a stranger
        orders = type(self.order)
        with patch.object(orders, "_b2b2c_check_payer", lambda *_args: None):
            self._hand_over()
        self.assertEqual(self.order.partner_id, self.client)
        self.assertEqual(self.order.amount_total, 70)
        self.assertPoints(self.order, 300, 0, 300)

    def test_states_by_hand(self):
        """A state that was written spends and frees as the button would."""
        order = self.order.with_user(self.seller)
        order.write({"state": "sale"})
        self.assertPoints(self.order, 300, 0, 300)
        order.write({"state": "draft"})
        self.assertPoints(self.order, 300, 0, 0)
        order.action_confirm()
        self.assertPoints(self.order, 300, 0, 300)

    def test_the_dialog_asks_who_may_write_the_order(self):
        stranger = self._create_user(
            "points-stranger", "sales_team.group_sale_salesman"
        )
        self.order.user_id = self.seller
        with self.assertRaises(AccessError):
            self.env["b2b2c.part.payment.choose"].with_user(stranger).create(
                {"order_id": self.order.id, "points": 900}
            ).action_choose()
        dialog = self.env["b2b2c.part.payment.choose"].with_user(self.seller)
        dialog = dialog.create({"order_id": self.order.id, "points": 400})
        self.assertEqual(
            (dialog.available, dialog.most), ("1,000 pts", "1,000 pts = $\xa0100.00")
        )
        dialog.action_choose()
        self.assertEqual(self.order.amount_total, 60)
        dialog.action_choose_most()
        self.assertEqual(self.order.amount_total, 0)
        dialog.action_choose_none()
        self.assertEqual(self.order.amount_total, 100)

    def test_nobody_frees_what_is_his_own(self):
        """An officer who takes part: somebody else decides about his points."""
        officer = self._create_user("own-officer", "loyalty_b2b2c.group_officer")
        officer.partner_id.email = self.person.email
        self._pay(self.order)
        part = self.order.b2b2c_part_payment_ids.with_user(officer)
        with self.assertRaises(UserError):
            part.action_release()
        self.assertPoints(self.order, 300, 300, 0)
