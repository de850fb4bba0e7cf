from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...models.base.days import get_today
from ...models.payouts.b2b2c_payout_batch import FORMATS
from ...models.people.authority import decides


class B2b2cPayoutPay(models.TransientModel):
    """Asks from which account, when, and how the bank hears of it."""

    _name = "b2b2c.payout.pay"
    _description = "Pay Payouts"
    _inherit = "b2b2c.dialog"

    payout_ids = fields.Many2many(
        "b2b2c.payout", "b2b2c_payout_pay_rel", required=True, string="Payouts"
    )
    total = fields.Char(compute="_compute_total")
    way = fields.Selection(
        [*FORMATS, ("none", "By hand, one by one")],
        string="How",
        required=True,
        default="pain09",
    )
    day = fields.Date("Pay On", required=True, default=fields.Date.context_today)

    @api.depends("payout_ids")
    def _compute_total(self):
        for dialog in self:
            payouts = dialog.payout_ids
            sums = [
                format_amount(
                    self.env,
                    sum(p.amount for p in payouts if p.currency_id == currency),
                    currency,
                )
                for currency in payouts.currency_id
            ]
            dialog.total = self.env._(
                "Payouts: %(count)s, %(sum)s",
                count=len(payouts),
                sum=" + ".join(sums),
            )

    @decides("payout_ids.member_id")
    def action_pay(self):
        """Order the payments, all or none, and open what tells the bank."""
        self.ensure_one()
        payouts = self.payout_ids._check_manager()
        if len(payouts.company_id) != 1:
            raise UserError(self.env._("Pay the payouts of one company at a time."))
        company = payouts.company_id
        if self.day < get_today(company):
            raise UserError(self.env._("A bank pays today or later."))
        journal = payouts._get_bank_journal(company)
        if self.way == "none":
            for payout in payouts.sorted("id"):
                payout._order_payment(self.env.user, journal, self.day)
            return {"type": "ir.actions.act_window_close"}
        batch = self.env["b2b2c.payout.batch"]._make(
            payouts, self.env.user, journal, self.day, self.way
        )
        return batch.with_env(self.env)._get_records_action()
