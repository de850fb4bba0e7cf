"""Points at the till: reserved, paid, taken back; each way something goes wrong.

What the screen asks is asked here as it asks it, what it sends is sent by
``sync_from_ui``; what only a screen can show is in ``test_spend_tour.py``.
"""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c_pos.models.spend import settlement

from .spend_common import TillSpendCommon

OUTBOX = "odoo.addons.loyalty_b2b2c.models.processing.b2b2c_event"


@tagged("post_install", "-at_install")
class TestTillSpend(TillSpendCommon):
    """1,000 points are 100.00."""

    def test_reserved_then_paid_then_back(self):
        uuid = self._held(30)
        self.assertEqual(self._points_of(), (1000, 300))
        order = self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual((order.state, order.amount_paid), ("paid", 100))
        self.assertEqual(self._points_of(), (700, 0))
        order.payment_ids._b2b2c_record()  # looking again changes nothing
        self._process()
        self._bring_back_paid(order, (self.points, -30), (self.cash, -70))
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), [])

    # === ASKING === #

    def test_asking_again_is_asking_the_same(self):
        uuid = self._held(30)
        self._held(30, uuid=uuid)
        self.assertEqual(self._points_of(), (1000, 300))
        self._held(45, uuid=uuid)  # the cashier changed it
        self.assertEqual(self._points_of(), (1000, 450))
        _uuid, answer = self._hold(101, uuid=uuid)
        self.assertIn("Not enough points", answer["refused"])
        self.assertEqual(self._points_of(), (1000, 450))

    def test_a_line_is_of_one_participant(self):
        uuid = self._held(30)
        other, account = self._create_buyer(500, name="Ivan", email="i@example.com")
        _uuid, answer = self._hold(30, uuid=uuid, token=other.code)
        self.assertIn("somebody else", answer["refused"])
        self.assertEqual(self._points_of(account), (500, 0))

    def test_two_tills_after_the_same_points(self):
        second = self._create_till("Second")
        self._held(60)
        _uuid, answer = self._hold(60, till=second)
        self.assertIn("Not enough points", answer["refused"])
        self._held(40, till=second)
        self.assertEqual(self._points_of(), (1000, 1000))

    def test_what_is_refused_says_why(self):
        for values, sentence in (
            ({"token": ""}, "Scan the customer's code"),
            ({"token": ["x"]}, "Scan the customer's code"),
            ({"token": "0000000000000000"}, "Nobody who takes part"),
            ({"method": self.cash.id}, "does not take points"),
            ({"method": None}, "does not take points"),
            ({"amount": 0}, "Type how much"),
            ({"amount": -5}, "Type how much"),
            ({"amount": True}, "Type how much"),
            ({"amount": float("nan")}, "Type how much"),
            ({"amount": {}}, "Type how much"),
            ({"uuid": "\0" * 20}, "reload the page"),
            ({"order_uuid": None}, "reload the page"),
        ):
            _uuid, answer = self._hold(10, **values) if "amount" not in values else (
                self._hold(values["amount"])
            )  # fmt: skip
            self.assertIn(sentence, answer["refused"], values)
        answer = self.shop.current_session_id.with_user(self.cashier).b2b2c_hold_points(
            "nonsense"
        )
        self.assertIn("reload the page", answer["refused"])
        self.person.action_suspend()
        self.assertIn("Nobody who takes part", self._hold(10)[1]["refused"])
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertFalse(self.env["b2b2c.till.payment"].search([]))

    def test_only_who_works_at_an_open_till_asks(self):
        self.cashier.group_ids -= self.env.ref("point_of_sale.group_pos_user")
        with self.assertRaises(AccessError):
            self._hold(10)
        self.cashier.group_ids += self.env.ref("point_of_sale.group_pos_user")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.cashier.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id})
        with self.assertRaises(AccessError):
            self._hold(10)

    def test_what_can_be_paid(self):
        asked = {"token": self.person.code, "method": self.points.id}
        answer = self._ask("b2b2c_get_spendable", **asked)
        self.assertEqual(answer["amount"], 100)
        self.assertEqual(answer["name"], "Olena K.")
        self._held(30)
        self.assertEqual(self._ask("b2b2c_get_spendable", **asked)["amount"], 70)

    def test_tills_are_told_of_no_field_that_is_closed(self):
        """They would send it back, and the cashier could save no ticket."""
        told = self.shop.current_session_id.with_user(self.cashier).load_data_params()
        for model in ("pos.order", "pos.order.line", "pos.payment"):
            rows = self.env[model].with_user(self.cashier)
            for name in told[model]["relations"]:
                with self.subTest(model=model, field=name):
                    self.assertTrue(
                        not name.startswith("b2b2c_")
                        or rows._has_field_access(rows._fields[name], "read")
                    )

    # === GIVING UP === #

    def test_a_line_that_was_deleted_is_over(self):
        uuid = self._held(30)
        self.assertEqual(self._release(uuid), {"released": True})
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertIn("is over", self._hold(30, uuid=uuid)[1]["refused"])

    def test_the_question_arrives_after_the_line_was_deleted(self):
        uuid = "a-line-whose-answer-was-lost"
        self.assertEqual(self._release(uuid), {"released": True})
        self.assertIn("is over", self._hold(30, uuid=uuid)[1]["refused"])
        self.assertEqual(self._points_of(), (1000, 0))

    def test_what_a_ticket_was_paid_with_is_not_released(self):
        uuid = self._held(30)
        self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertIn("take the goods back", self._release(uuid)["refused"])
        self.assertEqual(self._points_of(), (700, 0))

    def test_a_ticket_that_is_deleted_or_cancelled_frees_its_points(self):
        for leave in (
            lambda order: order.remove_from_ui(order.ids),
            lambda order: order.action_pos_order_cancel(),
            lambda order: order.payment_ids.unlink(),
        ):
            uuid = self._held(30, order_uuid="ticket-of-a-table")
            order = self._sync(
                (self.points, 30, uuid), state="draft", amount_return=0,
                uuid="ticket-of-a-table",
            )  # fmt: skip
            self.assertEqual(self._points_of(), (1000, 300))
            leave(order)
            self._process()
            self.assertEqual(self._points_of(), (1000, 0))
            order.exists().write({"state": "cancel", "uuid": f"gone-{order.id}"})

    def test_a_line_the_ticket_was_not_paid_with(self):
        """It was deleted without a connection; the ticket says so when it arrives."""
        self._held(30, order_uuid="ticket-paid-otherwise")
        self._sync((self.cash, 100), uuid="ticket-paid-otherwise")
        self.assertEqual(self._points_of(), (1000, 0))

    def test_a_bill_that_is_split_keeps_its_line(self):
        """The line goes to another ticket than the one it was reserved for."""
        uuid = self._held(30, order_uuid="ticket-before-the-split")
        self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual(self._points_of(), (700, 0))

    def test_a_session_that_closes_frees_what_no_ticket_has(self):
        uuid, paid = self._held(30), self._held(20)
        self._sync((self.points, 20, paid), (self.cash, 80))
        session = self.shop.current_session_id
        session.action_pos_session_closing_control()
        self._process()
        self.assertEqual(session.state, "closed")
        self.assertEqual(self._points_of(), (800, 0))
        # the ticket comes late, to a session that is open now
        self.shop.open_ui()
        order = self._sync((self.points, 30, uuid), (self.card, 70))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._points_of(), (500, 0))
        self.assertEqual(self._incidents(), ["late"])

    def test_a_late_ticket_whose_points_are_gone_is_owed(self):
        uuid = self._held(70)
        self.env["b2b2c.till.payment"]._leave("uuid", [uuid])
        self._process()
        other = self._held(60)
        self._sync((self.points, 60, other), (self.cash, 40))
        self._sync((self.points, 70, uuid), (self.cash, 30))
        self.account.invalidate_recordset()
        self.assertEqual(self._points_of(), (0, 0))
        self.assertEqual(self.account.balance_debt, 300)  # 600 + 700 of 1,000
        self.assertEqual(self._incidents(), ["late"])

    def test_what_waits_for_half_a_day_is_free(self):
        self._held(30)
        self.env.cr.execute(
            "UPDATE b2b2c_till_payment SET asked_at = asked_at - interval '13 hours'"
        )
        self.env.invalidate_all()
        self.env["b2b2c.till.payment"]._cron_sweep()
        self._process()
        self.assertEqual(self._points_of(), (1000, 0))

    def test_points_that_lapse_while_they_are_reserved(self):
        self.account._earn(500, source_key="short", expires_at=fields.Datetime.now())
        uuid = self._held(100)  # the 1,000 that stay
        self.account._expire()
        self._sync((self.points, 100, uuid))
        self.assertEqual(self._points_of(), (0, 0))
        self.assertEqual(self._incidents(), [])

    # === WHAT DOES NOT FIT === #

    def test_a_line_forced_done_takes_nothing(self):
        order = self._sync((self.points, 30), (self.cash, 70))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), ["till_not_reserved"])
        order.payment_ids._b2b2c_record()
        self._process()
        self.assertEqual(self._incidents(), ["till_not_reserved"])  # once

    def test_an_amount_that_changed_after_it_was_reserved(self):
        less, more = self._held(30), self._held(30)
        self._sync((self.points, 20, less), (self.cash, 80))
        self.assertEqual(self._points_of(), (800, 300))
        self._sync((self.points, 50, more), (self.cash, 50))
        self.assertEqual(self._points_of(), (500, 0))
        self.assertEqual(self._incidents(), ["till_more"])

    def test_the_same_line_with_another_content(self):
        uuid = self._held(30)
        order = self._sync((self.points, 30, uuid), (self.cash, 70), uuid="ticket-one")
        again = self._sync((self.points, 90, uuid), (self.cash, 10), uuid="ticket-one")
        self.assertEqual(order, again)
        self.assertEqual(sum(order.payment_ids.mapped("amount")), 100)
        self.assertEqual(self._points_of(), (700, 0))

    def test_points_do_not_become_change_or_a_tip(self):
        uuid = self._held(100)
        self._sync((self.points, 100, uuid), price=40.0)  # 60.00 paid out in cash
        self.assertEqual(self._incidents(), ["till_change"])
        self.shop.tip_product_id = self.product
        self.account._earn(1000, source_key="more")
        uuid = self._held(10)
        self._sync((self.points, 10, uuid), price=10.0)
        self.assertEqual(self._incidents(), ["till_change", "till_change"])

    def test_self_service_takes_no_points(self):
        uuid = self._held(30)
        with patch.object(settlement, "_SELF_SERVICE", ("pos",)):
            self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual(self._incidents(), ["till_not_reserved"])
        self.assertEqual(self._points_of()[0], 1000)

    def test_another_participant_than_the_ticket_names(self):
        other, _account = self._create_buyer(500, name="Ivan", email="i@example.com")
        uuid = self._held(30)
        self._sync(
            (self.points, 30, uuid), (self.cash, 70), b2b2c_member_token=other.code
        )
        self.assertEqual(self._incidents(), ["till_other"])

    def test_payments_are_not_edited(self):
        uuid = self._held(30)
        order = self._sync((self.points, 30, uuid), (self.cash, 70))
        points = order.payment_ids.filtered(
            lambda p: p.payment_method_id == self.points
        )
        cash = order.payment_ids - points
        edits = (
            lambda: points.write({"payment_method_id": self.cash.id}),
            lambda: cash.write({"payment_method_id": self.points.id}),
            lambda: points.write({"amount": 20}),
            lambda: points.unlink(),
            lambda: order.write({"payment_ids": [(2, points.id)]}),
            lambda: order.write(
                {"payment_ids": [(1, cash.id, {"payment_method_id": self.points.id})]}
            ),
            lambda: cash.copy({"payment_method_id": self.points.id}),
            lambda: points.write({"pos_order_id": self._sell(pay=False).id}),
        )
        for edit in edits:
            with self.assertRaisesRegex(UserError, "paid in points"):
                with self.env.cr.savepoint():
                    edit()
        self.assertEqual(self._points_of(), (700, 0))

    def test_the_back_office_takes_no_points(self):
        order = self._sell(1, pay=False, session_id=self.shop.current_session_id.id)
        with self.assertRaisesRegex(UserError, "at the till"):
            self._pay_till(order, self.points)

    def test_a_ticket_written_by_hand_is_looked_at(self):
        """A paid ticket that no till sent: the ledger is asked all the same."""
        self.env["pos.order"].create(
            {
                "session_id": self.shop.current_session_id.id,
                "state": "paid",
                "amount_total": 50,
                "amount_paid": 50,
                "amount_tax": 0,
                "amount_return": 0,
                "payment_ids": [
                    (0, 0, {"payment_method_id": self.points.id, "amount": 50})
                ],
            }
        )
        self._process()
        self.assertEqual(self._incidents(), ["till_not_reserved"])

    # === FAULTS === #

    def test_a_fault_stops_no_ticket_and_is_made_good(self):
        uuid = self._held(30)
        order = self._sync((self.points, 30, uuid), (self.cash, 70), process=False)
        self.assertEqual(order.state, "paid")
        spends = type(self.env["b2b2c.spend"])
        with (
            patch.object(spends, "_capture", side_effect=ZeroDivisionError),
            self.assertRaises(ZeroDivisionError),
        ):
            self._process()
        self._process()
        self.assertEqual(self._points_of(), (700, 0))

    @mute_logger(OUTBOX, "odoo.addons.loyalty_b2b2c.models.base.harmless")
    def test_a_fault_of_each_hook_stops_no_ticket(self):
        events = type(self.env["b2b2c.event"])
        uuid = self._held(30)
        with patch.object(events, "_insert_events", side_effect=ZeroDivisionError):
            order = self._sync((self.points, 30, uuid), (self.cash, 70))
        self.assertEqual((order.state, order.amount_paid), ("paid", 100))
        self.assertEqual(self._points_of(), (1000, 300))
        # its session finds it
        self.shop.current_session_id.action_pos_session_closing_control()
        self._process()
        self.assertEqual(self._points_of(), (700, 0))


