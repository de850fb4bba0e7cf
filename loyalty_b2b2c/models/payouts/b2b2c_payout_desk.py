from odoo import api, fields, models
from odoo.exceptions import UserError

from ..people.authority import decides


class B2b2cPayout(models.Model):
    """The buttons of those who approve payouts, and of those who pay them."""

    _inherit = "b2b2c.payout"

    is_trusted = fields.Boolean(compute="_compute_is_trusted", compute_sudo=True)

    @api.depends("bank_id.allow_out_payment")
    def _compute_is_trusted(self):
        for payout in self:
            payout.is_trusted = payout.bank_id.allow_out_payment

    # === ACTION METHODS === #

    @decides("member_id")
    def action_approve(self):
        """Say yes to these payouts (officers)."""
        for payout in self._check_officer().sorted("id"):
            payout._approve(self.env.user)
        return True

    @decides("member_id")
    def action_refuse(self):
        """Ask why this payout is refused (officers)."""
        return self._check_officer()._open_reason("refuse", self.env._("Refuse"))

    @decides("member_id")
    def action_come_back(self):
        """Ask why the money of this payout did not arrive (managers)."""
        return self._check_manager()._open_reason(
            "return", self.env._("The Money Came Back")
        )

    @decides("member_id")
    def action_confirm(self):
        """Say that the money of these payouts arrived (managers)."""
        # accounts in one order: two people with many payouts do not deadlock
        for payout in self._check_manager().sorted(
            lambda payout: (payout.redemption_id.account_id.id, payout.id)
        ):
            payout._confirm("hand", self.env.user)
        return True

    @decides("member_id")
    def action_pay(self):
        """Ask how these payouts are paid (managers)."""
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay"),
            "res_model": "b2b2c.payout.pay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payout_ids": self.ids},
        }

    def _open_reason(self, step, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "b2b2c.payout.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payout_id": self.id, "default_step": step},
        }

    @decides("member_id")
    def action_trust(self):
        """Say that the bank account is the participant's (accountants)."""
        if not self.env.user.has_group("account.group_validate_bank_account"):
            raise UserError(
                self.env._("Only an accountant may say that a bank account is right.")
            )
        for payout in self._check_officer():
            if not payout._is_same_account():
                raise UserError(payout._check_account().sentence)
            payout.bank_id.allow_out_payment = True
            payout._message_log(
                body=self.env._("%s trusts the bank account.", self.env.user.name)
            )
        return True

    # === OPENING === #

    def action_open_document(self):
        """Open what was booked (accountants)."""
        self.ensure_one()
        return self.document_id._get_records_action()

    def action_open_payment(self):
        """Open the payment (accountants)."""
        self.ensure_one()
        return self.payment_id._get_records_action()

    def action_open_batch(self):
        """Open the bank file (managers)."""
        self.ensure_one()
        return self.batch_id._get_records_action()

    def action_open_redemption(self):
        """Open the request this payout is for."""
        self.ensure_one()
        return self.redemption_id._get_records_action()

    def _check_officer(self):
        """Return these payouts (with sudo) for an officer who may decide on them.

        :raise UserError: the user is none
        """
        return self._check_group("loyalty_b2b2c.group_officer")

    def _check_manager(self):
        """Return these payouts (with sudo) for a manager who may pay them.

        :raise UserError: the user is none
        """
        return self._check_group("loyalty_b2b2c.group_manager")

    def _check_group(self, group):
        if not self.env.user.has_group(group):
            raise UserError(
                self.env._("You have not the rights to take this step of a payout.")
            )
        self.check_access("read")
        return self.sudo()
