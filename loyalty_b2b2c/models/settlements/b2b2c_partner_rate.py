from odoo import api, models
from odoo.exceptions import UserError


class B2b2cPartnerRate(models.Model):
    """Rates that something was settled at stay what they are."""

    _inherit = "b2b2c.partner.rate"

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._check_not_settled()
        return rates

    def write(self, vals):
        self._check_not_settled()
        result = super().write(vals)
        self._check_not_settled()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_not_settled()

    def _check_not_settled(self):
        """Refuse another rate for days that were settled: sales of those days, and what
        still comes back of them, are settled at one rate.

        :raise UserError: says from which day on a new rate may begin
        """
        settlements = self.env["b2b2c.settlement"].sudo()
        for agreement, rates in self.grouped("agreement_id").items():
            last = settlements.search(
                [("agreement_id", "=", agreement.id)], order="date_to desc", limit=1
            )
            if last and any(rate.valid_from <= last.date_to for rate in rates):
                raise UserError(
                    self.env._(
                        "The days until %(day)s are settled with %(partner)s: let a "
                        "new rate begin later.",
                        day=last.date_to,
                        partner=agreement.partner_id.display_name,
                    )
                )
