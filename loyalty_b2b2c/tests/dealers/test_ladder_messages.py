"""Chatter and mails of dealers: every change with its figures, each mail once."""

from freezegun import freeze_time

from odoo import api
from odoo.tests import tagged

from .test_ladder import LadderCommon


@tagged("post_install", "-at_install")
class TestLadderMessages(LadderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.client.user_id = cls.seller

    def _tell(self):
        """Run the scheduled action; return the mails it made: [(to, subject)]."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.ref("base.user_root").id, {})
            env["b2b2c.ladder.standing"]._cron_tell()
        self._send_messages()
        mails = self.env["mail.mail"].search([]) - before
        return sorted(
            (mail.recipient_ids.mapped("name")[0], mail.subject) for mail in mails
        )

    def _notes(self, dealer):
        """Return the chatter, newest first, without markup."""
        return [
            " ".join(message.preview.split())
            for message in dealer.message_ids.filtered("body")
        ]

    # === CHATTER === #

    def test_every_change_is_in_the_chatter_with_its_figures(self):
        dealer = self._create_dealer(self._create_ladder())
        first = self._sell(1000)
        first._action_cancel()
        self._process()
        dealer.action_end()
        notes = [
            note.replace("\N{NO-BREAK SPACE}", " ") for note in self._notes(dealer)
        ]
        self.assertEqual(len(notes), 4)
        for note, begin, figures in zip(
            notes,
            (
                "0 % → – · No dealer any more",
                "5 % → 0 % · Volume fell",
                "0 % → 5 % · Volume grew",
                "– → 0 % · Became a dealer",
            ),
            ("", "0 ordered", "100,000 ordered", "0 ordered"),
            strict=True,
        ):
            self.assertTrue(note.startswith(begin), note)
            self.assertIn(figures, note)

    def test_an_evaluation_without_a_change_says_nothing(self):
        dealer = self._create_dealer(self._create_ladder())
        before = len(dealer.message_ids)
        dealer._evaluate()
        self._sell(10)
        self.assertEqual(len(dealer.message_ids), before)

    # === MAILS ABOUT A CHANGE === #

    def test_dealer_and_salesperson_are_told_once(self):
        dealer = self._create_dealer(self._create_ladder())
        self.assertEqual(self._tell(), [], "who becomes a dealer knows it")
        self._sell(1000)
        told = [
            ("Office Client", "Your tier is 5 % now"),
            ("Seller", "Office Client: 0 % → 5 %"),
        ]
        self.assertEqual(self._tell(), told)
        self.assertEqual(self._tell(), [])
        self.assertEqual(dealer.told_tier_id, dealer.tier_id)
        mail = (
            self.env["mail.mail"]
            .search([], limit=2)
            .filtered(lambda one: one.recipient_ids == self.client)
        )
        self.assertIn("100,000", mail.body_html)
        self.assertIn(self.company._get_rewards_url("dealer"), mail.body_html)

    def test_up_and_down_before_the_mail_is_no_news(self):
        self._create_dealer(self._create_ladder())
        order = self._sell(1000)
        order._action_cancel()
        self._process()
        self.assertEqual(self._tell(), [])

    def test_a_new_version_that_gives_the_same_is_no_news(self):
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        self._sell(1000)
        self._tell()
        version = ladder.browse(ladder.action_new_version()["res_id"])
        version.action_start()
        self.assertEqual(dealer.ladder_id, version)
        self.assertEqual(self._tell(), [])
        self.assertEqual(dealer.told_tier_id, dealer.tier_id)

    def test_people_are_written_to_when_the_company_has_no_address(self):
        self.client.email = False
        self._create_dealer(self._create_ladder())
        self._sell(1000)
        self.assertEqual(self._tell()[0], ("Olena Kovalenko", "Your tier is 5 % now"))

    def test_nobody_to_write_to(self):
        self.client.write({"email": False, "user_id": False})
        self.contact.email = False
        dealer = self._create_dealer(self._create_ladder())
        self._sell(1000)
        self.assertEqual(self._tell(), [])
        self.assertEqual(dealer.told_tier_id, dealer.tier_id)

    def test_a_broken_template_stops_nobody_else(self):
        self.env.ref(
            "loyalty_b2b2c.mail_template_dealer_change"
        ).body_html = '<t t-out="object.nonsense"/>'
        self._create_dealer(self._create_ladder())
        self._sell(1000)
        with self.assertLogs("odoo.addons.loyalty_b2b2c", "ERROR"):
            self.assertEqual(self._tell(), [("Seller", "Office Client: 0 % → 5 %")])
        self.assertEqual(self._tell(), [])

    def test_a_letter_sent_again_tells_the_tiers_of_then(self):
        """The mail server refused; by now the dealer has climbed further."""
        ladder = self._create_ladder()
        dealer = self._create_dealer(ladder)
        self._sell(1000)
        self._tell()
        [letter] = self.env["b2b2c.notification"].search(
            [("kind", "=", "dealer_change")]
        )
        self.assertEqual(letter.contact_id, self.client)
        [row] = letter.delivery_ids
        mail = self.env["mail.mail"].browse(row.res_id)
        row._not_delivered(mail, "Mailbox full")
        self.assertEqual((letter.state, letter.reason), ("failed", "Mailbox full"))
        dealer.told_tier_id = dealer.tier_id = ladder.tier_ids[-1]
        letter.action_retry()
        self._send_messages()
        self.assertFalse(mail.exists())
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.headline, "Your tier is 5 % now")
        self.assertEqual(
            letter.with_context(message_details={})._get_record()._get_letter_words(),
            {"before": "10 %", "tier": "10 %", "day": ""},
        )

    # === WARNINGS === #

    def test_warned_once_for_each_fall(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._create_dealer(self._create_ladder(warn_days=14))
            self._sell(1000)  # leaves on 15 April
            self._tell()
        with freeze_time("2026-03-31 10:00:00"):
            self.assertEqual(self._tell(), [], "15 days ahead")
        warning = [
            ("Office Client", "Your tier 5 % ends on Apr 15, 2026"),
            ("Seller", "Office Client: 5 % ends on Apr 15, 2026"),
        ]
        with freeze_time("2026-04-01 00:00:00"):
            self.assertEqual(self._tell(), warning)
            self.assertEqual(self._tell(), [])
        with freeze_time("2026-04-10 10:00:00"):
            self.assertEqual(self._tell(), [])
            # a sale of 104,500 takes the danger away, for three months
            self._sell(1100)
            self.assertEqual(self._tell(), [])
        with freeze_time("2026-07-01 10:00:00"):
            self.assertEqual(len(self._tell()), 2, "another fall, on 10 July")
            self.assertEqual(self._tell(), [])

    def test_a_fall_that_comes_earlier_is_warned_of_again(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._create_dealer(self._create_ladder(warn_days=20))
            self._sell(600)
        with freeze_time("2026-01-20 10:00:00"):
            second = self._sell(400)
            third = self._sell(700)
            self._tell()
        with freeze_time("2026-04-02 10:00:00"):
            # 166,500; without the 60,000 of the 15th just enough: falls on the 20th
            self.assertEqual(len(self._tell()), 2)
            second._action_cancel()
            self._process()
            # 126,500, falls on the 15th already
            self.assertEqual(len(self._tell()), 2)
            self.assertEqual(self._tell(), [])
            self.assertEqual(third.state, "sale")

    def test_zero_days_warn_never(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._create_dealer(self._create_ladder(warn_days=0))
            self._sell(1000)
            self._tell()
        with freeze_time("2026-04-14 10:00:00"):
            self.assertEqual(self._tell(), [])

    def test_the_end_of_a_contract_is_a_fall(self):
        with freeze_time("2026-01-15 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            contract = self.env["b2b2c.ladder.contract"].create(
                {
                    "standing_id": dealer.id,
                    "tier_id": dealer.ladder_id.tier_ids[-1].id,
                    "date_from": "2026-01-15",
                    "date_to": "2026-01-31",
                    "reason": "New region",
                }
            )
            contract.sudo().state = "approved"
            dealer._evaluate()
            self._tell()
        with freeze_time("2026-01-20 10:00:00"):
            self.assertIn(
                ("Office Client", "Your tier 10 % ends on Feb 1, 2026"), self._tell()
            )
            self.assertEqual(self._tell(), [])

    def test_a_contract_covers_a_fall_of_the_volume(self):
        with freeze_time("2026-01-15 10:00:00"):
            dealer = self._create_dealer(self._create_ladder())
            self._sell(1000)
            contract = self.env["b2b2c.ladder.contract"].create(
                {
                    "standing_id": dealer.id,
                    "tier_id": dealer.ladder_id.tier_ids[1].id,
                    "date_from": "2026-01-15",
                    "date_to": "2026-12-31",
                    "reason": "Keeps 5 % this year",
                }
            )
            contract.sudo().state = "approved"
            dealer._evaluate()
            self._tell()
        with freeze_time("2026-04-10 10:00:00"):
            self.assertEqual(dealer.fall_on.isoformat(), "2026-04-15")
            self.assertEqual(self._tell(), [])

    def test_followers_are_told_with_their_head(self):
        ladder = self._create_ladder()
        sister = self.client.copy({"name": "Sister Ltd", "email": "s@example.com"})
        head = self._create_dealer(ladder)
        self._create_dealer(ladder, sister, head_id=head.id)
        self._sell(1000)
        receivers = [who for who, _subject in self._tell()]
        self.assertEqual(receivers, ["Office Client", "Seller", "Seller", "Sister Ltd"])
