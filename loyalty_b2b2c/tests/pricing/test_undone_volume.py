"""A tier that was had for a minute is reported with its cost, once, or withdrawn."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.base.rates import has_rate
from ..dealers.test_ladder import LadderCommon

DAY = "2026-03-02 10:00:00"


class UndoneCommon(LadderCommon):
    """0, 5 and 10 % from 0, 100,000 and 1,000,000; 100 pieces cost 10,000."""

    def _get_found(self, state="review"):
        return self.env["b2b2c.price.deviation"].search(
            [("kind", "=", "undone"), ("state", "=", state)], order="id"
        )

    def _get_costs(self, state="review"):
        return [(row.document_name, row.cost) for row in self._get_found(state)]


@tagged("post_install", "-at_install")
class TestUndoneVolume(UndoneCommon):
    def test_all_orders_at_the_tier_are_reported_with_what_they_cost(self):
        dealer = self._create_dealer(self._create_ladder())
        fake = self._sell(10000)  # 1,000,000
        self.assertEqual(dealer.tier_id.discount, 10)
        one, two = self._sell(100), self._sell(1200)
        self.assertEqual((one.amount_untaxed, two.amount_untaxed), (9000, 108000))
        self.assertFalse(self._get_found())
        fake._action_cancel()
        self._process()
        # 9,000 and 108,000 alone deserve nothing when they were confirmed
        self.assertEqual(self._get_costs(), [(one.name, 1000), (two.name, 12000)])
        row = self._get_found()[0]
        self.assertEqual((row.expected, row.actual, row.quantity), (100, 90, 100))
        self.assertEqual(row.standing_id, dealer)
        # what they lifted themselves is for the next one: 117,000
        three = self._sell(10)
        self.assertEqual(three.amount_untaxed, 950)
        one._action_cancel()
        self._process()
        self.assertEqual(self._get_costs(), [(two.name, 12000)])
        self.assertEqual(self._get_costs("withdrawn"), [(one.name, 1000)])

    def test_an_invoice_without_an_order(self):
        self._create_dealer(self._create_ladder())
        fake = self._sell(10000)
        line = {
            "product_id": self.product.id,
            "quantity": 100,
            "price_unit": 90,
            "tax_ids": [Command.clear()],
        }
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        bill.action_post()
        self._process()
        self.assertFalse(self._get_found())
        fake._action_cancel()
        self._process()
        self.assertEqual(self._get_costs(), [(bill.display_name, 1000)])
        fake.action_draft()
        bill.button_draft()
        self._process()
        self.assertEqual(self._get_costs(), [])

    def test_each_order_deserves_what_was_bought_before_it(self):
        self._create_dealer(self._create_ladder())
        fake = self._sell(10000)
        first, second = self._sell(2000), self._sell(100)
        fake._action_cancel()
        self._process()
        # 180,000 of the first deserve 5 % for the second
        self.assertEqual(self._get_costs(), [(first.name, 20000), (second.name, 500)])

    def test_a_lowered_order_days_later_and_the_end_of_the_window(self):
        ladder = self._create_ladder()
        with freeze_time(DAY) as clock:
            self._create_dealer(ladder)
            fake, other = self._sell(1100), self._sell(5)
            clock.tick(timedelta(days=3))
            real = self._sell(100)
            self.assertEqual(real.amount_untaxed, 9500)
            clock.tick(timedelta(days=10))  # 13 days after it counted
            fake.order_line.product_uom_qty = 900
            self._process()
            self.assertEqual(self._get_costs(), [(other.name, 25), (real.name, 500)])
        with freeze_time(DAY) as clock:
            clock.tick(timedelta(days=40))
            self._sell(1100)
            late = self._sell(100)
            clock.tick(timedelta(days=15))
            self.env["sale.order"].search(
                [("b2b2c_confirmed_at", ">=", "2026-04-01"), ("id", "!=", late.id)]
            )._action_cancel()
            self._process()
            self.assertEqual(len(self._get_found()), 2)

    def test_the_window_is_the_ladders(self):
        for days, found in ((0, 0), (20, 1)):
            partner = self.env["res.partner"].create(
                {"name": f"Dealer {days}", "is_company": True}
            )
            ladder = self._create_ladder(suspicion_days=days, name=f"{days} days")
            with freeze_time(DAY) as clock:
                self._create_dealer(ladder, partner)
                fake = self._sell(1000, partner_id=partner.id)
                self._sell(100, partner_id=partner.id)
                clock.tick(timedelta(days=18))
                fake._action_cancel()
                self._process()
            self.assertEqual(len(self._get_found()), found)
            ladder.standing_ids._end()
            ladder.suspicion_days = 7  # may change while it runs

    def test_volume_that_comes_back_withdraws_the_report(self):
        self._create_dealer(self._create_ladder())
        fake = self._sell(1000)
        real = self._sell(100)
        fake._action_cancel()
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 500)])
        fake.action_draft()
        fake.action_confirm()
        self._process()
        self.assertFalse(self._get_found())
        self.assertEqual(self._get_costs("withdrawn"), [(real.name, 500)])
        fake._action_cancel()
        self._process()
        # the same row again, no second one
        self.assertEqual(self._get_costs(), [(real.name, 500)])
        self.assertFalse(self._get_found("withdrawn"))
        # a part of it bought honestly makes nothing right, all of it does
        self._sell(500)
        self.assertEqual(self._get_costs(), [(real.name, 500)])
        self._sell(500)
        self.assertFalse(self._get_found())

    def test_what_was_accepted_stays(self):
        officer = self._create_user("accepts", "loyalty_b2b2c.group_officer")
        self._create_dealer(self._create_ladder())
        fake = self._sell(1000)
        self._sell(100)
        fake._action_cancel()
        self._process()
        row = self._get_found().with_user(officer)
        row.reason = "The dealer's mistake, agreed."
        row.action_accept()
        fake.action_draft()
        fake.action_confirm()
        self._process()
        self.assertEqual((row.state, row.cost), ("accepted", 500))
        with self.assertRaises(UserError):
            row.write({"state": "withdrawn"})

    def test_less_undone_costs_less(self):
        self._create_dealer(self._create_ladder())
        fake = self._sell(10000)
        real = self._sell(100)
        fake.order_line.product_uom_qty = 1500
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 500)])  # 5 instead of 10 %
        fake.order_line.product_uom_qty = 500
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 1000)])

    def test_a_credit_note_and_a_return(self):
        self._create_dealer(self._create_ladder(moment="invoiced"))
        order = self._create_order(1000)
        self._deliver(order)
        invoice = self._invoice(order)
        self._process()
        real = self._sell(100)
        self.assertEqual(real.amount_untaxed, 9500)
        self._credit_note(invoice, 200)
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 500)])

    def test_orders_of_companies_that_count_together(self):
        ladder = self._create_ladder()
        head = self._create_dealer(ladder)
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        other = self._create_dealer(ladder, sister, head_id=head.id)
        fake = self._sell(1000, partner_id=sister.id)
        real = self._sell(100)
        self.assertEqual(real.amount_untaxed, 9500)
        fake._action_cancel()
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 500)])
        self.assertEqual(self._get_found().standing_id, head)
        self.assertNotEqual(self._get_found().standing_id, other)

    def test_a_tier_by_contract_is_deserved(self):
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        contract = self.env["b2b2c.ladder.contract"].create(
            {
                "standing_id": dealer.id,
                "tier_id": ladder.tier_ids[1].id,
                "date_from": fields.Date.today(),
                "date_to": fields.Date.today() + timedelta(days=30),
                "reason": "Promised",
            }
        )
        contract.sudo().write({"state": "approved"})
        dealer._evaluate()
        fake = self._sell(20000)  # 1,900,000
        real = self._sell(100)
        self.assertEqual(real.amount_untaxed, 9000)
        fake._action_cancel()
        self._process()
        self.assertEqual(self._get_costs(), [(real.name, 500)])  # 5 % are promised

    def test_a_fake_order_in_another_currency(self):
        euro = self._create_currency_rate("EUR", 2.0)  # 2 EUR are one of ours
        self.assertTrue(has_rate(euro, self.company))
        ladder = self._create_ladder(benefit="bonus", tier_ids=self._get_bonus_tiers())
        self._create_program({"kind": "tier", "trigger": "confirmed"})
        with freeze_time(DAY) as clock:
            self._create_dealer(ladder)
            pricelist = self.env["product.pricelist"].create(
                {"name": "Euro", "currency_id": euro.id}
            )
            fake = self._sell(1000, pricelist_id=pricelist.id)
            clock.tick(timedelta(minutes=5))
            real = self._sell(100, pricelist_id=pricelist.id)
            self.assertEqual(real.amount_untaxed, 20000)  # EUR
            self.assertEqual(self._balances(), (400, 0, 0))
            fake._action_cancel()
            self._process()
            # 4 % of 10,000 in our currency
            self.assertEqual(self._get_costs(), [(real.name, 400)])
            self.assertEqual(self._get_found().currency_id, euro)

    def _get_bonus_tiers(self):
        return [
            Command.create({"volume_from": volume, "discount": 0, "bonus": bonus})
            for volume, bonus in ((0, 0), (100000, 4), (1000000, 7))
        ]

    def test_a_bonus_that_was_given(self):
        ladder = self._create_ladder(benefit="bonus", tier_ids=self._get_bonus_tiers())
        program = self._create_program({"kind": "tier", "trigger": "confirmed"})
        with freeze_time(DAY) as clock:
            self._create_dealer(ladder)
            fake = self._sell(1000)
            clock.tick(timedelta(minutes=5))
            real = self._sell(100)
            self.assertEqual(self._balances(), (400, 0, 0))
            clock.tick(timedelta(days=2))
            fake._action_cancel()
            self._process()
            self.assertEqual(self._get_costs(), [(real.name, 400)])
            self.assertEqual(
                [(row.expected, row.actual) for row in self._get_found()], [(100, 96)]
            )
        self.assertTrue(program)

    def test_ordered_ladders_may_count_once_delivered(self):
        dealer = self._create_dealer(self._create_ladder(only_delivered=True))
        fake = self._sell(1000)
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (0, 0))
        real = self._sell(100)
        self.assertEqual(real.amount_untaxed, 10000)
        fake._action_cancel()
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self._deliver(real)
            self._process()
            self.assertEqual(dealer.volume, 10000)
            entry = self.env["b2b2c.volume.entry"].search([])
            self.assertEqual(entry.day, real.b2b2c_confirmed_at.date())
        self.assertFalse(self._get_found())
        self.assertEqual(dealer._prove(), [])
