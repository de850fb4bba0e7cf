"""Dealer ladder: volumes from documents, tiers, pricelists, contracts, proof."""

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import LoyaltyCommon


class LadderCommon(LoyaltyCommon):
    """The default ladder (0, 5 and 10 % from 0, 100,000 and 1,000,000), one dealer.

    Paper costs 100.00 each, so 1,000 pieces deserve 5 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )

    @classmethod
    def _create_ladder(cls, start=True, **values):
        ladder = cls.env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "timezone": "UTC",
                "document_kind_ids": [Command.set(cls._get_document_kinds().ids)],
                **values,
            }
        )
        if start:
            ladder.action_start()
        return ladder

    @classmethod
    def _create_dealer(cls, ladder, partner=None, **values):
        return cls.env["b2b2c.ladder.standing"].create(
            {
                "ladder_id": ladder.id,
                "partner_id": (partner or cls.client).id,
                **values,
            }
        )

    def _sell(self, quantity, day=None, **values):
        """Confirm an order of the dealer, dated ``day``."""
        order = self._create_order(quantity, **values)
        if day:
            order.date_order = day
        self._process()
        return order

    def _discount_of(self, partner=None):
        """Return what a new order of ten costs less than the list price, in percent."""
        order = self._create_order(
            10, confirm=False, partner_id=(partner or self.contact).id
        )
        return round(100 - order.amount_untaxed / 10, 2)


@tagged("post_install", "-at_install")
class TestLadder(LadderCommon):
    def test_the_tier_follows_the_volume_up_and_down(self):
        dealer = self._create_dealer(self._create_ladder())
        self.assertEqual((dealer.tier_id.discount, dealer.volume), (0, 0))
        self.assertEqual(self._discount_of(), 0)
        first = self._sell(999)  # 99,900
        self.assertEqual((dealer.tier_id.discount, dealer.volume), (0, 99900))
        self.assertEqual((dealer.missing, dealer.next_tier_id.discount), (100, 5))
        self._sell(1)
        self.assertEqual((dealer.tier_id.discount, dealer.volume), (5, 100000))
        self.assertEqual(self._discount_of(), 5)
        first._action_cancel()
        self._process()
        self.assertEqual((dealer.tier_id.discount, dealer.volume), (0, 100))
        self.assertEqual(self._discount_of(), 0)
        self.assertEqual(
            dealer.change_ids.mapped(lambda c: (c.reason, c.tier_id.discount)),
            [("fall", 0), ("growth", 5), ("enrolled", 0)],
        )
        self.assertFalse(dealer._prove())

    def test_falls_from_ten_to_nothing_by_passing_time_only(self):
        with freeze_time("2026-01-15 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(10000)
            self.assertEqual(dealer.tier_id.discount, 10)
            self.assertEqual(dealer.fall_on, date(2026, 4, 15))
            self.assertEqual(dealer.fall_tier_id.discount, 0)
            self.assertEqual(self._discount_of(), 10)
        with freeze_time("2026-04-14 23:59:59"):
            dealer._refresh()
            self.assertEqual(dealer.tier_id.discount, 10)
        with freeze_time("2026-04-15 00:00:00"):
            dealer._refresh()
            self.assertEqual((dealer.tier_id.discount, dealer.volume), (0, 0))
            self.assertEqual(self._discount_of(), 0)

    def test_core_finds_the_item_that_is_known_by_heart(self):
        ladder = self._create_ladder(start=False)
        category = self.env["product.category"].create({"name": "Machines"})
        ladder.tier_ids[2].discount_ids = [
            Command.create({"categ_id": category.id, "discount": 2})
        ]
        now = datetime(2026, 3, 1)
        for state in ("draft", "running", "closed"):
            if state == "running":
                ladder.action_start()
            elif state == "closed":
                ladder.action_close()
            for tier in ladder.tier_ids:
                pricelist = tier.pricelist_id
                found = self.env["product.pricelist.item"].search(
                    pricelist._get_applicable_rules_domain(self.product, now)
                    if pricelist
                    else [("id", "=", 0)]
                )
                self.assertEqual(
                    pricelist._get_applicable_rules(self.product, now), found
                )
                known = tier._get_price_lists().get(pricelist.id)
                self.assertEqual(bool(known), bool(pricelist))
                if known:
                    simple = tier != ladder.tier_ids[2]
                    self.assertEqual(known.item_id, found.id if simple else None)
                    self.assertEqual(known.is_running, state == "running")

    def test_a_tier_is_nobody_elses_price_list(self):
        self.env["product.pricelist"].search([]).active = False
        dealer = self._create_dealer(self._create_ladder())
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertFalse(stranger.property_product_pricelist)
        self.assertEqual(
            self.client.property_product_pricelist, dealer.tier_id.pricelist_id
        )
        self.assertEqual(self._discount_of(stranger), 0)

    def test_open_quotations_are_priced_anew_and_confirmed_ones_keep(self):
        dealer = self._create_dealer(self._create_ladder())
        quotation = self._create_order(10, confirm=False)
        confirmed = self._sell(10)
        self._sell(1000)
        self.assertEqual(dealer.tier_id.discount, 5)
        self.assertEqual(quotation.amount_untaxed, 950)
        self.assertEqual(confirmed.amount_untaxed, 1000)

    def test_documents_of_before_count_when_a_dealer_is_enrolled(self):
        self._sell(1000)
        dealer = self._create_dealer(self._create_ladder())
        self.assertEqual((dealer.tier_id.discount, dealer.volume), (5, 100000))
        self.assertEqual(dealer._count_documents(), 0)

    def test_paid_value_counts_on_the_day_of_each_payment(self):
        ladder = self._create_ladder(moment="paid")
        dealer = self._create_dealer(ladder)
        order = self._create_order(1000)
        invoice = self._invoice(order)
        self._process()
        self.assertEqual(dealer.volume, 0)
        self._pay(invoice)
        self._process()
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (100000, 5))
        self._credit_note(invoice)
        self._process()
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (0, 0))

    def test_invoices_of_two_days_count_on_their_days(self):
        ladder = self._create_ladder(moment="invoiced")
        dealer = self._create_dealer(ladder)
        self.product.invoice_policy = "delivery"
        order = self._create_order(10)
        for day, quantity in (("2026-01-10", 4), ("2026-02-10", 6)):
            order.order_line.qty_delivered += quantity
            invoice = order._create_invoices()
            invoice.invoice_date = day
            invoice.action_post()
        self._process()
        days = self.env["b2b2c.volume.day"].search([("standing_id", "=", dealer.id)])
        self.assertEqual(
            sorted((str(day.day), day.value) for day in days),
            [("2026-01-10", 400), ("2026-02-10", 600)],
        )

    def test_quantity_of_a_category(self):
        category = self.env["product.category"].create({"name": "Paints"})
        paint = self._create_product("Paint", 40, categ_id=category.id)
        ladder = self._create_ladder(basis="quantity", category_ids=category.ids)
        dealer = self._create_dealer(ladder)
        self._sell(7, product=paint)
        self._sell(100)
        self.assertEqual(dealer.volume, 7)

    def test_another_currency_counts_in_ours(self):
        euro = self._create_currency_rate("EUR", rate=0.5)
        ladder = self._create_ladder()
        pricelist = self._create_pricelist(euro)
        order = self._create_order(10, confirm=False)
        order.pricelist_id = pricelist
        order._recompute_prices()
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 500)  # euro
        dealer = self._create_dealer(ladder)
        self.assertEqual(dealer.volume, 1000)

    def test_a_currency_without_a_rate_says_what_is_missing(self):
        crown = self._create_currency_rate("SEK")
        ladder = self._create_ladder()
        order = self._create_order(10, confirm=False)
        order.pricelist_id = self._create_pricelist(crown)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "SEK"), self.cr.savepoint():
            self._create_dealer(ladder)
        self.assertFalse(ladder.standing_ids)
        self._create_currency_rate("SEK", rate=10)
        self.assertEqual(self._create_dealer(ladder).volume, 100)

    def test_a_group_of_companies_counts_together(self):
        ladder = self._create_ladder()
        sister = self.client.copy({"name": "Sister Ltd"})
        head = self._create_dealer(ladder)
        follower = self._create_dealer(ladder, sister, head_id=head.id)
        self._sell(600)
        self._sell(400, partner_id=sister.id)
        self.assertEqual(head.volume, 100000)
        self.assertEqual(
            (head | follower).tier_id.mapped("discount"), [5], "both have it"
        )
        self.assertEqual(self._discount_of(sister), 5)
        follower.head_id = False
        self.assertEqual((head.volume, head.tier_id.discount), (60000, 0))
        self.assertEqual((follower.volume, follower.tier_id.discount), (40000, 0))

    def test_let_go_pays_ordinary_prices(self):
        dealer = self._create_dealer(self._create_ladder())
        self._sell(1000)
        self.assertEqual(self._discount_of(), 5)
        dealer.action_end()
        self.assertEqual(self._discount_of(), 0)
        self.assertFalse(dealer.active)

    def test_new_version_takes_the_dealers_along(self):
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        self._sell(600)
        self.assertEqual(dealer.tier_id.discount, 0)
        version = self.env["b2b2c.ladder"].browse(ladder.action_new_version()["res_id"])
        version.tier_ids.filtered(lambda tier: tier.discount == 5).volume_from = 50000
        version.action_start()
        self.assertEqual(ladder.state, "closed")
        self.assertEqual((dealer.ladder_id, dealer.tier_id.discount), (version, 5))
        self.assertEqual(self._discount_of(), 5)
        self.assertEqual(dealer.change_ids[0].reason, "version")

    def test_bonus_only_leaves_prices_alone(self):
        dealer = self._create_dealer(self._create_ladder(benefit="bonus"))
        self._sell(1000)
        self.assertEqual(dealer.tier_id.volume_from, 100000)
        self.assertFalse(dealer.tier_id.pricelist_id)
        self.assertEqual(self._discount_of(), 0)

    def test_a_price_list_of_its_own_outlives_a_bonus(self):
        """Nobody but a person gave it, so nobody but a person takes it away."""
        dealer = self._create_dealer(self._create_ladder(benefit="bonus"))
        friends = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 3})
                ],
            }
        )
        self.client.specific_property_product_pricelist = friends
        self._sell(2000)  # 194,000 at these prices
        self.assertEqual((dealer.tier_id.volume_from, self._discount_of()), (100000, 3))
        dealer.action_end()
        self.assertEqual(self.client.specific_property_product_pricelist, friends)
        self.assertEqual(self._discount_of(), 3)

    def test_a_bonus_instead_of_a_price_takes_the_price_away(self):
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        self._sell(1000)
        self.assertEqual(self._discount_of(), 5)
        version = self.env["b2b2c.ladder"].browse(ladder.action_new_version()["res_id"])
        version.benefit = "bonus"
        version.action_start()
        self.assertEqual(dealer.tier_id.volume_from, 100000)
        self.assertFalse(self.client.specific_property_product_pricelist)
        self.assertEqual(self._discount_of(), 0)

    def test_deferred_discount_is_credited_when_it_is_paid(self):
        """S3.11: the tier's percentage as bonus, of the tier at the order's time."""
        ladder = self._create_ladder(start=False, benefit="bonus")
        ladder.tier_ids[1].bonus = 5
        ladder.action_start()
        owner = self._create_member(name="Dana", email="dana@d.example", role="dealer")
        self._create_program(
            {"kind": "tier", "value": 0, "role": "dealer", "hold": "until_paid"}
        )
        with freeze_time("2026-03-01 10:00:00"):
            dealer = self._create_dealer(ladder)
        with freeze_time("2026-03-02 10:00:00"):
            self._sell(1000)
            self.assertEqual(self._balances(owner), (0, 0, 0), "no tier yet")
        with freeze_time("2026-03-03 10:00:00"):
            order = self._sell(10)
            self.assertEqual(order.amount_untaxed, 1000)
            self.assertEqual(self._balances(owner), (0, 50, 0))
            invoice = self._invoice(order)
            self._pay(invoice)
            self.assertEqual(self._balances(owner), (50, 0, 0))
        with freeze_time("2026-03-04 10:00:00"):
            # the tier of that day counts, whatever it is now
            dealer.action_end()
            self._credit_note(invoice, 4)
            self.assertEqual(self._balances(owner), (30, 0, 0))
        [earned] = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "=", self._account(owner).id), ("entry_type", "=", "earn")]
        )
        self.assertIn("5% of the amount, by the dealer's tier", earned.explanation_text)

    def test_category_of_its_own_discount(self):
        category = self.env["product.category"].create({"name": "Machines"})
        machine = self._create_product("Machine", 1000, categ_id=category.id)
        ladder = self._create_ladder(start=False)
        ladder.tier_ids[1].discount_ids = [
            Command.create({"categ_id": category.id, "discount": 2})
        ]
        ladder.action_start()
        self._create_dealer(ladder)
        self._sell(1000)
        order = self._create_order(1, product=machine, confirm=False)
        self.assertEqual(order.amount_untaxed, 980)
        self.assertEqual(self._discount_of(), 5)

    # === CONTRACTS === #

    def test_contract_needs_two_people_and_ends_by_itself(self):
        asks, decides = (
            self._create_user(name, "loyalty_b2b2c.group_officer")
            for name in ("asks", "decides")
        )
        with freeze_time("2026-03-01 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            top = dealer.ladder_id.tier_ids[-1]
            contract = (
                self.env["b2b2c.ladder.contract"]
                .with_user(asks)
                .create(
                    {
                        "standing_id": dealer.id,
                        "tier_id": top.id,
                        "date_from": "2026-03-01",
                        "date_to": "2026-03-31",
                        "reason": "Opens a new region",
                        "state": "approved",  # forged: it is ignored
                        "approved_by_id": decides.id,
                    }
                )
            )
            self.assertEqual(contract.state, "requested")
            with self.assertRaisesRegex(UserError, "Another person"):
                contract.action_approve()
            with self.assertRaises(UserError):
                contract.write({"state": "approved"})
            self.assertEqual(dealer.tier_id.discount, 0)
            contract.with_user(decides).action_approve()
            self.assertEqual(dealer.tier_id, top)
            self.assertEqual(dealer.contract_id, contract)
            self.assertEqual(self._discount_of(), 10)
            self.assertEqual(str(dealer.next_look_at), "2026-04-01 00:00:00")
        with freeze_time("2026-04-01 00:00:00"):
            dealer._refresh()
            self.assertEqual(dealer.tier_id.discount, 0)
            self.assertEqual(dealer.change_ids[0].reason, "contract")

    # === PROOF === #

    def test_replay_tells_what_was_known_then(self):
        with freeze_time("2026-01-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
        with freeze_time("2026-01-20 10:00:00"):
            self._sell(999)
        with freeze_time("2026-02-05 10:00:00"):
            # a sale of January, entered in February
            self._sell(10, day="2026-01-15 10:00:00")
        self.assertFalse(dealer._replay(datetime(2026, 1, 9)))
        for at, volume, discount in (
            (datetime(2026, 1, 10, 11), 0, 0),
            (datetime(2026, 1, 31), 99900, 0),
            (datetime(2026, 2, 6), 100900, 5),
        ):
            proof = dealer._replay(at)
            self.assertEqual(
                (proof["volume"], proof["tier"].discount), (volume, discount)
            )
            self.assertEqual(proof["deserved"], proof["tier"])

    def test_proof_finds_what_a_document_does_not_say(self):
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        order = self._sell(1000)
        self.assertEqual(ladder.action_prove()["params"]["type"], "success")
        # behind everybody's back: 1,000 pieces become 900
        self.env.cr.execute(
            "UPDATE sale_order_line SET product_uom_qty = 900, price_subtotal = 90000"
            " WHERE order_id = %s",
            order.ids,
        )
        self.env.invalidate_all()
        [problem] = dealer._prove()
        self.assertIn("1 entries", problem)
        self.assertEqual(dealer.volume, 100000, "proving changes nothing")
        self.assertEqual(ladder.action_prove()["params"]["type"], "danger")

    def test_nobody_writes_a_standing(self):
        dealer = self._create_dealer(self._create_ladder())
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        top = dealer.ladder_id.tier_ids[-1]
        for values in ({"tier_id": top.id}, {"volume": 9e9}, {"next_look_at": False}):
            with self.assertRaises(UserError):
                dealer.with_user(officer).write(values)
        with self.assertRaises(UserError):
            dealer.with_user(officer).unlink()
        with self.assertRaises(UserError):
            self.env["b2b2c.volume.entry"].create({})

    # === BAD INPUT === #

    def test_bad_ladders_are_refused_with_what_to_do(self):
        def tiers(*rows):
            return [
                Command.create({"volume_from": volume, "discount": discount})
                for volume, discount in rows
            ]

        for rows, message in (
            (((5, 0),), "starts from a volume of 0"),
            (((0, 0), (100, 5), (100, 7)), "start from the same volume"),
            (((0, 5), (100, 0)), "smaller discount"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self._create_ladder(start=False, tier_ids=tiers(*rows))
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._create_ladder(start=False, window_count=0).flush_recordset()
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            self._create_ladder(start=False, product_domain="[('nonsense', '=', 1)]")

    def test_a_dealer_climbs_one_ladder(self):
        ladder = self._create_ladder()
        self._create_dealer(ladder)
        other = self._create_ladder(name="Others")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._create_dealer(other)
        with self.assertRaisesRegex(ValidationError, "the company is the dealer"):
            self._create_dealer(other, self.contact)
        draft = self._create_ladder(start=False)
        with self.assertRaisesRegex(UserError, "Start"):
            self._create_dealer(draft, self.client.copy())

    def test_pricelists_that_cannot_be_a_tiers(self):
        ladder = self._create_ladder(start=False)
        own = self.env["product.pricelist"].create({"name": "Own"})
        ladder.tier_ids[1].pricelist_id = own
        own.active = False
        with self.assertRaisesRegex(ValidationError, "archived"):
            ladder.action_start()
        own.active = True
        other = self.client.copy()
        other.specific_property_product_pricelist = own
        with self.assertRaisesRegex(ValidationError, "not dealers"):
            ladder.action_start()
        other.specific_property_product_pricelist = False
        ladder.action_start()
        self.assertEqual(ladder.tier_ids[1].pricelist_id, own)
        self.assertEqual(len(ladder.tier_ids.pricelist_id), 3)

    def test_pricelists_switched_off(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref(
            "product.group_product_pricelist"
        )
        with self.assertRaisesRegex(UserError, "settings of Sales"):
            self._create_ladder()

    def test_what_runs_is_not_changed(self):
        ladder = self._create_ladder()
        for values in ({"window_count": 6}, {"moment": "paid"}, {"tier_ids": []}):
            with self.assertRaisesRegex(UserError, "New Version"):
                ladder.write(values)
        with self.assertRaisesRegex(UserError, "New Version"):
            ladder.tier_ids[1].discount = 50
        with self.assertRaises(UserError):
            ladder.unlink()


@tagged("post_install", "-at_install")
class TestLadderMerge(LadderCommon):
    """Companies that become one in Odoo's merge of contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder = cls._create_ladder()
        cls.other = cls.env["res.partner"].create(
            {"name": "Other Shop", "is_company": True}
        )

    def _merge(self, gone, kept):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone | kept).ids, kept)

    def test_a_dealer_takes_the_volume_of_a_company_merged_into_it(self):
        self._sell(600, partner_id=self.other.id)
        dealer = self._create_dealer(self.ladder)
        self._sell(400)
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (40000, 0))
        self._merge(self.other, self.client)
        self.assertEqual((dealer.volume, dealer.tier_id.discount), (100000, 5))
        self.assertEqual(self._discount_of(), 5)
        self.assertFalse(dealer._prove())

    def test_the_company_that_stays_becomes_the_dealer(self):
        dealer = self._create_dealer(self.ladder, self.other)
        self._sell(1000, partner_id=self.other.id)
        self._merge(self.other, self.client)
        self.assertEqual((dealer.partner_id, dealer.volume), (self.client, 100000))
        self.assertEqual(self._discount_of(), 5)
        self.assertFalse(dealer._prove())

    def test_two_dealers_become_one_with_the_volume_of_both(self):
        first = self._create_dealer(self.ladder)
        second = self._create_dealer(self.ladder, self.other)
        third = self._create_dealer(
            self.ladder,
            self.env["res.partner"].create({"name": "Branch", "is_company": True}),
            head_id=second.id,
        )
        self._sell(400)
        self._sell(600, partner_id=self.other.id)
        self._merge(self.other, self.client)
        self.assertEqual((first.active, second.active), (True, False))
        self.assertEqual(third.head_id, first)
        self.assertEqual((first.volume, first.tier_id.discount), (100000, 5))
        self.assertFalse(first._prove())

    def test_dealers_of_two_ladders_are_not_merged(self):
        self._create_dealer(self.ladder)
        self._create_dealer(self._create_ladder(name="Another"), self.other)
        with self.assertRaisesRegex(UserError, "different ladders"):
            self._merge(self.other, self.client)

    def test_a_dealer_becomes_impersonal_contact(self):
        self._create_dealer(self.ladder, self.other)
        with self.assertRaisesRegex(UserError, "contact of a company"):
            self._merge(self.other, self.contact)
