import csv
import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCommon):
    """Each fact once, at the rate of the day of the sale."""

    def test_a_month_is_what_the_ledger_says(self):
        self._sell(100, "2026-10-02")  # 100 × 0.05 × 50 % = 2.50
        self._sell(100, "2026-10-20", self.other_shop)  # × 60 % = 3.00
        self._pay(Decimal("12.50"), "2026-10-21")  # × 90 % = 11.25
        self._sell(100, "2026-11-02")  # of November
        settlement = self._settle()
        self.assertEqual(self._get_sides(settlement), (5.5, 11.25, 0))
        self.assertEqual(settlement.net_amount, -5.75)
        self.assertEqual(settlement.line_count, 3)
        self.assertEqual(settlement.line_ids.shop_id, self.shop | self.other_shop)

    def test_nothing_is_created_by_looking(self):
        self._sell(100, "2026-10-02")
        before = self.settlements.search_count([])
        figures = self.settlements._preview(self.agreement, date(2026, 11, 10))
        key = self.agreement.id, "earned"
        self.assertEqual(figures, {key: (1, Decimal("2.5"), 0)})
        self.assertEqual(self.settlements.search_count([]), before)
        self.assertEqual(self.agreement.open_owes, 2.5)

    def test_what_is_pending_waits(self):
        entry = self._sell(100, "2026-10-02", pending=True)
        self.assertFalse(self._settle())
        self.account._confirm(entry, 40, effective_at="2026-10-30 12:00:00")
        self.assertEqual(self._get_sides(self._settle()), (1, 0, 0))

    def test_what_is_taken_back_later_names_the_old_line(self):
        entry = self._sell(100, "2026-10-02")
        old = self._settle()
        self._take_back(entry, 40, "2026-11-01")
        with self._later():
            new = self._settle(11)
        self.assertEqual(self._get_sides(new), (-1, 0, 0))
        self.assertEqual(new.line_ids.corrects_id, old.line_ids)
        self.assertEqual(self._get_sides(old), (2.5, 0, 0))

    def test_cents_of_a_sale_add_up(self):
        """3 × 7 points × 0.025 = 0.525: 0.18 + 0.17 + 0.18, and nothing when all of it
        is taken back."""
        first = self._sell(7, "2026-10-02")
        for number in range(2):
            self.account._earn(
                7,
                source_key=f"more/{number}",
                document_model=first.document_model,
                document_id=first.document_id,
                effective_at="2026-10-02 12:00:00",
            )
        settlement = self._settle()
        amounts = settlement.line_ids.sorted("id").mapped("amount")
        self.assertEqual(amounts, [0.18, 0.17, 0.18])
        entries = settlement.line_ids.entry_id
        for entry in entries:
            self._take_back(entry, 7, "2026-11-01")
        with self._later():
            self.assertEqual(self._settle(11).earned_amount, -0.53)

    def test_money_that_comes_back_is_settled_at_the_day_of_the_sale(self):
        spend = self._pay(Decimal("10.00"), "2026-10-02")
        old = self._settle()
        self.assertEqual(old.spent_amount, 9)
        self._give_back(spend, Decimal("2.50"), "2026-10-30", "r1")
        with self._later():
            new = self._settle(11)
        self.assertEqual(new.spent_amount, -2.25)
        self.assertEqual(new.line_ids.corrects_id, old.line_ids)

    def test_a_late_fact_goes_to_the_next_settlement(self):
        self._sell(100, "2026-10-02")
        self._settle()
        self._sell(100, "2026-10-03")  # learned after October was settled
        with self._later():
            self.assertEqual(self._settle(11).earned_amount, 2.5)

    def test_only_what_is_over_is_settled_and_only_once(self):
        self._sell(100, "2026-10-02")
        with self.assertRaisesRegex(UserError, "is not over yet"):
            self._settle(11)
        self._settle()
        with self.assertRaisesRegex(UserError, "settled the days until"):
            self._settle()
        self.assertFalse(self._settle_other())

    def _settle_other(self):
        """Settle with a partner where nothing happened."""
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        return self._settle(agreement=self._create_agreement(other))

    def test_what_nobody_can_value_stays_open_and_says_so(self):
        self._sell(100, "2026-10-02")
        other = self.env["res.partner"].create({"name": "New", "is_company": True})
        agreement = self._create_agreement(other)
        agreement.rate_ids.filtered(lambda rate: rate.valid_from.year == 2020).unlink()
        self._sell(100, "2026-10-02", other)
        agreements = self.agreement | agreement
        figures = self.settlements._preview(agreements, date(2026, 10, 31))
        self.assertNotIn((agreement.id, "earned"), figures)
        [sentence] = self.settlements._get_obstacles(agreements, date(2026, 10, 31))
        self.assertIn("no rate for", sentence)
        self.assertFalse(self._settle(agreement=agreement))
        agreement.rate_ids.copy({"valid_from": "2020-01-01"})
        self.assertEqual(self._settle(agreement=agreement).earned_amount, 3)

    def test_a_currency_without_rate_stays_open(self):
        currency = self.env["res.currency"].create(
            {"name": "XQQ", "symbol": "Q", "rounding": 0.01}
        )
        other = self.env["res.partner"].create({"name": "Far", "is_company": True})
        agreement = self._create_agreement(other, currency_id=currency.id)
        self._sell(100, "2026-10-02", other)  # in the agreement's currency: known
        self._pay(Decimal("10.00"), "2026-10-03", other)
        [sentence] = self.settlements._get_obstacles(agreement, date(2026, 10, 31))
        self.assertIn("no exchange rate", sentence)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-10-01", "rate": 4}
        )
        self.assertFalse(self.settlements._get_obstacles(agreement, date(2026, 10, 31)))
        settlement = self._settle(agreement=agreement)
        self.assertEqual(self._get_sides(settlement), (2.5, 36, 0))

    def test_a_draft_can_be_discarded_and_nothing_else(self):
        self._sell(100, "2026-10-02")
        self._settle().with_user(self.officer).action_discard()
        settlement = self._send(self._settle())
        with self.assertRaisesRegex(UserError, "What was sent stays"):
            settlement.with_user(self.officer).action_discard()

    def test_what_is_sent_is_frozen(self):
        self._sell(100, "2026-10-02")
        self._sell(100, "2026-10-20", self.other_shop)
        settlement = self._send(self._settle())
        text = settlement.table_id.raw.decode("utf-8-sig")
        rows = [*csv.reader(io.StringIO(text), delimiter=";")]
        self.assertEqual([row[3] for row in rows[1:]], ["North", "South"])
        self.assertEqual(sum(Decimal(row[9]) for row in rows[1:]), Decimal("5.5"))
        self.assertIn(settlement.name.encode(), settlement.paper_id.raw)
        message = self.env["b2b2c.notification"].search(
            [("dedupe_key", "like", f"settlement_sent/{settlement.id}")]
        )
        self.assertEqual(message.contact_id, self.jeweller)

    def test_a_partner_without_address_is_named(self):
        self.jeweller.email = False
        self._sell(100, "2026-10-02")
        settlement = self._settle()
        with self.assertRaisesRegex(UserError, "Jeweller has no e-mail address"):
            self._send(settlement)
        self.assertEqual(settlement.state, "draft")

    def test_who_made_it_does_not_agree(self):
        self._sell(100, "2026-10-02")
        settlement = self._send(self._settle())
        with self.assertRaisesRegex(UserError, "Another person approves"):
            settlement.with_user(self.maker).action_agree()
        with self.assertRaisesRegex(UserError, "You made this settlement"):
            settlement._agree_for_partner(self.maker)
        self._agree(settlement)
        self.assertEqual(settlement.agreed_how, "officer")

    def test_silence_agrees_where_it_was_agreed(self):
        self._sell(100, "2026-10-02")
        settlement = self._send(self._settle())
        settlement.sudo().sent_at = "2026-11-01 00:00:00"
        self._run_cron()
        self.assertEqual(settlement.state, "sent")
        self.agreement.silence_days = 14
        self._run_cron()
        self.assertEqual(settlement.state, "agreed")
        self.assertEqual(settlement.agreed_how, "silence")

    def _run_cron(self):
        """Let silence agree, as the scheduled action does."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *_args, **_kw: 1):
            self.settlements._cron_agree_by_silence()

    # === DISPUTES === #

    def _dispute(self):
        """Send a settlement of 2.50 and 5.00, and dispute the first line."""
        self._sell(100, "2026-10-02")
        self._sell(200, "2026-10-03")
        settlement = self._send(self._settle())
        line = settlement.line_ids.sorted("id")[0]
        dispute = self.env["b2b2c.settlement.dispute"]._open(
            line.sudo(), "Not our receipt", self.maker
        )
        return settlement, line, dispute

    def test_a_disputed_line_is_apart_and_the_rest_goes_on(self):
        settlement, line, dispute = self._dispute()
        self.assertEqual(settlement.earned_amount, 5)
        self.assertEqual(settlement.disputed_amount, 2.5)
        self._agree(settlement)
        self.assertEqual(settlement.earned_amount, 5)
        with self.assertRaisesRegex(UserError, "cannot be disputed any more"):
            self.env["b2b2c.settlement.dispute"]._open(
                settlement.line_ids.sudo(), "Late", self.maker
            )
        answer = dispute.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Say why"):
            answer.action_refuse()
        answer.answer = "It is: see the copy."
        answer.action_refuse()
        self.assertEqual(settlement.earned_amount, 5)  # what was agreed stays
        with self._later():
            later = self._settle(11)
        self.assertEqual(later.line_ids, line)
        self.assertEqual(later.earned_amount, 2.5)

    def test_refused_in_time_counts_again(self):
        settlement, _line, dispute = self._dispute()
        dispute.answer = "It is"
        dispute.with_user(self.officer).action_refuse()
        self.assertEqual(settlement.earned_amount, 7.5)
        with self.assertRaisesRegex(UserError, "answered already"):
            dispute.with_user(self.officer).action_accept()

    def test_accepted_in_part_is_a_line_that_names_it(self):
        settlement, line, dispute = self._dispute()
        dispute.with_user(self.officer).accepted_amount = 1
        dispute.with_user(self.officer).action_accept()
        self.assertEqual(settlement.earned_amount, 6.5)
        made_good = settlement.line_ids.filtered("dispute_id")
        self.assertEqual((made_good.corrects_id, made_good.amount), (line, -1))
