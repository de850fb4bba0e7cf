"""A quotation is paid in part with points: the lines, the ledger, the limits."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.loyalty_b2b2c.exceptions import InsufficientPoints

from .. import uninstall_hook
from .common import PartPaymentCommon


@tagged("post_install", "-at_install")
class TestPartPayment(PartPaymentCommon):
    def test_as_many_as_the_person_chooses(self):
        order = self._quote()
        self._choose(order, 300)
        self.assertEqual(order.amount_total, 70)
        self.assertPoints(order, 300, 0, 0)
        self._choose(order, 120)
        self.assertEqual(order.amount_total, 88)
        self._choose(order, 0)
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(order._b2b2c_get_point_lines())

    def test_confirming_spends_and_cancelling_gives_back(self):
        order = self._quote()
        self._choose(order, 300)
        order.action_confirm()
        self.assertPoints(order, 300, 0, 300)
        self.assertEqual(self.account.balance_available, 700)
        order._action_cancel()
        self.assertPoints(order, 0, 0, 0)
        self.assertEqual(self.account.balance_available, 1000)
        order.action_draft()
        order.action_confirm()
        self.assertPoints(order, 0, 0, 0)

    def test_a_payment_reserves_and_its_failure_frees(self):
        order = self._quote()
        self._choose(order, 300)
        payment = self._pay(order)
        self.assertPoints(order, 300, 300, 0)
        self.assertEqual(self.account.balance_available, 700)
        payment._set_error("declined")
        self.assertPoints(order, 300, 0, 0)
        second = self._pay(order)
        self.assertPoints(order, 300, 300, 0)
        second._set_done()
        second._post_process()
        self.assertEqual(order.state, "sale")
        self.assertPoints(order, 300, 0, 300)

    def test_goods_that_come_back_bring_points_and_money(self):
        self.product.invoice_policy = "delivery"
        order = self._quote(3)
        self._choose(order, 1000)
        order.action_confirm()
        order.order_line.filtered(
            lambda x: x.product_id == self.product
        ).qty_delivered = 3
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 200)
        self.assertPoints(order, 1000, 0, 1000)
        order.order_line.filtered(
            lambda x: x.product_id == self.product
        ).qty_delivered = 2
        credit = self._invoice(order)
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 66.6))
        self.assertPoints(order, 1000, 0, 666)
        self.assertEqual(self.account.balance_available, 334)

    def test_above_what_there_is(self):
        order = self._quote()
        with self.assertRaisesRegex(UserError, "up to 1,000 pts"):
            self._choose(order, 1001)

    def test_the_limit_and_the_minimum(self):
        self.company.b2b2c_wallet_limit = 25
        self.unit.spending_minimum = 50
        order = self._quote()  # 100.00: 25.00 are 250 points
        for points, words in ((251, "up to 250 pts"), (49, "at least 50 pts")):
            with self.subTest(points=points), self.assertRaisesRegex(UserError, words):
                self._choose(order, points)
        self._choose(order, 250)
        self.assertEqual(order.amount_total, 75)
        # the order becomes smaller than what takes the least number of points
        order.order_line[0].price_unit = 10
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 10)
        self.assertPoints(order, 0, 0, 0)

    def test_what_was_chosen_is_not_refused_later_only_lowered(self):
        order = self._quote()
        self._choose(order, 1000)
        self.assertEqual(order.amount_total, 0)
        self.account._redeem(400, source_key="elsewhere")
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 40)
        offer = self.parts._get_offer(order)
        self.assertIn("600 pts instead of 1,000 pts", offer.sentence)
        self.account._earn(400, source_key="again")
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 0)
        self.assertFalse(self.parts._get_offer(order).sentence)

    def test_points_that_expire_in_the_cart(self):
        with freeze_time("2026-03-01 10:00:00"):
            member = self._create_member(name="Ivan", email="i@example.com", phone="")
            account = member._get_account(self.unit)
            account._earn(
                500, source_key="short", expires_at=datetime(2026, 3, 1, 12, 0)
            )
            order = self._quote(partner_id=member.partner_id.id)
            paying = self._quote(partner_id=member.partner_id.id)
            self._choose(order, 200)
            self._choose(paying, 300)
            payment = self._pay(paying)
        with freeze_time("2026-03-01 13:00:00"):
            with self.assertRaisesRegex(ValidationError, "points .* changed meanwhile"):
                self._pay(order)
            # what was reserved in time pays
            payment._set_done()
            payment._post_process()
            self.assertEqual((paying.state, paying.amount_total), ("sale", 70))
            self.assertEqual(self._points(paying), (300, 0, 300))

    def test_two_quotations_on_one_balance(self):
        first, second = self._quote(), self._quote()
        for order in first + second:
            self._choose(order, 700)
        with self.assertRaises(InsufficientPoints), self.env.cr.savepoint():
            (first + second).action_confirm()
        self.assertEqual({first.state, second.state}, {"draft"})
        self.assertPoints(first, 700, 0, 0)
        first.action_confirm()
        second.action_confirm()  # with what is left
        self.assertPoints(first, 700, 0, 700)
        self.assertPoints(second, 300, 0, 300)

    def test_somebody_else_or_suspended(self):
        order = self._quote()
        self._choose(order, 300)
        self.member.action_suspend()
        order._update_programs_and_rewards()
        self.assertPoints(order, 0, 0, 0)
        with self.assertRaisesRegex(UserError, "cannot be paid with points"):
            self._choose(order, 300)
        self.member.action_resume()
        self._choose(order, 300)
        payment = self._pay(order)
        self.assertPoints(order, 300, 300, 0)
        payment._set_canceled()
        order.partner_id = self.contact
        self.assertPoints(order, 0, 0, 0)
        self.assertEqual(order.amount_total, 100)

    def test_a_late_success_is_never_refused(self):
        order = self._quote()
        self._choose(order, 1000)
        self.account._earn(200, source_key="more")
        order.order_line[0].price_unit = 150
        order._update_programs_and_rewards()
        payment = self._pay(order)
        payment._set_error("timeout")
        self.assertPoints(order, 1000, 0, 0)
        self.account._redeem(900, source_key="elsewhere")
        payment._set_done(extra_allowed_states=("error",))
        self.assertPoints(order, 1000, 300, 0)  # what is there is kept for it
        payment._post_process()
        part = order.b2b2c_part_payment_ids
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            part._get_booked()[1], order._b2b2c_get_point_lines().product_uom_qty
        )

    def test_what_was_promised_and_is_gone_is_owed(self):
        self.account._redeem(600, source_key="elsewhere")
        entry = self.account._redeem_owing(1000, source_key="promised")
        self.assertEqual((entry.points, entry.points_debt), (-400, 600))
        self.assertEqual(self.account.balance_debt, 600)
        self.account._earn(700, source_key="later")
        self.account._fold()
        self.assertEqual(self.account.balance_available, 100)
        self.account._reverse(entry, reason="Cancelled")
        self.assertEqual(self.account.balance_available, 1100)
        self.assertFalse(self.account._verify())

    def test_validations_and_refunds_reserve_nothing(self):
        order = self._quote()
        self._choose(order, 300)
        for operation in ("validation", "refund"):
            payment = self._pay(order, operation=operation)
            self.assertPoints(order, 300, 0, 0)
            payment.unlink()

    def test_a_page_that_nobody_came_back_to(self):
        order = self._quote()
        self._choose(order, 300)
        payment = self._pay(order)
        pending = self._quote()
        self._choose(pending, 200)
        self._pay(pending)._set_pending()
        with freeze_time(fields.Datetime.now() + timedelta(hours=23)):
            self.parts._cron_release()
            self.assertPoints(order, 300, 300, 0)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.parts._cron_release()
            self.assertPoints(order, 300, 0, 0)
            self.assertPoints(pending, 200, 200, 0)
            payment._set_done()
            payment._post_process()
        self.assertPoints(order, 300, 0, 300)

    def test_the_desk_shows_payments_that_do_not_come_in(self):
        """A page nobody came back to frees itself; money on its way for a day waits."""
        officer = self._create_user("desk.wallet", "loyalty_b2b2c.group_officer")
        desk = self.env["b2b2c.desk"].with_user(officer)
        left, pending, done = self._quote(), self._quote(), self._quote()
        for order in (left, pending, done):
            self._choose(order, 100)
        self._pay(left)
        self._pay(pending)._set_pending()
        paid = self._pay(done)
        paid._set_done()
        paid._post_process()

        def count():
            sections = desk.get_day()["sections"]
            lines = [line for section in sections for line in section["lines"]]
            found = {line["key"]: line["count"] for line in lines}
            return found.get("part_payments", 0)

        self.assertEqual(count(), 0)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(count(), 1)
            part = pending.b2b2c_part_payment_ids
            found = part.with_user(officer).search([("is_stuck", "=", True)])
            self.assertEqual(found, part)
            self.assertTrue(part.is_stuck)
            others = part.with_user(officer).search([("is_stuck", "=", False)])
            self.assertNotIn(part, others)
            self.assertIn(left.b2b2c_part_payment_ids, others)
            pending.transaction_ids._set_canceled()
            self.assertEqual(count(), 0)

    def test_an_officer_frees_what_waits(self):
        officer = self._create_user("releaser", "loyalty_b2b2c.group_officer")
        order = self._quote()
        self._choose(order, 300)
        payment = self._pay(order)
        part = order.b2b2c_part_payment_ids
        part.with_user(officer).action_release()
        self.assertPoints(order, 300, 0, 0)
        payment._set_pending()
        self.assertPoints(order, 300, 300, 0)
        with self.assertRaisesRegex(UserError, "is being paid"):
            part.with_user(officer).action_release()
        with self.assertRaisesRegex(UserError, "is being paid"):
            self._choose(order, 0)

    def test_a_confirmed_order_with_fewer_goods_takes_fewer_points(self):
        order = self._quote(2)
        self._choose(order, 500)
        order.action_confirm()
        goods = order.order_line[0]
        goods.product_uom_qty = 1
        self.assertEqual(order.amount_total, 75)
        self.assertPoints(order, 250, 0, 250)
        goods.product_uom_qty = 4  # more goods are paid in money
        self.assertEqual(order.amount_total, 375)
        self.assertPoints(order, 250, 0, 250)

    def test_a_cancelled_order_keeps_what_is_invoiced(self):
        order = self._quote(2)
        self._choose(order, 500)
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_total, 150)
        order._action_cancel()
        self.assertPoints(order, 500, 0, 500)
        note = invoice._reverse_moves([{}])
        note.action_post()
        self.assertEqual(note.amount_total, 150)
        self.assertPoints(order, 500, 0, 0)

    def test_a_credit_note_without_its_points_gets_them(self):
        order = self._quote(2)
        self._choose(order, 500)
        order.action_confirm()
        invoice = self._invoice(order)
        note = invoice._reverse_moves([{}])
        note.invoice_line_ids.filtered(lambda x: x.price_unit < 0).unlink()
        note.invoice_line_ids.quantity = 1
        self.assertEqual(note.amount_total, 100)
        note.action_post()
        self.assertEqual(note.amount_total, 75)
        self.assertPoints(order, 500, 0, 250)

    def test_the_first_invoice_is_not_negative(self):
        self.product.invoice_policy = "delivery"
        order = self._quote(10)
        self._choose(order, 1000)
        order.action_confirm()
        order.order_line[0].qty_delivered = 1
        self.assertEqual(self._invoice(order).amount_total, 90)
        order.order_line[0].qty_delivered = 10
        self.assertEqual(self._invoice(order).amount_total, 810)
        self.assertPoints(order, 1000, 0, 1000)

    def test_a_down_payment_is_of_what_money_pays(self):
        order = self._quote()
        self._choose(order, 300)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": 50,
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        down = wizard._create_invoices(order)
        down.action_post()
        self.assertEqual(down.amount_total, 35)
        self.assertPoints(order, 300, 0, 300)
        self.assertEqual(self._invoice(order).amount_total, 35)
        self.assertPoints(order, 300, 0, 300)

    def test_points_follow_other_discounts(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "10 % for everybody",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [(0, 0, {})],
                "reward_ids": [(0, 0, {"discount": 10, "discount_mode": "percent"})],
            }
        )
        order = self._quote()
        order._update_programs_and_rewards()
        order._apply_program_reward(
            program.reward_ids, order.coupon_point_ids.coupon_id
        )
        self.assertEqual(order.amount_total, 90)
        with self.assertRaisesRegex(UserError, "up to 900 pts"):
            self._choose(order, 1000)
        self._choose(order, 900)
        self.assertEqual(order.amount_total, 0)
        order.action_confirm()
        self.assertPoints(order, 900, 0, 900)

    def test_another_currency(self):
        euro = self._create_currency_rate("EUR", 0.5)
        order = self._quote(pricelist_id=self._create_pricelist(euro).id)
        self.assertEqual((order.currency_id, order.amount_total), (euro, 50))
        self._choose(order, 300)  # 30.00 are 15.00 EUR
        self.assertEqual(order.amount_total, 35)
        order.action_confirm()
        self.assertPoints(order, 300, 0, 300)

    def test_the_company_takes_no_points_any_more(self):
        order = self._quote()
        self._choose(order, 300)
        self.company.b2b2c_wallet_unit_id = False
        order._update_programs_and_rewards()
        self.assertPoints(order, 0, 0, 0)
        self.assertFalse(order.b2b2c_takes_points)

    def test_a_unit_that_is_for_other_things(self):
        ways = self.env["b2b2c.spending.way"].search([])
        self.unit.spending_way_ids = ways.filtered(lambda w: w.code != "part_payment")
        with self.assertRaisesRegex(UserError, "cannot be paid with points"):
            self._choose(self._quote(), 300)

    def test_uninstalling_leaves_core_no_points(self):
        order = self._quote()
        self._choose(order, 300)
        self._pay(order)
        uninstall_hook(self.env)
        self.assertPoints(order, 300, 0, 0)
        card = self.env["loyalty.card"].search(
            [("b2b2c_account_id", "=", self.account.id)]
        )
        self.assertFalse(card.program_id.active)


@tagged("post_install", "-at_install")
class TestTaxes(PartPaymentCommon):
    """100.00 with 20 % and 100.00 with 10 % on top: 230.00; 460 points are 46.00."""

    def _order(self, kind):
        self.company.b2b2c_wallet_kind = kind
        products = [
            self._create_product(f"At {percent} %", 100, taxes_id=tax.ids)
            for percent in (20, 10)
            for tax in self._create_tax(percent)
        ]
        order = self._create_lines_order(
            *((product, 1, 100) for product in products),
            confirm=False,
            partner_id=self.person.id,
        )
        self.assertEqual(order.amount_total, 230)
        self._choose(order, 460)
        return order

    def test_a_payment_leaves_the_taxes(self):
        order = self._order("payment")
        self.assertEqual((order.amount_tax, order.amount_total), (30, 184))
        self.assertEqual(len(order._b2b2c_get_point_lines()), 1)
        self.assertPoints(order, 460, 0, 0)

    def test_a_discount_lowers_each(self):
        order = self._order("discount")
        self.assertEqual((order.amount_tax, order.amount_total), (24, 184))
        self.assertEqual(
            order._b2b2c_get_point_lines().mapped("price_subtotal"), [-20, -20]
        )
        order.action_confirm()
        self.assertPoints(order, 460, 0, 460)
        invoice = self._invoice(order)
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (24, 184))
        note = invoice._reverse_moves([{}])
        note.action_post()
        self.assertPoints(order, 460, 0, 0)

    def test_the_kind_changes_while_somebody_shops(self):
        order = self._order("payment")
        self.company.b2b2c_wallet_kind = "discount"
        order._update_programs_and_rewards()
        self.assertEqual((order.amount_tax, order.amount_total), (24, 184))
        self.assertPoints(order, 460, 0, 0)

    def test_taxes_in_the_price(self):
        self.company.b2b2c_wallet_kind = "discount"
        tax = self._create_tax(25)
        tax.price_include_override = "tax_included"
        product = self._create_product("Book", 100, taxes_id=tax.ids)
        order = self._quote(1, product)
        self.assertEqual((order.amount_untaxed, order.amount_total), (80, 100))
        self._choose(order, 250)
        self.assertEqual((order.amount_untaxed, order.amount_total), (60, 75))

    def test_where_invoices_book_points(self):
        account = self.env["account.account"].create(
            {
                "name": "Points owed",
                "code": "299100",
                "account_type": "liability_current",
            }
        )
        self.company.b2b2c_wallet_account_id = account
        order = self._order("payment")
        order.action_confirm()
        invoice = self._invoice(order)
        line = invoice.line_ids.filtered(lambda item: item.account_id == account)
        self.assertEqual(line.debit, 46)
