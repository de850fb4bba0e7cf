"""Every option of a rule and a program, through real orders of 10 × 100.00."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import LoyaltyCommon


class RulesCommon(LoyaltyCommon):
    """Small words for "this rule gives that many points for this order"."""

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _points(self, order, member=None):
        """Process the outbox; return (posted, pending) of an order, for one member."""
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [("document_model", "=", "sale.order"), ("document_id", "=", order.id)]
        )
        if member:
            entries = entries.filtered(lambda e: e.member_id == member)
        posted = sum(entries.mapped("points")) - sum(entries.mapped("points_debt"))
        return posted, sum(entries.mapped("points_pending"))

    def assertGives(self, points, rule, order=None, **program):
        """Check what a rule posts for an order (10 × 100.00 by default)."""
        self._create_program(rule, **program)
        order = order or self._create_order()
        self.assertEqual(self._points(order), (points, 0))


@tagged("post_install", "-at_install")
class TestAward(RulesCommon):
    """How much."""

    def test_percent(self):
        self.assertGives(50, {"kind": "percent", "value": 5})

    def test_percent_with_tax(self):
        self.product.taxes_id = self._create_tax(20)
        self.assertGives(60, {"value": 5, "amount_basis": "total"})

    def test_percent_without_tax(self):
        self.product.taxes_id = self._create_tax(20)
        self.assertGives(50, {"value": 5, "amount_basis": "untaxed"})

    def test_per_unit(self):
        self.assertGives(30, {"kind": "per_unit", "value": 3})

    def test_per_unit_counts_the_products_own_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_lines_order((self.product, 2, 1200.0), uom=dozen)
        self.assertGives(24, {"kind": "per_unit", "value": 1}, order)

    def test_fixed_per_line(self):
        order = self._create_lines_order(
            (self.product, 1, 100.0), (self.product, 2, 100.0)
        )
        self.assertGives(14, {"kind": "fixed", "value": 7}, order)

    def test_fixed_per_document(self):
        order = self._create_lines_order(
            (self.product, 1, 100.0), (self.product, 2, 100.0)
        )
        self.assertGives(7, {"kind": "fixed", "value": 7, "scope": "document"}, order)

    def test_lines_are_rounded_together(self):
        """2 × 5 % of 15.00 = 2 × 0.75 = 1.50: one point, of both lines together."""
        order = self._create_lines_order(
            (self.product, 1, 15.0), (self.product, 1, 15.0)
        )
        self.assertGives(1, {"value": 5, "scope": "line"}, order)

    def test_rounding_per_document(self):
        """5 % of 30.00 = 1.5: one point."""
        order = self._create_lines_order(
            (self.product, 1, 15.0), (self.product, 1, 15.0)
        )
        self.assertGives(1, {"value": 5, "scope": "document"}, order)

    def test_rounding_half_up_with_decimals(self):
        self.unit.write({"decimals": 2, "rounding_method": "half_up"})
        order = self._create_lines_order((self.product, 1, 33.3))
        self.assertGives(1.67, {"value": 5}, order)  # 1.665

    def test_table_by_amount(self):
        table = {"kind": "table", "step_ids": self._steps()}
        program = self._create_program(table)
        for amount, points in ((499, 10), (500, 10), (999, 19), (1000, 50)):
            order = self._create_lines_order((self.product, 1, amount))
            self.assertEqual(self._points(order), (points, 0), amount)
        self.assertEqual(program.rule_ids.is_locked, True)

    def test_table_by_quantity(self):
        steps = [(1, "per_unit", 1), (10, "per_unit", 2)]
        rule = {
            "kind": "table",
            "table_basis": "quantity",
            "step_ids": self._steps(*steps),
        }
        self.assertGives(20, rule)

    def test_below_the_table(self):
        rule = {"kind": "table", "step_ids": self._steps((1001, "fixed", 10))}
        self.assertGives(0, rule)

    def _steps(self, *rows):
        rows = rows or ((0, "fixed", 10), (500, "percent", 2), (1000, "percent", 5))
        return [
            Command.create({"start": start, "kind": kind, "value": value})
            for start, kind, value in rows
        ]


@tagged("post_install", "-at_install")
class TestConditions(RulesCommon):
    """For what, from whom, from how much, when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper = cls.env["product.category"].create({"name": "Paper"})
        cls.coloured = cls.env["product.category"].create(
            {"name": "Coloured", "parent_id": cls.paper.id}
        )
        cls.tag = cls.env["product.tag"].create({"name": "Promoted"})
        cls.ink = cls._create_product("Ink", 10.0)

    def test_product(self):
        rule = {"value": 5, "product_ids": [Command.set(self.product.ids)]}
        order = self._create_lines_order(
            (self.product, 1, 100.0), (self.ink, 1, 1000.0)
        )
        self.assertGives(5, rule, order)

    def test_other_product(self):
        self.assertGives(0, {"product_ids": [Command.set(self.ink.ids)]})

    def test_category_includes_its_subcategories(self):
        self.product.categ_id = self.coloured
        self.assertGives(50, {"category_ids": [Command.set(self.paper.ids)]})

    def test_category_excludes_its_parent(self):
        self.product.categ_id = self.paper
        self.assertGives(0, {"category_ids": [Command.set(self.coloured.ids)]})

    def test_tag(self):
        self.product.product_tag_ids = self.tag
        self.assertGives(50, {"tag_ids": [Command.set(self.tag.ids)]})

    def test_no_tag(self):
        self.assertGives(0, {"tag_ids": [Command.set(self.tag.ids)]})

    def test_product_domain(self):
        self.assertGives(50, {"product_domain": "[('list_price', '>=', 100)]"})

    def test_product_domain_excludes(self):
        self.assertGives(0, {"product_domain": "[('list_price', '>', 100)]"})

    def test_partner_domain(self):
        self.assertGives(50, {"partner_domain": "[('name', 'ilike', 'olena')]"})

    def test_partner_domain_excludes(self):
        self.assertGives(0, {"partner_domain": "[('name', 'ilike', 'petro')]"})

    def test_kind_of_document(self):
        self.assertGives(50, {"document_kind_ids": self._kinds("sale_order", "sale")})

    def test_other_kind_of_document(self):
        self.assertGives(0, {"document_kind_ids": self._kinds("delivery", "invoice")})

    def test_a_rule_for_an_event_gives_nothing_for_an_order(self):
        self.assertGives(0, {"event_codes": "visit"})

    def test_events_by_code(self):
        rule = {"kind": "fixed", "value": 7, "event_codes": "training, visit"}
        self._create_program(rule)
        for number, code in enumerate(("visit", "training", "quiz")):
            self._record_reported(
                type="event", reference=f"E-{number}", event_code=code
            )
        self.assertEqual(self._balances(), (14, 0, 0))

    def test_reported_kinds(self):
        self._create_program({"document_kind_ids": self._kinds("shipment")})
        self._record_reported(type="sale", reference="S-1", amount=1000)
        self.assertEqual(self._balances(), (0, 0, 0))
        self._record_reported(type="shipment", reference="S-1", amount=1000)
        self.assertEqual(self._balances(), (50, 0, 0))

    def _kinds(self, *names):
        kinds = [self.env.ref(f"loyalty_b2b2c.document_kind_{n}").id for n in names]
        return [Command.set(kinds)]

    def _record_reported(self, **values):
        return self.env["b2b2c.intake"]._record(
            {"member": {"id": self.member.id}, **values},
            company=self.company,
            channel="api",
        )

    def test_amount_min_includes_its_limit(self):
        self.assertGives(50, {"amount_min": 1000})

    def test_amount_below_min(self):
        self.assertGives(0, {"amount_min": 1000.01})

    def test_amount_max_excludes_its_limit(self):
        self.assertGives(0, {"amount_max": 1000})

    def test_amount_below_max(self):
        self.assertGives(50, {"amount_max": 1000.01})

    def test_quantity_min(self):
        self.assertGives(50, {"quantity_min": 10})

    def test_quantity_below_min(self):
        self.assertGives(0, {"quantity_min": 10.5})

    def test_rule_not_valid_yet(self):
        self.assertGives(0, {"valid_from": "2099-01-01 00:00:00"})

    def test_rule_validity_is_half_open(self):
        self._create_program({"valid_until": "2026-03-10 12:00:00"})
        with freeze_time("2026-03-10 11:59:59"):
            inside = self._create_order()
        with freeze_time("2026-03-10 12:00:00"):
            outside = self._create_order()
        self.assertEqual(self._points(inside), (50, 0))
        self.assertEqual(self._points(outside), (0, 0))

    def test_program_dates(self):
        self.assertGives(0, {}, date_to="2020-01-01 00:00:00")

    def test_enrolled_after_the_order(self):
        self.member.enrolled_at = "2099-01-01 00:00:00"
        self.assertGives(0, {})

    def test_enrolled_at_the_moment_of_the_order(self):
        with freeze_time("2026-03-10 12:00:00"):
            self.member.enrolled_at = fields.Datetime.now()
            order = self._create_order()
        self.assertGives(50, {}, order)

    def test_left_before_the_order(self):
        self.member.action_leave()
        with freeze_time("2099-01-01"):
            order = self._create_order()
        self.assertGives(0, {}, order)

    def test_left_after_the_order(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        self._process()
        self.member.action_leave()
        self._pay(self._invoice(order))
        self.assertEqual(self._points(order), (50, 0))

    def test_delivery_costs_and_down_payments_do_not_count(self):
        self._create_program({"trigger": "invoiced"})
        order = self._create_order()
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 50}
        ).create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(self._points(order), (0, 0))
        order._create_invoices(final=True).action_post()
        self.assertEqual(self._points(order), (50, 0))


