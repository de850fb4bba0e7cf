from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2b2cReward(models.Model):
    """A reward may be money on a bank account."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("payout", "Paid out to a bank account")],
        ondelete={"payout": "set default"},
    )

    @api.constrains("kind", "price_kind", "points", "unit_id", "company_id")
    def _check_payout(self):
        """Refuse payouts that nobody could ever have."""
        payouts = self.env["b2b2c.payout"].sudo()
        for reward in self.filtered(lambda reward: reward.kind == "payout"):
            company = reward.company_id
            amount, currency = payouts._get_worth(
                reward.unit_id, company, reward.points
            )
            if reward.price_kind == "free" or amount <= 0:
                raise ValidationError(
                    self.env._(
                        "What is paid out costs points that are worth money: set the "
                        "price, and the value of “%s” that people read.",
                        reward.unit_id.name,
                    )
                )
            least = company.sudo().b2b2c_payout_least
            value = payouts._to_company(amount, currency, company)
            if company.currency_id.compare_amounts(value, least) < 0:
                raise ValidationError(
                    self.env._(
                        "Your company pays out %(least)s at least, and the least here "
                        "is worth %(value)s.",
                        least=company.currency_id.format(least),
                        value=company.currency_id.format(value),
                    )
                )
