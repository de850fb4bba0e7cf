from odoo import api, models
from odoo.tools import formatLang

from ...exceptions import LoyaltyError
from ...values import shown


class B2b2cSpend(models.Model):
    """Systems that nobody watches take only so much at once."""

    _inherit = "b2b2c.spend"

    @api.model
    def _check_request(self, request):
        result = super()._check_request(request)
        most = request.details.get("most")
        if not most:
            return result
        company = request.member.sudo().company_id
        own = request.currency._convert(
            shown(request.amount), company.currency_id, company
        )
        if own > shown(most):
            raise LoyaltyError(
                self.env._(
                    "This system takes at most %s in points at once.",
                    formatLang(self.env, shown(most), currency_obj=company.currency_id),
                )
            )
        return result
