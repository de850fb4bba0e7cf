"""What participants hear of their payouts, and what is left when they are forgotten."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .payout_kit import IBAN, OTHER_IBAN, PayoutCommon


@tagged("post_install", "-at_install")
class TestMessages(PayoutCommon):
    def _get_messages(self):
        """Return kind -> (headline, sentences) of what was queued."""
        messages = self.env["b2b2c.notification"].search(
            [("member_id", "=", self.member.id), ("res_model", "=", False)]
        )
        messages = messages.filtered(lambda m: m.kind != "earned")
        return {m.kind: f"{m.headline} / {m.message_text}" for m in messages}

    def test_approved_paid_and_returned(self):
        payout = self._get_ordered()
        payout.with_user(self.manager).action_confirm()
        self._give_reason(payout, "return", "Account closed")
        told = self._get_messages()
        self.assertIn("Your payout was approved", told["payout_approved"])
        self.assertIn("20.00", told["payout_approved"])
        self.assertIn("DE•• •••• 3000", told["payout_approved"])
        self.assertIn("20.00 arrive on your account", told["fulfilled"].replace(
            "$\xa0", "").replace("$", ""))  # fmt: skip
        self.assertIn("Account closed", told["returned"])
        self.assertNotIn(IBAN, str(told))

    def test_in_the_participants_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.person.lang = "uk_UA"
        payout = self._get_ordered()
        payout.with_user(self.manager).action_confirm()
        self.assertNotIn("arrive", payout.redemption_id.note)


@tagged("post_install", "-at_install")
class TestForgotten(PayoutCommon):
    def _forget(self):
        self.env["b2b2c.erase"].create(
            {"member_id": self.member.id, "reason": "Request 1", "confirmed": True}
        ).action_erase()
        self.env.invalidate_all()

    def test_what_waits_is_called_off_and_the_account_deleted(self):
        payout = self._want()
        bank = payout.bank_id
        self._forget()
        self.assertEqual(payout.state, "cancelled")
        self.assertFalse(bank.exists())
        for name in ("holder", "account_text", "account_digest", "tax_number"):
            self.assertFalse(payout[name], name)

    def test_what_was_paid_stays_in_the_books(self):
        payout = self._want()
        self._approve(payout)
        self._order(payout, "csv")
        payout.with_user(self.manager).action_confirm()
        self._forget()
        self.assertFalse(payout.batch_id.file)
        self.assertEqual(payout.state, "paid")
        self.assertEqual(payout.document_id.state, "posted")
        self.assertEqual(payout.payment_id.amount, 20)
        self.assertFalse(payout.holder)
        self.assertFalse(payout.bank_id.active)
        self.assertNotIn("Olena", payout.bank_id.acc_holder_name or "")
        self.assertTrue(payout.redemption_id._describe().title)

    def test_not_while_money_is_on_its_way(self):
        payout = self._get_ordered()
        with self.assertRaises(UserError) as refused:
            self._forget()
        self.assertIn(payout.name, str(refused.exception))
        self.assertEqual(payout.holder, "Olena Kovalenko")

    def test_the_persons_own_copy(self):
        self._want(iban=OTHER_IBAN)
        [row] = self.member._get_personal_data()["payouts"]
        self.assertEqual((row["amount"], row["account_text"]), (20, "UA•• •••• 6001"))
        self.assertNotIn(OTHER_IBAN, str(row))
