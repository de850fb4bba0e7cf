"""Another price for a dealer's order: asked for, approved by another, reported."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...models.pricing.prices import get_deviation
from .test_price_lock import LockCommon


class ExceptionCommon(LockCommon):
    """A quotation of 10 × 95.00 for which the salesperson wants 90.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user(
            "officer",
            "loyalty_b2b2c.group_officer",
            "sales_team.group_sale_salesman_all_leads",
        )

    def _draft(self, order, price=90):
        """Return the draft a salesperson makes from an order."""
        exception = self.env["b2b2c.price.exception"].browse(
            order.action_b2b2c_exception()["res_id"]
        )
        exception = exception.with_env(order.env)
        exception.write({"reason": "A fair in the neighbourhood"})
        exception.line_ids.write({"price": price})
        return exception

    def _request(self, order, price=90):
        exception = self._draft(order, price)
        exception.action_request()
        return exception


@tagged("post_install", "-at_install")
class TestPriceException(ExceptionCommon):
    def test_a_click_stores_nothing(self):
        """The form opens filled in; there is a request once somebody saves it."""
        order = self._quote()
        exceptions = self.env["b2b2c.price.exception"].with_env(order.env)
        action = order.action_b2b2c_ask_exception()
        self.assertNotIn("res_id", action)
        self.assertFalse(exceptions.search([("order_id", "=", order.id)]))
        [(view_id, _type)] = action["views"]
        view = self.env["ir.ui.view"].browse(view_id)
        form = Form(exceptions.with_context(**action["context"]), view=view)
        form.reason = "A fair in the neighbourhood"
        with form.line_ids.edit(0) as line:
            line.price = 90
        exception = form.save()
        self.assertEqual((exception.order_id, exception.state), (order, "draft"))
        self.assertEqual(exception.cost, 50)

    def test_asked_approved_and_reported(self):
        order = self._quote()
        exception = self._request(order)
        self.assertEqual((exception.state, exception.cost), ("requested", 50))
        self.assertEqual(order.amount_untaxed, 950)
        self.assertIn(self.officer, exception.sudo().activity_ids.user_id)
        exception.with_user(self.officer).action_approve()
        self.assertEqual(order.amount_untaxed, 900)
        self.assertFalse(exception.sudo().activity_ids)
        self.assertEqual(order.b2b2c_exception_count, 1)
        order.action_confirm()
        self.assertEqual(order.sudo().order_line.b2b2c_net_price, 90)
        deviation = self.env["b2b2c.price.deviation"].search(
            [("exception_id", "=", exception.id)]
        )
        self.assertEqual(
            (deviation.kind, deviation.expected, deviation.actual, deviation.cost),
            ("exception", 95, 90, 50),
        )
        self.assertEqual(deviation.reviewed_by_id, self.officer)
        self.assertIn("90.0", str(order.order_line.price_unit))

    def test_the_form_measures_what_is_asked(self):
        order = self._quote()
        with Form(self._draft(order)) as form, form.line_ids.edit(0) as line:
            line.discount = 10  # of 95.00
        exception = self.env["b2b2c.price.exception"].search([], limit=1)
        self.assertAlmostEqual(exception.line_ids.price, 85.5)
        self.assertEqual(exception.cost, 95)

    def test_what_was_approved_is_of_a_unit(self):
        """Ten pieces at 90.00 are no ten dozens."""
        order = self._quote()
        self._request(order).with_user(self.officer).action_approve()
        dozen = self.env.ref("uom.product_uom_dozen")
        for values in (
            {"product_uom_id": dozen.id, "price_unit": 90},
            {"product_uom_qty": 11, "price_unit": 90},
        ):
            self.assertRefused(order, lambda v=values: order.order_line.write(v), 900)
        order.order_line.write({"product_uom_qty": 4, "price_unit": 90})
        self.assertEqual(order.amount_untaxed, 360)

    def test_nobody_approves_the_own_request(self):
        order = self._quote(user=self.officer)
        exception = self._request(order)
        self.assertRefused(order, exception.action_approve)

    def test_who_may_not_decide(self):
        order = self._quote()
        exception = self._request(order)
        for user in (self.salesman, self.manager):
            asked = exception.with_user(user)
            self.assertRefused(order, asked.action_approve)
            self.assertRefused(order, asked.action_refuse)

    def test_a_request_is_not_pushed_by_values(self):
        order = self._quote()
        exception = self._request(order)
        line = exception.line_ids
        for function in (
            lambda: exception.write({"state": "approved"}),
            lambda: exception.write({"requested_by_id": self.officer.id}),
            lambda: exception.write({"reason": "Another one"}),
            lambda: exception.write({"line_ids": [Command.clear()]}),
            lambda: line.write({"price": 1}),
            lambda: line.write({"expected": 1}),
            lambda: order.order_line.write({"b2b2c_exception_line_id": line.id}),
            lambda: exception.create({"order_id": order.id, "state": "approved"}),
            lambda: exception.create(
                {"order_id": order.id, "requested_by_id": self.officer.id}
            ),
            lambda: exception.unlink(),
        ):
            self.assertRefused(order, function)
        started = exception.with_context(default_state="approved").create(
            {"order_id": order.id}
        )
        self.assertEqual(started.state, "draft")

    def test_only_for_the_order_it_was_asked_for(self):
        order, other = self._quote(), self._quote()
        exception = self._draft(order)
        self.assertRefused(order, lambda: exception.write({"order_id": other.id}))
        self.assertRefused(
            order,
            lambda: exception.line_ids.write({"order_line_id": other.order_line.id}),
        )

    def test_a_changed_order_is_asked_for_again(self):
        order = self._quote()
        exception = self._request(order)
        order.order_line.product_uom_qty = 20
        approve = exception.with_user(self.officer).action_approve
        self.assertRefused(order, approve, 1900)

    def test_what_was_approved_stays_within_its_limits(self):
        order = self._quote()
        self._request(order).with_user(self.officer).action_approve()
        line = order.order_line
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 900)
        for values in (
            {"price_unit": 80},
            {"discount": 5},
            {"product_uom_qty": 11, "price_unit": 90},
        ):
            self.assertRefused(order, lambda v=values: line.write(v), 900)
        self.assertRefused(
            order,
            lambda: order.write(
                {
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "price_unit": 90}
                        )
                    ]
                }
            ),
            900,
        )
        self.assertEqual(order.copy().amount_untaxed, 950)

    def test_another_customer_does_not_get_it(self):
        order = self._quote()
        self._request(order).with_user(self.officer).action_approve()
        order.partner_id = self.better
        self.assertEqual(order.amount_untaxed, 900)  # the better tier's own 10 %
        self.assertFalse(order.sudo().order_line.b2b2c_exception_line_id)

    def test_a_confirmed_order_too(self):
        order = self._quote()
        order.action_confirm()
        exception = self._request(order, 80)
        exception.with_user(self.officer).action_approve()
        self.assertEqual(order.amount_untaxed, 800)
        self.assertEqual(order.sudo().order_line.b2b2c_net_price, 80)

    def test_refused_and_withdrawn_change_nothing(self):
        order = self._quote()
        first = self._request(order)
        first.with_user(self.officer).action_refuse()
        second = self._request(order)
        second.action_cancel()
        self.assertEqual((first.state, second.state), ("refused", "cancelled"))
        self.assertEqual(order.amount_untaxed, 950)
        self.assertRefused(order, second.with_user(self.officer).action_approve)

    def test_what_is_missing_is_said(self):
        order = self._quote()
        exception = self._draft(order)
        exception.reason = " "
        with self.assertRaisesRegex(UserError, "Say why"):
            exception.action_request()
        exception.write({"reason": "Fair"})
        exception.line_ids.write({"price": 95})
        with self.assertRaisesRegex(UserError, "at least one line"):
            exception.action_request()
        free = self._quote(partner_id=self.stranger.id)
        with self.assertRaisesRegex(UserError, "prices are free"):
            free.action_b2b2c_exception()

    def test_salespeople_see_their_own_requests(self):
        exception = self._request(self._quote())
        other = self._create_user("other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            exception.with_user(other).read(["reason"])

    def test_deviations_are_accepted_with_a_reason(self):
        order = self._quote()
        self.env["b2b2c.price.deviation"]._record(
            order, self.dealer, "online", [get_deviation(order.order_line, 100)]
        )
        deviation = self.env["b2b2c.price.deviation"].search([]).with_user(self.officer)
        self.assertEqual((deviation.state, deviation.cost), ("review", 50))
        with self.assertRaisesRegex(UserError, "Say why"):
            deviation.action_accept()
        for function in (
            lambda: deviation.write({"cost": 0}),
            lambda: deviation.unlink(),
            lambda: deviation.create({"kind": "credit"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                function()
        deviation.reason = "Asked on the phone"
        deviation.action_accept()
        self.assertEqual(deviation.reviewed_by_id, self.officer)
        with self.assertRaises(UserError):
            deviation.reason = "Something else"
