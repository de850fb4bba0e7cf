"""Nobody talks the price of a dealer into anything (S3.3, S3.10)."""

from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..dealers.test_ladder import LadderCommon


class LockCommon(LadderCommon):
    """A dealer at 5 %, a better one at 10 %, a stranger; a salesperson who tries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder = cls._create_ladder()
        cls.better = cls.client.copy({"name": "Better Dealer"})
        cls.stranger = cls.client.copy({"name": "Stranger"})
        # 1,000 and 10,000 pieces of 100.00
        for partner, quantity in ((cls.client, 1000), (cls.better, 10000)):
            cls._create_order(quantity, partner_id=partner.id)
        cls.dealer = cls._create_dealer(cls.ladder)
        cls.better_dealer = cls._create_dealer(cls.ladder, cls.better)
        cls.env["product.pricelist"].create({"name": "Everybody", "sequence": 1})
        cls.vip = cls.env["product.pricelist"].create(
            {
                "name": "VIP",
                "sequence": 2000,  # nobody's default
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        cls.salesman = cls._create_user(
            "seller", "sales_team.group_sale_salesman", "base.group_partner_manager"
        )
        cls.manager = cls._create_user("boss", "sales_team.group_sale_manager")

    def _quote(self, quantity=10, user=None, **values):
        """Return a quotation of the dealer as a salesperson sees it."""
        env = self.env(user=user or self.salesman)
        values.setdefault("user_id", env.uid)
        return self._create_order(quantity, confirm=False, **values).with_env(env)

    def assertRefused(self, order, function, amount=950):
        """Fail when a change goes through, or leaves another amount."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            function()
            self.env.flush_all()
        # the guard said no, not the rights
        self.assertNotIsInstance(caught.exception, AccessError)
        self.env.invalidate_all()
        self.assertEqual(order.amount_untaxed, amount)


