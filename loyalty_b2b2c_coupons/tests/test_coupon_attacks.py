"""A coupon is good once, for whom it was given, and not after its points came back.

Tried by remote calls as people who see cards and orders, and people who do not.
"""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.tests.attacks.attack_kit import AttackKit

from .test_coupons import CouponCommon

CARD, ORDER = "loyalty.card", "sale.order"


class CouponAttackCommon(CouponCommon, AttackKit):
    """Olena has a coupon that is only for her; a stranger wants it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupon.is_coupon_personal = True
        cls.stranger = cls.env["res.partner"].create({"name": "Somebody"})
        cls.roles = {
            "a salesperson": cls._create_user(
                "seller", "sales_team.group_sale_salesman_all_leads"
            ),
            "a sales manager": cls._create_user(
                "sales", "sales_team.group_sale_manager"
            ),
            "an officer": cls._create_user("desk", "loyalty_b2b2c.group_officer"),
            "somebody with a login": cls._create_user("plain", "base.group_user"),
            "a customer": cls._create_user("buyer", "base.group_portal"),
        }

    def tearDown(self):
        self.env.invalidate_all()
        super().tearDown()

    def _get_stake(self, _user):
        """Return what strangers' orders cost less, and what cards are."""
        orders = self.env[ORDER].search([("partner_id", "=", self.stranger.id)])
        cards = (
            self.env[CARD]
            .with_context(active_test=False)
            .search([("program_id", "=", self.coupons.id)])
        )
        requests = self.env["b2b2c.redemption"].search([])
        return (
            [one.id for one in orders.order_line.filtered("coupon_id")],
            [(one.id, one.code, one.partner_id.id, one.b2b2c_redemption_id.id,
              one.b2b2c_number, one.b2b2c_points) for one in cards],
            [(one.id, one.state) for one in requests],
            self.account.balance_posted,
        )  # fmt: skip

    def _write(self, user, record, **values):
        return lambda: self._rpc(user, record._name, "write", record.ids, values)

    def _theirs(self, **values):
        return self._quote(partner_id=self.stranger.id, **values)

    def _type(self, user, order, code):
        """Type a code in Odoo's dialog, and take the first reward."""

        def act():
            wizard = self._rpc(
                user, "sale.loyalty.coupon.wizard", "create",
                {"order_id": order.id, "coupon_code": code},
            )  # fmt: skip
            self._rpc(user, "sale.loyalty.coupon.wizard", "action_apply", [wizard])
            for card, found in order._get_claimable_rewards().items():
                order._apply_program_reward(found[:1], card)

        return act

    # === WAYS === #

    def way_her_code_typed_for_another(self, user):
        return self._type(user, self._theirs(), self._ask().coupon_ids.code)

    def way_her_code_typed_and_the_customer_changed(self, user):
        code, order = self._ask().coupon_ids.code, self._quote()
        self._use(order, code)
        return self._write(user, order, partner_id=self.stranger.id)

    def way_her_card_put_on_an_order(self, user):
        card, order = self._ask().coupon_ids, self._theirs()

        def act():
            self._rpc(
                user, ORDER, "write", order.ids,
                {"applied_coupon_ids": [Command.link(card.id)]},
            )  # fmt: skip
            for one, rewards in order._get_claimable_rewards().items():
                order._apply_program_reward(rewards[:1], one)

        return act

    def way_code_after_its_points_came_back(self, user):
        request = self._ask()
        code = request.coupon_ids.code
        request._return(self.officer, "A mistake")
        return self._type(user, self._theirs(), code)

    def way_card_cut_off_from_its_request(self, user):
        return self._write(user, self._ask().coupon_ids, b2b2c_redemption_id=False)

    def way_card_of_another_request(self, user):
        self.coupon.is_coupon_personal = False
        other = self._ask(key="other")
        other.coupon_ids.unlink()
        return self._write(user, self._ask().coupon_ids, b2b2c_redemption_id=other.id)

    def way_used_card_made_to_look_unused(self, user):
        return self._write(user, self._ask().coupon_ids, b2b2c_points=0)

    def way_her_card_made_mine(self, user):
        return self._write(user, self._ask().coupon_ids, partner_id=self.stranger.id)

    def way_code_that_can_be_guessed(self, user):
        return self._write(user, self._ask().coupon_ids, code="0441")

    def way_card_added_to_a_request(self, user):
        request = self._ask()
        values = {
            "program_id": self.coupons.id,
            "b2b2c_redemption_id": request.id,
            "b2b2c_number": 2,
        }
        return lambda: self._rpc(user, CARD, "create", values)

    def way_card_deleted_and_points_back(self, user):
        card = self._ask().coupon_ids
        return lambda: self._rpc(user, CARD, "unlink", card.ids)

    def way_request_taken_back_after_use(self, user):
        request, order = self._ask(), self._quote()
        self._use(order, request.coupon_ids.code)
        order.action_confirm()
        return lambda: self._rpc(
            user, request._name, "write", request.ids, {"state": "returned"}
        )


@tagged("post_install", "-at_install")
class TestCouponAttacks(CouponAttackCommon):
    maxDiff = None

    def test_a_coupon_is_hers_and_good_once(self):
        found = self._try_all(self.roles)
        self.assertEqual(self._list_succeeded(found), [])
        self.assertGreaterEqual(len(self._ways), 12)

    def test_control_without_the_guards_it_is_anybodys(self):
        """What is left is guarded by Odoo: the code of an archived card, deleting a
        card of a request, and the state of a request."""
        cards = self.env.registry[CARD]
        manager = self.roles["a sales manager"]
        with (
            patch.object(cards, "_b2b2c_refuse", lambda _cards: None),
            patch.object(cards, "_is_for_customer", lambda _card, _partner: True),
        ):
            found = self._try_all({"manager": manager})
        failed = {way for way, _role in found} - {
            way for way, _role in self._list_succeeded(found)
        }
        self.assertEqual(
            failed,
            {
                "card deleted and points back",
                "code after its points came back",
                "request taken back after use",
            },
        )