@tagged("post_install", "-at_install")
class TestTillRefund(TillSpendCommon):
    """A ream costs 100.00 and was paid with 400 points (40.00) and 60.00 in cash."""

    def setUp(self):
        super().setUp()
        uuid = self._held(40)
        self.order = self._sync((self.points, 40, uuid), (self.cash, 60))

    def _refundable(self, order=None):
        lines = (order or self.order).lines.ids
        answer = self._ask("b2b2c_get_refundable", lines=lines)
        return answer["points"], answer["money"]

    def test_what_a_refund_may_pay(self):
        self.assertEqual(self._refundable(), (40, 60))
        self._bring_back_paid(
            self.order, (self.points, -10), (self.cash, -20), quantity=0.3
        )
        self.assertEqual(self._refundable(), (30, 40))
        self.assertEqual(self._points_of(), (700, 0))
        self.assertEqual(self._ask("b2b2c_get_refundable", lines="x")["points"], 0)

    def test_more_points_than_were_paid(self):
        self._bring_back_paid(self.order, (self.points, -50), (self.cash, -50))
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), ["till_back"])

    def test_points_given_back_in_money(self):
        self._bring_back_paid(self.order, (self.cash, -100))
        self.assertEqual(self._points_of(), (600, 0))
        self.assertEqual(self._incidents(), ["till_money_back"])

    def test_a_refund_of_a_refund(self):
        back = self._bring_back_paid(self.order, (self.points, -40), (self.cash, -60))
        uuid = self._held(40)
        again = self._sync(
            (self.points, 40, uuid), (self.cash, 60), refunds=back.lines[:1]
        )
        self.assertEqual(self._points_of(), (600, 0))
        self._bring_back_paid(again, (self.points, -40), (self.cash, -60))
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), [])

    def test_another_till_another_day(self):
        second = self._create_till("Second")
        self._bring_back_paid(
            self.order, (self.points, -40), (self.card, -60), till=second
        )
        self.assertEqual(self._points_of(), (1000, 0))
        self.assertEqual(self._incidents(), [])


