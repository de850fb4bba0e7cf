"""The statement: what a row says, and what a page costs."""

from datetime import datetime, timedelta

import pypdfium2
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tests.common import warmup
from odoo.tools import SQL

from ..pages import words
from ..pages.accounts import AccountCards
from ..pages.movements import Movements, get_title
from ..pages.paper import draw
from ..pages.statement import Asked, Statement
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalStatement(PortalCommon):
    def setUp(self):
        super().setUp()
        self.number = 0

    def _earn(self, points, **details):
        self.number += 1
        return self.account._earn(
            points, source_key=f"statement/{self.number}", **details
        )

    def _rows(self):
        """Return the entries as rows, the newest first."""
        entries = self.env["b2b2c.ledger.entry"].search(
            [("account_id", "=", self.account.id)], order="id desc"
        )
        return Movements(entries).rows()

    def _page(self, **asked):
        """Return the documents of the first page."""
        self.account.invalidate_recordset()
        return Statement(self.account, Asked(**asked)).page()[0]

    def _row(self):
        return self._rows()[0]

    def _card(self):
        self.account.invalidate_recordset()
        return AccountCards(self.account).rows()[0]

    # === ROWS === #

    def test_earning(self):
        self._earn(50, reason="Welcome gift")
        row = self._row()
        self.assertEqual(row["title"], "Earned")
        self.assertEqual(row["subject"], "Welcome gift")
        self.assertEqual((row["amount"], row["tone"]), ("+50 pts", "plus"))

    def test_document_is_named_and_explained(self):
        self._create_program()
        order = self._create_order()
        self._process()
        row = self._row()
        self.assertEqual(row["subject"], order.name)
        self.assertIn("Program “Office Club”, rule “5 % of the order”.", row["why"])
        self.assertIn("Rate: 5% of the amount.", row["why"])

    def test_deleted_document_leaves_the_row_readable(self):
        self._create_program()
        order = self._create_order()
        self._process()
        order._action_cancel()
        order.unlink()
        self._process()
        self.assertEqual(self._row()["subject"], "5 % of the order")

    def test_spending_and_expiry(self):
        self._earn(10, expires_at=datetime(2020, 1, 1))
        self.account._expire()
        self.assertEqual(
            (self._row()["title"], self._row()["amount"]), ("Expired", "−10 pts")
        )
        self._earn(30)
        self.account._redeem(20, source_key="statement/redeem", reason="Mug")
        row = self._row()
        self.assertEqual((row["amount"], row["tone"]), ("−20 pts", "minus"))

    def test_reservation_counts_once(self):
        self._earn(100)
        reservation = self.account._reserve(40, source_key="statement/hold")
        self.assertEqual(self._row()["amount"], "−40 pts")
        self.account._capture(reservation, 30)
        self.assertEqual(
            (self._row()["title"], self._row()["tone"]), ("Spent", "neutral")
        )
        self.account._release(reservation)
        self.assertEqual(
            (self._row()["amount"], self._row()["tone"]), ("+10 pts", "plus")
        )

    def test_pending_until_confirmed(self):
        entry = self._earn(15, pending=True)
        row = self._row()
        self.assertEqual(
            (row["amount"], row["tone"], row["status"]),
            ("+15 pts", "pending", "pending"),
        )
        self.account._confirm(entry)
        confirmed, earned = self._rows()
        self.assertEqual(
            (confirmed["title"], confirmed["amount"], confirmed["tone"]),
            ("Now available", "+15 pts", "plus"),
        )
        self.assertEqual(earned["status"], "settled")

    def test_what_is_owed_is_said(self):
        entry = self._earn(100)
        self.account._redeem(70, source_key="statement/redeem")
        self.account._reverse(entry, reason="Goods returned")
        row = self._row()
        self.assertEqual((row["title"], row["amount"]), ("Taken back", "−100 pts"))
        self.assertIn("70 pts of them were spent already", row["why"][-1])

    def test_payment_undone_is_pending_again(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        payment = self._pay(self._invoice(order))
        self._process()
        payment.action_cancel()
        self._process()
        self.assertEqual(self._row()["title"], "Pending again")

    def test_every_kind_of_entry_has_a_title(self):
        kinds = (
            self.env["b2b2c.ledger.entry"]._fields["entry_type"].get_values(self.env)
        )
        for kind in kinds:
            entry = self.env["b2b2c.ledger.entry"].new({"entry_type": kind})
            self.assertTrue(get_title(entry), kind)

    # === DOCUMENTS === #

    def test_a_document_is_one_row_with_its_story(self):
        """5 % of 1,000.00, paid: earned, then available; not twice 50."""
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        self._process()
        [row] = self._page()
        self.assertEqual(
            (row["title"], row["what"], row["amount"], row["tone"], row["status"]),
            (order.name, "Earned", "+50 pts", "pending", "pending"),
        )
        self.assertEqual(row["balance"], "0 pts")
        self._pay(self._invoice(order))
        self._process()
        [row] = self._page()
        self.assertEqual(
            (row["title"], row["what"], row["amount"], row["tone"], row["status"]),
            (order.name, "Now available", "+50 pts", "plus", ""),
        )
        self.assertEqual(
            [(part["title"], part["amount"]) for part in row["story"]],
            [("Earned", "+50 pts"), ("Now available", "+50 pts")],
        )
        self.assertEqual(row["balance"], "50 pts")

    def test_what_is_left_of_a_document_is_not_called_taken_back(self):
        """Half of the order goes: +25 is what is left of 50."""
        self._create_program()
        order = self._create_order()
        self._process()
        self.assertEqual(self._page()[0]["what"], "Earned")
        order.order_line.product_uom_qty /= 2
        self._process()
        [row] = self._page()
        self.assertEqual(
            (row["what"], row["amount"]), ("Part of it taken back", "+25 pts")
        )

    def test_what_is_left_pending_is_said_beside_what_is_there(self):
        self._create_program({"hold": "until_paid"}, {"value": 2})
        order = self._create_order()
        self._process()
        [row] = self._page()
        self.assertEqual(
            (row["amount"], row["tone"], row["pending"]),
            ("+20 pts", "plus", "50 pts pending"),
        )
        order._action_cancel()
        self._process()
        [row] = self._page()
        self.assertEqual(
            (row["amount"], row["tone"], row["pending"]), ("0 pts", "neutral", "")
        )

    def test_the_balance_is_what_there_was_then(self):
        self._earn(100, reason="Gift")
        self.account._reserve(40, source_key="statement/hold")
        self._earn(7, reason="Another gift")
        self.account._redeem(60, source_key="statement/redeem", reason="Mug")
        self.assertEqual(
            [(row["amount"], row["balance"]) for row in self._page()],
            [
                ("−60 pts", "7 pts"),
                ("+7 pts", "67 pts"),
                ("−40 pts", "60 pts"),
                ("+100 pts", "100 pts"),
            ],
        )

    def test_the_balance_of_later_pages_counts_what_came_after(self):
        for points in range(1, 34):
            self._earn(points)
        _rows, older = Statement(self.account).page()
        rows, _end = Statement(self.account).page(before=older)
        self.assertEqual(
            [(row["amount"], row["balance"]) for row in rows],
            [("+3 pts", "6 pts"), ("+2 pts", "3 pts"), ("+1 pts", "1 pts")],
        )

    def test_a_debt_is_less_than_nothing(self):
        entry = self._earn(100)
        self.account._redeem(70, source_key="statement/redeem")
        self.account._reverse(entry, reason="Goods returned")
        self.assertEqual(
            [row["balance"] for row in self._page()], ["−70 pts", "30 pts", "100 pts"]
        )

    def test_one_period(self):
        """Days are the reader's: New Year in Kyiv is 22:00 the day before."""
        self.env.user.tz = "Europe/Kyiv"
        for points, moment in (
            (1, datetime(2025, 12, 31, 21, 59, 59)),
            (2, datetime(2025, 12, 31, 22)),
            (3, datetime(2026, 2, 28, 21, 59, 59)),
            (4, datetime(2026, 2, 28, 22)),
        ):
            self._earn(points, effective_at=moment)
        with freeze_time("2026-03-15 10:00:00"):
            for period, amounts in (
                ("", [4, 3, 2, 1]),
                ("month", [4]),
                ("last_month", [3]),
                ("year", [4, 3, 2]),
                ("last_year", [1]),
            ):
                with self.subTest(period):
                    self.assertEqual(
                        [row["amount"] for row in self._page(period=period)],
                        [f"+{points} pts" for points in amounts],
                    )

    def test_one_program(self):
        first = self._create_program(name="First")
        second = self._create_program({"value": 1}, name="Second")
        order = self._create_order()
        self._process()
        self._earn(3, program_id=second.id, reason="Gift")
        self._earn(4, reason="Of no program")
        statement = Statement(self.account)
        self.assertEqual(
            statement.programs(), [(first.id, "First"), (second.id, "Second")]
        )
        self.assertEqual(
            [row["title"] for row in self._page(program=first.id)], [order.name]
        )
        self.assertEqual(
            [row["title"] for row in self._page(program=second.id)],
            ["Gift", order.name],
        )

    def test_the_statement_on_paper(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        self._process()
        self._earn(7, reason="Gift")
        [page] = pypdfium2.PdfDocument(draw(Statement(self.account)))
        text = page.get_textpage().get_text_range()
        for words_ in (order.name, "Gift", "+7 pts", self.member.name, "Page 1 of 1"):
            self.assertIn(words_, text)

    # === CARD === #

    def test_pending_until_a_day(self):
        self._earn(15, pending=True, release_at=datetime(2030, 1, 15, 12))
        self.assertEqual(
            self._card()["pending_details"], ["15 pts expected on Jan 15, 2030"]
        )

    def test_pending_until_paid(self):
        self._create_program({"hold": "until_paid"})
        order = self._create_order()
        self._process()
        card = self._card()
        self.assertEqual((card["available"], card["pending"]), ("0 pts", "50 pts"))
        # due on the day of the order itself: that is no promise
        self.assertEqual(card["pending_details"], [f"50 pts when {order.name} is paid"])

    def test_pending_until_delivered_and_paid(self):
        self._create_program({"hold": "until_delivered_paid"})
        order = self._create_order(commitment_date="2030-12-12 10:00:00")
        self._process()
        self.assertEqual(
            self._card()["pending_details"],
            [
                f"50 pts when {order.name} is delivered and paid, "
                "expected on Dec 12, 2030"
            ],
        )

    def test_the_expected_day_follows_the_delivery(self):
        """Nothing is booked when a delivery is put off, the day moves all the same."""
        self._create_program({"hold": "days_after_delivery", "hold_days": 14})
        order = self._create_order(commitment_date="2030-05-01 10:00:00")
        self._process()
        promise = f"50 pts some days after the delivery of {order.name}"
        self.assertEqual(
            self._card()["pending_details"], [f"{promise}, expected on May 15, 2030"]
        )
        order.commitment_date = "2030-06-01 10:00:00"
        self._process()
        self.assertEqual(
            self._card()["pending_details"], [f"{promise}, expected on Jun 15, 2030"]
        )
        order.commitment_date = "2026-01-01 10:00:00"
        self._process()
        self.assertEqual(
            self._card()["pending_details"],
            [f"{promise}, was expected on Jan 15, 2026"],
        )
        self._deliver(order)
        self._process()
        free = fields.Datetime.now() + timedelta(days=14)
        self.assertEqual(
            self._card()["pending_details"],
            [f"{promise}, expected on {words.day(self.env, free)}"],
        )

    def test_nothing_pending_is_not_mentioned(self):
        self.account._confirm(self._earn(15, pending=True))
        self.assertEqual(
            (self._card()["pending"], self._card()["pending_details"]), ("", [])
        )

    def test_expiry_dates(self):
        """Points void from midnight are usable until the day before."""
        soon = fields.Datetime.now() + timedelta(days=1)
        for points, expires_at in (
            (20, datetime(2031, 1, 1)),
            (100, datetime(2031, 1, 1)),
            (5, datetime(2032, 1, 1)),
            (6, datetime(2033, 1, 1)),
            (7, datetime(2034, 1, 1)),
            (8, None),
        ):
            self._earn(points, expires_at=expires_at)
        self.assertGreater(datetime(2031, 1, 1), soon)
        self.assertEqual(
            self._card()["expiring"],
            [
                "120 pts expire on Dec 31, 2030",
                "5 pts expire on Dec 31, 2031",
                "6 pts expire on Dec 31, 2032",
            ],
        )

    def test_expiry_in_the_programs_zone(self):
        """Midnight in Kyiv, read by a user in New York: the 31st, not the 30th."""
        program = self._create_program(timezone="Europe/Kyiv")
        self._earn(9, program_id=program.id, expires_at=datetime(2030, 12, 31, 22))
        account = self.account.with_context(tz="America/New_York")
        self.assertEqual(
            AccountCards(account).rows()[0]["expiring"],
            ["9 pts expire on Dec 31, 2030"],
        )

    def test_spent_lots_do_not_expire(self):
        self._earn(20, expires_at=datetime(2031, 1, 1))
        self.account._redeem(20, source_key="statement/redeem")
        self.assertEqual(self._card()["expiring"], [])

    # === PAGES === #

    def test_pages_follow_each_other_without_gap(self):
        entries = [self._earn(n) for n in range(1, 66)]
        amounts, before, pages = [], None, 0
        while pages == 0 or before:
            rows, before = Statement(self.account).page(before=before)
            amounts += [row["amount"] for row in rows]
            pages += 1
        self.assertEqual(pages, 3)
        self.assertEqual(amounts, [f"+{n} pts" for n in range(65, 0, -1)])
        self.assertEqual(len(entries), len(amounts))

    def test_exactly_one_page_has_no_older(self):
        for points in range(1, 31):
            self._earn(points)
        rows, older = Statement(self.account).page()
        self.assertEqual((len(rows), older), (30, None))

    @warmup
    def test_page_cost_does_not_grow(self):
        """A page of 30 rows of 30 documents costs what a page of one row costs."""
        self._create_program({"hold": "until_paid"})
        account = self.account.sudo()

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Statement(account).page()
            return self.cr.sql_log_count - before

        self._create_order()
        self._process()
        cost()  # translations, currencies: read once per process
        one = cost()
        for _number in range(29):
            self._create_order()
        self._process()
        self.assertEqual(len(Statement(account).page()[0]), 30)
        self.assertLessEqual(cost(), one)
        self.assertLessEqual(one, 16)

    def test_page_uses_the_index(self):
        """No count, no offset, no sort: entries come from one index behind the mark,
        and whether a document has a later one is looked up by another."""
        # of a small table one index is as good as another: others have entries as
        # well, and each entry is of a document of its own
        for account, count in ((self.account, 300), (self.other_account, 1500)):
            for number in range(1, count + 1):
                account._earn(
                    number,
                    source_key=f"statement/{account.id}/{number}",
                    document_model="sale.order",
                    document_id=account.id * 1000 + number,
                )
        self.env.cr.execute("ANALYZE b2b2c_ledger_entry")
        for way in (
            "seqscan",
            "bitmapscan",
            "hashjoin",
            "mergejoin",
            "material",
            "sort",
        ):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        query = Statement(self.account)._get_last_query(2**31 - 1, 31)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        plan = "\n".join(row[0] for row in rows)
        self.assertIn("Index Scan using b2b2c_ledger_entry_account_page", plan)
        self.assertIn("b2b2c_ledger_entry_document_awards", plan)
        self.assertNotIn("Sort", plan)