@tagged("post_install", "-at_install")
class TestPriceLock(LockCommon):
    def test_a_salesperson_sells_at_the_tier(self):
        env = self.env(user=self.salesman)
        order = env["sale.order"].create(
            {
                "partner_id": self.contact.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 10}
                    )
                ],
            }
        )
        self.assertEqual(order.amount_untaxed, 950)
        order.order_line.product_uom_qty = 20
        self.assertEqual(order.amount_untaxed, 1900)
        order.action_update_prices()
        order.order_line = [Command.create({"product_id": self.product.id})]
        order.action_confirm()
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 1995))
        self.assertEqual(order.sudo().order_line.mapped("b2b2c_net_price"), [95, 95])

    def test_price_and_discount(self):
        order = self._quote()
        line = order.order_line
        for values in (
            {"price_unit": 90},
            {"price_unit": 110},  # neither direction
            {"discount": 10},
            {"price_unit": 200, "discount": 60},
            {"price_unit": 90, "technical_price_unit": 90},
            {"price_unit": 90, "pricelist_item_id": self.vip.item_ids.id},
            {"price_unit": 0, "is_downpayment": True},
            {"price_unit": 90, "is_expense": True},
            {"price_unit": 90, "display_type": "line_note"},
            {"price_subtotal": 1},
            {"b2b2c_net_price": 1},
            {"b2b2c_net_price": 1, "b2b2c_net_quantity": 1, "price_unit": 1},
        ):
            with self.subTest(values):
                self.assertRefused(order, lambda v=values: line.write(v))
                self.assertRefused(
                    order,
                    lambda v=values: order.write(
                        {"order_line": [Command.update(line.id, v)]}
                    ),
                )

    def test_the_same_price_written_another_way_passes(self):
        order = self._quote()
        order.order_line.write({"price_unit": 100, "discount": 5})
        self.assertEqual(order.amount_untaxed, 950)

    def test_context_keys_open_nothing(self):
        order = self._quote()
        for key in (
            {"force_price_recomputation": True},
            {"sale_write_from_compute": True},
            {"no_variant_attributes_price_extra": [-50]},
            {"current_attributes_price_extra": [-50]},
            {"default_b2b2c_net_price": 50, "default_b2b2c_net_quantity": 1},
            {"b2b2c_price_marks": ["ladder", "reprice"]},
        ):
            with self.subTest(key):
                line = order.with_context(**key).order_line
                self.assertRefused(order, lambda at=line: at.write({"price_unit": 50}))
                self.assertRefused(
                    order,
                    lambda at=line: at.create(
                        {
                            "order_id": at.order_id.id,
                            "product_id": self.product.id,
                            "price_unit": 50,
                        }
                    ),
                )

    def test_lines_that_lower_an_order(self):
        order = self._quote()
        discount = self._create_product("Discount", 0, type="service")
        gift = self._create_product("Gift", 10)
        for values in (
            {"product_id": self.product.id, "product_uom_qty": -1},
            {"product_id": discount.id, "price_unit": -100},
            {"product_id": gift.id, "price_unit": 0},
            {"product_id": gift.id, "is_downpayment": True, "price_unit": -50},
            {"is_downpayment": True, "price_unit": -50, "product_uom_qty": 1},
            {"is_downpayment": True, "price_unit": -50, "product_uom_qty": 0},
            {"product_id": gift.id, "is_expense": True, "price_unit": -50},
        ):
            with self.subTest(values):
                values = {"name": "Cheap", **values}
                self.assertRefused(
                    order,
                    lambda v=values: order.write({"order_line": [Command.create(v)]}),
                )

    def test_the_discount_wizard(self):
        order = self._quote()
        for kind, values in (
            ("sol_discount", {"discount_percentage": 0.5}),
            ("so_discount", {"discount_percentage": 0.5}),
            ("amount", {"discount_amount": 100}),
        ):
            wizard = self.env(user=self.salesman)["sale.order.discount"].create(
                {"sale_order_id": order.id, "discount_type": kind, **values}
            )
            self.assertRefused(order, wizard.action_apply_discount)

    def test_the_discount_wizard_is_not_offered(self):
        self.env.user.group_ids |= self.env.ref("sale.group_discount_per_so_line")
        view = self.env["sale.order"].get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        buttons = arch.xpath("//button[@name='action_open_discount_wizard']")
        self.assertTrue(buttons)
        for button in buttons:
            self.assertIn("b2b2c_is_managed", button.get("invisible"))
        self.assertTrue(self._quote().b2b2c_is_managed)

    def test_the_price_list_of_the_order(self):
        order = self._quote()
        for pricelist in (
            self.vip,
            self.better_dealer.tier_id.pricelist_id,
            self.vip.browse(),
        ):
            with self.subTest(pricelist.name):
                self.assertRefused(
                    order, lambda p=pricelist: order.write({"pricelist_id": p.id})
                )
        env = self.env(user=self.salesman)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            env["sale.order"].create(
                {"partner_id": self.client.id, "pricelist_id": self.vip.id}
            )

    def test_an_order_moved_to_another_customer_is_priced_anew(self):
        order = self._quote(partner_id=self.better.id)
        self.assertEqual(order.amount_untaxed, 900)
        order.partner_id = self.contact
        self.assertEqual(order.amount_untaxed, 950)
        stranger = self._quote(partner_id=self.stranger.id)
        stranger.order_line.price_unit = 1
        stranger.partner_id = self.contact
        self.assertEqual(stranger.amount_untaxed, 950)

    def test_a_form_shows_the_prices_of_its_customer(self):
        with Form(self.env(user=self.salesman)["sale.order"]) as form:
            form.partner_id = self.stranger
            with form.order_line.new() as line:
                line.product_id = self.product
            form.partner_id = self.contact
        self.assertEqual(form.record.amount_untaxed, 95)

    def test_a_confirmed_order_stays(self):
        order = self._quote()
        order.action_confirm()
        line = order.order_line
        for values in ({"price_unit": 90}, {"discount": 5}, {"product_uom_qty": -1}):
            self.assertRefused(order, lambda v=values: line.write(v))
        for values in (
            {"partner_id": self.better.id},
            {"partner_id": self.stranger.id},
            {"pricelist_id": self.vip.id},
            {"date_order": fields.Datetime.now() - timedelta(days=40)},
        ):
            with self.subTest(values):
                self.assertRefused(order, lambda v=values: order.write(v))
        self.product.list_price = 80  # what was confirmed stays
        line.product_uom_qty = 20
        order.flush_recordset()
        self.assertIn(order.amount_untaxed, (1900, 1520))
        order.order_line = [Command.create({"product_id": self.product.id})]
        self.assertEqual(order.order_line[-1:].price_unit, 76)

    def test_a_confirmed_order_of_a_stranger_is_not_moved_to_a_dealer(self):
        order = self._quote(partner_id=self.stranger.id)
        order.order_line.price_unit = 10
        order.action_confirm()
        self.assertRefused(
            order, lambda: order.write({"partner_id": self.client.id}), 100
        )

    def test_back_to_draft_is_priced_anew(self):
        order = self._quote()
        order.action_confirm()
        self.product.list_price = 80
        self.assertRefused(order, lambda: order.order_line.write({"price_unit": 1}))
        order.write({"state": "draft"})
        self.assertEqual(order.amount_untaxed, 760)
        self.assertRefused(
            order, lambda: order.order_line.write({"price_unit": 1}), 760
        )
        order.write({"state": "sale"})
        self.assertEqual(order.sudo().order_line.b2b2c_net_price, 76)

    def test_an_order_made_confirmed_is_checked(self):
        values = {
            "partner_id": self.client.id,
            "state": "sale",
            "order_line": [
                Command.create({"product_id": self.product.id, "price_unit": 1})
            ],
        }
        env = self.env(user=self.salesman)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            env["sale.order"].create(values)

    def test_dates(self):
        order = self._quote()
        for days in (-40, 40):
            day = fields.Datetime.now() + timedelta(days=days)
            self.assertRefused(order, lambda d=day: order.write({"date_order": d}))
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.env(user=self.salesman)["sale.order"].create(
                    {"partner_id": self.client.id, "date_order": day}
                )

    def test_invoices_go_to_the_dealer_itself(self):
        order = self._quote()
        self.assertRefused(
            order, lambda: order.write({"partner_invoice_id": self.better.id})
        )
        stranger = self._quote(partner_id=self.stranger.id)
        stranger.order_line.price_unit = 10
        self.assertRefused(
            stranger,
            lambda: stranger.write({"partner_invoice_id": self.client.id}),
            100,
        )
        order.partner_invoice_id = self.contact  # of the same company
        follower = self.client.copy({"name": "Sister"})
        self._create_dealer(self.ladder, follower, head_id=self.dealer.id)
        order.partner_invoice_id = follower  # counts with it

    def test_contacts_and_levels(self):
        for partner, values in (
            (self.client, {"specific_property_product_pricelist": self.vip.id}),
            (self.client, {"property_product_pricelist": self.vip.id}),
            (self.contact, {"specific_property_product_pricelist": self.vip.id}),
            (self.client, {"parent_id": self.better.id}),
            (self.client, {"is_company": False}),
        ):
            with self.subTest(values):
                self.assertRefused(
                    self._quote(),
                    lambda p=partner, v=values: p.with_user(self.salesman).write(v),
                )
        self.client.with_user(self.salesman).write({"phone": "1", "name": "New name"})
        self.stranger.specific_property_product_pricelist = self.vip
        new = self.env["res.partner"].create({"name": "X", "parent_id": self.client.id})
        self.assertEqual(
            new.specific_property_product_pricelist, self.dealer.tier_id.pricelist_id
        )

    def test_price_lists_of_tiers(self):
        pricelist = self.dealer.tier_id.pricelist_id.with_user(self.manager)
        item = pricelist.item_ids
        order = self._quote()
        for function in (
            lambda: item.write({"percent_price": 50}),
            lambda: item.unlink(),
            lambda: pricelist.action_archive(),
            lambda: pricelist.write({"currency_id": self.env.ref("base.EUR").id}),
            lambda: pricelist.write(
                {"item_ids": [Command.create({"percent_price": 50})]}
            ),
            lambda: self.vip.with_user(self.manager).item_ids.write(
                {"pricelist_id": pricelist.id}
            ),
            pricelist.unlink,
        ):
            self.assertRefused(order, function)
        pricelist.name = "Silver"

    def test_switching_price_lists_off_says_what_to_do(self):
        settings = self.env["res.config.settings"].create(
            {"group_product_pricelist": False}
        )
        with self.assertRaisesRegex(UserError, "close it"), self.env.cr.savepoint():
            settings.set_values()

    def test_a_copy_has_the_prices_of_today(self):
        order = self._quote()
        order.action_confirm()
        self._sell(10000)  # 10 % now
        self.assertEqual(order.copy().amount_untaxed, 900)

    def test_taxes_do_not_hide_a_discount(self):
        tax = self._create_tax(25)
        inside = tax.copy({"name": "in", "price_include_override": "tax_included"})
        negative = tax.copy({"name": "minus", "amount": -20})
        self.product.taxes_id = tax
        order = self._quote()
        self.assertEqual((order.amount_untaxed, order.amount_total), (950, 1187.5))
        for taxes in (inside, tax | negative):
            self.assertRefused(
                order, lambda t=taxes: order.order_line.write({"tax_ids": t.ids})
            )
        order.order_line.tax_ids = False  # exempt: the price is the same
        self.assertEqual(order.amount_untaxed, 950)

    def test_discounts_that_are_shown(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "sale.group_discount_per_so_line"
        )
        order = self._quote()
        line = order.order_line
        self.assertEqual((line.price_unit, line.discount), (100, 5))
        self.assertRefused(order, lambda: line.write({"discount": 6}))
        self.assertRefused(order, lambda: line.write({"price_unit": 99}))
        order.action_update_prices()
        order.action_confirm()
        self.assertEqual(line.sudo().b2b2c_net_price, 95)

    def test_others_are_free(self):
        order = self._quote(partner_id=self.stranger.id)
        order.order_line.write({"price_unit": 10, "discount": 50})
        order.pricelist_id = self.vip
        order.date_order = "2020-01-01"
        order.action_confirm()
        order.order_line.price_unit = 7
        self.assertFalse(order.sudo().b2b2c_standing_id)

    def test_orders_of_before_keep_what_they_cost(self):
        order = self._quote(partner_id=self.stranger.id)
        order.order_line.price_unit = 60
        order.action_confirm()
        self._create_dealer(self.ladder, self.stranger)
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.amount_untaxed, 300)
        order.order_line.product_uom_qty = 10
        for values in ({"price_unit": 50}, {"product_uom_qty": 20}):
            self.assertRefused(order, lambda v=values: order.order_line.write(v), 600)
        open_order = self._quote(partner_id=self.stranger.id)
        self.assertEqual(open_order.amount_untaxed, 1000)

    def test_a_quantity_price_is_for_that_quantity(self):
        base = self.env["product.pricelist"].create(
            {
                "name": "Base",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 20,
                            "min_quantity": 100,
                        }
                    )
                ],
            }
        )
        self.dealer.action_end()
        self.env.flush_all()
        self._create_dealer(self._create_ladder(base_pricelist_id=base.id))
        order = self._quote(100)
        self.assertEqual(order.order_line.price_unit, 76)
        order.action_confirm()
        self.assertRefused(
            order,
            lambda: order.order_line.write({"product_uom_qty": 1, "price_unit": 76}),
            7600,
        )


@tagged("post_install", "-at_install")
class TestFlagged(LockCommon):
    """Quotations that are flagged, not priced anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder.reprice = "flag"

    def test_an_employee_updates_a_flagged_quotation_first(self):
        order = self._quote()
        self._sell(10000)
        self.assertEqual(self.dealer.tier_id.discount, 10)
        self.assertEqual(order.amount_untaxed, 950)
        self.assertTrue(order.b2b2c_kept_pricelist_id)
        with self.assertRaisesRegex(UserError, "Update"), self.env.cr.savepoint():
            order.action_confirm()
        order.action_b2b2c_update_prices()
        self.assertEqual(order.amount_untaxed, 900)
        self.assertFalse(order.b2b2c_kept_pricelist_id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_new_lines_of_a_flagged_quotation_have_its_price_list(self):
        order = self._quote()
        self._sell(10000)
        order.order_line = [Command.create({"product_id": self.product.id})]
        self.assertEqual(order.amount_untaxed, 1045)
        self.assertRefused(
            order, lambda: order.write({"pricelist_id": self.vip.id}), 1045
        )
