"""The world of the payouts: points that are worth money, accounts, who decides."""

from odoo import Command, fields

from ..rewards.test_redemption import RedemptionCommon

#: Real account numbers of the banks' own examples, of nobody.
IBAN = "DE89370400440532013000"
OTHER_IBAN = "UA213223130000026007233566001"
OWN_IBAN = "DE02120300000000202051"
#: At a money transfer service (Wise).
SERVICE_IBAN = "BE64967012345694"


class PayoutCommon(RedemptionCommon):
    """A point is worth 0.10; 1,000 points to spend, 100 to 900 can be paid out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "b2b2c_payout_proof_above": 50,
                "b2b2c_payout_trusted": False,
                "b2b2c_payout_new_days": 0,
                "b2b2c_timezone": "UTC",
            }
        )
        cls.unit.with_company(cls.company).face_value = 0.1
        cls.manager = cls._create_user("paying", "loyalty_b2b2c.group_manager")
        cls.accountant = cls._create_user(
            "trusting",
            "loyalty_b2b2c.group_officer",
            "account.group_account_manager",
            "account.group_validate_bank_account",
        )
        cls.money = cls._create_reward(
            "Money", 100, kind="payout", price_kind="chosen", points_most=900
        )
        cls.person = cls.member.partner_id
        cls.person.country_id = cls.env.ref("base.de")
        cls.earned = cls.account._earn(1000, source_key="earn/payouts")
        cls.journal = cls.env["b2b2c.payout"]._get_bank_journal(cls.company)
        cls.journal.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": OWN_IBAN, "partner_id": cls.company.partner_id.id}
        )
        cls.user = cls._create_portal_user(cls.person)

    @classmethod
    def _create_portal_user(cls, person):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": person.email,
                    "password": "a long password",
                    "partner_id": person.id,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    def _want(self, amount=200, key="k-1", member=None, **answers):
        """Let the participant ask for money; return the payout, with sudo."""
        request = (
            self.env["b2b2c.redemption"]
            .with_user(self.user)
            ._request(
                member or self.member,
                self.money,
                request_key=key,
                amount=amount,
                answers={"holder": "Olena Kovalenko", "iban": IBAN, **answers},
            )
        )
        return request.payout_ids

    def _approve(self, payout, user=None):
        payout.with_user(user or self.officer).action_approve()

    def _order(self, payouts, way="none", user=None, **values):
        """Pay by the dialog; return what it opens."""
        dialog = (
            self.env["b2b2c.payout.pay"]
            .with_user(user or self.manager)
            .create({"payout_ids": [Command.set(payouts.ids)], "way": way, **values})
        )
        return dialog.action_pay()

    def _get_ordered(self, **answers):
        """Return a payout of 20.00 whose payment is ordered."""
        payout = self._want(**answers)
        self._approve(payout)
        self._order(payout)
        return payout

    def _give_reason(self, payout, step, note="No such account", user=None):
        """Refuse a payout, or say that its money came back, by the dialog."""
        dialog = (
            self.env["b2b2c.payout.reason"]
            .with_user(user or self.manager)
            .create({"payout_id": payout.id, "step": step, "note": note})
        )
        return getattr(dialog, f"action_{step}")()

    def _put_on_statement(self, payout, sign=-1):
        """Match the payment with a line of a bank statement."""
        payment = payout.payment_id
        liquid, _counterpart, _writeoff = payment._seek_for_lines()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "date": fields.Date.today(),
                "payment_ref": payout.name,
                "amount": sign * payout.paid_amount,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = liquid.account_id
        (suspense | liquid).reconcile()
        return line

    def _balance(self, *accounts):
        """Return what is booked on accounts for this person, posted entries only."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "in", [account.id for account in accounts]),
                ("partner_id", "=", self.person.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertBooksBack(self, payout):
        """Fail unless nothing is left of a payout in the books."""
        payable = self.person.property_account_payable_id
        moves = payout.document_id | payout.payment_id.move_id
        moves |= moves.reversal_move_ids
        lines = moves.filtered(lambda move: move.state == "posted").line_ids
        self.assertEqual(self._balance(payable), 0)
        self.assertFalse(
            lines.filtered(
                lambda line: line.account_id == payable and not line.reconciled
            )
        )
        by_account = {}
        for line in lines:
            by_account[line.account_id] = by_account.get(line.account_id, 0) + (
                line.balance
            )
        for account, balance in by_account.items():
            with self.subTest(account=account.name):
                self.assertAlmostEqual(balance, 0)
