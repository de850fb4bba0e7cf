from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_company import COST_GROUPS, LIABILITY_TYPES


class B2b2cProgram(models.Model):
    """Where the general ledger shows what a program owes, if not where all stands."""

    _inherit = "b2b2c.program"

    liability_account_id = fields.Many2one(
        "account.account",
        string="Points Owed",
        domain=[("account_type", "in", LIABILITY_TYPES)],
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Empty: the account of the settings. When it changes, the next run moves "
        "what stands on the account before.",
    )
    liability_cost_account_id = fields.Many2one(
        "account.account",
        string="Cost of Points",
        domain=[("internal_group", "in", COST_GROUPS)],
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Empty: the account of the settings.",
    )
    expected_expiry = fields.Float(
        string="Expected to Lapse (%)",
        digits=False,
        tracking=True,
        help="So many of a hundred points that are owed are expected to lapse; they "
        "are not shown as a liability. A new estimate is a revaluation.",
    )

    @api.constrains("expected_expiry")
    def _check_expected_expiry(self):
        for program in self:
            if not 0 <= program.expected_expiry <= 100:
                raise ValidationError(
                    self.env._("Between 0 and 100 of a hundred points lapse.")
                )