@tagged("post_install", "-at_install")
class TestCaps(RulesCommon):
    """Up to how much; every order deserves 50 points without a limit."""

    def test_per_document(self):
        order = self._create_lines_order(
            (self.product, 10, 100.0), (self.product, 10, 100.0)
        )
        self.assertGives(70, {"cap_document": 70}, order)

    def test_per_member(self):
        self._create_program({"cap_member": 70})
        self.assertEqual(self._orders(3), [50, 20, 0])

    def test_per_member_does_not_touch_the_next_member(self):
        petro = self._create_member(name="Petro", email="p@example.com")
        self._create_program({"cap_member": 30, "pick": "each"})
        order = self._create_order()
        self.assertEqual(self._points(order, self.member), (30, 0))
        self.assertEqual(self._points(order, petro), (30, 0))

    def test_cancelled_order_frees_the_cap(self):
        self._create_program({"cap_member": 70})
        first = self._create_order()
        self.assertEqual(self._orders(1), [20])
        first._action_cancel()
        self._process()
        self.assertEqual(self._orders(1), [50])

    def test_per_day_of_the_programs_time_zone(self):
        """23:30 and 00:30 in Kyiv are two days, and one day in UTC."""
        self._create_program({"cap_day": 60}, timezone="Europe/Kyiv")
        found = []
        for moment in ("2026-03-10 21:30", "2026-03-10 21:40", "2026-03-10 22:30"):
            with freeze_time(moment):
                found += self._orders(1)
        self.assertEqual(found, [50, 10, 50])

    def test_per_period(self):
        self._create_program({"cap_period": 60, "cap_period_kind": "quarter"})
        found = []
        for day in ("2026-01-01", "2026-03-31", "2026-04-01"):
            with freeze_time(day):
                found += self._orders(1)
        self.assertEqual(found, [50, 10, 50])

    def test_budget(self):
        program = self._create_program({}, budget_points=120)
        self.assertEqual(self._orders(4), [50, 50, 20, 0])
        program.invalidate_recordset()
        self.assertEqual((program.budget_used, program.budget_left), (120, 0))

    def test_a_budget_lowered_later_takes_nothing_back(self):
        program = self._create_program({}, budget_points=120)
        order = self._create_order()
        self.assertEqual(self._points(order)[0], 50)
        program.budget_points = 30
        self.env["b2b2c.event"]._record(order)
        self.assertEqual(self._points(order)[0], 50)
        self.assertEqual(self._orders(1), [0])

    def test_points_reversed_by_hand_free_the_budget(self):
        program = self._create_program({}, budget_points=60)
        order = self._create_order()
        self._points(order)
        entry = self._entries("earn")
        self._account()._reverse(entry, 30, reason="Mistake", is_manual=True)
        self._process()
        program.invalidate_recordset()
        self.assertEqual((program.budget_used, program.budget_left), (20, 40))

    def _orders(self, number):
        return [self._points(self._create_order())[0] for _i in range(number)]


