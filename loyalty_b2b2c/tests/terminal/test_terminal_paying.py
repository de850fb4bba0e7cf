"""Paying with points at the terminal: by a code that the person reads out."""

from unittest.mock import patch
from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ...models.spends.b2b2c_spend_proof import B2b2cSpendProof
from .test_terminal import TerminalCommon

CODE = "471209"


class TerminalPayingCommon(TerminalCommon):
    """The participant has 1,000 points, each worth 0.05: 50.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.with_company(cls.company).face_value = 0.05
        cls.account = cls.member._get_account(cls.unit)
        cls.account._earn(1000, source_key="terminal-pay/start")
        cls.key = f"{uuid4()}{uuid4()}"[:60]

        def send(self, key, amount, currency, place):
            """Send nothing: the code is known here."""
            self.write({"code_hash": self._hash(CODE, key, amount),
                        "code_until": "2099-01-01"})  # fmt: skip
            return "+380 ••• 567"

        cls.startClassPatcher(patch.object(B2b2cSpendProof, "_send_code", send))

    def _ask(self, amount="20", key=None, terminal=None):
        terminal = self.terminal if terminal is None else terminal
        ticket = self._find(terminal)["ticket"]
        return terminal.ask_payment(ticket, amount, key or self.key)

    def _get_points(self):
        self.account.invalidate_recordset()
        return self.account.balance_available, self.account.balance_held

    def _agree(self, partner):
        """Agree with a partner that points, of 0.05 each, are spent at its counter."""
        agreement = self.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": partner.id,
                "starts_on": "2020-01-01",
                "rate_ids": [
                    Command.create(
                        {
                            "unit_id": self.unit.id,
                            "valid_from": "2020-01-01",
                            "point_value": 0.05,
                        }
                    )
                ],
            }
        )
        agreement.action_activate()
        return agreement

    def _serve_at_partner(self):
        """Let the operator serve the counter of a partner; return the partner."""
        jeweller = self.env["res.partner"].create(
            {"name": "Jeweller", "is_company": True}
        )
        self.operator.b2b2c_terminal_partner_id = jeweller
        return jeweller


@tagged("post_install", "-at_install")
class TestTerminalPaying(TerminalPayingCommon):
    def test_the_points_wait_for_the_code(self):
        offer = self.terminal.offer_payment(self.ticket)
        self.assertIn("50.00", offer["amount"])
        self.assertIn("+380 ••• 567", self._ask()["hint"])
        self.assertEqual(self._get_points(), (600, 400))
        self._ask()  # once more: nothing more is reserved
        self.assertEqual(self._get_points(), (600, 400))
        answer = self.terminal.confirm_payment(self.key, "000000")
        self.assertFalse(answer["paid"])
        self.assertEqual(self._get_points(), (600, 400))
        for _repeat in range(2):
            answer = self.terminal.confirm_payment(self.key, CODE)
            self.assertTrue(answer["paid"])
        self.assertEqual(self._get_points(), (600, 0))
        self.assertRefused("paid already", self._ask)
        spend = self.env["b2b2c.spend"].search([("actor_id", "=", self.operator.id)])
        self.assertEqual((spend.proved_by, spend.state), ("code", "spent"))

    def test_who_has_a_pin_types_it(self):
        self.env["b2b2c.spend.proof"]._choose_pin(self.member, "4831", "4831")
        self.assertIn("Ask for the PIN", self._ask()["hint"])
        self.assertFalse(self.terminal.confirm_payment(self.key, "4832")["paid"])
        self.assertTrue(self.terminal.confirm_payment(self.key, "4831")["paid"])
        self.assertEqual(self._get_points(), (600, 0))

    def test_who_changes_his_mind_keeps_his_points(self):
        self._ask()
        self.assertTrue(self.terminal.drop_payment(self.key))
        self.assertEqual(self._get_points(), (1000, 0))
        self.assertRefused(
            "Begin the payment anew", self.terminal.confirm_payment, self.key, CODE
        )

    def test_the_list_of_the_day_shows_it_and_it_can_be_given_back(self):
        self._ask()
        self.terminal.confirm_payment(self.key, CODE)
        [row] = self.terminal.recent()
        self.assertTrue(row["is_payment"] and row["can_cancel"])
        other = self.terminal.with_user(self.colleague)
        self.assertRefused("no such operation", other.cancel, row["id"], "x")
        self.assertTrue(self.terminal.cancel(row["id"], "Wrong amount")["cancelled"])
        self.assertEqual(self._get_points(), (1000, 0))
        self.assertRefused("too late", self.terminal.cancel, row["id"], "again")
        self.assertEqual(self._get_points(), (1000, 0))

    def test_a_day_of_an_operator_has_its_limit(self):
        self.company.b2b2c_terminal_day_amount = 30
        self._ask()
        self.terminal.confirm_payment(self.key, CODE)
        second = f"{uuid4()}{uuid4()}"[:60]
        self._ask("11", second)
        self.assertRefused("on a day", self.terminal.confirm_payment, second, CODE)
        self.assertEqual(self._get_points(), (380, 220))

    def test_what_is_sent_is_garbage_until_it_was_read(self):
        for amount in ("", "-1", "0", "1.234,5", "51", None, [1], "1e3"):
            with self.subTest(amount=amount):
                self.assertRefused("", self._ask, amount)
        self.assertRefused("key", self._ask, "1", "short")
        for number in ("spend-", "spend-x", "spend-1", "x", "spend-²"):
            self.assertRefused("no such operation", self.terminal.cancel, number)
        self.assertRefused("no such payment", self.terminal.drop_payment, "k" * 40)
        self.assertRefused("Search", self.terminal.ask_payment, "x", "1", self.key)
        self.assertEqual(self._get_points(), (1000, 0))

    def test_another_operator_confirms_nothing(self):
        self._ask()
        other = self.terminal.with_user(self.colleague)
        self.assertRefused("no such payment", other.confirm_payment, self.key, CODE)
        self.assertRefused("no such payment", other.drop_payment, self.key)
        self.assertEqual(self._get_points(), (600, 400))

    def test_at_a_partner_under_its_agreement(self):
        jeweller = self._serve_at_partner()
        self.assertRefused("cannot be spent in this shop", self._ask)
        agreement = self._agree(jeweller)
        self.assertTrue(agreement.has_way_in)
        self._ask()
        self.terminal.confirm_payment(self.key, CODE)
        agreement.invalidate_recordset()
        self.assertEqual(agreement.spend_count, 1)

    def test_nobody_else_pays_here(self):
        user = self._create_user("bystander", "base.group_user")
        terminal = self.terminal.with_user(user)
        for call in (
            lambda: terminal.offer_payment(self.ticket),
            lambda: terminal.ask_payment(self.ticket, "1", self.key),
            lambda: terminal.confirm_payment(self.key, CODE),
            lambda: terminal.drop_payment(self.key),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                call()


@tagged("post_install", "-at_install")
class TestTerminalPayingTour(TerminalPayingCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_partner_takes_points_on_a_phone(self):
        """10.00 are given up with the button and 12.00 by going back; 20.00 are paid
        with the second code: 400 of 1,000 points."""
        self._agree(self._serve_at_partner())
        self.start_tour("/odoo", "b2b2c_terminal_paying", login="cashier")
        self.assertEqual(self._get_points(), (600, 0))
        spends = self.env["b2b2c.spend"].search([("actor_id", "=", self.operator.id)])
        self.assertEqual(
            sorted((spend.amount, spend.state) for spend in spends),
            [(10, "released"), (12, "released"), (20, "spent")],
        )
