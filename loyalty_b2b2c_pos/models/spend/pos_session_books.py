from odoo import models

from .pos_payment_method import POINTS


class PosSession(models.Model):
    """The closing of a session books what was paid in points."""

    _inherit = "pos.session"

    def _create_combine_account_payment(self, payment_method, amounts, diff_amount):
        """Book what was paid in points; the ledger counts them, nobody by hand.

        What came back in the end is a payment the other way round: Odoo turns the
        accounts of its own around, and lets both lines stand on the outstanding one.
        """
        if payment_method.use_payment_terminal != POINTS:
            return super()._create_combine_account_payment(
                payment_method, amounts, diff_amount
            )
        if amounts["amount"] >= 0:
            return super()._create_combine_account_payment(payment_method, amounts, 0)
        receivable = self._get_receivable_account(payment_method)
        payment = (
            self.env["account.payment"]
            .with_context(pos_payment=True)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "customer",
                    "amount": -amounts["amount"],
                    "journal_id": payment_method.journal_id.id,
                    "force_outstanding_account_id": (
                        payment_method.outstanding_account_id.id
                    ),
                    "destination_account_id": receivable.id,
                    "memo": self.env._(
                        "%(method)s given back in %(session)s",
                        method=payment_method.name,
                        session=self.name,
                    ),
                    "pos_payment_method_id": payment_method.id,
                    "pos_session_id": self.id,
                    "company_id": self.company_id.id,
                }
            )
        )
        payment.action_post()
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_id == receivable
        )