@tagged("post_install", "-at_install")
class TestHold(RulesCommon):
    """Pending until."""

    def test_until_paid(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        self.assertEqual(self._points(order), (0, 50))
        self._pay(self._invoice(order))
        self.assertEqual(self._points(order), (50, 0))

    def test_days_end_by_a_scheduled_event(self):
        self._create_program({"hold": "days", "hold_days": 14})
        with freeze_time("2026-03-10 12:00:00"):
            order = self._create_order()
            self.assertEqual(self._points(order), (0, 50))
        with freeze_time("2026-03-24 11:59:59"):
            self.assertEqual(self._points(order), (0, 50))
        with freeze_time("2026-03-24 12:00:00"):
            self.assertEqual(self._points(order), (50, 0))

    def test_cancelled_while_waiting(self):
        self._create_program({"hold": "days", "hold_days": 14})
        with freeze_time("2026-03-10 12:00:00"):
            order = self._create_order()
            self.assertEqual(self._points(order), (0, 50))
            order._action_cancel()
        with freeze_time("2026-03-25"):
            self.assertEqual(self._points(order), (0, 0))

    def test_later_delivery_waits_for_itself_only(self):
        self._create_program(
            {"trigger": "delivered", "hold": "days", "hold_days": 14, "value": 5}
        )
        with freeze_time("2026-03-01"):
            order = self._create_order()
            self._deliver(order, 4)
            self.assertEqual(self._points(order), (0, 20))
        with freeze_time("2026-03-15"):
            self.assertEqual(self._points(order), (20, 0))
            self._deliver(order)
            self.assertEqual(self._points(order), (20, 30))
        with freeze_time("2026-03-29"):
            self.assertEqual(self._points(order), (50, 0))


@tagged("post_install", "-at_install")
class TestExpiry(RulesCommon):
    """Usable until: the start of the day after the last one, in the program's zone."""

    def test_never(self):
        self.assertEqual(self._lapses_at({"expiry": "none"}), "False")

    def test_months(self):
        rule = {"expiry": "months", "expiry_count": 12}
        self.assertEqual(self._lapses_at(rule), "2027-03-11 00:00:00")

    def test_months_at_midnight_of_the_zone(self):
        rule = {"expiry": "months", "expiry_count": 12}
        found = self._lapses_at(rule, timezone="Europe/Kyiv")
        self.assertEqual(found, "2027-03-10 22:00:00")

    def test_end_of_year(self):
        rule = {"expiry": "period_end", "expiry_count": 0, "expiry_period": "year"}
        self.assertEqual(self._lapses_at(rule), "2027-01-01 00:00:00")

    def test_end_of_the_quarter_after_two_months(self):
        rule = {"expiry": "period_end", "expiry_count": 2, "expiry_period": "quarter"}
        self.assertEqual(self._lapses_at(rule), "2026-07-01 00:00:00")

    def test_pending_points_do_not_lapse(self):
        self._create_program({"hold": "until_paid", "expiry": "months"})
        self._create_order()
        self._process()
        self._account()._expire(datetime(2099, 1, 1))
        self.assertEqual(self._balances(), (0, 50, 0))

    def _lapses_at(self, rule, **program):
        self._create_program(rule, **program)
        with freeze_time("2026-03-10 12:00:00"):
            self._create_order()
            self._process()
        return str(self._account().lot_ids.expires_at)


@tagged("post_install", "-at_install")
class TestCombine(RulesCommon):
    """Several rules, several programs; 10 % = 100 and 20 per unit = 200."""

    rules = (
        {"name": "percent", "value": 10, "sequence": 1},
        {"name": "per unit", "kind": "per_unit", "value": 20, "sequence": 2},
    )

    def test_all_add_up(self):
        self.assertEqual(self._combined("all"), 300)

    def test_first_by_sequence(self):
        self.assertEqual(self._combined("first"), 100)

    def test_best(self):
        self.assertEqual(self._combined("best"), 200)

    def test_stackable_programs_add_up(self):
        self._create_program({"value": 5})
        self.assertGives(60, {"value": 1})

    def test_exclusive_programs_compete(self):
        self._create_program({"value": 5}, stacking="exclusive", sequence=2)
        self._create_program({"value": 1}, stacking="exclusive", sequence=1)
        self.assertEqual(self._points(self._create_order()), (10, 0))

    def test_stackable_next_to_exclusive(self):
        self._create_program({"value": 5}, stacking="exclusive")
        self.assertGives(60, {"value": 1}, stacking="stackable")

    def _combined(self, how):
        self._create_program(*self.rules, combine=how)
        return self._points(self._create_order())[0]


@tagged("post_install", "-at_install")
class TestPick(RulesCommon):
    """Who; Olena is the contact of the order, Petro enrolled before her."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petro = cls._create_member(
            name="Petro", email="p@example.com", enrolled_at="2019-01-01 00:00:00"
        )

    def test_contact(self):
        self.assertEqual(self._shares("contact", self.contact), (50, 0))

    def test_contact_who_is_not_enrolled(self):
        self.assertEqual(self._shares("contact", self.client), (0, 0))

    def test_contact_or_first(self):
        self.assertEqual(self._shares("contact_or_first", self.contact), (50, 0))

    def test_first_when_the_contact_is_nobody(self):
        self.assertEqual(self._shares("contact_or_first", self.client), (0, 50))

    def test_each(self):
        self.assertEqual(self._shares("each", self.contact), (50, 50))

    def test_split_loses_no_point(self):
        """5 % of 1 020 = 51: the odd point goes to the older membership."""
        found = self._shares("split", self.contact, price=102.0)
        self.assertEqual(found, (26, 25))

    def test_other_role(self):
        self._create_program({"role": "owner", "pick": "each"})
        self.assertEqual(self._points(self._create_order()), (0, 0))

    def test_suspended_earns_nothing_new(self):
        self.member.action_suspend()
        with freeze_time("2099-01-01"):
            self.assertEqual(self._shares("each", self.contact), (0, 50))

    def _shares(self, pick, buyer, price=100.0):
        self._create_program({"pick": pick, "value": 5})
        order = self._create_lines_order((self.product, 10, price), partner_id=buyer.id)
        return (
            self._points(order, self.member)[0],
            self._points(order, self.petro)[0],
        )


@tagged("post_install", "-at_install")
class TestVersions(RulesCommon):
    """Terms never change for what was sold under them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "delivered", "value": 5})
        cls.rule = cls.program.rule_ids

    def test_return_after_a_new_version_uses_the_old_rate(self):
        with freeze_time("2026-03-10"):
            order = self._create_order()
            picking = self._deliver(order)
            self.assertEqual(self._points(order), (50, 0))
        with freeze_time("2026-03-11"):
            version = self._new_version(10)
            self._return(picking, 4)
            self.assertEqual(self._points(order), (30, 0))
        self.assertFalse(version.is_locked)

    def test_new_document_uses_the_new_rate(self):
        with freeze_time("2026-03-11"):
            version = self._new_version(10)
            order = self._create_order()
            self._deliver(order)
            self.assertEqual(self._points(order), (100, 0))
        self.assertTrue(version.is_locked)

    def test_old_document_delivered_later_uses_the_old_rate(self):
        with freeze_time("2026-03-10"):
            order = self._create_order()
        with freeze_time("2026-03-11"):
            self._new_version(10)
            self._deliver(order)
            self.assertEqual(self._points(order), (50, 0))

    def test_locked_rule_refuses_edits(self):
        self._deliver(self._create_order())
        self._process()
        for values in ({"value": 6}, {"hold": "days"}, {"cap_day": 1}):
            with self.assertRaises(UserError):
                self.rule.write(values)
        self.rule.write({"name": "Better name", "sequence": 3})

    def test_locked_rule_and_program_cannot_be_deleted(self):
        self._deliver(self._create_order())
        self._process()
        with self.assertRaises(UserError):
            self.rule.unlink()
        with self.assertRaises(UserError):
            self.program.unlink()

    def test_used_program_keeps_its_unit(self):
        self._deliver(self._create_order())
        self._process()
        with self.assertRaises(UserError):
            self.program.timezone = "Europe/Kyiv"

    def test_category_moved_later_takes_nothing_back(self):
        paper = self.env["product.category"].create({"name": "Paper"})
        other = self.env["product.category"].create({"name": "Other"})
        self.product.categ_id = paper
        self.program.action_close()
        self._create_program({"category_ids": [Command.set(paper.ids)]})
        order = self._create_order()
        self.assertEqual(self._points(order), (50, 0))
        self.product.categ_id = other
        order.order_line.product_uom_qty = 8
        self.assertEqual(self._points(order), (40, 0))

    def test_archived_rule_follows_its_documents(self):
        with freeze_time("2026-03-10"):
            order = self._create_order()
            picking = self._deliver(order)
            self._process()
        self.rule.active = False
        self._return(picking, 10)
        self.assertEqual(self._points(order), (0, 0))
        later = self._create_order()
        self._deliver(later)
        self.assertEqual(self._points(later), (0, 0))

    def _new_version(self, value):
        action = self.rule.action_new_version()
        version = self.env["b2b2c.earning.rule"].browse(action["res_id"])
        version.value = value
        return version
