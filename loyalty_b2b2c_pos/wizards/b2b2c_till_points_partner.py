from odoo import fields, models

from odoo.addons.loyalty_b2b2c.models.liability.res_company import LIABILITY_TYPES


class B2b2cTillPoints(models.TransientModel):
    """Tills of a partner take points of somebody else: who owes the money is another
    company, and what it owes is an asset."""

    _inherit = "b2b2c.till.points"

    account_id = fields.Many2one(
        domain=[("account_type", "in", (*LIABILITY_TYPES, "asset_current"))],
        default=lambda self: self._get_default_account(),
    )

    def _get_default_account(self):
        """Return the account of the agreement by which the company takes part, else
        that of points owed."""
        company = self.env.company
        agreements = self.env["b2b2c.partner.agreement"].sudo()
        for owner in agreements._get_owners(company):
            agreement = agreements._get_for_company(company, owner)
            if agreement.receivable_account_id:
                return agreement.receivable_account_id
        return company.sudo().b2b2c_liability_account_id