@tagged("post_install", "-at_install")
class TestTillProof(TillSpendCommon):
    """More than 50.00 within a day is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_spend_proof_above = 50
        cls.proof = cls.env["b2b2c.spend.proof"]._get(cls.person)
        cls.proof._choose_pin(cls.person, "2580", "2580")

    def test_a_large_payment_is_confirmed(self):
        uuid, answer = self._hold(60)
        self.assertTrue(answer["needs_proof"])
        self.assertEqual(self._points_of(), (1000, 0))
        _uuid, answer = self._hold(60, uuid=uuid, proof="0000")
        self.assertIn("not right", answer["refused"])
        self.assertEqual(self.proof.wrong, 1)  # although nothing was reserved
        self._held(60, uuid=uuid, proof="2580")
        self._held(60, uuid=uuid)  # the answer was lost: it is not asked again
        self.assertTrue(self._hold(70, uuid=uuid)[1]["needs_proof"])
        self.assertEqual(self._points_of(), (1000, 600))
        spend = self.env["b2b2c.spend"].search([])
        self.assertEqual((spend.proved_by, self.proof.wrong), ("pin", 0))

    def test_small_ones_add_up(self):
        self._held(30)
        self._held(20)
        self.assertTrue(self._hold(1)[1]["needs_proof"])
        self._held(1, proof="2580")

    def test_a_phone_number_is_no_card(self):
        """Many know it: whoever is named by it confirms each payment."""
        token = self.person._sign_shown("phone", self.company)
        _uuid, answer = self._hold(1, token=token)
        self.assertTrue(answer["needs_proof"])
        asked = {"token": token, "method": self.points.id}
        answer = self._ask("b2b2c_get_spendable", **asked)
        self.assertEqual(answer, {"name": "Olena K.", "is_hidden": True})
        self._held(1, token=token, proof="2580")
        self._held(1, token=self.person._sign_shown("card", self.company))

    def test_a_pin_does_not_help_without_points(self):
        _uuid, answer = self._hold(150, proof="2580")
        self.assertIn("Not enough points", answer["refused"])
