from odoo import api, fields, models

from ...exceptions import LoyaltyError
from ..base.days import get_today


class B2b2cSpend(models.Model):
    """Points are spent at a partner under its agreement."""

    _inherit = "b2b2c.spend"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _check_request(self, request):
        result = super()._check_request(request)
        if request.place:
            agreement = self._get_agreement(request)
            if not agreement.can_spend:
                raise LoyaltyError(
                    self.env._(
                        "Points of %s cannot be spent in this shop.",
                        request.member.sudo().company_id.name,
                    )
                )
        return result

    @api.model
    def _get_extra_columns(self, request):
        columns = super()._get_extra_columns(request)
        agreement = self._get_agreement(request) if request.place else None
        return {**columns, "agreement_id": agreement.id if agreement else None}

    @api.model
    def _get_agreement(self, request):
        """Return the agreement under which a shop takes points today, empty without."""
        company = request.member.sudo().company_id
        agreements = self.env["b2b2c.partner.agreement"]
        agreement = agreements._get_in_force(company, request.place, get_today(company))
        return agreement.filtered(lambda one: one.state == "active")
