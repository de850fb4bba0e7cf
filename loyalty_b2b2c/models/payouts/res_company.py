from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import STAFF


class ResCompany(models.Model):
    """How much money is paid out, and what is asked for before."""

    _inherit = "res.company"

    # How much
    b2b2c_payout_least = fields.Monetary(
        string="Least Payout",
        groups=STAFF,
        help="Less money than this is not paid out.",
    )
    b2b2c_payout_month = fields.Monetary(
        string="Most per Month",
        groups=STAFF,
        help="So much a person can have paid out in a calendar month. 0: no limit.",
    )
    b2b2c_payout_officer_day = fields.Monetary(
        string="Most per Approver and Day",
        groups=STAFF,
        help="So much one person approves on a day, in each unit. 0: no limit.",
    )

    # What is asked for before
    b2b2c_payout_proof_above = fields.Monetary(
        string="Confirm Identity Above",
        groups=STAFF,
        help="Who wants more money than this confirms with a second factor, a code or "
        "the password that it is really the person. 0: always.",
    )
    b2b2c_payout_trusted = fields.Boolean(
        string="Only to Trusted Accounts",
        default=True,
        groups=STAFF,
        help="An accountant has to say that a bank account is right before money goes "
        "there.",
    )
    b2b2c_payout_tax_country_ids = fields.Many2many(
        "res.country",
        "b2b2c_payout_tax_country_rel",
        string="Tax Number Needed In",
        groups=STAFF,
        help="People of these countries say their tax number before money is paid out.",
    )
    b2b2c_payout_new_days = fields.Integer(
        string="New for So Many Days",
        default=30,
        groups=STAFF,
        help="Who approves is told when somebody takes part, or has an address, for "
        "fewer days than this.",
    )

    @api.constrains(
        "b2b2c_payout_least",
        "b2b2c_payout_month",
        "b2b2c_payout_officer_day",
        "b2b2c_payout_proof_above",
        "b2b2c_payout_new_days",
    )
    def _check_payout_limits(self):
        names = (
            "b2b2c_payout_least",
            "b2b2c_payout_month",
            "b2b2c_payout_officer_day",
            "b2b2c_payout_proof_above",
            "b2b2c_payout_new_days",
        )
        for company in self:
            if any(company[name] < 0 for name in names):
                raise ValidationError(
                    self.env._("Limits of payouts cannot be negative.")
                )
