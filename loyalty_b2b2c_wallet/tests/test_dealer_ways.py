"""A dealer who pays in points: detours to a lower price through the line of points, by
five roles.

Two of 95.00 are sold, 950 points pay 95.00 of it.  What counts is the result: pieces on
posted invoices at 95.00, less what is paid in money and in points, and what is given
back for goods that stay.  What is missing must be told, to the cent.
"""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.models.dealers.dealer_lookup import forget_dealers
from odoo.addons.loyalty_b2b2c.tests.attacks.attack_kit import AttackKit

from .test_dealer import DealerPointsCommon

ROLES = {
    "salesperson": "sales_team.group_sale_salesman_all_leads",
    "loyalty officer": "loyalty_b2b2c.group_officer",
    "loyalty manager": "loyalty_b2b2c.group_manager",
    "accountant": "account.group_account_manager",
    "product manager": "product.group_product_manager",
}


class DealerWaysCommon(AttackKit, DealerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"
        cls.visit = cls._create_product("Visit", 95, type="service")
        cls.roles = {
            role: cls._create_user(
                role.replace(" ", "_"), "account.group_account_invoice", group
            )
            for role, group in ROLES.items()
        }
        cls.order = cls._quote(2)
        cls.parts._choose(cls.order, 950)
        cls.order.action_confirm()
        cls.points = cls.order._b2b2c_get_point_lines()
        cls.bill = cls.order._create_invoices(final=True)
        cls.env.flush_all()

    def _get_stake(self, user):
        """Return what is missing and told to nobody, 0 when all is well."""
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.person.id), ("state", "=", "posted")]
        )
        missing = 0
        for move in moves.filtered(lambda one: one.move_type == "out_invoice"):
            goods = move.invoice_line_ids.filtered(
                lambda line: line.product_id == self.product
            )
            missing += 95 * sum(goods.mapped("quantity")) - move.amount_total
        notes = moves.filtered(lambda one: one.move_type == "out_refund")
        missing += sum(notes.mapped("amount_total"))
        if moves:
            missing -= 95  # 950 points
        missing -= sum(self.env["b2b2c.price.deviation"].search([]).mapped("cost"))
        return missing if missing > 0.02 else 0

    def _try(self, way, user):
        try:
            return super()._try(way, user)
        finally:
            forget_dealers(self.env)

    # === WAYS: THE INVOICE === #

    def _get_lines(self):
        """Return the lines of goods and of points of the draft invoice."""
        lines = self.bill.invoice_line_ids
        points = lines.filtered(lambda line: line.sale_line_ids == self.points)
        return lines - points, points

    def _write_and_post(self, user, lines, **values):
        def act():
            self._rpc(user, lines._name, "write", lines.ids, values)
            self._rpc(user, "account.move", "action_post", self.bill.ids)

        return act

    def way_points_are_worth_more(self, user):
        return self._write_and_post(user, self._get_lines()[1], price_unit=-0.15)

    def way_more_points_on_the_invoice(self, user):
        return self._write_and_post(user, self._get_lines()[1], quantity=1500)

    def way_goods_linked_to_the_points(self, user):
        links = [Command.set(self.points.ids)]
        return self._write_and_post(
            user, self._get_lines()[0], sale_line_ids=links, price_unit=50
        )

    def way_goods_linked_to_the_points_as_well(self, user):
        links = [Command.link(self.points.id)]
        return self._write_and_post(
            user, self._get_lines()[0], sale_line_ids=links, price_unit=50
        )

    def way_goods_are_points(self, user):
        values = {"product_id": self.points.product_id.id, "price_unit": -40}
        line = {"name": "Points", "quantity": 1, **values}
        return self._write_and_post(
            user, self.bill, invoice_line_ids=[Command.create(line)]
        )

    def way_points_twice(self, user):
        line = {
            "name": "Points",
            "product_id": self.points.product_id.id,
            "quantity": 400,
            "price_unit": -0.1,
            "sale_line_ids": [Command.set(self.points.ids)],
        }
        return self._write_and_post(
            user, self.bill, invoice_line_ids=[Command.create(line)]
        )

    # === WAYS: INVOICES AND NOTES BESIDE IT === #

    def _post_alone(self, user, kind, **line):
        """Post what names no order, but a line of it."""
        values = {
            "move_type": kind,
            "partner_id": self.person.id,
            "invoice_line_ids": [
                Command.create({"quantity": 1, "tax_ids": [Command.clear()], **line})
            ],
        }

        def act():
            self._rpc(user, "account.move", "action_post", self.bill.ids)
            move = self._rpc(user, "account.move", "create", values)
            self._rpc(user, "account.move", "action_post", [move])

        return act

    @property
    def _linked(self):
        return {"sale_line_ids": [Command.set(self.points.ids)]}

    def way_other_goods_as_the_points(self, user):
        goods = {"product_id": self.product.id, "price_unit": 1, "quantity": 10}
        return self._post_alone(user, "out_invoice", **goods, **self._linked)

    def way_goods_back_as_the_points(self, user):
        goods = {"product_id": self.product.id, "price_unit": 95}
        return self._post_alone(user, "out_refund", **goods, **self._linked)

    def way_a_service_back_as_the_points(self, user):
        visit = {"product_id": self.visit.id, "price_unit": 95}
        return self._post_alone(user, "out_refund", **visit, **self._linked)

    def way_money_back_as_the_points(self, user):
        line = {"name": "Points", "price_unit": 95}
        return self._post_alone(user, "out_refund", **line, **self._linked)

    def way_points_back_in_money(self, user):
        points = {"product_id": self.points.product_id.id, "price_unit": 0.1}
        points["quantity"] = 950
        return self._post_alone(user, "out_refund", **points, **self._linked)


@tagged("post_install", "-at_install")
class TestDealerWays(DealerWaysCommon):
    maxDiff = None

    def test_points_open_no_way_to_a_lower_price(self):
        self.assertEqual(len(self._ways) * len(self.roles), 55)
        self.assertEqual(self._list_succeeded(self._try_all(self.roles)), [])

    def test_what_was_agreed_is_posted(self):
        self.bill.with_user(self.roles["accountant"]).action_post()
        self.assertEqual(self.bill.amount_total, 95)
        self.assertEqual(self._get_stake(None), 0)

    def test_control_without_the_guard_each_way_succeeds(self):
        dealers = type(self.env["b2b2c.ladder.standing"])
        with patch.object(dealers, "_get_dealer_companies", lambda self: {}):
            forget_dealers(self.env)
            found = self._try_all(self.roles)
        succeeded = {way for way, _role in self._list_succeeded(found)}
        self.assertEqual(set(self._ways) - succeeded, set())
