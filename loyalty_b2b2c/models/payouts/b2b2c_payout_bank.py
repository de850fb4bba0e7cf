from odoo import api, fields, models
from odoo.exceptions import UserError


class B2b2cPayout(models.Model):
    """A payout is in one bank file at most."""

    _inherit = "b2b2c.payout"

    batch_id = fields.Many2one(
        "b2b2c.payout.batch",
        string="Bank File",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_bank_journal(self, company):
        """Return the bank account payouts of a company are paid from.

        :raise UserError: there is none
        """
        journal = company.sudo().b2b2c_payout_bank_journal_id
        if not journal:
            journals = self.env["account.journal"].sudo()
            journal = journals.search(
                [*journals._check_company_domain(company), ("type", "=", "bank")],
                limit=1,
            )
        if journal.type != "bank":
            raise UserError(
                self.env._("Choose the bank account of payouts in the settings.")
            )
        return journal
