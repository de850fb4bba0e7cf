"""What people see of a dealer's standing: words, picture, proof, contact and order."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.dealers import ladder_words
from .test_ladder import LadderCommon

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestLadderWords(LadderCommon):
    """Three sales in August to November, seen on 12 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id.write({"symbol": "$", "position": "before"})

    def _words(self, dealer, now="2026-11-12 10:00:00"):
        words = ladder_words.explain(dealer, datetime.fromisoformat(now))
        return {
            name: text.replace(NBSP, " ") if isinstance(text, str) else text
            for name, text in words.items()
        }

    def _grown(self, **ladder):
        """Return a dealer with 300,000 of 1 September and 687,600 of 1 October."""
        with freeze_time("2026-09-01 10:00:00"):
            dealer = self._create_dealer(self._create_ladder(**ladder))
            self._sell(3000)
        with freeze_time("2026-10-01 10:00:00"):
            self._sell(6876)
        return dealer

    def test_why_what_is_missing_and_what_leaves(self):
        dealer = self._grown()
        with freeze_time("2026-11-12 10:00:00"):
            # 953,220: 300,000 of them leave on 1 December, and nothing falls by that
            self.assertEqual(
                self._words(dealer),
                {
                    "tier": "5 %",
                    "because": "5 % because of $ 953,220 ordered from Aug 13 to "
                    "Nov 12.",
                    "missing": "$ 46,780 more until Nov 30 → 10 %.",
                    "ahead": "On Dec 1 $ 300,000 stop counting. If nothing more is "
                    "bought, the tier is 0 % from Jan 1, 2027 on.",
                    "progress": 95,
                },
            )

    def test_a_fall_on_the_day_of_the_loss(self):
        with freeze_time("2026-09-01 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(1000)
        self.assertEqual(
            self._words(dealer)["ahead"],
            "On Dec 1 $ 100,000 stop counting; if nothing more is bought, the tier "
            "is then 0 %.",
        )

    def test_at_the_top_and_at_nothing(self):
        dealer = self._create_dealer(self._create_ladder())
        words = self._words(dealer)
        self.assertEqual(words["missing"], "$ 100,000 more → 5 %.")
        self.assertEqual((words["ahead"], words["progress"]), ("", 0))
        self._sell(10000)
        words = self._words(dealer)
        self.assertEqual(words["missing"], "The highest tier is reached.")
        self.assertEqual(words["progress"], 100)

    def test_by_contract(self):
        with freeze_time("2026-11-12 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            contract = self.env["b2b2c.ladder.contract"].create(
                {
                    "standing_id": dealer.id,
                    "tier_id": dealer.ladder_id.tier_ids[-1].id,
                    "date_from": "2026-11-01",
                    "date_to": "2026-12-31",
                    "reason": "New region",
                }
            )
            contract.sudo().state = "approved"
            dealer._evaluate()
            words = self._words(dealer)
        self.assertEqual(
            words["because"],
            "10 % by contract until Dec 31; by volume it would be 0 %: $ 0 ordered "
            "from Aug 13 to Nov 12.",
        )
        self.assertEqual(
            words["missing"], "$ 100,000 more deserve 5 % without the contract."
        )

    def test_kept_by_grace(self):
        with freeze_time("2026-09-01 10:00:00"):
            dealer = self._create_dealer(self._create_ladder(grace_days=10))
            self._sell(1000)
        with freeze_time("2026-12-01 10:00:00"):
            dealer._refresh()
            words = self._words(dealer, "2026-12-01 10:00:00")
        self.assertEqual(
            words["because"],
            "5 % is kept for now, though $ 0 ordered from Sep 2 to Dec 1 deserve 0 %.",
        )
        self.assertEqual(words["missing"], "$ 100,000 more keep 5 %.")
        self.assertEqual(
            words["ahead"],
            "If nothing more is bought, the tier is 0 % from Dec 11 on.",
        )

    def test_growth_of_tomorrow(self):
        with freeze_time("2026-11-12 10:00:00"):
            dealer = self._create_dealer(self._create_ladder(growth="next_day"))
            self._sell(1000)
            self.assertEqual(
                self._words(dealer)["because"],
                "0 % today; tomorrow 5 %, because of $ 100,000 ordered from Aug 13 to "
                "Nov 12.",
            )

    def test_together_with_the_head(self):
        head = self._grown()
        sister = self.client.copy({"name": "Sister Ltd"})
        follower = self._create_dealer(head.ladder_id, sister, head_id=head.id)
        words = self._words(follower)
        self.assertIn("953,220", words["because"])
        self.assertIn("together with Office Client", words["because"])
        self.assertEqual(follower.progress, 95)
        self.assertIn("953,220", follower.volume_text)

    def test_units_and_kilograms(self):
        dealer = self._create_dealer(self._create_ladder(basis="quantity"))
        self._sell(7)
        self.assertIn("7 units ordered", self._words(dealer)["because"])

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        dealer = self._grown().with_context(lang="uk_UA")
        self.assertIn("953\N{NO-BREAK SPACE}220", dealer.volume_text)

    def test_the_picture_shows_the_same(self):
        dealer = self._grown()
        with freeze_time("2026-11-12 10:00:00"):
            chart = dealer._get_chart().replace(NBSP, " ")
        for words in (
            "5 % · $ 100,000",
            "10 % · $ 1,000,000",
            "$ 953,220",
            "−$ 300,000 on Dec 1",
            "Today",
        ):
            self.assertIn(f">{words}</text>", chart)
        self.assertEqual(chart.count("o_b2b2c_threshold"), 2)

    def test_a_name_cannot_break_the_picture(self):
        self.client.name = "<script>alert(1)</script>"
        dealer = self._create_dealer(self._create_ladder())
        self.assertNotIn("<script", dealer.chart)
        self.assertNotIn("<script", self.contact.b2b2c_dealer_info)

    def test_form_of_a_new_dealer(self):
        ladder = self._create_ladder()
        with Form(self.env["b2b2c.ladder.standing"]) as form:
            form.ladder_id = ladder
            form.partner_id = self.client
            self.assertFalse(form.chart)
        self.assertIn("<svg", form.record.chart)


@tagged("post_install", "-at_install")
class TestLadderOfContacts(LadderCommon):
    """A salesperson without any right of ours sees where the dealer stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user(
            "seller", "sales_team.group_sale_salesman", "base.group_partner_manager"
        )

    def test_contact(self):
        self._create_dealer(self._create_ladder())
        self._sell(1000)
        for partner in (self.client, self.contact):
            seen = partner.with_user(self.seller)
            self.assertEqual(seen.b2b2c_dealer_tier, "5 %")
            self.assertIn("900,000", seen.b2b2c_dealer_info)
        action = self.contact.with_user(self.seller).action_b2b2c_dealer()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("5 % because of", action["params"]["message"])
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        action = self.contact.with_user(officer).action_b2b2c_dealer()
        self.assertEqual(action["res_model"], "b2b2c.ladder.standing")

    def test_contact_of_no_dealer(self):
        self._create_dealer(self._create_ladder())
        other = self.client.copy({"name": "Other"})
        seen = other.with_user(self.seller)
        self.assertFalse(seen.b2b2c_dealer_tier)
        self.assertFalse(seen.b2b2c_dealer_info)
        self.assertFalse(seen.action_b2b2c_dealer())

    def test_who_was_let_go_is_no_dealer(self):
        dealer = self._create_dealer(self._create_ladder())
        dealer.action_end()
        self.assertFalse(self.client.with_user(self.seller).b2b2c_dealer_tier)

    def test_another_company_sees_nothing(self):
        self._create_dealer(self._create_ladder())
        other = self.env["res.company"].create({"name": "Other company"})
        self.assertFalse(self.client.with_company(other).b2b2c_dealer_tier)

    def test_order_shows_the_tier_and_keeps_its_prices(self):
        self._create_dealer(self._create_ladder())
        self._sell(1000)
        order = self._create_order(10, confirm=False, user_id=self.seller.id)
        seen = order.with_user(self.seller)
        self.assertIn("900,000", seen.b2b2c_dealer_info)
        # 100,000 are there, and 950 more with the order itself
        self.assertIn(f"With this order ${NBSP}899,050 more", seen.b2b2c_dealer_info)
        self.assertTrue(seen.b2b2c_price_by_tier)
        with Form(seen) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 20
            with self.assertRaises(AssertionError):
                line.price_unit = 1
        self.assertEqual(order.amount_untaxed, 20 * 95)

    def test_order_of_somebody_else_is_as_ever(self):
        self._create_dealer(self._create_ladder())
        other = self.client.copy({"name": "Other"})
        order = self._create_order(10, confirm=False, partner_id=other.id)
        self.assertFalse(order.b2b2c_dealer_info)
        self.assertFalse(order.b2b2c_price_by_tier)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 7
        self.assertEqual(order.amount_untaxed, 70)

    def test_bonus_leaves_the_price_to_the_seller(self):
        self._create_dealer(self._create_ladder(benefit="bonus"))
        order = self._create_order(10, confirm=False)
        self.assertTrue(order.b2b2c_dealer_info)
        self.assertFalse(order.b2b2c_price_by_tier)

    def test_a_new_order_tells_as_soon_as_the_customer_is_chosen(self):
        self._create_dealer(self._create_ladder())
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            self.assertFalse(form.b2b2c_dealer_info)
            form.partner_id = self.contact
            self.assertIn("100,000", form.b2b2c_dealer_info)

    def test_the_dealer_itself_needs_rights(self):
        dealer = self._create_dealer(self._create_ladder())
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            dealer.with_user(self.seller).action_why()


@tagged("post_install", "-at_install")
class TestLadderWhy(LadderCommon):
    """ "Why 5 % on 3 May?", from data."""

    def _ask(self, dealer, at):
        action = dealer.action_why()
        wizard = self.env["b2b2c.ladder.why"].browse(action["res_id"])
        wizard.at = at
        return wizard

    def test_what_was_known_then(self):
        with freeze_time("2026-01-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
        with freeze_time("2026-01-20 10:00:00"):
            first = self._sell(999)
        with freeze_time("2026-02-05 10:00:00"):
            late = self._sell(10, day="2026-01-15 10:00:00")
        wizard = self._ask(dealer, "2026-01-31 10:00:00")
        self.assertTrue(wizard.verdict.startswith("0 %, "))
        self.assertIn("99,900", wizard.verdict)
        self.assertEqual(wizard.line_ids.mapped("document_name"), [first.name])
        self.assertEqual(wizard.change_id.reason, "enrolled")
        self.assertIn("1,000", wizard.answer, "what became known later is told apart")
        wizard = self._ask(dealer, "2026-02-06 10:00:00")
        self.assertTrue(wizard.verdict.startswith("5 %, "))
        self.assertEqual(
            [(line.document_name, line.value) for line in wizard.line_ids],
            [(first.name, 99900), (late.name, 1000)],
        )
        self.assertEqual(sum(wizard.line_ids.mapped("value")), wizard.volume)
        self.assertEqual(wizard.change_id.reason, "growth")
        opened = wizard.line_ids[0].action_open_document()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("sale.order", first.id)
        )

    def test_before_and_after(self):
        with freeze_time("2026-01-10 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
        wizard = self._ask(dealer, "2026-01-09 10:00:00")
        self.assertEqual(wizard.verdict, "Office Client was no dealer then.")
        self.assertFalse(wizard.line_ids)
        with freeze_time("2026-03-01 10:00:00"):
            dealer.action_end()
        wizard = self._ask(dealer, "2026-03-02 10:00:00")
        self.assertEqual(wizard.verdict, "Office Client was no dealer then.")

    def test_a_contract_is_named_with_both_people(self):
        asks, decides = (
            self._create_user(name, "loyalty_b2b2c.group_officer")
            for name in ("asks", "decides")
        )
        with freeze_time("2026-03-01 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            contract = self.env["b2b2c.ladder.contract"].with_user(asks)
            contract = contract.create(
                {
                    "standing_id": dealer.id,
                    "tier_id": dealer.ladder_id.tier_ids[-1].id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    "reason": "Opens a new region",
                }
            )
            contract.with_user(decides).action_approve()
        answer = self._ask(dealer, "2026-03-02 10:00:00").answer
        self.assertIn("asked for by Asks, approved by Decides", answer)
        self.assertIn("deserves 0 % by itself", answer)

    def test_a_document_of_another_kind_is_not_opened(self):
        line = self.env["b2b2c.ladder.why.line"].create(
            {"document_model": "res.users", "document_id": 2}
        )
        self.assertFalse(line.action_open_document())
